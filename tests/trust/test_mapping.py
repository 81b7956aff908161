"""Claims become an identity; what fails is left out and said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.trust.attempts import Attempt, verdict
from wifctl.trust.mapping import MappedIdentity, map_identity
from wifctl.trust.provider import ProviderConfig, ProviderKind
from wifctl.trust.verdict import Outcome

ARN = "arn:aws:sts::111122223333:assumed-role/ci-deploy/i-0abc"


def _mapped(mapping: dict[str, str], **claims: object) -> Any:
    provider = ProviderConfig("", ProviderKind.OIDC, {"google.subject": "assertion.sub", **mapping})
    return map_identity({"sub": "me", **claims}, provider)


def test_subject_groups_and_attributes_make_the_identity() -> None:
    report = _mapped(
        {"google.groups": "assertion.groups", "attribute.team": "assertion.team + '!'"},
        groups=["a", "b"],
        team="ci",
    )

    assert report.identity == MappedIdentity("me", ("a", "b"), {"team": "ci!"})
    assert report.variables == {
        "google": {"subject": "me", "groups": ["a", "b"]},
        "attribute": {"team": "ci!"},
    }


def test_a_single_group_is_a_group() -> None:
    assert _mapped({"google.groups": "assertion.g"}, g="one").identity.groups == ("one",)


def test_a_custom_attribute_without_its_claim_is_left_unset_and_told() -> None:
    attempt = Attempt(
        provider={
            "attributeMapping": {
                "google.subject": "assertion.sub",
                "attribute.env": "assertion.environment",
            }
        }
    )
    judgement = attempt.judge()

    assert judgement.outcome is Outcome.PASS
    assert judgement.identity is not None
    assert judgement.identity.attributes == {}
    assert "attribute.env is left unset" in verdict(judgement, "MAP-5").notes[0]


@pytest.mark.parametrize(
    ("expression", "rule", "says"),
    [
        ("assertion.x", "MAP-1", "x"),
        ("assertion.sub.extract('nothing/{x}')", "MAP-1", "empty"),
        ("assertion.sub.split('/')[3]", "MAP-1", "index"),
        ("assertion.iat", "MAP-3", "google.subject is INT"),
        ("[assertion.sub]", "MAP-1", "list"),
        ("assertion.sub +", "MAP-1", "Syntax error"),
    ],
)
def test_a_subject_that_is_none_is_refused(expression: str, rule: str, says: str) -> None:
    attempt = Attempt(provider={"attributeMapping": {"google.subject": expression}})
    judgement = attempt.judge()

    found = verdict(judgement, rule)
    assert (found.outcome, judgement.outcome) == (Outcome.FAIL, Outcome.FAIL)
    assert says.lower() in found.found.lower()
    assert judgement.identity is None


def test_a_list_mapped_to_a_string_is_told_to_take_an_item() -> None:
    provider = {"attributeMapping": {"google.subject": "assertion.roles"}}

    assert "[0]" in verdict(Attempt({"roles": ["a"]}, provider=provider).judge(), "MAP-3").hint


def test_no_mapping_at_all_is_refused() -> None:
    judgement = Attempt(provider={"attributeMapping": {}}).judge()

    assert "no mapping" in verdict(judgement, "MAP-1").found


def test_a_subject_too_deep_to_judge_is_unknown_and_not_refused() -> None:
    deep = "(" * 40 + "assertion.sub" + ")" * 40
    judgement = Attempt(provider={"attributeMapping": {"google.subject": deep}}).judge()

    assert verdict(judgement, "MAP-1").outcome is Outcome.UNKNOWN
    assert judgement.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("arn", "role"),
    [
        (ARN, "arn:aws:sts::111122223333:assumed-role/ci-deploy"),
        ("arn:aws:iam::111122223333:user/jane", "arn:aws:iam::111122223333:user/jane"),
    ],
)
def test_aws_has_a_mapping_of_its_own(arn: str, role: str) -> None:
    report = map_identity({"arn": arn}, ProviderConfig("", ProviderKind.AWS))

    assert report.identity == MappedIdentity(arn, (), {"aws_role": role})


def test_aws_s_default_gives_way_to_a_mapping() -> None:
    provider = ProviderConfig("", ProviderKind.AWS, {"google.subject": "assertion.account"})
    report = map_identity({"arn": ARN, "account": "1"}, provider)

    assert report.identity == MappedIdentity("1")
