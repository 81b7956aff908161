"""Generated violations of single rules, each in an ID token signed anew with the right key."""

from __future__ import annotations

import json
from collections.abc import Mapping

from hypothesis import strategies as st

from tests.support.keys import ec_key
from tests.support.tokens import JwtIssuer, audience_url, sign_jws
from tests.trust.attempts import AUDIENCE, ISSUED, Attempt
from wifctl.trust.provider import Discovery
from wifctl.trust.request import (
    ACCESS_TOKEN,
    AWS4_REQUEST,
    GRANT_TYPE,
    MTLS,
    REQUESTED_TYPES,
    SAML2,
    SUBJECT_TYPES,
)
from wifctl.trust.verdict import Strictness

KEY = ec_key("violations")
EC_ISSUER = JwtIssuer(keys={"ec-1": KEY})
ATTACKER = ec_key("attacker")
OIDC = {"issuerUri": EC_ISSUER.issuer, "jwksJson": EC_ISSUER.jwks_json}
DISCOVERED = "https://a.example.com"
Strategy = st.SearchStrategy[Attempt]

_NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=4)
"""Claims with a NUL or half a surrogate pair in a name are not evaluated, whatever the rule."""
_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
JSON = st.recursive(
    _LEAVES | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=6,
)
ODD = JSON.filter(lambda value: isinstance(value, bool) or not isinstance(value, int | float))
"""JSON that is no number."""
_CHANGES = (
    str.upper,
    str.title,
    lambda text: f"{text}/",
    lambda text: f" {text}",
    lambda text: text[:-1],
)


def signed(
    claims: Mapping[str, object], header: Mapping[str, object] | None = None, attacker: bool = False
) -> str:
    """A token over the claims, ES256 in fact whatever the header says."""
    fields = {"alg": "ES256", "kid": "ec-1", **(header or {})}
    key = ATTACKER if attacker else KEY
    return sign_jws(json.dumps(fields), json.dumps({**EC_ISSUER.claims(), **claims}), key, "ES256")


def attempt(claims: Mapping[str, object] | None = None, **changes: object) -> Attempt:
    """An exchange of such a token."""
    provider = {"oidc": OIDC, **changes.pop("provider", {})}  # type: ignore[dict-item]
    token = changes.pop("token", "") or signed(claims or {})
    return Attempt(token=token, provider=provider, **changes)  # type: ignore[arg-type]


def _claim(name: str, values: st.SearchStrategy[object]) -> Strategy:
    return values.map(lambda value: attempt({name: value}))


def _asked(field: str, values: st.SearchStrategy[str]) -> Strategy:
    return values.map(lambda value: attempt(request={field: value}))


def _other(*allowed: str) -> st.SearchStrategy[str]:
    near = st.sampled_from([change(text) for text in allowed for change in _CHANGES])
    return (st.text(max_size=30) | near).filter(lambda text: text not in allowed)


def _mapped(expression: str, values: st.SearchStrategy[object]) -> Strategy:
    mapping = {"google.subject": expression, "attribute.x": "assertion.x"}
    return values.map(lambda value: attempt({"x": value}, provider={"attributeMapping": mapping}))


def _published(found: st.SearchStrategy[Discovery], issuer: str = DISCOVERED) -> Strategy:
    url = f"{issuer}/.well-known/openid-configuration"
    token = signed({"iss": issuer})
    provider = {"oidc": {"issuerUri": issuer}}
    return found.map(
        lambda document: Attempt(token=token, provider=provider, discovered={url: document})
    )


def _oversized() -> Strategy:
    options = st.one_of(
        st.integers(33, 99).map(lambda size: {"userProject": "p" * size}),
        st.integers(11, 40).map(lambda count: {"accessBoundaryRules": [1] * count}).map(_bounded),
        st.integers(2048, 4096).map(lambda size: {"x": "y" * size}).map(_bounded),
    )
    return options.map(lambda value: attempt(request={"options": json.dumps(value)}))


