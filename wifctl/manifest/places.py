"""Where everything of a document stands: packed while parsing, positions only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wifctl.diagnostics import Position
from wifctl.manifest.yaml.inside import content_place

BITS = 24
"""Bits of a column; `yaml.text.MOST_BYTES` keeps every column below 2**24."""
MASK = (1 << BITS) - 1
HALF = 2 * BITS


def pack(line: int, column: int) -> int:
    """A 0-based place as one small integer."""
    return line << BITS | column


def both(key: int, value: int) -> int:
    """The places of a key and of its value as one integer."""
    return key << HALF | value


def key_of(packed: int) -> int:
    """The place of the key out of a pair."""
    return packed >> HALF


@dataclass(frozen=True, slots=True)
class Origin:
    """The text a document comes from; a rendered one knows the template's lines."""

    file: str
    lines: tuple[int, ...] = ()
    """Rendered line (0-based index) → template line, from 1; empty for a plain file."""
    fixed: Position | None = None
    """Where to point instead, for text no file of the user's holds."""
    about: str = ""
    """What the text is, where it is not the file: `template github-actions`."""
    text: str = field(default="", compare=False, repr=False)
    """The text that was parsed, for places inside values."""

    def position(self, packed: int) -> Position:
        """Where a packed place stands for whoever mends it."""
        line, column = packed >> BITS & MASK, packed & MASK
        if self.fixed is not None:
            return self.fixed
        if not self.lines:
            return Position(self.file, line + 1, column + 1)
        return Position(self.file, self.lines[min(line, len(self.lines) - 1)])

    def note(self, packed: int) -> str:
        """The place in the rendered text, where that is not the place in the file."""
        if not self.lines and self.fixed is None:
            return ""
        line, column = packed >> BITS & MASK, packed & MASK
        if self.fixed is not None and self.lines:
            line_there = self.lines[min(line, len(self.lines) - 1)]
            return f"{self.about} line {line_there}, rendered {line + 1}:{column + 1}"
        return f"rendered {line + 1}:{column + 1}"


@dataclass(frozen=True, slots=True)
class Places:
    """Field path → packed places of key and value, of one document."""

    origin: Origin
    packed: Mapping[str, int]
    start: int = 0
    """The document's first line and column."""

    @property
    def position(self) -> Position:
        """Where the document starts."""
        return self.origin.position(self.start)

    def known(self, path: str) -> str:
        """The path itself, or the longest prefix of it that the document holds; "" for none."""
        while path and path not in self.packed:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return path

    def value(self, path: str) -> int:
        """The packed place of a value, of its longest known prefix, or of the document."""
        found = self.known(path)
        return self.packed[found] & (1 << HALF) - 1 if found else self.start

    def key(self, path: str) -> int:
        """The packed place of a key; list items have none and give that of their value."""
        found = self.known(path)
        return self.packed[found] >> HALF or self.value(found) if found else self.start

    def inside(self, path: str, line: int, column: int) -> int:
        """The packed place of a line and column (from 0) of a text value's content."""
        place = self.value(path)
        if self.known(path) != path or not self.origin.text:
            return place
        start = (place >> BITS & MASK, place & MASK)
        return pack(*content_place(self.origin.text.splitlines(), start, line, column))


class Positions(Mapping[str, Position]):
    """Field path → position of the value, made on demand."""

    __slots__ = ("_places",)

    def __init__(self, places: Places) -> None:
        self._places = places

    def __getitem__(self, path: str) -> Position:
        if path not in self._places.packed:
            raise KeyError(path)
        return self._places.origin.position(self._places.value(path))

    def __contains__(self, path: object) -> bool:
        return path in self._places.packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._places.packed)

    def __len__(self) -> int:
        return len(self._places.packed)
