"""What a change of manifests opens, closes, widens and narrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wifctl.access.openings import Opening


@dataclass(frozen=True, slots=True)
class Change:
    """A way that is new, gone, or means other people; and what comes or goes with an account."""

    opening: Opening
    """As it is now; as it was for a way that is gone."""
    before: Opening | None = None
    """Whom the same grants meant before, for a way that was widened or narrowed."""
    with_it: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference of two pictures."""

    opened: tuple[Change, ...] = ()
    """New ways, and those that now let in more."""
    closed: tuple[Change, ...] = ()
    """Ways that are gone, and those that now let in fewer."""


def changes(before: Sequence[Opening], after: Sequence[Opening]) -> Changes:
    """Compare by who and what. The same grants meaning somebody else entirely open and close."""
    old = {opening.key: opening for opening in before}
    new = {opening.key: opening for opening in after}
    opened = [opening for key, opening in new.items() if key not in old]
    closed = [opening for key, opening in old.items() if key not in new]
    widened = _pairs(opened, closed, stricter_is_old=True)
    narrowed = _pairs(opened, closed, stricter_is_old=False)
    pairs = {id(o) for pair in (*widened, *narrowed) for o in pair}
    fresh = [(opening, None) for opening in opened if id(opening) not in pairs]
    gone = [(opening, None) for opening in closed if id(opening) not in pairs]
    return Changes(_folded([*fresh, *widened]), _folded([*gone, *narrowed]))


Pair = tuple[Opening, Opening | None]


def _pairs(
    opened: Sequence[Opening], closed: Sequence[Opening], *, stricter_is_old: bool
) -> list[Pair]:
    """(now, before) of one way, where one side lets in fewer than the other."""
    found: list[Pair] = []
    old = {opening.way: opening for opening in closed}
    for now in opened:
        before = old.get(now.way)
        if before is None or before.condition != now.condition:
            continue
        stricter, looser = (before, now) if stricter_is_old else (now, before)
        if stricter.demands and looser.demands and stricter.demands.implies(looser.demands):
            found.append((now, before))
    return found


def _folded(found: Sequence[Pair]) -> tuple[Change, ...]:
    """What somebody reaches as an account goes below the line that gives them the account."""
    heads = {(o.who, o.target.email) for o, _ in found if o.becomes and not o.through}
    below: dict[tuple[str, str], list[Opening]] = {}
    for opening, _ in found:
        if opening.through and (opening.who, opening.through[0]) in heads:
            below.setdefault((opening.who, opening.through[0]), []).append(opening)
    return tuple(
        Change(opening, before, tuple(below.get((opening.who, opening.target.email), ())))
        for opening, before in found
        if not (opening.through and (opening.who, opening.through[0]) in heads)
    )
