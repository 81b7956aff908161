"""Manifests for a command: which paths, which values, and what to do about findings."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from wifctl.cli.screen import Screen
from wifctl.cli.session import Session
from wifctl.diagnostics import Diagnostic, Severity, raise_failures
from wifctl.manifest.load import load
from wifctl.manifest.options import Loaded, LoadOptions, Source

DEFAULT = "manifests"


def read_manifests(session: Session, paths: Sequence[str]) -> Loaded:
    """Load and check; every finding is in the answer."""
    sources: list[Source] = ["-" if p == "-" else Path(p) for p in paths or (DEFAULT,)]
    return load(
        sources,
        LoadOptions(
            project=session.project,
            values_files=tuple(map(Path, session.values)),
            sets=session.assignments,
            environment=session.environment,
            stdin=sys.stdin.buffer.read() if "-" in sources else b"",
        ),
    )


def sound_manifests(session: Session, paths: Sequence[str]) -> Loaded:
    """Load manifests to work with: errors are raised, warnings told."""
    loaded = read_manifests(session, paths)
    raise_failures(loaded.diagnostics)
    tell(session.screen, loaded.diagnostics)
    return loaded


def tell(screen: Screen, diagnostics: Iterable[Diagnostic]) -> None:
    """Write findings to stderr."""
    found = tuple(diagnostics)
    if not found:
        return
    from wifctl.render.diagnostics import diagnostics_text
    from wifctl.render.palette import Palette

    screen.say(diagnostics_text(found, Palette(screen.err_colour)))
    if any(d.severity is not Severity.NOTE for d in found):
        screen.say("")
