"""From a place in the content of a scalar to the place in the file where that content stands."""

from __future__ import annotations

Place = tuple[int, int]
"""0-based line and column."""


def content_place(lines: list[str], start: Place, line: int, column: int) -> Place:
    """Where line and column of a scalar's content stand, given where the scalar starts.

    Block scalars lose their indentation, folded and plain ones their line breaks. Escapes of
    quoted scalars are not counted, so that a place behind one is a little early.
    """
    row, left = start
    first = lines[row][left : left + 1] if row < len(lines) else ""
    if first == "|":
        return _literal(lines, row, line, column)
    if first == ">":
        return _folded(lines, row + 1, _indent(lines, row + 1), column)
    if first in ("'", '"'):
        left += 1
    return _folded(lines, row, left, column)


def _indent(lines: list[str], row: int) -> int:
    for text in lines[row:]:
        if text.strip():
            return len(text) - len(text.lstrip(" "))
    return 0


def _literal(lines: list[str], row: int, line: int, column: int) -> Place:
    return row + 1 + line, _indent(lines, row + 1) + column


def _folded(lines: list[str], row: int, left: int, column: int) -> Place:
    """Walk over lines that were joined by single spaces."""
    while row < len(lines):
        width = len(lines[row].rstrip()) - left
        if column <= width or row + 1 >= len(lines):
            return row, left + column
        column -= width + 1
        row += 1
        left = len(lines[row]) - len(lines[row].lstrip(" "))
    return row, left
