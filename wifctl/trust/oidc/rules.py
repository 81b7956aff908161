"""The OIDC rules' sentences, in Google's documents' words, and in their order."""

from __future__ import annotations

from wifctl.trust.documents import OTHER_PROVIDERS
from wifctl.trust.rulebook import Rulebook

MAX_LIFETIME = 86_400
"""Seconds between `iat` and `exp`, as documented; the live service was seen to take more."""
OBSERVED_SKEW = 60
"""Seconds by which the live service was seen to forgive a clock, either way."""

BOOK = Rulebook(
    "ID token",
    OTHER_PROVIDERS,
    {
        "OIDC-1": "the discovery document is found under the issuer's https URL",
        "OIDC-2": "the discovery document's issuer is the configured one",
        "OIDC-3": "the issuer's keys can be read",
        "OIDC-4": "the token's kid names one of the issuer's keys",
        "OIDC-5": "the signature is the issuer's",
        "OIDC-6": "the token is a JWT signed with RS256 or ES256",
        "OIDC-7": "iss is the configured issuer",
        "OIDC-8": "aud is an accepted audience",
        "OIDC-9": "exp lies in the future",
        "OIDC-10": "iat does not lie in the future",
        "OIDC-11": "exp is at most 24 hours after iat",
        "OIDC-12": "the live service was seen to handle such times",
        "OIDC-13": "sub is there",
    },
)
SIGNATURE_RULES = ("OIDC-1", "OIDC-2", "OIDC-3", "OIDC-4", "OIDC-5", "OIDC-6")
