"""AD FS: the client credentials grant, proven by a secret, a certificate or the Windows login."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from wifctl.credentials.exchange.plain import read_secret, read_text
from wifctl.credentials.exchange.sources import (
    AdfsCertificate,
    AdfsSecret,
    AdfsToken,
    AdfsWindows,
    SecretPlace,
)
from wifctl.credentials.exchange.web import fetch, json_object
from wifctl.credentials.failures import unavailable
from wifctl.credentials.ports import HttpRequest, SubjectToken, Surroundings, WindowsLogin

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 300


def adfs_token(source: AdfsToken, token_type: str, around: Surroundings) -> SubjectToken:
    """The access token AD FS gives this client. Raises TokenUnavailableError."""
    form = {
        "client_id": source.client_id,
        "grant_type": "client_credentials",
        "scope": "openid",
        "resource": source.resource,
    }
    proof, login = _proof(source, around)
    request = HttpRequest(
        "POST",
        source.token_url,
        {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        urlencode(form | proof).encode(),
        login=login,
    )
    kept = (*proof.values(), login.password if login else "")
    answer = json_object(fetch(request, around, kept), source.token_url)
    token, lifetime = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token:
        raise unavailable("AD FS answered without an access token")
    ends = around.now() + lifetime if isinstance(lifetime, int) else None
    return SubjectToken(token, token_type, ends)


def _proof(source: AdfsToken, around: Surroundings) -> tuple[dict[str, str], WindowsLogin | None]:
    match source.proof:
        case AdfsSecret():
            secret = read_secret(source.proof.secret, around.environment, "the client secret")
            return {"client_secret": secret}, None
        case AdfsCertificate():
            assertion = client_assertion(source, source.proof, around.now())
            return {"client_assertion_type": _ASSERTION, "client_assertion": assertion}, None
        case AdfsWindows():
            login = WindowsLogin(source.proof.user, _password(source.proof, around))
            return {"use_windows_client_authentication": "true"}, login


def _password(proof: AdfsWindows, around: Surroundings) -> str:
    if proof.password == SecretPlace():
        return ""
    return read_secret(proof.password, around.environment, "the Windows password")


def client_assertion(source: AdfsToken, proof: AdfsCertificate, now: float) -> str:
    """A signed statement that this client holds the certificate's key (RFC 7523)."""
    import jwt
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    certificate = read_text(proof.certificate, "the certificate")
    key = read_text(proof.key, "the private key")
    claims = {
        "iss": source.client_id,
        "sub": source.client_id,
        "aud": source.token_url,
        "jti": secrets.token_urlsafe(16),
        "nbf": int(now) - 60,
        "exp": int(now) + _ASSERTION_SECONDS,
    }
    try:
        # AD FS finds the certificate by its SHA-1 thumbprint; nothing is protected by it.
        digest = x509.load_pem_x509_certificate(certificate.encode()).fingerprint(
            hashes.SHA1()  # noqa: S303
        )
        thumbprint = jwt.utils.base64url_encode(digest).decode()
        return jwt.encode(claims, key, algorithm="RS256", headers={"x5t": thumbprint})
    except (ValueError, TypeError, jwt.PyJWTError):
        raise unavailable("the certificate or its key is no usable RSA pair in PEM") from None
