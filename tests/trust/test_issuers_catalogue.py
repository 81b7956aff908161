"""The issuer catalogue: every file follows the schema, is found by its URL and recommends well."""

from __future__ import annotations

import dataclasses
import json

import pytest

from wifctl.trust.cel.compile import Compiled, compile_condition, compile_mapping
from wifctl.trust.issuers.catalogue import (
    catalogue,
    index,
    index_of,
    issuer_names,
)
from wifctl.trust.issuers.model import AudienceChoice, ClaimType, Issuer
from wifctl.trust.issuers.simulate import (
    fill,
    recommended_condition,
    recommended_mapping,
    resolve,
    simulate,
    simulate_other_tenant,
)
from wifctl.trust.provider import ProviderKind

ALL = catalogue()
WANTED = frozenset(
    """
github github-enterprise-cloud github-enterprise-server gitlab gitlab-self-managed entra-v1 entra-v2
entra-multi-tenant azure-devops aws aws-outbound-oidc adfs-oidc adfs-saml okta auth0 bitbucket
circleci hcp-terraform terraform-enterprise buildkite jenkins kubernetes eks aks gke spiffe oracle
vercel vercel-global spacelift pulumi google x509 saml codefresh scalr env0 depot namespace modal
chainguard devin cursor warp harness semaphore
""".split()  # noqa: SIM905 - a hundred quotes are no easier to read
)

each = pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.name)


def test_the_catalogue_holds_every_issuer_of_the_reference() -> None:
    assert set(issuer_names()) >= WANTED


def test_every_file_is_named_after_its_entry() -> None:
    assert [entry.name for entry in ALL] == list(issuer_names())


def test_the_index_file_says_what_the_entries_say() -> None:
    wanted = index_of(ALL)
    lines = ",\n".join("  " + json.dumps(dataclasses.asdict(item)) for item in wanted)
    assert index() == wanted, f"index.json should be:\n[\n{lines}\n]"


@each
def test_claims_named_elsewhere_in_the_file_exist(entry: Issuer) -> None:
    known = {claim.name for claim in entry.claims}
    assert set(entry.tenancy_claims) <= known
    assert set(entry.not_tenancy) <= known
    assert not set(entry.tenancy_claims) & set(entry.not_tenancy)


@each
def test_parameters_only_refer_to_earlier_ones(entry: Issuer) -> None:
    seen: set[str] = set()
    for parameter in entry.parameters:
        for choice in parameter.choices:
            assert set(choice.when) <= seen, parameter.name
        seen.add(parameter.name)
    assert resolve(entry, {}).keys() == seen


@each
def test_the_issuer_url_has_a_value_for_every_place(entry: Issuer) -> None:
    values = resolve(entry, {})
    for url in (entry.issuer, *entry.aliases):
        filled = fill(url, values)
        assert "{" not in filled
        assert bool(filled) is bool(url)


@pytest.mark.parametrize(
    "entry", [item for item in ALL if item.kind is ProviderKind.OIDC], ids=lambda item: item.name
)
def test_oidc_entries_have_the_claims_that_google_requires(entry: Issuer) -> None:
    for name in ("iss", "sub", "aud", "iat", "exp"):
        assert entry.claim(name), name
    assert entry.issuer.startswith("https://")
    assert entry.claim("iat").type is ClaimType.INTEGER  # type: ignore[union-attr]


@each
def test_the_google_subject_is_mapped(entry: Issuer) -> None:
    assert "google.subject" in entry.mapping


@each
def test_unverified_entries_say_what_to_do_about_it(entry: Issuer) -> None:
    assert entry.verified or entry.notes


@each
def test_a_workload_that_chooses_aud_cannot_be_pinned_by_it(entry: Issuer) -> None:
    if entry.audience.chosen_by is AudienceChoice.WORKLOAD:
        assert "aud" not in entry.tenancy_claims


@each
def test_claims_have_their_declared_types(entry: Issuer) -> None:
    python = {
        ClaimType.STRING: str,
        ClaimType.INTEGER: int,
        ClaimType.BOOLEAN: bool,
        ClaimType.LIST: list,
        ClaimType.MAP: dict,
    }
    claims = simulate(entry.name)
    for name, value in claims.items():
        claim = entry.claim(name)
        assert claim is not None
        assert type(value) is python[claim.type], name


@each
def test_claims_without_optional_are_always_there_when_they_are_simulated(entry: Issuer) -> None:
    claims = simulate(entry.name)
    for claim in entry.claims:
        if claim.value and not claim.optional:
            assert claim.name in claims, claim.name


@each
def test_every_subject_example_comes_from_its_grammar(entry: Issuer) -> None:
    assert entry.subject
    for form in entry.subject:
        claims = simulate(entry.name, **form.values)
        assert subject_of(entry, claims) == form.example


@each
def test_the_recommended_condition_keeps_other_tenants_out(entry: Issuer) -> None:
    condition = compile_condition(recommended_condition(entry.name))
    assert isinstance(condition, Compiled), condition
    intended = condition.evaluate(variables(simulate(entry.name)))
    other = condition.evaluate(variables(simulate_other_tenant(entry.name)))
    assert intended.accepts, intended
    assert not other.failed, "the refusal should not come from an error"
    assert not other.accepts


@each
def test_the_recommended_condition_names_a_tenancy_claim(entry: Issuer) -> None:
    assert any(name in entry.condition for name in entry.tenancy_claims)
    assert "||" not in entry.condition


@each
def test_the_recommended_mapping_gives_a_subject_that_fits(entry: Issuer) -> None:
    claims = simulate(entry.name)
    for key, expression in recommended_mapping(entry.name).items():
        compiled = compile_mapping(expression, lists=key == "google.groups")
        assert isinstance(compiled, Compiled), compiled
        result = compiled.evaluate({"assertion": claims})
        assert not result.failed, result
        if key == "google.subject":
            assert isinstance(result.value, str)
            assert 0 < len(result.value.encode()) <= 127


def subject_of(entry: Issuer, claims: dict[str, object]) -> object:
    """What the subject grammar of this kind of entry is about."""
    match entry.kind:
        case ProviderKind.OIDC:
            return claims["sub"]
        case ProviderKind.AWS:
            return claims["arn"]
        case ProviderKind.SAML:
            return claims["subject"]
        case _:
            return claims["subject"]["dn"]["cn"]  # type: ignore[index]


def variables(claims: dict[str, object]) -> dict[str, object]:
    return {"assertion": claims, "google": {}, "attribute": {}}
