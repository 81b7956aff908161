"""The `create-cred-config` cases: reading them, and running them through the real gcloud."""

from __future__ import annotations

import json
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"
RECORDED = CASES / "cred_config_gcloud.json"
AUDIENCE = "projects/123456789012/locations/global/workloadIdentityPools/acme/providers/ci"
CONFIG = "{config}"
"""Stands for gcloud's configuration folder in the names of recorded files."""

_SETTINGS = {
    "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
    "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
    "CLOUDSDK_CORE_DISABLE_FILE_LOGGING": "true",
    "CLOUDSDK_CORE_CHECK_GCE_METADATA": "false",
    "CLOUDSDK_SURVEY_DISABLE_PROMPTS": "true",
    "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One invocation, and what wifctl has to say about it."""

    name: str
    flags: str
    bare: bool = False
    finds: tuple[str, ...] = ()
    """`dropped`, `doubtful` or `refused` and the flag, or `usage`."""

    @property
    def arguments(self) -> list[str]:
        """The words after `create-cred-config`."""
        words = shlex.split(self.flags)
        return words if self.bare else [AUDIENCE, *words, "--output-file=out.json"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an invocation left behind: its exit status and its files, by name."""

    status: int
    files: Mapping[str, str] = field(default_factory=dict)


def cases() -> tuple[Case, ...]:
    """Every case of the data file."""
    found: list[dict[str, Any]] = yaml.safe_load((CASES / "cred_config.yaml").read_text())
    return tuple(
        Case(
            each["name"],
            each["flags"],
            each.get("bare", False),
            tuple(each.get("finds", ())),
        )
        for each in found
    )


def recorded() -> dict[str, Outcome]:
    """What gcloud was seen to do, by case name."""
    return {
        name: Outcome(each["status"], each["files"])
        for name, each in json.loads(RECORDED.read_text()).items()
    }


def files_in(folder: Path, config: Path) -> dict[str, str]:
    """Every file an invocation left in its working and configuration folders."""
    found = {str(path.relative_to(folder)): path.read_text() for path in _files(folder)}
    certificate = config / "certificate_config.json"
    if certificate.exists():
        found[f"{CONFIG}/certificate_config.json"] = certificate.read_text()
    return found


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


COMMAND = ("iam", "workload-identity-pools", "create-cred-config")


def run_gcloud(gcloud: str, case: Case, environment: Mapping[str, str]) -> Outcome:
    """Run one case through the real command in folders of its own."""
    with tempfile.TemporaryDirectory() as top:
        folder, config = _folders(Path(top))
        done = subprocess.run(
            [gcloud, *COMMAND, *case.arguments],
            cwd=folder,
            env={**environment, **_SETTINGS, "CLOUDSDK_CONFIG": str(config)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=120,
        )
        return Outcome(done.returncode, files_in(folder, config))


def run_all(gcloud: str, environment: Mapping[str, str]) -> dict[str, Outcome]:
    """Run every case through gcloud's own code, in one process of its own Python."""
    with tempfile.TemporaryDirectory() as top:
        places = [_folders(Path(top, str(number))) for number, _ in enumerate(cases())]
        commands = [
            [str(folder), str(config), [*COMMAND, *case.arguments]]
            for case, (folder, config) in zip(cases(), places, strict=True)
        ]
        done = subprocess.run(
            [_python(gcloud), str(Path(__file__).with_name("gcloud_driver.py")), _root(gcloud)],
            env={**environment, **_SETTINGS},
            input=json.dumps(commands),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
            timeout=240,
        )
        outcomes = zip(cases(), json.loads(done.stdout), places, strict=True)
        return {c.name: Outcome(status, files_in(*place)) for c, status, place in outcomes}


def _folders(top: Path) -> tuple[Path, Path]:
    folder, config = top / "work", top / "config"
    folder.mkdir(parents=True)
    config.mkdir()
    return folder, config


def _root(gcloud: str) -> str:
    return str(Path(gcloud).resolve().parents[1])


def _python(gcloud: str) -> str:
    """The Python gcloud itself runs on."""
    words = [gcloud, "info", "--format=value(basic.python_location)"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def record(gcloud: str, environment: Mapping[str, str]) -> None:
    """Write what gcloud does now as the recorded outcome of every case."""
    found = run_all(gcloud, environment)
    plain = {name: {"status": o.status, "files": dict(o.files)} for name, o in found.items()}
    RECORDED.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n")
