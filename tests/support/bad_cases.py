"""Bad manifests as files: `tests/cases/bad/CLASS/CASE.yaml`, or a folder, beside `CASE.txt`.

A folder may hold `options.json` with the load's options (sets, environment, paths, stdin).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wifctl.diagnostics import Diagnostic
from wifctl.manifest.load import load
from wifctl.manifest.options import Loaded, LoadOptions

ROOT = Path(__file__).parents[1] / "cases" / "bad"


@dataclass(frozen=True, slots=True)
class BadCase:
    """One case and where its wanted text is."""

    path: Path

    @property
    def name(self) -> str:
        """`class/case`."""
        return str(self.path.relative_to(ROOT).with_suffix(""))

    @property
    def wanted(self) -> Path:
        """The file with the wanted findings."""
        return self.path.with_suffix(".txt")

    def load(self) -> Loaded:
        """Load the case as its options say, for the project acme-ci unless they name another."""
        if self.path.is_file():
            environment = {"WIFCTL_PROJECT": "acme-ci"}
            options = LoadOptions(environment=environment, folder=self.path.parent)
            return load([Path(self.path.name)], options)
        given = self._options()
        sources = [path if path == "-" else Path(path) for path in given.get("paths", ["."])]
        stdin = str(given.get("stdin", "")) * int(given.get("repeat", 1))
        return load(
            sources,
            LoadOptions(
                sets=tuple(given.get("sets", ())),
                environment=given.get("environment", {}),
                stdin=stdin.encode(),
                folder=self.path,
            ),
        )

    def _options(self) -> dict[str, Any]:
        file = self.path / "options.json"
        if file.exists():
            found: dict[str, Any] = json.loads(file.read_text())
            return found
        has_settings = any(self.path.rglob("wifctl.yaml"))
        return {} if has_settings else {"environment": {"WIFCTL_PROJECT": "acme-ci"}}


def cases() -> list[BadCase]:
    """All cases, in the order of their names."""
    classes = sorted(path for path in ROOT.iterdir() if path.is_dir())
    entries = (entry for folder in classes for entry in sorted(folder.iterdir()))
    return [BadCase(entry) for entry in entries if entry.suffix != ".txt"]


def text_of(diagnostics: tuple[Diagnostic, ...]) -> str:
    """The findings as the case files hold them."""
    lines: list[str] = []
    for found in diagnostics:
        lines.append(str(found))
        lines += [f"  allowed: {found.allowed}"] if found.allowed else []
        lines += [f"  fix: {found.fix}"] if found.fix else []
    return "\n".join(lines) + "\n"
