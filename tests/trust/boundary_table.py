"""Each rule of request, ID token, mapping and condition: a token on either side of its limit."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.support.keys import rsa_key
from tests.support.tokens import JwtIssuer, audience_url
from tests.trust.attempts import AUDIENCE, ISSUED, ISSUER, Attempt
from wifctl.trust.provider import Discovery
from wifctl.trust.verdict import Strictness

OBSERVED = Strictness.OBSERVED
DISCOVERY = f"{ISSUER.issuer}/.well-known/openid-configuration"
OTHER_KEY = rsa_key("somebody else")
DISABLED = {"disabled": True}
STALE = f"ID Token issued at {ISSUED} is stale to sign-in."
NO_SUBJECT = "Could not obtain a value for google.subject from the given credential."
UNREACHABLE = "Error connecting to the given credential's issuer."
TARGET = (
    'The target service indicated by the "audience" parameters is invalid. This might either be '
    "because the pool or provider is disabled or deleted or because it doesn't exist."
)
SUBJECT_SIZE = (
    "The size of mapped attribute google.subject exceeds the 127 bytes limit. Either modify your "
    "attribute mapping or the incoming assertion to produce a mapped attribute that is less than "
    "127 bytes."
)
AUDIENCE_FORM = (
    'Invalid value for "audience". This value should be the full resource name of the Identity '
    "Provider. See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for "
    "the list of possible formats."
)


@dataclass(frozen=True)
class Boundary:
    """One limit: the attempt just inside, the attempt just outside, and Google's refusal."""

    rule: str
    limit: str
    inside: Attempt
    outside: Attempt
    text: str = ""
    """The refusal's description; "" where Google's is not known."""

    def __str__(self) -> str:
        return f"{self.rule} {self.limit}"


def _requests(field: str, inside: str, outside: str) -> tuple[Attempt, Attempt]:
    return Attempt(request={field: inside}), Attempt(request={field: outside})


def _claims(name: str, inside: object, outside: object) -> tuple[Attempt, Attempt]:
    return Attempt({name: inside}), Attempt({name: outside})


def _options(**inside: object) -> Attempt:
    return Attempt(request={"options": json.dumps(inside)})


def _boundary_of(length: int) -> dict[str, object]:
    """An accessBoundary whose JSON has exactly that many characters."""
    empty = len(json.dumps({"accessBoundaryRules": [""]}, separators=(",", ":")))
    return {"accessBoundaryRules": ["x" * (length - empty)]}


def _discovering(issuer: str, published: str, jwks: str = ISSUER.jwks_json) -> Attempt:
    url = f"{issuer}/.well-known/openid-configuration"
    found = {url: Discovery(published, jwks)}
    return Attempt({"iss": issuer}, provider={"oidc": {"issuerUri": issuer}}, discovered=found)


def _observed(inside: dict[str, object], outside: dict[str, object]) -> tuple[Attempt, Attempt]:
    return Attempt(inside, strictness=OBSERVED), Attempt(outside, strictness=OBSERVED)


def _mapped(mapping: dict[str, str], inside: object, outside: object) -> tuple[Attempt, Attempt]:
    provider = {"attributeMapping": {"google.subject": "assertion.sub", **mapping}}
    return Attempt({"x": inside}, provider=provider), Attempt({"x": outside}, provider=provider)


def _condition(expression: str, inside: object, outside: object) -> tuple[Attempt, Attempt]:
    provider = {"attributeCondition": expression}
    return Attempt({"x": inside}, provider=provider), Attempt({"x": outside}, provider=provider)


_TYPE = "urn:ietf:params:oauth:token-type:"
_OTHER_ISSUER = JwtIssuer(keys={"key-1": OTHER_KEY})
_RULES_10 = {"accessBoundaryRules": [{}] * 10}
_RULES_11 = {"accessBoundaryRules": [{}] * 11}

REQUEST_ROWS = (
    Boundary(
        "STS-R1",
        "token exchange",
        *_requests(
            "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange", "client_credentials"
        ),
    ),
    Boundary(
        "STS-R2",
        "access token",
        *_requests("requested_token_type", f"{_TYPE}access_token", f"{_TYPE}id_token"),
    ),
    Boundary(
        "STS-R3", "known type", *_requests("subject_token_type", f"{_TYPE}jwt", f"{_TYPE}jwt2")
    ),
    Boundary(
        "STS-R4",
        "number, not id",
        *_requests("audience", AUDIENCE, AUDIENCE.replace("123456789012", "acme-ci")),
        AUDIENCE_FORM,
    ),
    Boundary(
        "STS-R4",
        "provider, not pool",
        *_requests("audience", AUDIENCE, AUDIENCE.rpartition("/providers/")[0]),
        AUDIENCE_FORM,
    ),
    Boundary("STS-R5", "scope", *_requests("scope", "openid", "")),
    Boundary(
        "STS-R5", "32 characters", _options(userProject="p" * 32), _options(userProject="p" * 33)
    ),
    Boundary(
        "STS-R5", "10 rules", _options(accessBoundary=_RULES_10), _options(accessBoundary=_RULES_11)
    ),
    Boundary(
        "STS-R5",
        "2048 characters",
        _options(accessBoundary=_boundary_of(2048)),
        _options(accessBoundary=_boundary_of(2049)),
    ),
    Boundary(
        "STS-R5",
        "4 MB",
        *_requests("options", json.dumps({"x": "y" * (2**22 - 9)}), json.dumps({"x": "y" * 2**22})),
    ),
    Boundary("STS-R6", "enabled", Attempt(), Attempt(provider=DISABLED), TARGET),
    Boundary("STS-R6", "active", Attempt(), Attempt(provider={"state": "DELETED"}), TARGET),
    Boundary("STS-R6", "pool enabled", Attempt(), Attempt(pool=DISABLED), TARGET),
    Boundary("STS-R6", "pool active", Attempt(), Attempt(pool={"state": "DELETED"}), TARGET),
    Boundary(
        "STS-R7",
        "kind",
        *_requests("subject_token_type", f"{_TYPE}id_token", f"{_TYPE}saml2"),
    ),
)

