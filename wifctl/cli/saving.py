"""Plan files: written whole or not at all, read as strictly as a manifest."""

from __future__ import annotations

from pathlib import Path

from wifctl.cli.planning import Planned
from wifctl.cli.screen import Screen
from wifctl.credentials.atomic import write_whole
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.plan.saved import SavedPlan, dump, parse

MANIFESTS = (".yaml", ".yml", ".j2")


def save(screen: Screen, planned: Planned, name: str) -> None:
    """Save a plan and say how to apply it."""
    from wifctl.cli.version import versions

    text = dump(planned.plan, planned.live.projects.numbers, versions()["wifctl"])
    _write(Path(name), text)
    screen.say(f"\nSaved. Apply exactly this with: wifctl apply {name}")


def is_plan_file(paths: tuple[str, ...]) -> bool:
    """Whether the arguments of `apply` are one plan file rather than manifests."""
    if len(paths) != 1 or paths[0] == "-":
        return False
    path = Path(paths[0])
    return not path.is_dir() and path.suffix not in MANIFESTS


def read_plan(name: str) -> SavedPlan:
    """The plan in a file. Raises WifctlError when there is none."""
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        fix = "give a file that `wifctl plan --out` wrote"
        raise WifctlError(Diagnostic("bad-plan-file", f"{name}: {why}", fix=fix)) from error
    return parse(text, name)


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        found = f"{path} cannot be written: {error.strerror}"
        raise WifctlError(
            Diagnostic("file-not-written", found, fix="choose another --out")
        ) from error
