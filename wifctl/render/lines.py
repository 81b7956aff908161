"""A view before it is text: lines with a depth, a sign and toned pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wifctl.render.palette import Palette, Tone

INDENT = "  "

GLYPH_TONES = {
    "+": Tone.ADDED,
    "-": Tone.REMOVED,
    "~": Tone.CHANGED,
    "^": Tone.REVIVED,
    "!": Tone.WARNED,
    "?": Tone.WARNED,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and what it means."""

    text: str
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `glyph` says what happens to what stands on it."""

    depth: int = 0
    glyph: str = " "
    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The pieces without their tones."""
        return "".join(piece.text for piece in self.pieces)


BLANK = Line()


def line(depth: int, glyph: str, *pieces: str | Piece) -> Line:
    """A line; plain strings take no tone."""
    return Line(depth, glyph, tuple(Piece(p) if isinstance(p, str) else p for p in pieces))


def title(text: str) -> Line:
    """A heading of a section."""
    return line(0, "", Piece(text, Tone.STRONG))


def as_text(lines: Iterable[Line], palette: Palette) -> str:
    """Lines as a terminal shows them."""
    return "\n".join(_text(item, palette) for item in lines)


def as_diff(lines: Iterable[Line]) -> str:
    """Lines as a `diff` block shows them: the sign in the first column colours the line."""
    return "\n".join(_diff(item) for item in lines)


def _text(item: Line, palette: Palette) -> str:
    if item == BLANK:
        return ""
    tone = GLYPH_TONES.get(item.glyph)
    sign = palette(tone, item.glyph) if tone else item.glyph
    body = "".join(palette(p.tone, p.text) if p.tone else p.text for p in item.pieces)
    return f"{INDENT * item.depth}{sign}{' ' if sign else ''}{body}".rstrip()


_DIFF_SIGNS = {"~": "!", "^": "+", "?": "!"}


def _diff(item: Line) -> str:
    glyph = item.glyph or " "
    first = _DIFF_SIGNS.get(glyph, glyph)
    mark = glyph if first != glyph else " "
    return f"{first}{INDENT * item.depth}{mark} {item.text}".rstrip()
