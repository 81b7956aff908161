"""Claims as CEL may see them: plain JSON, bounded in size, numbers within CEL's ranges."""

from __future__ import annotations

from collections.abc import Mapping

from wifctl.trust.cel.problem import CelResult

MAX_TEXT = 131_072
"""Code points of all texts together; STS takes no token anywhere near this long."""
MAX_DEPTH = 24
_INT64 = 2**63


class ClaimsTooLargeError(ValueError):
    """The claims are too large or too deep to evaluate; says which."""


def plain(value: object) -> object:
    """A copy of JSON data that CEL takes: lists for tuples, doubles for integers beyond 64 bits.

    Raises ClaimsTooLargeError beyond MAX_TEXT code points or MAX_DEPTH levels.
    """
    room = [MAX_TEXT]
    return _plain(value, MAX_DEPTH, room)


def _plain(value: object, depth: int, room: list[int]) -> object:
    if depth == 0:
        raise ClaimsTooLargeError(f"claims are nested more than {MAX_DEPTH} levels deep")
    room[0] -= len(value) if isinstance(value, str) else 1
    if room[0] < 0:
        raise ClaimsTooLargeError(f"claims hold more than {MAX_TEXT} characters")
    if isinstance(value, Mapping):
        return {
            _plain(key, depth, room): _plain(item, depth - 1, room) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(item, depth - 1, room) for item in value]
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return _double(value)
    return _whole(value) if isinstance(value, str) else value


def _double(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _whole(text: str) -> str:
    """A text without lone surrogates, which JSON can spell and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def failure(message: str) -> CelResult:
    """An evaluation that ended in an error."""
    return CelResult("ERROR", error=message)
