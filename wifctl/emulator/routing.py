"""Which method a REST path means: the routes of all services in one table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from google.protobuf.message import Message

from wifctl.emulator.service import Method, Route, Service
from wifctl.emulator.wire.shape import Shape, message_class, shape_of

_VARIABLE = re.compile(r"\{([\w.]+)(?:=([^}]*))?\}")
_CUSTOM_VERB = re.compile(r":([A-Za-z]\w*)$")


class Endpoint:
    """A method of a service with its message types, which are loaded at the first call."""

    def __init__(self, service: Service, method: Method) -> None:
        self.service = service
        self.method = method
        first = _VARIABLE.search(method.routes[0].template) if method.routes else None
        self.resource_path = [_camel(k) for k in first[1].split(".")] if first else []
        """Where in the request the name of the resource stands."""

    @cached_property
    def request_class(self) -> type[Message] | None:
        """The protobuf class of the request, or None when it is passed on unchecked."""
        return message_class(self.method.request) if self.method.request else None

    @cached_property
    def response_class(self) -> type[Message] | None:
        """The protobuf class of the response, or None when it is sent as it is."""
        return message_class(self.method.response) if self.method.response else None

    @cached_property
    def request_shape(self) -> Shape | None:
        """The shape of the request."""
        return shape_of(self.request_class.DESCRIPTOR) if self.request_class else None

    @cached_property
    def response_shape(self) -> Shape | None:
        """The shape of the response."""
        return shape_of(self.response_class.DESCRIPTOR) if self.response_class else None

    def resource_of(self, request: dict[str, Any]) -> str:
        """The name of the resource a request is about, or empty."""
        value: Any = request
        for key in self.resource_path:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Match:
    """A path understood: the endpoint, the route it came by, the values of its variables."""

    endpoint: Endpoint
    route: Route
    variables: dict[str, str]
    """By dotted path in camelCase."""


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    endpoint: Endpoint
    route: Route


class Router:
    """Finds the method of a request. Fixed segments win over variables by order of definition."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._table: dict[tuple[str, str, int], list[_Entry]] = {}
        self._open: dict[tuple[str, str], list[_Entry]] = {}
        for endpoint in endpoints:
            for route in endpoint.method.routes:
                self._add(endpoint, route)

    def find(self, verb: str, path: str) -> Match | None:
        """The match of an HTTP verb and a decoded path, or None."""
        custom = _CUSTOM_VERB.search(path)
        if custom and (found := self._find(verb, path[: custom.start()], custom[1])):
            return found
        return self._find(verb, path, "")

    def _find(self, verb: str, path: str, custom: str) -> Match | None:
        for entry in self._table.get((verb, custom, path.count("/")), ()):
            if found := entry.pattern.fullmatch(path):
                return _match(entry, found)
        for entry in self._open.get((verb, custom), ()):
            if found := entry.pattern.fullmatch(path):
                return _match(entry, found)
        return None

    def _add(self, endpoint: Endpoint, route: Route) -> None:
        template, custom = route.template, ""
        if found := _CUSTOM_VERB.search(template):
            template, custom = template[: found.start()], found[1]
        names = tuple(_camel(m[1]) for m in _VARIABLE.finditer(template))
        plain = _VARIABLE.sub(lambda m: m[2] or "*", template)
        entry = _Entry(re.compile(_regex(template)), names, endpoint, route)
        if "**" in plain:
            self._open.setdefault((route.verb, custom), []).append(entry)
        else:
            self._table.setdefault((route.verb, custom, plain.count("/")), []).append(entry)


def _match(entry: _Entry, found: re.Match[str]) -> Match:
    return Match(entry.endpoint, entry.route, dict(zip(entry.names, found.groups(), strict=True)))


def _regex(template: str) -> str:
    parts, end = [], 0
    for found in _VARIABLE.finditer(template):
        parts += [re.escape(template[end : found.start()]), f"({_stars(found[2] or '*')})"]
        end = found.end()
    return "".join([*parts, re.escape(template[end:])])


def _stars(pattern: str) -> str:
    pieces = (re.escape(piece) for piece in pattern.split("/"))
    forms = {r"\*": "[^/]+", r"\*\*": ".+"}
    return "/".join(forms.get(piece, piece) for piece in pieces)


def _camel(path: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), path)
