"""AWS Signature Version 4, the checking side, for a POST with an empty body.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

ALGORITHM = "AWS4-HMAC-SHA256"
_EMPTY = hashlib.sha256(b"").hexdigest()
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} +Credential=([^/,\s]+)/(\d{{8}})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request, *"
    r"SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Authorization:
    """The parts of an Authorization header."""

    access_key_id: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str

    @property
    def scope(self) -> str:
        """What the signing key is for."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def parse_authorization(header: str) -> Authorization | None:
    """The header's parts, or None when it is no SigV4 header."""
    found = _AUTHORIZATION.fullmatch(header)
    if not found:
        return None
    key, date, region, service, signed, signature = found.groups()
    return Authorization(key, date, region, service, tuple(signed.split(";")), signature)


def verifies(
    authorization: Authorization,
    secret_access_key: str,
    query: tuple[tuple[str, str], ...],
    headers: Mapping[str, str],
) -> bool:
    """Whether the signature is this key's over `POST /?query` with these headers."""
    signed = "".join(
        f"{name}:{' '.join(headers.get(name, '').split())}\n"
        for name in authorization.signed_headers
    )
    names = ";".join(authorization.signed_headers)
    request = "\n".join(("POST", "/", _canonical(query), signed, names, _EMPTY))
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = "\n".join((ALGORITHM, headers.get("x-amz-date", ""), authorization.scope, digest))
    wanted = _hmac(_signing_key(authorization, secret_access_key), text).hex()
    return hmac.compare_digest(wanted, authorization.signature)


def _canonical(query: tuple[tuple[str, str], ...]) -> str:
    quoted = [tuple(urllib.parse.quote(part, safe="-_.~") for part in pair) for pair in query]
    return "&".join(f"{name}={value}" for name, value in sorted(quoted))


def _signing_key(authorization: Authorization, secret_access_key: str) -> bytes:
    return functools.reduce(
        _hmac, authorization.scope.split("/"), f"AWS4{secret_access_key}".encode()
    )


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
