"""Claims as CEL may see them: plain JSON, bounded in size, numbers within CEL's ranges.

The library hands Python texts on as C strings: one with a NUL in it would end there, and
`admin\\0evil` would equal `admin`. Such texts travel as protobuf messages, which are whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from wifctl.trust.cel.problem import CelResult

MAX_TEXT = 131_072
"""Code points of all texts together; STS takes no token anywhere near this long."""
MAX_DEPTH = 24
_INT64 = 2**63


class UnfitClaimsError(ValueError):
    """The claims are too large, too deep or too odd to evaluate; says which."""


def plain(value: object, most: int = MAX_TEXT) -> object:
    """A copy of JSON data that CEL takes: lists for tuples, doubles for integers beyond 64 bits.

    Raises UnfitClaimsError beyond `most` code points or MAX_DEPTH levels, and for a NUL in a
    member's name.
    """
    room = [most]
    return _plain(value, MAX_DEPTH, room)


def _plain(value: object, depth: int, room: list[int]) -> object:
    if depth == 0:
        raise UnfitClaimsError(f"claims are nested more than {MAX_DEPTH} levels deep")
    room[0] -= len(value) if isinstance(value, str) else 1
    if room[0] < 0:
        raise UnfitClaimsError("claims hold more characters than this expression may see")
    if isinstance(value, Mapping):
        return {_key(key, room): _plain(item, depth - 1, room) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth - 1, room) for item in value]
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return _double(value)
    return _text(value) if isinstance(value, str) else value


def _key(key: object, room: list[int]) -> object:
    room[0] -= len(str(key))
    if "\0" in str(key):
        raise UnfitClaimsError("the name of a claim holds a NUL character")
    return _whole(key) if isinstance(key, str) else key


def _text(text: str) -> object:
    if "\0" not in text:
        return _whole(text)
    from google.protobuf.wrappers_pb2 import StringValue

    return StringValue(value=_whole(text))


def _double(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _whole(text: str) -> str:
    """The text, if UTF-8 can spell it: JSON can hold lone surrogates."""
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UnfitClaimsError("a claim holds a lone surrogate, which is no character")
    return text


def failure(message: str) -> CelResult:
    """An evaluation that ended in an error."""
    return CelResult("ERROR", error=message)
