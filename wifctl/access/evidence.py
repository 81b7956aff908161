"""What somebody shows to a provider: a token in any common spelling, or bare claims."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field

from wifctl.trust.oidc.token import strict_object
from wifctl.trust.provider import ProviderKind
from wifctl.trust.request import AWS4_REQUEST, JWT, MTLS, SAML2

_MEMBERS = ("value", "id_token", "token", "access_token", "saml_response")
"""Where GitHub, GitLab, Azure and executable sources put a token in their JSON answers."""
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A token, or claims as if a token carried them; exactly one of the two."""

    about: str
    """What it is, for people: `the token in FILE`, `a simulated GitHub Actions token`."""
    token: str = field(default="", repr=False)
    claims: Mapping[str, object] | None = None
    audience: str = ""
    """What STS is asked for, where that is known; "" judges no request."""


SUBJECT_TYPES: Mapping[ProviderKind, str] = {
    ProviderKind.OIDC: JWT,
    ProviderKind.SAML: SAML2,
    ProviderKind.AWS: AWS4_REQUEST,
    ProviderKind.X509: MTLS,
}
"""What a client says its token is, by the provider's kind."""


def subject_token(text: str, kind: ProviderKind) -> str:
    """The subject token STS would get, from the text of a file or a command's output.

    Taken as well as the token itself: a JSON answer around it, a bare AWS request, SAML's XML,
    and certificates in PEM.
    """
    text = text.strip()
    match kind:
        case ProviderKind.OIDC:
            return _inner(text)
        case ProviderKind.SAML:
            text = _inner(text)
            return _encoded(text.encode()) if text.startswith("<") else text
        case ProviderKind.AWS:
            return urllib.parse.quote(text) if text.startswith("{") else text
        case ProviderKind.X509:
            return json.dumps(_certificates(text)) if _BEGIN in text else text


def _inner(text: str) -> str:
    """The token inside a JSON answer; any other text as it is."""
    if not text.startswith("{"):
        return text
    try:
        found = strict_object(text)
    except ValueError:
        return text
    values = (found[name] for name in _MEMBERS if isinstance(found.get(name), str))
    return str(next(values, text))


def _certificates(pem: str) -> list[str]:
    """The base64 DER of every certificate in a PEM text, in their order."""
    parts = (part.partition(_END)[0] for part in pem.split(_BEGIN)[1:])
    return ["".join(part.split()) for part in parts]


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
