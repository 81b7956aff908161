"""What people check by hand when a token is refused, and which rule or miss stands for which."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from wifctl.trust.audience import AudienceFault
from wifctl.trust.cel.near import HintKind
from wifctl.trust.matching import Miss


class HandCheck(enum.IntEnum):
    """The checks, under the numbers documentation uses."""

    PROPAGATION = 1
    POOL_AUDIENCE = 2
    PROJECT_ID = 3
    NO_TOKEN = 4
    CHECKOUT = 5
    UNMAPPED = 6
    CASE = 7
    WHICH_HALF = 8
    SUBJECT_LENGTH = 9
    CLOCK = 10
    DISABLED = 11
    SUBJECT_SHAPE = 12
    BINDING = 13
    NEEDS_ACCOUNT = 14


ELSEWHERE: Mapping[HandCheck, str] = {
    HandCheck.PROPAGATION: (
        "Pools and policies carry no time of change: a grant takes minutes to work, and the audit "
        "log says when it was made."
    ),
    HandCheck.CHECKOUT: (
        "A token does not show the order of a workflow's steps: `wifctl workflow` writes the "
        "checkout before the authentication."
    ),
}
"""The checks that neither token nor manifests nor live state can show, and what helps instead."""

BY_RULE: Mapping[str, HandCheck] = {
    "STS-R6": HandCheck.DISABLED,
    "MAP-2": HandCheck.SUBJECT_LENGTH,
    **dict.fromkeys(
        ("OIDC-9", "OIDC-10", "OIDC-11", "OIDC-12", "AWS-7", "SAML-5b", "SAML-8", "SAML-11"),
        HandCheck.CLOCK,
    ),
    **dict.fromkeys(("SAML-13", "SAML-16"), HandCheck.CLOCK),
}

BY_FAULT: Mapping[AudienceFault, HandCheck] = {
    AudienceFault.POOL: HandCheck.POOL_AUDIENCE,
    AudienceFault.PROJECT_ID: HandCheck.PROJECT_ID,
    AudienceFault.OTHER_PROJECT: HandCheck.BINDING,
    AudienceFault.OTHER_POOL: HandCheck.BINDING,
    AudienceFault.OTHER_PROVIDER: HandCheck.BINDING,
    AudienceFault.CASE: HandCheck.CASE,
    AudienceFault.UNIVERSE: HandCheck.DISABLED,
}

BY_HINT: Mapping[HintKind, HandCheck] = {
    HintKind.CASE: HandCheck.CASE,
    HintKind.UNMAPPED: HandCheck.UNMAPPED,
    HintKind.SUBJECT_FORM: HandCheck.SUBJECT_SHAPE,
    HintKind.ENVIRONMENT: HandCheck.SUBJECT_SHAPE,
    HintKind.REF: HandCheck.SUBJECT_SHAPE,
    HintKind.RENAMED: HandCheck.SUBJECT_SHAPE,
}

BY_MISS: Mapping[Miss, HandCheck] = {
    Miss.PROJECT_ID: HandCheck.PROJECT_ID,
    Miss.UNMAPPED: HandCheck.UNMAPPED,
    Miss.OTHER_PROJECT: HandCheck.BINDING,
    Miss.OTHER_POOL: HandCheck.BINDING,
    Miss.MALFORMED: HandCheck.BINDING,
    Miss.CONDITION: HandCheck.BINDING,
    Miss.VALUE: HandCheck.BINDING,
}
