"""What a provider's condition and one principal demand of a token, claim by claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wifctl.principals import PoolPrincipal, Selector
from wifctl.trust.cel.ast import (
    EQUAL,
    IN,
    Call,
    Items,
    Literal,
    Node,
    Path,
    Select,
    conjuncts,
    disjuncts,
    path_of,
    paths,
)
from wifctl.trust.cel.compile import Compiled, compile_condition, compile_mapping
from wifctl.trust.cel.lookup import spelled_literal
from wifctl.trust.cel.parse import parse
from wifctl.trust.mapping import mapping_of
from wifctl.trust.provider import ProviderConfig

GROUP = "group"
"""Stands for google.groups, of which an identity has many."""
_BREAKS = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Pin:
    """A claim that must have one of some values."""

    claim: str
    """Below `assertion`, e.g. `repository_id`; `attribute.NAME` where a mapping computes it."""
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demands:
    """Everything a token must fulfil; `rest` holds what is no plain comparison."""

    pins: tuple[Pin, ...] = ()
    rest: tuple[str, ...] = ()
    computed: frozenset[str] = frozenset()
    """Claims that go into a pinned attribute which is no copy of one of them."""

    def values(self, claim: str) -> tuple[str, ...]:
        """What a claim may be; nothing where it is free."""
        return next((pin.values for pin in self.pins if pin.claim == claim), ())

    def implies(self, other: Demands) -> bool:
        """Whether every token that fulfils these fulfils the others too, as far as one sees."""
        return set(other.rest) <= set(self.rest) and all(map(self._allows_only, other.pins))

    def _allows_only(self, pin: Pin) -> bool:
        own, wanted = set(self.values(pin.claim)), set(pin.values)
        return wanted <= own if pin.claim == GROUP else bool(own) and own <= wanted


def demands_of(provider: ProviderConfig, principal: PoolPrincipal) -> Demands | None:
    """What a token of this provider must say to be named by the principal; None if none can."""
    own = _pin_of_principal(provider, principal)
    if own is None:
        return None
    found = _condition(provider)
    pins = _merged((*found.pins, *own))
    return None if pins is None else Demands(pins, found.rest, _computed(provider, pins))


def _computed(provider: ProviderConfig, pins: Iterable[Pin]) -> frozenset[str]:
    mapping = mapping_of(provider)
    texts = (mapping[pin.claim] for pin in pins if pin.claim in mapping)
    compiled = (compile_mapping(text, lists=True) for text in texts)
    used = (paths(parse(each)) for each in compiled if isinstance(each, Compiled))
    return frozenset(_below_assertion(path) for found in used for path in found)


def _pin_of_principal(provider: ProviderConfig, principal: PoolPrincipal) -> tuple[Pin, ...] | None:
    mapping = mapping_of(provider)
    match principal.selector:
        case Selector.ALL:
            return ()
        case Selector.GROUP:
            key, claim = "google.groups", GROUP
        case Selector.SUBJECT:
            key, claim = "google.subject", _mapped_claim(mapping, "google.subject")
        case Selector.ATTRIBUTE:
            key = f"attribute.{principal.attribute}"
            claim = _mapped_claim(mapping, key)
    return (Pin(claim, (principal.value,)),) if key in mapping else None


def _mapped_claim(mapping: Mapping[str, str], key: str) -> str:
    """The claim a mapping copies, or the attribute itself where it computes."""
    compiled = compile_mapping(mapping.get(key, ""), lists=True)
    path = path_of(parse(compiled)) if isinstance(compiled, Compiled) else None
    return _below_assertion(path) or key


def _below_assertion(path: Path | None) -> str:
    return ".".join(map(str, path[1:])) if path and path[0] == "assertion" else ""


def _condition(provider: ProviderConfig) -> Demands:
    text = provider.attribute_condition
    if not text:
        return Demands()
    compiled = compile_condition(text)
    if not isinstance(compiled, Compiled):
        return Demands(rest=(_one_line(text),))
    parts = conjuncts(parse(compiled))
    pins = [pin for part in parts if (pin := _pin(part, mapping_of(provider)))]
    pinned = {pin.claim for pin in pins}
    rest = [part for part in parts if not _pin(part, mapping_of(provider))]
    texts = [_one_line(part.span.text) for part in rest if _asked_for(part) not in pinned]
    return Demands(tuple(pins), tuple(texts))


def _asked_for(node: Node) -> str:
    """The claim a bare `has()` asks for: a comparison of it says as much."""
    if not (isinstance(node, Select) and node.test):
        return ""
    head = path_of(node.operand)
    return _below_assertion((*head, node.field)) if head else ""


def _pin(node: Node, mapping: Mapping[str, str]) -> Pin | None:
    """`claim == 'v'`, `claim in [...]`, `'v' in google.groups`, or several of one claim by `||`."""
    parts = disjuncts(node)
    if len(parts) > 1:
        pins = [_pin(part, mapping) for part in parts]
        claims = {pin.claim if pin else "" for pin in pins}
        if len(claims) != 1 or "" in claims:
            return None
        return Pin(claims.pop(), tuple(value for pin in pins if pin for value in pin.values))
    if not isinstance(node, Call) or node.function not in (EQUAL, IN):
        return None
    left, right = node.args
    if node.function == EQUAL:
        left, right = (right, left) if isinstance(left, Literal) else (left, right)
        return _compared(_claim(left, mapping), (right,))
    if isinstance(right, Items):
        return _compared(_claim(left, mapping), right.items)
    return _compared(GROUP if path_of(right) == ("google", "groups") else "", (left,))


def _claim(node: Node, mapping: Mapping[str, str]) -> str:
    path = path_of(node)
    if path and path[0] in ("attribute", "google"):
        return _mapped_claim(mapping, ".".join(map(str, path)))
    return _below_assertion(path)


def _compared(claim: str, values: Iterable[Node]) -> Pin | None:
    literals = tuple(values)
    if not claim or not all(isinstance(item, Literal) for item in literals):
        return None
    return Pin(claim, tuple(_plain(item) for item in literals if isinstance(item, Literal)))


def _plain(literal: Literal) -> str:
    value = literal.value
    return value if isinstance(value, str) else spelled_literal(value)


def _merged(pins: Iterable[Pin]) -> tuple[Pin, ...] | None:
    """One pin a claim, narrowed to what all allow; None where nothing is left."""
    found: dict[str, tuple[str, ...]] = {}
    for pin in pins:
        before = found.get(pin.claim)
        if before is None:
            found[pin.claim] = pin.values
        elif pin.claim == GROUP:
            found[GROUP] = tuple(dict.fromkeys((*before, *pin.values)))
        else:
            found[pin.claim] = tuple(value for value in before if value in pin.values)
    if not all(found.values()):
        return None
    return tuple(Pin(claim, values) for claim, values in found.items())


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text)
