"""What a look at the chain from a repository to its upstream finds, link by link."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Link(enum.StrEnum):
    """The links, in the order they are looked at."""

    REPOSITORY = "repository"
    MEMBER = "member repository"
    UPSTREAM = "upstream"
    CREDENTIALS = "credentials"
    SECRET = "secret"  # noqa: S105 - a link's name
    VERSION = "version"
    AGENT = "agent"
    GRANT = "grant"
    LOGIN = "login"
    READER = "reader"


class State(enum.StrEnum):
    """What became of a link."""

    SOUND = "sound"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """Whoever looks may not see it."""


@dataclass(frozen=True, slots=True)
class Found:
    """One link: what is there and, of a broken one, how to mend it."""

    link: Link
    state: State
    text: str
    fix: str = ""
    repository: str = ""
    """`projects/P/locations/L/repositories/R`: the one whose link it is."""


class BrokenError(Exception):
    """The chain ends here."""

    def __init__(self, link: Link, text: str, fix: str) -> None:
        super().__init__(text)
        self.link = link
        self.text = text
        self.fix = fix
