"""The real gcloud command against an emulator, and stories told in its commands.

A story is a text of steps: `$ ARGUMENTS`, then what must be seen: `exit N` (0 unless said),
`out TEXT` and `err TEXT` (in standard output, in standard error), `not TEXT` (in neither). `{dir}`
is a folder of the story's own; `file NAME TEXT` writes a file into it. `save NAME PATTERN` keeps
what the pattern's group matches in the output; later steps may say `{NAME}`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from wifctl.emulator.server import Doors

COMMAND = shutil.which("gcloud")
APIS = "IAM IAMCREDENTIALS SECRETMANAGER ARTIFACTREGISTRY CLOUDRESOURCEMANAGER SERVICEUSAGE"


@dataclass(slots=True)
class Step:
    """One command and what it must do."""

    arguments: str
    line: int
    exit: int = 0
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    save: dict[str, str] = field(default_factory=dict)


def environment(doors: Doors, project: str, folder: Path) -> dict[str, str]:
    """Variables that lead gcloud to the emulator: no login, no internet, own configuration."""
    config = folder / "config"
    config.mkdir(exist_ok=True)
    (config / "token").write_text("any-text")
    settings = {
        "CONFIG": str(config),
        "AUTH_ACCESS_TOKEN_FILE": str(config / "token"),
        "CORE_PROJECT": project,
        "CORE_ACCOUNT": "local@example.com",
        "CORE_DISABLE_PROMPTS": "1",
        "CORE_DISABLE_USAGE_REPORTING": "true",
        "CORE_CHECK_GCE_METADATA": "false",
        "CORE_DISABLE_FILE_LOGGING": "true",
        "CORE_DISABLE_COLOR": "true",
        "SURVEY_DISABLE_PROMPTS": "true",
        "COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
        **{f"API_ENDPOINT_OVERRIDES_{api}": f"{doors.rest_url}/" for api in APIS.split()},
    }
    return {**os.environ, **{f"CLOUDSDK_{key}": value for key, value in settings.items()}}


def read_story(text: str, folder: Path) -> list[Step]:
    """The steps of a story; its files are written."""
    steps: list[Step] = []
    for number, line in enumerate(text.splitlines(), start=1):
        word, _, rest = line.strip().partition(" ")
        rest = rest.replace("{dir}", str(folder))
        if word == "$":
            steps.append(Step(rest, number))
        elif word == "file":
            name, _, content = rest.partition(" ")
            (folder / name).write_text(content)
        elif word == "save":
            name, _, pattern = rest.partition(" ")
            steps[-1].save[name] = pattern
        elif word == "exit":
            steps[-1].exit = int(rest)
        elif word and not word.startswith("#"):
            {"out": steps[-1].out, "err": steps[-1].err, "not": steps[-1].never}[word].append(rest)
    return steps


def tell(steps: list[Step], environ: dict[str, str]) -> list[str]:
    """Run the steps in order; what was not as told, in words."""
    saved: dict[str, str] = {}
    return [problem for step in steps for problem in _run(step, environ, saved)]


def _run(step: Step, environ: dict[str, str], saved: dict[str, str]) -> list[str]:
    arguments = step.arguments
    for name, value in saved.items():
        arguments = arguments.replace(f"{{{name}}}", value)
    done = subprocess.run(
        [COMMAND or "gcloud", *shlex.split(arguments)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    both = done.stdout + done.stderr
    problems = [f"no {text!r} in stdout" for text in step.out if text not in done.stdout]
    problems += [f"no {text!r} in stderr" for text in step.err if text not in done.stderr]
    problems += [f"{text!r} was shown" for text in step.never if text in both]
    for name, pattern in step.save.items():
        found = re.search(pattern, both)
        saved[name] = found[1] if found else ""
        problems += [] if found else [f"nothing like {pattern} was shown"]
    if done.returncode != step.exit:
        problems.append(f"exit {done.returncode} for {step.exit}")
    return [f"line {step.line}: {step.arguments}: {p}\n{both[-1500:]}" for p in problems]
