"""Markdown that always fits into a comment, and that values cannot break out of."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from wifctl.plan.model import Action, Change, Plan, Reason, Step, Unclaimed
from wifctl.render.markdown import BUDGET, plan_markdown
from wifctl.resource import Address


def account(number: int) -> Address:
    """One of many."""
    return Address("ServiceAccount", ("acme-ci", f"account-{number}"))


def large(steps: int, text: str = "x" * 60) -> Plan:
    """A plan with many steps and much unclaimed access."""
    changes = (Change("displayName", None, text),)
    return Plan(
        tuple(
            Step(account(n), Action.CREATE, Reason.MISSING, changes, origin="a.yaml:1:1")
            for n in range(steps)
        ),
        unclaimed=tuple(
            Unclaimed(account(n), "roles/viewer", f"user:u{n}@example.com") for n in range(steps)
        ),
    )


def test_a_large_plan_fits_and_says_what_was_left_out() -> None:
    text = plan_markdown(large(3000))
    assert len(text) <= 65_536
    assert text.startswith("### Plan: 3000 to add")
    assert re.search(r"… \d+ more changes: see the full plan", text)
    assert len(text) > BUDGET * 0.8


def test_one_huge_step_does_not_push_out_the_others() -> None:
    monster = Step(
        account(0),
        Action.UPDATE,
        Reason.DIFFERS,
        tuple(Change(f"field{n}", "a" * 50, "b" * 50) for n in range(5000)),
    )
    text = plan_markdown(Plan((monster, *large(3).steps)))
    assert len(text) <= 65_536
    assert "account-2" in text


@settings(max_examples=60)
@given(st.text(st.characters(), max_size=3000), st.integers(0, 60))
def test_it_never_exceeds_its_budget(text: str, steps: int) -> None:
    assert len(plan_markdown(large(steps, text), budget=20_000)) <= 20_000


@given(st.text(alphabet="`~\n<>&|ab", max_size=200))
def test_values_never_end_their_block(text: str) -> None:
    shown = plan_markdown(large(1, text))
    fence = re.search(r"^(`{3,})diff$", shown, re.MULTILINE)
    assert fence is not None
    closing = re.compile(rf"^{fence[1]}$", re.MULTILINE)
    rest = shown[fence.end() :]
    assert closing.search(rest) is not None
    assert "account-0" in rest[: closing.search(rest).start()]  # type: ignore[union-attr]


def test_nothing_to_do_is_one_line() -> None:
    assert plan_markdown(Plan(unchanged=(account(1),))).count("\n") == 1
