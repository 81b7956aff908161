"""Why a path leads nowhere: an attribute nobody maps, a claim the token does not carry."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from wifctl.trust.cel.ast import Path
from wifctl.trust.cel.lookup import MISSING, Data, described, lookup, spelled, walk
from wifctl.trust.cel.near import Hint, HintKind


def missing_hints(path: Path, data: Data) -> tuple[Hint, ...]:
    """Which part of the path is not there, and what may have been meant; none when all is."""
    value, depth = walk(path, data)
    if value is not MISSING or depth == 0:
        return ()
    parent, part, place = lookup(path[:depth], data), path[depth], spelled(path[:depth])
    if isinstance(parent, str | bool | int | float):
        return (Hint(HintKind.TYPE, f"{place} is {described(parent)} and has no parts"),)
    if isinstance(parent, list):
        return (Hint(HintKind.LIST, f"{place} is a list of {len(parent)}"),)
    names = sorted(map(str, parent)) if isinstance(parent, Mapping) else []
    if path[0] in ("attribute", "google"):
        return (_unmapped(spelled(path[: depth + 1]), str(part), names),)
    return (_absent(place, str(part), names, data),)


def _unmapped(place: str, part: str, names: list[str]) -> Hint:
    listed = ", ".join(names) or "none"
    near = _nearest(part, names)
    ask = f"; did you mean {near}?" if near else ""
    message = f"no attribute mapping gives {place} a value (mapped: {listed}){ask}"
    return Hint(HintKind.UNMAPPED, message)


def _absent(place: str, part: str, names: list[str], data: Data) -> Hint:
    near = _nearest(part, names)
    if near:
        return Hint(HintKind.MISSING, f"the token has no {place}.{part}; did you mean {near}?")
    if part in ("environment", "ref") and {"environment", "ref", "sub"} & set(names):
        other = "its job names no environment" if part == "environment" else "it names no ref"
        return Hint(HintKind.ENVIRONMENT, f"the token has no {place}.{part}: {other}")
    nested = [key for key in names if part in _keys(lookup(("assertion", key), data))]
    if nested:
        inner = spelled(("assertion", nested[0], part))
        return Hint(HintKind.MISSING, f"the token has no {place}.{part}; it has {inner}")
    message = f"the token has no {place}.{part}; guard it with has() where it may be absent"
    return Hint(HintKind.MISSING, message)


def _keys(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, Mapping) else frozenset()


def _nearest(name: str, names: Sequence[str]) -> str:
    by_fold = {other.casefold(): other for other in names}
    if name.casefold() in by_fold:
        return by_fold[name.casefold()]
    return next(iter(difflib.get_close_matches(name, names, 1, 0.75)), "")
