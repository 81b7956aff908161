"""Findings as text: `file:line:col`, the line itself, what is allowed, how to mend it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from wifctl.diagnostics import Diagnostic, Position, Severity
from wifctl.render.escape import printable
from wifctl.render.palette import PLAIN, Palette, Tone

Source = Callable[[str], Sequence[str]]
"""The lines of a file, nothing when they may not be shown."""

_TONES = {
    Severity.ERROR: Tone.ERROR,
    Severity.WARNING: Tone.WARNED,
    Severity.NOTE: Tone.NOTE,
}
_QUOTED = (".yaml", ".yml", ".j2")
_SECRET = ("version", "payload", "password", "token")
_WIDEST = 160


def manifest_lines(file: str) -> Sequence[str]:
    """The lines of a manifest. Other files are never quoted: they may be keys or payloads."""
    path = Path(file)
    try:
        if path.resolve().suffix not in _QUOTED:
            return ()
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()


def diagnostics_text(
    diagnostics: Iterable[Diagnostic], palette: Palette = PLAIN, source: Source = manifest_lines
) -> str:
    """All findings, grouped by file in their order there, a blank line between two."""
    blocks = []
    for file, found in itertools.groupby(sorted(diagnostics, key=_place), key=_file):
        lines = source(file) if file else ()
        blocks += [_block(diagnostic, lines, palette) for diagnostic in found]
    return "\n\n".join(blocks)


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`, or nothing."""
    found = [d.severity for d in diagnostics]
    counts = [(found.count(severity), severity.value) for severity in Severity]
    return ", ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in counts if count)


def _file(diagnostic: Diagnostic) -> str:
    return diagnostic.position.file if diagnostic.position else ""


def _place(diagnostic: Diagnostic) -> tuple[bool, Position]:
    return diagnostic.position is None, diagnostic.position or Position("")


def _block(diagnostic: Diagnostic, lines: Sequence[str], palette: Palette) -> str:
    where = printable(str(diagnostic.position or diagnostic.address))
    path = f"{diagnostic.path}: " if diagnostic.path else ""
    head = (
        palette(Tone.STRONG, f"{where}: " if where else "")
        + palette(_TONES[diagnostic.severity], f"{diagnostic.severity.value}: ")
        + printable(f"{path}{diagnostic.message}")
        + palette(Tone.FAINT, f"  [{diagnostic.code}]")
    )
    return "\n".join([head, *_quote(diagnostic, lines, palette), *_advice(diagnostic, palette)])


def _quote(diagnostic: Diagnostic, lines: Sequence[str], palette: Palette) -> list[str]:
    position = diagnostic.position
    if position is None or not 0 < position.line <= len(lines) or _may_hold_secret(diagnostic):
        return []
    line, column = lines[position.line - 1], position.column - 1
    if not line.strip() or len(line) > _WIDEST:
        return []
    number = f"{position.line:>6}"
    indent = len(printable(line[:column]))
    return [
        f"{palette(Tone.FAINT, f'{number} |')} {printable(line)}",
        f"{palette(Tone.FAINT, '       |')} {' ' * indent}{palette(Tone.ERROR, '^')}",
    ]


def _may_hold_secret(diagnostic: Diagnostic) -> bool:
    return any(part in _SECRET for part in diagnostic.path.split("."))


def _advice(diagnostic: Diagnostic, palette: Palette) -> list[str]:
    found = (("allowed", diagnostic.allowed), ("fix", diagnostic.fix))
    return [
        f"       {palette(Tone.FAINT, '=')} {palette(Tone.STRONG, f'{name}:')} {printable(text)}"
        for name, text in found
        if text
    ]
