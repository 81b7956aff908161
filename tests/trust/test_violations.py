"""Generated and re-signed violations of each rule: not one is accepted."""

from __future__ import annotations

from random import Random

import pytest

from tests.trust.violations import (
    AWS_VIOLATIONS,
    SAML_VIOLATIONS,
    X509_VIOLATIONS,
    Violation,
)
from wifctl.trust.aws.rules import RULES as AWS_RULES
from wifctl.trust.saml.rules import RULES as SAML_RULES
from wifctl.trust.verdict import Outcome
from wifctl.trust.x509.judge import RULES as X509_RULES

VIOLATIONS = {**SAML_VIOLATIONS, **AWS_VIOLATIONS, **X509_VIOLATIONS}


def test_every_rule_has_a_generator() -> None:
    assert set(VIOLATIONS) == {*SAML_RULES.rules, *AWS_RULES.rules, *X509_RULES.rules}


@pytest.mark.parametrize("count", [12, pytest.param(500, marks=pytest.mark.soak)])
@pytest.mark.parametrize(("rule", "violate"), VIOLATIONS.items(), ids=list(VIOLATIONS))
def test_no_violation_is_accepted(rule: str, violate: Violation, count: int) -> None:
    for seed in range(count):
        verdicts = {verdict.rule: verdict for verdict in violate(Random(f"{rule} {seed}"))}
        assert verdicts[rule].outcome is Outcome.FAIL, f"seed {seed}: {verdicts[rule]}"
