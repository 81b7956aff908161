"""Token makers: JWTs with their JWKS, AWS GetCallerIdentity tokens, X.509 chains.

SAML has its own module, `tests.support.saml`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support.keys import (
    NOW,
    VALID_FROM,
    VALID_UNTIL,
    Certified,
    PrivateKey,
    certify,
    distinguished_name,
    ec_key,
    rsa_key,
)

PROVIDER = "projects/123456789012/locations/global/workloadIdentityPools/pool/providers/provider"
"""The provider that tokens are for, where a test names no other."""


def audience_url(provider: str = PROVIDER) -> str:
    """The default `aud` of a token for this provider."""
    return f"https://iam.googleapis.com/{provider}"


@dataclass(frozen=True)
class JwtIssuer:
    """An OIDC issuer: signs tokens and publishes its keys."""

    issuer: str = "https://issuer.example.com"
    keys: Mapping[str, PrivateKey] = field(default_factory=lambda: {"key-1": rsa_key("jwt")})
    """Key id → private key; the first one signs unless told otherwise."""

    @property
    def jwks_json(self) -> str:
        """The published key set, as `jwksJson` or a JWKS address holds it."""
        return json.dumps({"keys": [jwk(key, kid) for kid, key in self.keys.items()]})

    @property
    def discovery_json(self) -> str:
        """The discovery document; keys are at `/jwks`."""
        document = {"issuer": self.issuer, "jwks_uri": f"{self.issuer.rstrip('/')}/jwks"}
        return json.dumps(document)

    def claims(self, *, now: datetime = NOW, **claims: object) -> dict[str, object]:
        """Claims of a token that is valid at `now` for the default provider."""
        start = int(now.timestamp())
        times = {"iat": start, "exp": start + 3600}
        return {"iss": self.issuer, "aud": audience_url(), "sub": "workload", **times, **claims}

    def sign(
        self,
        claims: Mapping[str, object] | None = None,
        *,
        key: PrivateKey | None = None,
        algorithm: str = "",
        **header: object,
    ) -> str:
        """A compact JWS; `kid=None` leaves the key id out, other header fields are added."""
        kid, own = next(iter(self.keys.items()))
        key = key or own
        algorithm = algorithm or algorithm_of(key)
        fields = {"kid": kid, "typ": "JWT", **header, "alg": algorithm}
        head = {name: value for name, value in fields.items() if value is not None}
        return sign_jws(json.dumps(head), json.dumps(claims or self.claims()), key, algorithm)


def sign_jws(header: str, payload: str, key: PrivateKey, algorithm: str) -> str:
    """A compact JWS over these very texts, so that malformed ones can be signed too."""
    from jwt.algorithms import get_default_algorithms

    signing = f"{base64url(header.encode())}.{base64url(payload.encode())}"
    signature = get_default_algorithms()[algorithm].sign(signing.encode(), key)
    return f"{signing}.{base64url(signature)}"


JWK_FIELDS = ("kty", "n", "e", "crv", "x", "y")


def algorithm_of(key: PrivateKey) -> str:
    """The JWS algorithm Google accepts for this key."""
    return "ES256" if isinstance(key, ec.EllipticCurvePrivateKey) else "RS256"


def jwk(key: PrivateKey, kid: str) -> dict[str, str]:
    """The public half as a JWK with exactly the fields Google documents."""
    from jwt.algorithms import ECAlgorithm, RSAAlgorithm

    if isinstance(key, ec.EllipticCurvePrivateKey):
        fields = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        fields = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    public = {name: str(fields[name]) for name in JWK_FIELDS if name in fields}
    return {**public, "alg": algorithm_of(key), "use": "sig", "kid": kid}


def base64url(data: bytes) -> str:
    """Base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class AwsKey:
    """An access key and whose it is."""

    access_key_id: str = "AKIAIOSFODNN7EXAMPLE"
    secret: str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # AWS's own documentation example
    session_token: str = ""
    account: str = "111122223333"
    arn: str = "arn:aws:sts::111122223333:assumed-role/ci-deploy/i-0abc"
    user_id: str = "AROAEXAMPLE:i-0abc"


