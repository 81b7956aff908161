"""Google's words for a refused exchange, exactly; OAuth error codes of RFC 6749 and RFC 8693."""

from __future__ import annotations

from wifctl.trust.verdict import Refusal

INVALID_AUDIENCE = Refusal(
    "invalid_request",
    'Invalid value for "audience". This value should be the full resource name of the Identity '
    "Provider. See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for "
    "the list of possible formats.",
)
SUBJECT_TOO_LONG = Refusal(
    "invalid_request",
    "The size of mapped attribute google.subject exceeds the 127 bytes limit. Either modify your "
    "attribute mapping or the incoming assertion to produce a mapped attribute that is less than "
    "127 bytes.",
)
INVALID_TARGET = Refusal(
    "invalid_target",
    'The target service indicated by the "audience" parameters is invalid. This might either be '
    "because the pool or provider is disabled or deleted or because it doesn't exist.",
)
CONDITION = Refusal(
    "unauthorized_client", "The given credential is rejected by the attribute condition."
)
NO_SUBJECT = Refusal(
    "unauthorized_client",
    "Could not obtain a value for google.subject from the given credential.",
)
ISSUER_UNREACHABLE = Refusal("invalid_grant", "Error connecting to the given credential's issuer.")
BAD_SIGNATURE = Refusal("invalid_grant", "Unable to verify the ID Token signature.")
UNPARSABLE = Refusal("invalid_grant", "Unable to parse the ID Token.", documented=False)


def not_a_string(attribute: str) -> Refusal:
    """The refusal of a mapped attribute of another type."""
    return Refusal(
        "unauthorized_client", f"The mapped attribute '{attribute}' must be of type STRING."
    )


def wrong_audience(found: object) -> Refusal:
    """The refusal of a token for somebody else; the list is printed as the service prints it."""
    values = found if isinstance(found, list) else [] if found is None else [found]
    listed = ", ".join(map(str, values))
    return Refusal(
        "invalid_grant",
        f"The audience in ID Token [{listed}] does not match the expected audience.",
    )


def wrong_issuer(found: object, wanted: str) -> Refusal:
    """The refusal of a token of another issuer; an absent one is `null`."""
    shown = "null" if found is None else found
    return Refusal(
        "invalid_grant",
        f"The issuer in ID Token {shown} does not match the expected one in config: {wanted}.",
    )


def stale(issued_at: object) -> Refusal:
    """The refusal of a token outside its times; an absent `iat` is `null`."""
    shown = "null" if issued_at is None else issued_at
    return Refusal("invalid_grant", f"ID Token issued at {shown} is stale to sign-in.")


def undocumented(error: str, description: str) -> Refusal:
    """A refusal whose text Google does not document; this one is ours."""
    return Refusal(error, description, documented=False)
