"""No violation of a rule is ever accepted, however well it is signed; no mutation crashes."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trust.attempts import Attempt, verdict
from tests.trust.boundary_table import ROWS
from tests.trust.oidc.violations import VIOLATIONS, attempt, signed
from wifctl.trust.oidc.token import TokenFormatError, parse_token
from wifctl.trust.verdict import Outcome

CALM = list(HealthCheck)
TOKEN = signed({"groups": ["a", "b"]})
SIGNED_CONTENT = parse_token(TOKEN).signing_input


def test_the_untouched_token_is_accepted() -> None:
    assert attempt(token=TOKEN).judge().outcome is Outcome.PASS


def test_every_rule_with_a_boundary_has_violations() -> None:
    assert set(VIOLATIONS) == {row.rule for row in ROWS}


@pytest.mark.parametrize("examples", [20, pytest.param(500, marks=pytest.mark.soak)])
@pytest.mark.parametrize("rule", VIOLATIONS)
def test_a_violation_is_refused(rule: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=CALM, derandomize=True)
    @given(VIOLATIONS[rule])
    def refuse(violation: Attempt) -> None:
        judgement = violation.judge()
        assert verdict(judgement, rule).outcome is Outcome.FAIL
        assert judgement.outcome is Outcome.FAIL
        assert judgement.refusal is not None

    refuse()


def _mutated(chance: random.Random, token: str) -> str:
    """The token with bytes changed, inserted, removed or swapped, up to three times."""
    text = list(token)
    for _ in range(chance.randint(1, 3)):
        at, other = chance.randrange(len(text)), chance.randrange(len(text))
        match chance.randrange(4):
            case 0:
                text[at] = chr(chance.randrange(1, 256))
            case 1:
                text.insert(at, chance.choice("AZaz09-_=. {}\n"))
            case 2:
                del text[at]
            case _:
                text[at], text[other] = text[other], text[at]
    return "".join(text)


@pytest.mark.parametrize("count", [1500, pytest.param(100_000, marks=pytest.mark.soak)])
def test_mutations_are_refused_without_a_crash(count: int) -> None:
    chance = random.Random(count)
    for _ in range(count):
        token = _mutated(chance, TOKEN)
        if attempt(token=token).judge().outcome is Outcome.PASS:
            assert parse_token(token).signing_input == SIGNED_CONTENT


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="eyJ.-_=A", max_size=60))
def test_no_text_crashes_the_engine(text: str) -> None:
    assert attempt(token=text or " ").judge().outcome is Outcome.FAIL


@given(st.text(alphabet="eyJ._=A", min_size=20, max_size=60))
def test_a_malformed_token_is_never_quoted(text: str) -> None:
    with pytest.raises(TokenFormatError) as caught:
        parse_token(text)

    assert text not in str(caught.value)
