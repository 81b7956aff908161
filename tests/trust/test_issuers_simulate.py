"""Simulated tokens: values of the workload become the claims the issuer would make."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wifctl.diagnostics import WifctlError
from wifctl.trust.cel.compile import Compiled, compile_condition
from wifctl.trust.issuers.simulate import (
    fill,
    fill_cel,
    recommended_condition,
    simulate,
    simulate_other_tenant,
)


def test_a_push_to_github_carries_the_ids_in_its_subject() -> None:
    claims = simulate("github", repo="acme/web", owner_id="7", repo_id="8", ref="refs/heads/dev")
    assert claims["sub"] == "repo:acme@7/web@8:ref:refs/heads/dev"
    assert claims["repository"] == "acme/web"
    assert claims["repository_owner"] == "acme"
    assert claims["repository_id"] == "8"
    assert claims["ref_protected"] == "false"
    assert claims["event_name"] == "push"


def test_an_older_github_repository_has_names_only() -> None:
    assert simulate("github", format="legacy", repo="acme/web")["sub"] == (
        "repo:acme/web:ref:refs/heads/main"
    )


def test_a_pull_request_has_its_own_ref_and_subject() -> None:
    claims = simulate("github", event="pull_request", number="31")
    assert str(claims["sub"]).endswith(":pull_request")
    assert claims["ref"] == "refs/pull/31/merge"
    assert claims["head_ref"] == "feature"
    assert claims["base_ref"] == "main"


def test_an_environment_wins_over_the_pull_request_in_the_subject() -> None:
    claims = simulate("github", event="pull_request", environment="production")
    assert str(claims["sub"]).endswith(":environment:production")
    assert claims["environment"] == "production"


def test_a_colon_in_an_environment_is_escaped_in_the_subject_only() -> None:
    claims = simulate("github", environment="prod:eu", format="legacy")
    assert claims["sub"] == "repo:acme/infra:environment:prod%3Aeu"
    assert claims["environment"] == "prod:eu"


def test_a_push_outside_an_environment_has_no_such_claim() -> None:
    claims = simulate("github")
    assert not {"environment", "head_ref", "base_ref", "enterprise"} & claims.keys()


def test_a_tag_is_of_the_type_tag() -> None:
    assert simulate("github", ref="refs/tags/v1")["ref_type"] == "tag"


def test_claims_can_be_named_as_the_issuer_names_them() -> None:
    by_claim = simulate("github", repository="acme/web", event_name="release")
    by_parameter = simulate("github", repo="acme/web", event="release")
    assert by_claim == by_parameter


def test_any_claim_can_be_replaced_or_taken_away() -> None:
    claims = simulate("github", sub="repository_id:8", jti="abc", sha="")
    assert claims["sub"] == "repository_id:8"
    assert claims["jti"] == "abc"
    assert "sha" not in claims


def test_replaced_claims_take_their_type() -> None:
    claims = simulate("gitlab", runner_id="12", groups_direct="a, b")
    assert claims["runner_id"] == 12
    assert claims["groups_direct"] == ["a", "b"]
    assert simulate("circleci", ssh_rerun="true")["oidc.circleci.com/ssh-rerun"] is True


def test_values_from_yaml_need_not_be_text() -> None:
    claims = simulate("github", number=31, event="pull_request", protected=True)
    assert claims["ref"] == "refs/pull/31/merge"
    assert claims["ref_protected"] == "true"
    kept = simulate("gitlab", groups_direct=["a"], iat=5, sha=None, environment=None)
    assert (kept["groups_direct"], kept["iat"]) == (["a"], 5)
    assert not {"sha", "environment"} & kept.keys()


def test_a_value_nobody_knows_names_the_nearest_one() -> None:
    with pytest.raises(WifctlError) as caught:
        simulate("github", enviroment="production", branch="main")
    first, second = caught.value.diagnostics
    assert first.fix == "Write environment"
    assert "branch" in second.message
    assert "ref" in second.allowed


def test_times_are_added_when_there_is_a_clock() -> None:
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    claims = simulate("github", now=now)
    assert claims["iat"] == now.timestamp()
    assert claims["exp"] == now.timestamp() + 600
    assert "iat" not in simulate("aws", now=now)
    assert "iat" not in simulate("github")


def test_a_nested_gitlab_group_stays_whole() -> None:
    claims = simulate("gitlab", project_path="acme/platform/eu/infra")
    assert claims["namespace_path"] == "acme/platform/eu"
    assert claims["project_path"] == "acme/platform/eu/infra"


def test_kubernetes_claims_are_nested() -> None:
    claims = simulate("kubernetes", namespace="web", pod="")
    nested = claims["kubernetes.io"]
    assert isinstance(nested, dict)
    assert nested["namespace"] == "web"
    assert "name" not in nested["pod"]
    assert claims["sub"] == "system:serviceaccount:web:publisher"


def test_another_tenant_differs_in_every_tenancy_claim() -> None:
    mine, theirs = simulate("github"), simulate_other_tenant("github")
    for name in ("repository_owner_id", "repository_id", "repository_owner", "repository", "sub"):
        assert mine[name] != theirs[name]
    assert mine["ref"] == theirs["ref"]


@pytest.mark.parametrize("evil", ["x' || true || 'x", "\\", "\\' || true || '", '"', "a'b\\c"])
def test_a_value_cannot_break_out_of_the_condition(evil: str) -> None:
    condition = compile_condition(recommended_condition("gitlab", group_id=evil))
    assert isinstance(condition, Compiled)
    other = {"assertion": simulate("gitlab"), "google": {}, "attribute": {}}
    same = {"assertion": simulate("gitlab", group_id=evil), "google": {}, "attribute": {}}
    assert not condition.evaluate(other).accepts
    assert condition.evaluate(same).accepts


def test_text_with_a_parameter_that_has_no_value_vanishes() -> None:
    assert fill("environment:{environment}", {"environment": ""}) == ""
    assert fill("environment:{environment}", {"environment": "x"}) == "environment:x"


def test_braces_of_cel_templates_are_kept() -> None:
    assert fill("arn.extract('role/{name}/')", {"role": "x"}) == "arn.extract('role/{name}/')"
    assert fill_cel("'{role}'.extract('/{name}')", {"role": "x"}) == "'x'.extract('/{name}')"
