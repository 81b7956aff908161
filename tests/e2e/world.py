"""wifctl on one side, an emulator on the other: what every end-to-end test starts from."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.emulator import Rest
from wifctl.cli.program import run
from wifctl.emulator.server import Doors

MANIFESTS = Path(__file__).parents[2] / "manifests"
API_VERSION = "wifctl/v1"
READS = re.compile(r".*\.(get|list|batchGet|access|getIamPolicy|testIamPermissions)")
ENTRY = "from wifctl.cli.main import entry; entry()"


@dataclass(frozen=True, slots=True)
class Ran:
    """How one command line ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """stdout of a `--format json`."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    def ok(self) -> Ran:
        """The same, when it went well."""
        assert self.code == 0, f"exit {self.code}\n{self.out}\n{self.err}"
        return self


@dataclass(slots=True)
class World:
    """A folder with manifests, an emulator, and wifctl between them."""

    folder: Path
    doors: Doors
    rest: Rest
    environment: dict[str, str] = field(default_factory=dict)

    def wifctl(self, *arguments: str) -> Ran:
        """One command line in this process, in the folder, against the emulator."""
        environment = {"WIFCTL_ENDPOINT": self.doors.rest_url, **self.environment}
        return command(*arguments, "--chdir", str(self.folder), environment=environment)

    def write(self, *documents: Mapping[str, Any], file: str = "manifests/all.yaml") -> None:
        """Replace a manifest file."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = [{"apiVersion": API_VERSION, **document} for document in documents]
        path.write_text(yaml.safe_dump_all(whole, sort_keys=False), encoding="utf-8")

    def plan(self, *arguments: str) -> dict[str, Any]:
        """The plan as JSON."""
        ran = self.wifctl("plan", "--format", "json", *arguments)
        assert ran.out, ran.err
        return ran.json

    def plan_text(self, *arguments: str) -> str:
        """The plan as people read it."""
        return self.wifctl("plan", *arguments).out

    def apply(self, *arguments: str) -> Ran:
        """Apply, which must go well."""
        return self.wifctl("apply", "--auto-approve", *arguments).ok()

    def assert_settled(self) -> None:
        """Nothing is left to do."""
        ran = self.wifctl("plan", "--detailed-exitcode")
        assert ran.code == 0, f"exit {ran.code}\n{ran.out}\n{ran.err}"

    def calls(self, method: str = "") -> list[dict[str, Any]]:
        """The emulator's request log, for methods that begin so."""
        answer = self.rest.get("/_wifctl/requests", **({"method": method} if method else {}))
        found: list[dict[str, Any]] = answer.body["requests"]
        return found

    def writes(self) -> list[dict[str, Any]]:
        """The calls that would change something."""
        return [call for call in self.calls() if not READS.fullmatch(call["method"])]

    def forget_calls(self) -> None:
        """Empty the request log."""
        self.rest.delete("/_wifctl/requests")

    def process(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """The same command line as a process of its own, in the folder."""
        given = [sys.executable, "-c", ENTRY, *arguments]
        environment = {**os.environ, **self.environment, "WIFCTL_ENDPOINT": self.doors.rest_url}
        environment["PYTHONPATH"] = str(MANIFESTS.parent)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(given, cwd=self.folder, env=environment, **{**pipes, **options})


def command(*arguments: str, environment: Mapping[str, str] | None = None) -> Ran:
    """One command line in this process, its output caught."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments, dict(environment or {}))
    return Ran(code, out.getvalue(), err.getvalue())


def document(kind: str, name: str, spec: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    """A manifest document; `rest` are further keys of metadata, or `lifecycle`."""
    found: dict[str, Any] = {"kind": kind, "metadata": {"name": name}, "spec": dict(spec)}
    if "lifecycle" in rest:
        found["lifecycle"] = rest.pop("lifecycle")
    found["metadata"].update(rest)
    return found


def steps(plan: Mapping[str, Any], *actions: str) -> list[dict[str, Any]]:
    """The steps of a plan in JSON, of some actions only where given."""
    return [step for step in plan["steps"] if not actions or step["action"] in actions]


def addresses(found: Iterable[Mapping[str, Any]]) -> set[str]:
    """The addresses of steps."""
    return {step["address"] for step in found}
