"""Colours by meaning; switched off, every text stays as it is."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Tone(enum.StrEnum):
    """What a piece of text means, as an ANSI attribute."""

    ADDED = "32"
    REMOVED = "31"
    CHANGED = "33"
    REVIVED = "36"
    WARNED = "35"
    ERROR = "1;31"
    NOTE = "34"
    STRONG = "1"
    FAINT = "2"


@dataclass(frozen=True, slots=True)
class Palette:
    """Gives text its tone."""

    is_on: bool = False

    def __call__(self, tone: Tone, text: str) -> str:
        """The text in one tone; line breaks stay outside, as pagers want it."""
        if not self.is_on or not text:
            return text
        return "\n".join(f"\x1b[{tone.value}m{line}\x1b[0m" for line in text.split("\n"))


PLAIN = Palette()
