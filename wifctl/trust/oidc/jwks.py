"""JSON Web Key Sets: read for verifying, and checked as Google checks an uploaded one."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from wifctl.trust.oidc.token import strict_object

MAX_UPLOADED_KEYS = 8
UPLOADED_MEMBERS = frozenset({"kty", "alg", "use", "kid", "n", "e", "x", "y", "crv"})
_MATERIAL = {"RSA": ("n", "e"), "EC": ("crv", "x", "y")}

NOT_JSON = "Input JWK is not in a valid json format"
KEY_TYPES = "Invalid JWKs: Only RSA, EC key types are supported."
CORRUPTED = "Input jwks contains corrupted key material."


@dataclass(frozen=True, slots=True)
class Jwk:
    """One public key; `material` holds only what a verifier needs, never a private part."""

    kid: str | None
    kty: str
    alg: str = ""
    use: str = ""
    material: Mapping[str, str] = field(default_factory=dict)

    def fits(self, alg: str) -> bool:
        """Whether this key may verify a signature of that algorithm."""
        wanted = {"RS256": self.kty == "RSA", "ES256": self.material.get("crv") == "P-256"}
        return wanted.get(alg, False) and self.alg in ("", alg) and self.use in ("", "sig")

    @property
    def bits(self) -> int:
        """The size of an RSA modulus in bits, 0 for other keys or an unreadable one."""
        return int.from_bytes(_decoded(self.material.get("n", ""))).bit_length()


@dataclass(frozen=True, slots=True)
class JwksProblem:
    """What is wrong with a key set: our words, Google's text, and whether Google refuses it."""

    message: str
    text: str = ""
    refused: bool = True


def read_jwks(text: str) -> tuple[Jwk, ...]:
    """The keys a verifier can use; unknown key types are passed over, as RFC 7517 asks.

    Raises ValueError for anything that is no key set.
    """
    keys = strict_object(text).get("keys")
    if not isinstance(keys, list):
        raise ValueError("has no list `keys`")
    return tuple(jwk for item in keys if (jwk := _jwk(item)))


def check_uploaded(text: str) -> tuple[JwksProblem, ...]:
    """Everything Google refuses, or will trip over later, in a provider's `jwksJson`."""
    try:
        keys = strict_object(text).get("keys")
    except ValueError as error:
        return (JwksProblem(f"the key set {error}", NOT_JSON),)
    if not isinstance(keys, list) or not keys:
        return (JwksProblem("the key set has no list `keys` with a key in it", NOT_JSON),)
    found = [problem for index, key in enumerate(keys) for problem in _check_key(index, key)]
    if len(keys) > MAX_UPLOADED_KEYS:
        found.append(JwksProblem(f"{len(keys)} keys, and {MAX_UPLOADED_KEYS} are allowed"))
    kids = Counter(str(key["kid"]) for key in keys if isinstance(key, dict) and key.get("kid"))
    found += [
        JwksProblem(f"{count} keys have the kid {kid!r}", refused=False)
        for kid, count in kids.items()
        if count > 1
    ]
    return tuple(found)


def _jwk(item: object) -> Jwk | None:
    if not isinstance(item, dict) or item.get("kty") not in _MATERIAL:
        return None
    kty, kid = item["kty"], item.get("kid")
    material = {name: item.get(name) for name in _MATERIAL[kty]}
    if not all(isinstance(value, str) for value in material.values()):
        return None
    return Jwk(
        kid if isinstance(kid, str) else None,
        kty,
        _text(item.get("alg")),
        _text(item.get("use")),
        {name: str(value) for name, value in material.items()},
    )


def _check_key(index: int, key: object) -> list[JwksProblem]:
    where = f"keys[{index}]"
    if not isinstance(key, dict):
        return [JwksProblem(f"{where} is not an object", NOT_JSON)]
    found = [
        JwksProblem(f"{where} holds {name}, which an uploaded key may not", NOT_JSON)
        for name in sorted(set(key) - UPLOADED_MEMBERS)
    ]
    found += _check_material(where, key)
    if not key.get("kid"):
        message = f"{where} has no kid: a token that names one never finds this key"
        found.append(JwksProblem(message, refused=False))
    return found


def _check_material(where: str, key: Mapping[str, object]) -> list[JwksProblem]:
    kty = key.get("kty")
    if kty not in ("RSA", "EC"):
        text = CORRUPTED if kty == "OKP" else KEY_TYPES
        return [JwksProblem(f"{where}: key type {kty!r}; only RSA and EC are taken", text)]
    if kty == "EC" and key.get("crv") != "P-256":
        message = f"{where}: curve {key.get('crv')!r}; only P-256 is taken"
        return [JwksProblem(message, KEY_TYPES)]
    bad = [name for name in _MATERIAL[str(kty)] if name != "crv" and not _decoded(key.get(name))]
    return [JwksProblem(f"{where}: {name} is missing or not base64url", CORRUPTED) for name in bad]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _decoded(value: object) -> bytes:
    if not isinstance(value, str):
        return b""
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
