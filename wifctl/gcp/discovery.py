"""What issuers publish: discovery documents and keys, from the internet or from this machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from wifctl.credentials.addresses import is_loopback
from wifctl.credentials.ports import HttpPort, HttpRequest
from wifctl.diagnostics import WifctlError
from wifctl.trust.oidc.issuer import discovery_url
from wifctl.trust.provider import Discovery

SECONDS = 10.0
_OK = 200


class UnreadableError(Exception):
    """Why a document cannot be had."""


@dataclass(frozen=True, slots=True)
class Issuers:
    """The `discover` port. Issuers on the internet are asked only when `online`."""

    http: HttpPort
    online: bool = False
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """Discovery URL → the loopback base that answers for its host."""
    published: Mapping[str, Discovery] = field(default_factory=dict)
    """Discovery URL → what is known to be there."""

    def __call__(self, url: str) -> Discovery | None:
        """What is published at a discovery URL; None when nobody may ask from here."""
        if found := self.published.get(url):
            return found
        base = self.stand_ins.get(url, "")
        if not base and not self.online:
            return None
        try:
            return self._read(url, base)
        except UnreadableError as error:
            return Discovery(error=str(error))

    def _read(self, url: str, base: str) -> Discovery:
        document = _object(_get(self.http, _led(url, base)), url)
        jwks_uri = str(document.get("jwks_uri", ""))
        if not jwks_uri.startswith("https://") and not is_loopback(jwks_uri):
            raise UnreadableError(f"{url} has no https jwks_uri")
        return Discovery(str(document.get("issuer", "")), _get(self.http, _led(jwks_uri, base)))


def emulated(http: HttpPort, rest_url: str) -> Issuers:
    """The issuers an emulator was told of, so that both judge alike."""
    try:
        told = _get(http, f"{rest_url}/_wifctl/outside")
        issuers = _object(told, rest_url).get("issuers", {})
    except UnreadableError:
        return Issuers(http)
    stand_ins: dict[str, str] = {}
    published: dict[str, Discovery] = {}
    for issuer, record in issuers.items():
        url = discovery_url(issuer, str(record.get("discoveryUri", "")))
        if "from" in record:
            stand_ins[url] = str(record["from"])
        else:
            published[url] = Discovery(str(record["issuer"]), str(record["jwks"]))
    return Issuers(http, stand_ins=stand_ins, published=published)


def package_indexes(http: HttpPort, rest_url: str) -> Mapping[str, str]:
    """Upstream → its stand-in on this machine, as an emulator was told; empty if it is silent."""
    try:
        told = _object(_get(http, f"{rest_url}/_wifctl/outside"), rest_url)
    except UnreadableError:
        return {}
    found = told.get("packageIndexes")
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def served_keys(http: HttpPort, url: str) -> str:
    """The key set at a URL, or the one the discovery document there names, on the same host.

    Raises UnreadableError.
    """
    text = _get(http, url)
    jwks_uri = str(_object(text, url).get("jwks_uri", ""))
    parts = urlsplit(url)
    return _get(http, _led(jwks_uri, f"{parts.scheme}://{parts.netloc}")) if jwks_uri else text


def _get(http: HttpPort, url: str) -> str:
    headers = {"Accept": "application/json"}
    try:
        answer = http.send(HttpRequest("GET", url, headers, timeout_seconds=SECONDS))
        text = answer.body.decode("utf-8")
    except (WifctlError, UnicodeDecodeError) as error:
        raise UnreadableError(_words(error, url)) from None
    if answer.status != _OK:
        raise UnreadableError(f"{url} answers with status {answer.status}")
    return text


def _led(url: str, base: str) -> str:
    """The URL at the stand-in, where there is one and the URL is not on this machine itself."""
    return f"{base.rstrip('/')}{urlsplit(url).path}" if base and not is_loopback(url) else url


def _object(text: str, url: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError(f"{url} holds no JSON") from None
    if not isinstance(found, dict):
        raise UnreadableError(f"{url} holds no JSON object")
    return found


def _words(error: Exception, url: str) -> str:
    if isinstance(error, WifctlError):
        return error.diagnostics[0].message
    return f"{url} is not UTF-8"
