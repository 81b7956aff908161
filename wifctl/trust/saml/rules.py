"""The SAML rules by id, as Google documents them, and how far their times reach."""

from __future__ import annotations

from datetime import timedelta

from wifctl.trust.documents import OTHER_PROVIDERS
from wifctl.trust.rulebook import Rulebook

MAX_AGE = timedelta(hours=1)
"""An IssueInstant must be *less* than this in the past."""
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
ENTITY_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"

RULES = Rulebook(
    "SAML assertion",
    OTHER_PROVIDERS,
    {
        "SAML-1": "the token is a base64-encoded SAML 2.0 Response or Assertion",
        "SAML-2": "the Response's StatusCode is Success",
        "SAML-3": "there is exactly one Assertion",
        "SAML-4": "the Response or its Assertion is signed, and every signature verifies",
        "SAML-5": "the Issuer of a signed Response is the identity provider's entity ID",
        "SAML-5b": "the Response's IssueInstant is less than one hour old",
        "SAML-6": "an Assertion sent alone is signed, and its signature verifies",
        "SAML-7": "the Assertion's Issuer is the identity provider's entity ID",
        "SAML-8": "the Assertion's IssueInstant is present and less than one hour old",
        "SAML-9": "the Subject has a NameID",
        "SAML-10": "there is exactly one SubjectConfirmation, and its Method is bearer",
        "SAML-11": "the SubjectConfirmationData's NotOnOrAfter is present and in the future",
        "SAML-12": "the SubjectConfirmationData has no NotBefore",
        "SAML-13": "there are Conditions, and the time is within them",
        "SAML-14": "every AudienceRestriction, of which there is at least one, names the provider",
        "SAML-15": "there is at least one AuthnStatement",
        "SAML-16": "every SessionNotOnOrAfter is in the future",
        "SAML-17": "the provider has a signing certificate that is valid now",
    },
)
