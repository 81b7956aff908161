"""Every limit of a rule, from both sides, with really signed tokens."""

from __future__ import annotations

import pytest

from tests.trust.attempts import Attempt, verdict
from tests.trust.boundary_table import ROWS, Boundary
from wifctl.trust import mapping_rules, request
from wifctl.trust.oidc.rules import BOOK
from wifctl.trust.verdict import Outcome


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_token_inside_the_limit_is_accepted(row: Boundary) -> None:
    judgement = row.inside.judge()

    failed = [item for item in judgement.verdicts if item.outcome is Outcome.FAIL]
    assert failed == []
    assert verdict(judgement, row.rule).outcome is Outcome.PASS
    assert judgement.outcome is Outcome.PASS


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_token_outside_the_limit_is_refused(row: Boundary) -> None:
    judgement = row.outside.judge()

    assert verdict(judgement, row.rule).outcome is Outcome.FAIL
    assert judgement.outcome is Outcome.FAIL


@pytest.mark.parametrize("row", [row for row in ROWS if row.text], ids=str)
def test_a_refusal_has_the_text_of_the_service(row: Boundary) -> None:
    refusal = verdict(row.outside.judge(), row.rule).refusal

    assert refusal is not None
    assert (refusal.description, refusal.documented) == (row.text, True)


def test_every_rule_that_can_refuse_has_a_boundary() -> None:
    rules = {*request.BOOK.rules, *BOOK.rules, *mapping_rules.RULES, "COND-1"}

    assert rules - {row.rule for row in ROWS} == {"STS-R8", "MAP-5"}


def test_every_verdict_names_its_document() -> None:
    judgement = Attempt().judge()

    assert all(item.document.startswith("https://cloud.google.com/") for item in judgement.verdicts)
    assert len({item.rule for item in judgement.verdicts}) == len(judgement.verdicts)
