"""Long texts that samples name in short: certificates, key sets, SAML metadata, later times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.keys import rsa_key
from tests.support.saml import SamlIdp, idp_certificate
from tests.support.tokens import JwtIssuer, X509Authority


def _metadata(names: str) -> str:
    """`saml:one+two` is signed by both."""
    return SamlIdp(certificates=tuple(map(idp_certificate, names.split("+")))).metadata()


def _later(days: str) -> str:
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(days=int(days))
    return moment.isoformat().replace("+00:00", "Z")


_MAKERS: dict[str, Callable[[str], str]] = {
    "pem": lambda name: X509Authority.root(name).pem,
    "jwks": lambda name: JwtIssuer(keys={name: rsa_key(name)}).jwks_json,
    "saml": _metadata,
    "days": _later,
}


def filled(value: Any) -> Any:
    """The value with texts like `pem:one` made real."""
    if isinstance(value, dict):
        return {key: filled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item) for item in value]
    maker, colon, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    return _MAKERS[maker](name) if colon and maker in _MAKERS else value