def _bounded(boundary: Mapping[str, object]) -> dict[str, object]:
    return {"accessBoundary": boundary}


_OFF, _GONE = {"disabled": True}, {"state": "DELETED"}
_STATES = st.sampled_from([(_OFF, {}), (_GONE, {}), ({}, _OFF), ({}, _GONE), (_OFF, _GONE)])
_JWKS = st.just(EC_ISSUER.jwks_json)
_INSECURE = "http://a.example.com"

REQUESTS: Mapping[str, Strategy] = {
    "STS-R1": _asked("grant_type", _other(GRANT_TYPE)),
    "STS-R2": _asked("requested_token_type", _other(*REQUESTED_TYPES)),
    "STS-R3": _asked("subject_token_type", _other(*SUBJECT_TYPES)),
    "STS-R4": _asked(
        "audience",
        st.text(max_size=40)
        | st.sampled_from([AUDIENCE.upper(), AUDIENCE[2:], f"{AUDIENCE}/", f"https:{AUDIENCE}"])
        | st.integers(1, 40).map(lambda cut: AUDIENCE[cut:])
        | st.text(alphabet="abcz-", min_size=6).map(lambda name: AUDIENCE.replace("1234567", name)),
    ),
    "STS-R5": _oversized(),
    "STS-R6": _STATES.map(lambda pair: attempt(provider=pair[0], pool=pair[1])),
    "STS-R7": _asked(
        "subject_token_type", st.sampled_from([AWS4_REQUEST, SAML2, MTLS, ACCESS_TOKEN])
    ),
}
TOKENS: Mapping[str, Strategy] = {
    "OIDC-1": _published(st.builds(Discovery, st.just(_INSECURE), _JWKS), _INSECURE),
    "OIDC-2": _published(st.builds(Discovery, _other(DISCOVERED), _JWKS)),
    "OIDC-3": _published(st.builds(Discovery, st.just(DISCOVERED), JSON.map(json.dumps))),
    "OIDC-4": _other("ec-1").map(lambda kid: attempt(token=signed({}, {"kid": kid}))),
    "OIDC-5": JSON.map(lambda value: attempt(token=signed({"x": value}, attacker=True))),
    "OIDC-6": (JSON | st.sampled_from(["none", "HS256", "RS512", "es256", "ES384", "EdDSA"]))
    .filter(lambda alg: alg not in ("RS256", "ES256"))
    .map(lambda alg: attempt(token=signed({}, {"alg": alg}))),
    "OIDC-7": _claim("iss", JSON | _other(EC_ISSUER.issuer)),
    "OIDC-8": _claim("aud", JSON | _other(audience_url(), AUDIENCE)),
    "OIDC-9": _claim("exp", ODD | st.integers(max_value=ISSUED)),
    "OIDC-10": _claim("iat", ODD | st.integers(min_value=ISSUED + 1)),
    "OIDC-11": _claim("exp", st.integers(min_value=ISSUED + 86_401)),
    "OIDC-12": st.floats(0.01, 1.0).map(
        lambda life: attempt({"exp": ISSUED + life}, strictness=Strictness.OBSERVED)
    ),
    "OIDC-13": _claim("sub", JSON.filter(lambda value: not isinstance(value, str)) | st.just("")),
}
IDENTITIES: Mapping[str, Strategy] = {
    "MAP-1": _mapped("assertion.sub.extract('/{x}')", JSON),
    "MAP-2": _claim("sub", st.text(min_size=128, max_size=300)),
    "MAP-3": _mapped("assertion.sub", JSON.filter(lambda value: not isinstance(value, str))),
    "MAP-4": _mapped("assertion.sub", st.integers(8185, 20_000).map(lambda size: "v" * size)),
    "COND-1": JSON.filter(lambda value: value is not True).map(
        lambda value: attempt({"x": value}, provider={"attributeCondition": "assertion.x"})
    ),
}
VIOLATIONS = {**REQUESTS, **TOKENS, **IDENTITIES}
"""Rule → attempts that break it; the rest of each attempt is right."""