TOKEN_ROWS = (
    Boundary(
        "OIDC-1",
        "https",
        _discovering("https://a.example.com", "https://a.example.com"),
        _discovering("http://a.example.com", "http://a.example.com"),
        UNREACHABLE,
    ),
    Boundary(
        "OIDC-2",
        "slash",
        _discovering("https://a.example.com", "https://a.example.com"),
        _discovering("https://a.example.com", "https://a.example.com/"),
        UNREACHABLE,
    ),
    Boundary(
        "OIDC-3",
        "a key",
        _discovering("https://a.example.com", "https://a.example.com"),
        _discovering("https://a.example.com", "https://a.example.com", '{"keys": []}'),
        UNREACHABLE,
    ),
    Boundary(
        "OIDC-4",
        "kid",
        Attempt(token=ISSUER.sign(kid="key-1")),
        Attempt(token=ISSUER.sign(kid="key-2")),
        UNREACHABLE,
    ),
    Boundary(
        "OIDC-5",
        "key",
        Attempt(token=ISSUER.sign()),
        Attempt(token=_OTHER_ISSUER.sign()),
        "Unable to verify the ID Token signature.",
    ),
    Boundary("OIDC-6", "RS256", Attempt(), Attempt(token=ISSUER.sign(algorithm="RS512"))),
    Boundary(
        "OIDC-7",
        "slash",
        *_claims("iss", ISSUER.issuer, f"{ISSUER.issuer}/"),
        f"The issuer in ID Token {ISSUER.issuer}/ does not match the expected one in config: "
        f"{ISSUER.issuer}.",
    ),
    Boundary(
        "OIDC-8",
        "default",
        *_claims("aud", audience_url(), f"{audience_url()}/"),
        f"The audience in ID Token [{audience_url()}/] does not match the expected audience.",
    ),
    Boundary("OIDC-9", "later than now", *_claims("exp", ISSUED + 1, ISSUED), STALE),
    Boundary(
        "OIDC-10",
        "not in the future",
        *_claims("iat", ISSUED, ISSUED + 1),
        STALE.replace(str(ISSUED), str(ISSUED + 1)),
    ),
    Boundary("OIDC-11", "24 h", *_claims("exp", ISSUED + 86_400, ISSUED + 86_401), STALE),
    Boundary(
        "OIDC-9",
        "60 s late, live",
        *_observed(
            {"iat": ISSUED - 99, "exp": ISSUED - 60}, {"iat": ISSUED - 99, "exp": ISSUED - 61}
        ),
        STALE.replace(str(ISSUED), str(ISSUED - 99)),
    ),
    Boundary(
        "OIDC-10",
        "60 s early, live",
        *_observed({"iat": ISSUED + 60}, {"iat": ISSUED + 61}),
        STALE.replace(str(ISSUED), str(ISSUED + 61)),
    ),
    Boundary("OIDC-12", "2 s, live", *_observed({"exp": ISSUED + 2}, {"exp": ISSUED + 1})),
    Boundary(
        "OIDC-13",
        "sub",
        Attempt(provider={"attributeMapping": {"google.subject": "assertion.iss"}}),
        Attempt(
            without=("sub",), provider={"attributeMapping": {"google.subject": "assertion.iss"}}
        ),
        NO_SUBJECT,
    ),
)

_SIZED = {"attribute.x": "assertion.x"}

MAPPING_ROWS = (
    Boundary(
        "MAP-1",
        "a value",
        *(
            Attempt({claim: "a"}, provider={"attributeMapping": {"google.subject": "assertion.x"}})
            for claim in ("x", "y")
        ),
        NO_SUBJECT,
    ),
    Boundary("MAP-2", "127 bytes", *_claims("sub", "s" * 127, "s" * 128), SUBJECT_SIZE),
    Boundary("MAP-2", "bytes, not letters", *_claims("sub", "ä" * 63, "ä" * 64), SUBJECT_SIZE),
    Boundary(
        "MAP-3",
        "string",
        *_mapped(_SIZED, "7", 7),
        "The mapped attribute 'attribute.x' must be of type STRING.",
    ),
    Boundary(
        "MAP-3",
        "list for groups only",
        *_mapped({"google.groups": "assertion.x"}, ["a"], [1]),
        "The mapped attribute 'google.groups' must be of type STRING.",
    ),
    Boundary("MAP-4", "8 KB", *_mapped(_SIZED, "v" * (8192 - 8), "v" * (8192 - 7))),
    Boundary(
        "COND-1",
        "true",
        *_condition("assertion.x == 'a'", "a", "b"),
        "The given credential is rejected by the attribute condition.",
    ),
    Boundary(
        "COND-1",
        "nothing but true",
        *_condition("assertion.x", True, "true"),
        "The given credential is rejected by the attribute condition.",
    ),
    Boundary(
        "COND-1",
        "an error is no yes",
        *_condition("assertion.x.y == 'a'", {"y": "a"}, {}),
        "The given credential is rejected by the attribute condition.",
    ),
)

ROWS = REQUEST_ROWS + TOKEN_ROWS + MAPPING_ROWS
