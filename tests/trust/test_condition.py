"""The condition's verdict, its causes and what it says of broken ones."""

from __future__ import annotations

from tests.trust.attempts import Attempt, verdict
from wifctl.trust.cel.near import HintKind
from wifctl.trust.verdict import Outcome

BOTH = "assertion.repository_owner == 'acme' &&\n  assertion.ref == 'refs/heads/main'"


def _judged(condition: str, **claims: object) -> Attempt:
    return Attempt(claims, provider={"attributeCondition": condition})


def test_the_failing_operand_is_named_with_its_value_and_place() -> None:
    judgement = _judged(BOTH, repository_owner="Acme", ref="refs/heads/main").judge()

    (cause,) = judgement.condition.causes
    assert cause.operand.text == "assertion.repository_owner == 'acme'"
    assert cause.described.endswith("assertion.repository_owner = 'Acme'")
    assert cause.operand.node.span.line == 1
    assert cause.hints[0].kind is HintKind.CASE
    assert "upper and lower case" in verdict(judgement, "COND-1").hint


def test_every_operand_has_its_value_in_the_tree() -> None:
    judgement = _judged(BOTH, repository_owner="x", ref="y").judge()

    tree = judgement.condition.tree
    assert tree is not None
    values = [(part.text, part.parts[0].result.value) for part in tree.parts]
    assert [value for _, value in values] == ["x", "y"]
    assert [part.node.span.line for part in tree.parts] == [1, 2]


def test_an_accepted_condition_has_a_tree_and_no_cause() -> None:
    judgement = _judged(BOTH, repository_owner="acme", ref="refs/heads/main").judge()

    assert judgement.outcome is Outcome.PASS
    assert judgement.condition.tree is not None
    assert judgement.condition.causes == ()


def test_no_condition_accepts() -> None:
    assert verdict(Attempt().judge(), "COND-1").found == "no condition"


def test_a_condition_that_does_not_compile_refuses_with_its_place() -> None:
    found = verdict(_judged("assertion.a = 'b'").judge(), "COND-1")

    assert found.outcome is Outcome.FAIL
    assert found.found.startswith("1:13:")


def test_a_condition_beyond_the_library_is_unknown() -> None:
    deep = "(" * 40 + "assertion.sub == 'workload'" + ")" * 40

    assert verdict(_judged(deep).judge(), "COND-1").outcome is Outcome.UNKNOWN


def test_a_condition_sees_the_mapped_values() -> None:
    mapping = {"google.subject": "assertion.sub", "attribute.team": "assertion.team"}
    attempt = Attempt(
        {"team": "ci"},
        provider={
            "attributeMapping": mapping,
            "attributeCondition": "google.subject == 'workload' && attribute.team == 'ci'",
        },
    )

    assert attempt.judge().outcome is Outcome.PASS


def test_an_unmapped_attribute_in_a_condition_is_named() -> None:
    judgement = _judged("attribute.team == 'ci'", team="ci").judge()

    assert judgement.condition.causes[0].hints[0].kind is HintKind.UNMAPPED
