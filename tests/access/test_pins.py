"""What conditions demand, claim by claim, and whom that means in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wifctl.access.phrases import phrase
from wifctl.principals import PoolPrincipal, Selector
from wifctl.trust.condition import judge_condition
from wifctl.trust.pins import Demands, Pin, demands_of
from wifctl.trust.provider import ProviderConfig, ProviderKind
from wifctl.trust.verdict import Outcome

GITHUB, GITLAB = "https://token.actions.githubusercontent.com", "https://gitlab.com"
MAPPING = {
    "google.subject": "assertion.sub",
    "google.groups": "assertion.groups",
    "attribute.repository_id": "assertion.repository_id",
    "attribute.deployment": "assertion.repository_id + '/' + assertion.environment",
    "attribute.team": "assertion.team",
}
ALL = PoolPrincipal("1", "p", Selector.ALL)
REPO = PoolPrincipal("1", "p", Selector.ATTRIBUTE, "123", "repository_id")


def provider(condition: str = "", issuer: str = GITHUB, **more: object) -> ProviderConfig:
    """A provider with that condition."""
    base = {"attribute_mapping": MAPPING, "issuer_uri": issuer, **more}
    return ProviderConfig("p", ProviderKind.OIDC, attribute_condition=condition, **base)


def words(condition: str, principal: PoolPrincipal = ALL, issuer: str = GITHUB) -> str:
    """Whom the principal means at a provider with the condition."""
    config = provider(condition, issuer)
    demands = demands_of(config, principal)
    return phrase(config, demands) if demands else "nobody"


@pytest.mark.parametrize(
    ("condition", "principal", "meant"),
    [
        ("", ALL, "any repository of anybody at GitHub Actions on any branch"),
        (
            "assertion.repository_owner_id == '456'",
            REPO,
            "repository 123 of owner 456 on any branch",
        ),
        (
            "'456' == assertion.repository_owner_id",
            ALL,
            "any repository of owner 456 on any branch",
        ),
        (
            "assertion.repository_owner_id in ['1', '2']",
            ALL,
            "any repository of owner 1 or 2 on any branch",
        ),
        (
            "(assertion.repository_id == '1' || assertion.repository_id == '2')",
            ALL,
            "repository 1 or 2 on any branch",
        ),
        ("assertion.repository_id in ['123', '9']", REPO, "repository 123 on any branch"),
        ("assertion.repository_id == '9'", REPO, "nobody"),
        ("attribute.repository_id == '9'", REPO, "nobody"),
        ("attribute.repository_id == '123'", REPO, "repository 123 on any branch"),
        ("assertion.ref == 'refs/heads/main'", REPO, "repository 123 on refs/heads/main"),
        ("assertion.ref_protected == 'true'", REPO, "repository 123 on protected refs"),
        (
            "has(assertion.environment) && assertion.environment == 'prod'",
            REPO,
            "repository 123 in environment prod",
        ),
        (
            "assertion.ref.startsWith('refs/tags/')",
            REPO,
            "repository 123, where assertion.ref.startsWith('refs/tags/')",
        ),
        (
            "assertion.event_name != 'pull_request'",
            REPO,
            "repository 123 on any branch, where assertion.event_name != 'pull_request'",
        ),
        (
            "assertion.actor == 'octo cat'",
            REPO,
            "repository 123 on any branch with actor 'octo cat'",
        ),
        (
            "'a' in google.groups && 'b' in google.groups",
            ALL,
            "any repository in group a and b on any branch",
        ),
        (
            "",
            PoolPrincipal("1", "p", Selector.ATTRIBUTE, "123/prod", "deployment"),
            "identities with deployment 123/prod",
        ),
        ("", PoolPrincipal("1", "p", Selector.SUBJECT, "repo:a/b"), "subject repo:a/b"),
        (
            "",
            PoolPrincipal("1", "p", Selector.GROUP, "g"),
            "any repository in group g on any branch",
        ),
        ("", PoolPrincipal("1", "p", Selector.ATTRIBUTE, "x", "unmapped"), "nobody"),
        ("assertion.a ==", REPO, "repository 123 on any branch, where assertion.a =="),
    ],
)
def test_a_provider_and_a_principal_mean_somebody(
    condition: str, principal: PoolPrincipal, meant: str
) -> None:
    assert words(condition, principal) == meant


def test_another_issuer_has_its_own_words() -> None:
    condition = "assertion.namespace_id == '9970' && assertion.project_id == '1'"

    assert words(condition, issuer=GITLAB) == "project 1 of group 9970 on any branch"


def test_an_issuer_nobody_knows_has_identities() -> None:
    assert words("assertion.tid == 't'", issuer="https://issuer.example.com") == (
        "any identity of tenant t"
    )


def test_aws_names_the_account() -> None:
    config = ProviderConfig("p", ProviderKind.AWS, aws_account_id="111122223333")
    role = "arn:aws:sts::111122223333:assumed-role/ci"
    demands = demands_of(config, PoolPrincipal("1", "p", Selector.ATTRIBUTE, role, "aws_role"))

    assert demands is not None
    assert phrase(config, demands) == f"AWS role {role}"
    assert phrase(config, Demands()) == "any AWS identity of account 111122223333"


@pytest.mark.parametrize(
    ("stricter", "looser", "implied"),
    [
        (Demands((Pin("a", ("1",)),)), Demands(), True),
        (Demands(), Demands((Pin("a", ("1",)),)), False),
        (Demands((Pin("a", ("1",)),)), Demands((Pin("a", ("1", "2")),)), True),
        (Demands((Pin("a", ("1", "2")),)), Demands((Pin("a", ("1",)),)), False),
        (Demands((Pin("group", ("x", "y")),)), Demands((Pin("group", ("x",)),)), True),
        (Demands(rest=("p", "q")), Demands(rest=("p",)), True),
        (Demands(rest=("p",)), Demands(rest=("q",)), False),
    ],
)
def test_stricter_demands_imply_looser_ones(
    stricter: Demands, looser: Demands, implied: bool
) -> None:
    assert stricter.implies(looser) is implied


CLAIMS = ("repository_id", "ref", "team")
VALUES = st.sampled_from(["1", "2", "3"])
PLACES = st.sampled_from([f"assertion.{claim}" for claim in CLAIMS] + ["attribute.team"])


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    """One operand in a spelling people use."""
    place, values = draw(PLACES), draw(st.lists(VALUES, min_size=1, max_size=3))
    listed = ", ".join(map(repr, values))
    either = " || ".join(f"{place} == '{value}'" for value in values)
    return draw(
        st.sampled_from(
            [
                f"{place} == '{values[0]}'",
                f"'{values[0]}' == {place}",
                f"{place} in [{listed}]",
                f"({either})",
                f"(({place}) == '{values[0]}')",
            ]
        )
    )


@given(
    operands=st.lists(comparisons(), min_size=1, max_size=4),
    claims=st.fixed_dictionaries(dict.fromkeys(CLAIMS, VALUES)),
)
def test_pins_say_exactly_what_the_condition_says(
    operands: list[str], claims: dict[str, str]
) -> None:
    config = provider(" && ".join(operands))
    variables = {"google": {}, "attribute": {"team": claims["team"]}}
    accepted = judge_condition(config, claims, variables).verdict.outcome is Outcome.PASS

    demands = demands_of(config, ALL)
    holds = demands is not None and all(claims[pin.claim] in pin.values for pin in demands.pins)

    assert demands is None or not demands.rest
    assert holds is accepted
