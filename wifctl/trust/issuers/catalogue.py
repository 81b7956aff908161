"""The issuer catalogue: entries by name and by issuer URL, each file read when it is needed.

Which URL belongs to which entry is in one small index, so that linting a manifest reads no more
files than the issuers it names.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wifctl.diagnostics import Diagnostic, WifctlError

if TYPE_CHECKING:
    from wifctl.trust.issuers.model import Issuer

_DATA = Path(__file__).with_name("data")
_PLACE = re.compile(r"\\\{[a-z_0-9]+\\\}")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """How an issuer URL is recognised, and what is known without reading the entry."""

    pattern: str
    """The URL, with `{parameter}` for what differs by customer."""
    name: str
    multi_tenant: bool

    @property
    def regex(self) -> re.Pattern[str]:
        """The pattern as an expression for a whole URL without its last slash."""
        return _regex(self.pattern)


@functools.lru_cache(maxsize=256)
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub("[^/]+", re.escape(_bare(pattern))))


def issuer_names() -> tuple[str, ...]:
    """The names of all entries, sorted."""
    return tuple(sorted(path.stem for path in _DATA.glob("*.yaml")))


def catalogue() -> tuple[Issuer, ...]:
    """All entries, sorted by name; reads every file."""
    return tuple(issuer(name) for name in issuer_names())


@functools.lru_cache(maxsize=256)
def issuer(name: str) -> Issuer:
    """The entry of that name. Raises WifctlError when there is none."""
    import yaml

    from wifctl.trust.issuers.load import load_issuer

    path = _DATA / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        problem = f"the catalogue has no issuer {name!r}"
        raise WifctlError(Diagnostic("simulate-issuer", problem, allowed=", ".join(issuer_names())))
    return load_issuer(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))


@functools.cache
def index() -> tuple[IndexEntry, ...]:
    """The index file, whose order decides: whole URLs come before patterns."""
    content = json.loads((_DATA / "index.json").read_text("utf-8"))
    return tuple(IndexEntry(**entry) for entry in content)


def index_of(entries: tuple[Issuer, ...]) -> tuple[IndexEntry, ...]:
    """The index these entries need; a test holds the file against it."""
    found = [
        IndexEntry(url, entry.name, entry.multi_tenant)
        for entry in entries
        for url in ((entry.issuer,) if entry.matchable else ()) + entry.aliases
        if url
    ]
    return tuple(sorted(found, key=lambda item: (item.pattern.count("{"), item.pattern)))


def find_issuer(issuer_uri: str) -> Issuer | None:
    """The entry that tokens of this issuer belong to; a slash at the end makes no difference."""
    found = _lookup(issuer_uri)
    return issuer(found.name) if found else None


def is_multi_tenant(issuer_uri: str) -> bool:
    """Whether strangers get tokens of this issuer too, as far as the catalogue knows."""
    found = _lookup(issuer_uri)
    return found is not None and found.multi_tenant


def multi_tenant_issuer(issuer_uri: str) -> Issuer | None:
    """The entry of an issuer that strangers get tokens of, or None."""
    return find_issuer(issuer_uri) if is_multi_tenant(issuer_uri) else None


def _lookup(issuer_uri: str) -> IndexEntry | None:
    url = _bare(issuer_uri)
    return next((entry for entry in index() if entry.regex.fullmatch(url)), None)


def _bare(url: str) -> str:
    """The URL without its last slash, scheme and host in lower case."""
    scheme, separator, rest = url.strip().rstrip("/").partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{separator}{host.lower()}{slash}{path}"
