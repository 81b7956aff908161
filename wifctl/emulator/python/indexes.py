"""Package indexes outside: which one on this machine stands in for an upstream.

The emulator contacts nobody beyond loopback, so `outside` must say who serves an upstream, by its
URI, or as PYPI:

    packageIndexes: {PYPI: http://127.0.0.1:8080}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from wifctl.emulator.artifactregistry.remote import LOOPBACK, custom_uri
from wifctl.emulator.errors import ApiError, Json, invalid
from wifctl.emulator.store import Store

KIND = "packageIndex"
PYPI = "PYPI"
"""The upstream of `publicRepository: PYPI`, by Google's own name for it."""


def learn(store: Store, upstream: str, stand_in: Any) -> None:
    """Serve an upstream from loopback; null forgets it. Raises INVALID_ARGUMENT."""
    if stand_in is None:
        store.delete(KIND, _name(upstream))
        return
    if not isinstance(stand_in, str) or not is_loopback(stand_in):
        raise invalid(f"packageIndexes: {upstream} can be served from http://127.0.0.1:PORT only")
    store.put(KIND, _name(upstream), {"upstream": base(upstream), "from": base(stand_in)})


def known(store: Store) -> Mapping[str, str]:
    """Upstream → who stands in for it."""
    return {record["upstream"]: record["from"] for _name_, record in store.walk(KIND)}


def index_url(store: Store, remote: Json) -> str:
    """The simple index a remote repository's configuration leads to, with a slash at the end.

    Google's documents do not say whether `/simple` is part of the URI, so both are taken. Raises
    UNAVAILABLE for an upstream that is neither on loopback nor stood in for.
    """
    upstream = base(custom_uri(remote) or PYPI)
    if is_loopback(upstream):
        return f"{upstream}/simple/"
    record = store.get(KIND, _name(upstream))
    if record is None:
        why = "it is not on this machine, and `packageIndexes` names nobody who stands in for it"
        raise ApiError(
            "UNAVAILABLE", f"The upstream {upstream} cannot be reached.", remark=f"({why})"
        )
    return f"{record['from']}/simple/"


def base(uri: str) -> str:
    """An index's address without its `/simple/`."""
    return uri.rstrip("/").removesuffix("/simple").rstrip("/")


def is_loopback(uri: str) -> bool:
    """Whether a URI leads to this machine."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK


def _name(upstream: str) -> str:
    return f"packageIndexes/{quote(base(upstream), safe='')}"
