"""Which method a REST path means: the routes of all services in one tree of segments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wifctl.emulator.endpoint import Endpoint
from wifctl.emulator.service import Route
from wifctl.emulator.template import CUSTOM_VERB, Variable, parse_template


@dataclass(frozen=True, slots=True)
class Match:
    """A path understood: the endpoint, the route it came by, the values of its variables."""

    endpoint: Endpoint
    route: Route
    variables: dict[str, str]
    """By dotted path in camelCase."""


@dataclass(frozen=True, slots=True)
class _Entry:
    endpoint: Endpoint
    route: Route
    variables: tuple[Variable, ...]


_Key = tuple[str, str]
"""HTTP verb and custom verb."""


@dataclass(slots=True)
class _Node:
    named: dict[str, _Node] = field(default_factory=dict)
    any: _Node | None = None
    here: dict[_Key, _Entry] = field(default_factory=dict)
    rest: dict[_Key, _Entry] = field(default_factory=dict)


class Router:
    """Finds the method of a request; a fixed segment wins over a variable one."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._root = _Node()
        for endpoint in endpoints:
            for route in endpoint.method.routes:
                self._add(endpoint, route)

    def find(self, verb: str, path: str) -> Match | None:
        """The match of an HTTP verb and a decoded path (`/v1/…`), or None."""
        custom = CUSTOM_VERB.search(path)
        if custom:
            segments = path[1 : custom.start()].split("/")
            if found := _descend(self._root, segments, 0, (verb, custom[1])):
                return _match(found, segments)
        segments = path[1:].split("/")
        found = _descend(self._root, segments, 0, (verb, ""))
        return _match(found, segments) if found else None

    def _add(self, endpoint: Endpoint, route: Route) -> None:
        template = parse_template(route.template)
        key, node = (route.verb, template.custom_verb), self._root
        entry = _Entry(endpoint, route, template.variables)
        for segment in template.segments:
            if segment == "**":
                _enter(node.rest, key, entry)
                return
            if segment == "*":
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.named.setdefault(segment, _Node())
        _enter(node.here, key, entry)


def _enter(entries: dict[_Key, _Entry], key: _Key, entry: _Entry) -> None:
    """The first one wins, unless it is only documented and this one is served."""
    known = entries.get(key)
    if known is None or (entry.endpoint.method.served and not known.endpoint.method.served):
        entries[key] = entry


def _descend(node: _Node, segments: list[str], index: int, key: _Key) -> _Entry | None:
    if index == len(segments):
        return node.here.get(key)
    found = None
    if named := node.named.get(segments[index]):
        found = _descend(named, segments, index + 1, key)
    if found is None and node.any:
        found = _descend(node.any, segments, index + 1, key)
    return found or node.rest.get(key)


def _match(entry: _Entry, segments: list[str]) -> Match:
    values = {v.name: "/".join(segments[v.start : v.end]) for v in entry.variables}
    return Match(entry.endpoint, entry.route, values)
