"""A GetCallerIdentity token: URL-encoded JSON → the request in it."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

_URL = re.compile(r"(?P<scheme>[a-z]+)://(?P<host>[^/?#\\@\s]*)(?P<path>/?)\?(?P<query>[^#\s]*)")
"""An endpoint and a query, nothing else; what does not look like this is no AWS STS address."""


@dataclass(frozen=True, slots=True)
class CallerIdentityRequest:
    """The request Google would send on; header names in lower case."""

    url: str
    method: str
    headers: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...] = ()
    """Fields of the token that Google's documentation does not name."""

    def header(self, name: str) -> str:
        """The header's value; "" when it is absent."""
        return dict(self.headers).get(name, "")

    @property
    def scheme(self) -> str:
        """`https`, or what else the URL begins with."""
        return self._part("scheme")

    @property
    def host(self) -> str:
        """The URL's host as it is written, a port included."""
        return self._part("host")

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The query's parameters in their order, decoded."""
        pairs = urllib.parse.parse_qsl(self._part("query"), keep_blank_values=True)
        return tuple(pairs)

    def _part(self, name: str) -> str:
        found = _URL.fullmatch(self.url)
        return found[name] if found else ""


def decode(token: str) -> CallerIdentityRequest | str:
    """The request in a subject token, or why there is none."""
    try:
        content = json.loads(urllib.parse.unquote(token, errors="strict"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        return f"not URL-encoded JSON: {error}"
    if not isinstance(content, dict):
        return "the JSON is no object"
    url, method, headers = (content.get(name) for name in ("url", "method", "headers"))
    if not isinstance(url, str) or not isinstance(method, str) or not isinstance(headers, list):
        return "url, method or headers is missing or of the wrong type"
    if not url.isascii():
        return "the url has characters beyond ASCII"
    pairs = [_header(item) for item in headers]
    named = tuple(pair for pair in pairs if pair)
    if len(named) != len(pairs):
        return "a header is not an object with a key and a value of ASCII characters"
    ignored = tuple(sorted(set(content) - {"url", "method", "headers"}))
    return CallerIdentityRequest(url, method, named, ignored)


def _header(item: object) -> tuple[str, str] | None:
    if not isinstance(item, Mapping):
        return None
    key, value = item.get("key"), item.get("value")
    if not isinstance(key, str) or not isinstance(value, str):
        return None
    return (key.lower(), value) if key.isascii() and value.isascii() else None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field occurs more than once")
    return found
