"""An issuer's discovery document and keys: as registered, or read from who stands in for it.

Only loopback is ever contacted, at once and for two seconds at most.
"""

from __future__ import annotations

import http.client
import json
from urllib.parse import SplitResult, urlsplit

from wifctl.emulator.iamcredentials import keys
from wifctl.emulator.store import Store
from wifctl.emulator.sts.outside import published
from wifctl.trust.oidc.issuer import discovery_url
from wifctl.trust.provider import Discovery

SECONDS = 2.0
MAX_BYTES = 1024 * 1024
GOOGLE = "https://accounts.google.com"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class UnreadableError(Exception):
    """Why a document cannot be had."""


def discover(store: Store, url: str) -> Discovery:
    """What the issuer behind a discovery URL publishes, or why nobody can tell.

    Google itself is known: its ID tokens are those issued here.
    """
    record = published(store, url)
    if record is None:
        if url == discovery_url(GOOGLE):
            return Discovery(GOOGLE, json.dumps(keys.google_jwks(store)))
        return Discovery(error="the issuer is not registered with this emulator")
    if "jwks" in record:
        return Discovery(record["issuer"], record["jwks"])
    try:
        return _read(url, record["from"])
    except UnreadableError as error:
        return Discovery(error=str(error))


def _read(url: str, base: str) -> Discovery:
    document = _get(base, urlsplit(url))
    try:
        found = json.loads(document)
        issuer, jwks_uri = str(found["issuer"]), urlsplit(str(found["jwks_uri"]))
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableError(f"{base} serves no discovery document: {error}") from None
    if jwks_uri.scheme != "https" and jwks_uri.hostname not in _LOOPBACK:
        raise UnreadableError(f"jwks_uri is no https URL: {jwks_uri.geturl()}")
    return Discovery(issuer, _get(base, jwks_uri))


def _get(base: str, target: SplitResult) -> str:
    """The text at the target's path, asked of the stand-in."""
    host = urlsplit(base)
    path = f"{host.path.rstrip('/')}{target.path}"
    if target.hostname in _LOOPBACK:
        host, path = target, target.path
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=SECONDS)
    try:
        connection.request("GET", f"{path}?{target.query}" if target.query else path)
        answer = connection.getresponse()
        text = answer.read(MAX_BYTES).decode()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UnreadableError(f"{base}{target.path}: {error or type(error).__name__}") from None
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise UnreadableError(f"{base}{target.path} answers {answer.status}")
    return text