def aws_request(
    key: AwsKey,
    *,
    provider: str = PROVIDER,
    region: str = "eu-west-1",
    host: str = "",
    url: str = "",
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """A signed GetCallerIdentity request as google-auth builds it, at the *real* time.

    `url`, `method` and further `headers` are signed as they are, however wrong.
    """
    from google.auth import aws

    host = host or f"sts.{region}.amazonaws.com"
    signer: Any = aws.RequestSigner(region)  # type: ignore[no-untyped-call]
    signed = signer.get_request_options(
        aws.AwsSecurityCredentials(key.access_key_id, key.secret, key.session_token or None),
        url or f"https://{host}?Action=GetCallerIdentity&Version=2011-06-15",
        method,
        additional_headers={
            "x-goog-cloud-target-resource": f"//iam.googleapis.com/{provider}",
            **(headers or {}),
        },
    )
    listed = [{"key": name, "value": value} for name, value in signed["headers"].items()]
    return {"url": signed["url"], "method": signed["method"], "headers": listed}


def aws_token(request: Mapping[str, object]) -> str:
    """The subject token STS wants: the request as URL-encoded JSON."""
    return urllib.parse.quote(json.dumps(request, separators=(",", ":")))


CA_EXTENSIONS = (
    (x509.BasicConstraints(ca=True, path_length=None), True),
    (
        x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        ),
        False,
    ),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
)
"""The extensions of the CA in Google's own X.509 guide."""


@dataclass(frozen=True)
class X509Authority:
    """A certificate authority of a trust store."""

    certified: Certified

    @classmethod
    def root(
        cls,
        name: str = "root",
        *,
        key: PrivateKey | None = None,
        not_before: datetime = VALID_FROM,
        not_after: datetime = VALID_UNTIL,
    ) -> X509Authority:
        """A self-signed authority, valid around the clock of the tests."""
        made = certify(
            key or ec_key(f"ca {name}"),
            distinguished_name(name, "Example"),
            not_before=not_before,
            not_after=not_after,
            extensions=CA_EXTENSIONS,
        )
        return cls(made)

    @property
    def pem(self) -> str:
        """The trust anchor's or intermediate's PEM."""
        return self.certified.pem

    def intermediate(self, name: str, *, key: PrivateKey | None = None) -> X509Authority:
        """An authority below this one."""
        key = key or ec_key(f"ca {name}")
        subject = distinguished_name(name, "Example")
        return X509Authority(certify(key, subject, issuer=self.certified, extensions=CA_EXTENSIONS))

    def leaf(
        self,
        cn: str = "workload",
        *,
        o: str = "Example",
        ou: Sequence[str] = (),
        dns: Sequence[str] = (),
        uri: Sequence[str] = (),
        key: PrivateKey | None = None,
        not_before: datetime = NOW - timedelta(days=1),
        not_after: datetime = NOW + timedelta(days=30),
        extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
        serial: int = 0,
    ) -> Certified:
        """A client certificate; without `dns` and `uri` it has no alternative names."""
        names: list[x509.GeneralName] = [x509.DNSName(name) for name in dns]
        names += [x509.UniformResourceIdentifier(name) for name in uri]
        alternative = [(x509.SubjectAlternativeName(names), False)] if names else []
        basic = (x509.BasicConstraints(ca=False, path_length=None), True)
        return certify(
            key or ec_key("leaf"),
            distinguished_name(cn, o, ou),
            issuer=self.certified,
            not_before=not_before,
            not_after=not_after,
            extensions=[basic, *alternative, *extensions],
            serial=serial,
        )


def x509_token(*chain: Certified) -> str:
    """The subject token STS wants: a JSON list of base64 DER, the leaf first."""
    return json.dumps([base64.b64encode(item.der).decode() for item in chain])


def sha256_fingerprint(certified: Certified) -> str:
    """The fingerprint Google shows to conditions: base64 of the SHA-256 of the DER."""
    return base64.b64encode(hashlib.sha256(certified.der).digest()).decode()
