"""List filters after AIP-160 (`labels.team:* AND NOT state=DESTROYED`), run over proto-JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from wifctl.emulator.clock import parse_time
from wifctl.emulator.errors import Json, invalid

Predicate = Callable[[Json], bool]

MAX_LENGTH = 8192
MAX_DEPTH = 32
"""How deep parentheses may nest."""

_SPACE = re.compile(r"\s*")
_OPERATOR = re.compile(r"<=|>=|!=|=|<|>|:")
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'[^']*'"
_FIELD = re.compile(rf"{_QUOTED}|[^\s()<>=!:\"'][^\s()<>=!:]*")
_VALUE = re.compile(rf"{_QUOTED}|[^\s()\"'][^\s()]*")
_KEYWORDS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where the APIs differ."""

    adjacent: str = "AND"
    """What two restrictions with only a space between them mean: `AND`, or `OR` (Resource
    Manager: "will return results that match any of the fields")."""
    contains: bool = True
    """Whether `:` finds a part of a text (Secret Manager); else the whole of it."""


def parse_filter(text: str, dialect: Dialect = Dialect()) -> Predicate:
    """The filter as a predicate over resources; empty text accepts all.

    OR binds tighter than AND, as AIP-160 has it. Raises INVALID_ARGUMENT when it cannot be read.
    """
    if len(text) > MAX_LENGTH:
        raise invalid("The filter is too long.")
    parser = _Parser(text, dialect)
    if parser.done():
        return lambda _resource: True
    predicate = parser.expression(0)
    if not parser.done():
        raise parser.fault()
    return predicate


class _Parser:
    def __init__(self, text: str, dialect: Dialect) -> None:
        self._text = text
        self._dialect = dialect
        self._at = 0
        self._skip()

    def done(self) -> bool:
        return self._at >= len(self._text)

    def fault(self) -> Exception:
        return invalid(f"Invalid filter: cannot be understood at position {self._at}.")

    def expression(self, depth: int) -> Predicate:
        parts = [self._sequence(depth)]
        while self._word("AND"):
            parts.append(self._sequence(depth))
        return _all(parts)

    def _sequence(self, depth: int) -> Predicate:
        parts = [self._factor(depth)]
        while not self.done() and not self._peek("AND") and self._text[self._at] != ")":
            parts.append(self._factor(depth))
        return _any(parts) if self._dialect.adjacent == "OR" else _all(parts)

    def _factor(self, depth: int) -> Predicate:
        parts = [self._term(depth)]
        while self._word("OR"):
            parts.append(self._term(depth))
        return _any(parts)

    def _term(self, depth: int) -> Predicate:
        negated = self._word("NOT") or self._take("-")
        predicate = self._simple(depth)
        return (lambda resource: not predicate(resource)) if negated else predicate

    def _simple(self, depth: int) -> Predicate:
        if not self._take("("):
            return self._restriction()
        if depth >= MAX_DEPTH:
            raise invalid("Invalid filter: parentheses nest too deep.")
        predicate = self.expression(depth + 1)
        if not self._take(")"):
            raise self.fault()
        return predicate

    def _restriction(self) -> Predicate:
        field = self._match(_FIELD)
        if not field or field in _KEYWORDS:
            raise self.fault()
        operator = self._match(_OPERATOR)
        if not operator:
            word = _unquoted(field)
            return lambda resource: _mentions(resource, word.lower())
        value = self._match(_VALUE)
        if not value:
            raise self.fault()
        path, wanted = _unquoted(field).split("."), _unquoted(value)
        contains = self._dialect.contains
        return lambda resource: _holds(_lookup(resource, path), operator, wanted, contains)

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if not found:
            return ""
        self._at = found.end()
        self._skip()
        return found[0]

    def _peek(self, word: str) -> bool:
        end = self._at + len(word)
        return self._text[self._at : end] == word and self._text[end : end + 1] in ("", " ", "(")

    def _word(self, word: str) -> bool:
        return self._peek(word) and self._take(word)

    def _take(self, text: str) -> bool:
        if not self._text.startswith(text, self._at):
            return False
        self._at += len(text)
        self._skip()
        return True

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at


def _all(parts: list[Predicate]) -> Predicate:
    return parts[0] if len(parts) == 1 else lambda resource: all(p(resource) for p in parts)


def _any(parts: list[Predicate]) -> Predicate:
    return parts[0] if len(parts) == 1 else lambda resource: any(p(resource) for p in parts)


def _unquoted(token: str) -> str:
    if token[0] == '"':
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    return token[1:-1] if token[0] == "'" else token


def _lookup(value: Any, path: Iterable[str]) -> Any:
    for name in path:
        if not isinstance(value, Mapping):
            return None
        plain = name.replace("_", "").lower()
        value = value.get(name) or next(
            (v for k, v in value.items() if k.replace("_", "").lower() == plain), None
        )
    return value


def _mentions(value: Any, word: str) -> bool:
    if isinstance(value, Mapping):
        return any(_mentions(v, word) for v in value.values())
    if isinstance(value, list):
        return any(_mentions(v, word) for v in value)
    return word in str(value).lower()


def _holds(found: Any, operator: str, wanted: str, contains: bool) -> bool:
    if operator == "!=":
        return not _holds(found, "=", wanted, contains)
    if found is None:
        return False
    if operator == ":":
        return wanted == "*" or _has(found, wanted.lower(), contains)
    if operator == "=":
        return _equal(str(found), wanted)
    return _ordered(found, operator, wanted)


def _has(found: Any, wanted: str, contains: bool) -> bool:
    if isinstance(found, Mapping):
        return any(_has(part, wanted, contains) for pair in found.items() for part in pair)
    if isinstance(found, list):
        return any(_has(part, wanted, contains) for part in found)
    text = str(found).lower()
    return fnmatchcase(text, wanted) if "*" in wanted else _part(text, wanted, contains)


def _part(text: str, wanted: str, contains: bool) -> bool:
    return wanted in text if contains else wanted == text


def _equal(found: str, wanted: str) -> bool:
    return fnmatchcase(found.lower(), wanted.lower().replace("[", "[[]"))


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _ordered(found: Any, operator: str, wanted: str) -> bool:
    for reader in (_moment, float, str):
        try:
            return _ORDERS[operator](reader(str(found)), reader(wanted))
        except ValueError:
            continue
    return False


def _moment(text: str) -> datetime:
    moment = parse_time(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
