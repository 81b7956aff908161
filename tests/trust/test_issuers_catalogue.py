"""The issuer catalogue: every file follows the schema, is found by its URL and recommends well."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from wifctl.diagnostics import WifctlError
from wifctl.trust.cel.compile import Compiled, compile_condition, compile_mapping
from wifctl.trust.issuers import catalogue as module
from wifctl.trust.issuers.catalogue import (
    catalogue,
    find_issuer,
    index,
    index_of,
    is_multi_tenant,
    issuer,
    issuer_names,
    multi_tenant_issuer,
)
from wifctl.trust.issuers.load import CatalogueError, load_issuer
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
SHARED = frozenset(
    """
github gitlab hcp-terraform buildkite codefresh pulumi scalr env0 depot namespace modal chainguard
devin cursor warp google entra-multi-tenant vercel-global
""".split()  # noqa: SIM905
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


def test_the_shared_issuers_are_known_as_such() -> None:
    assert {entry.name for entry in ALL if entry.multi_tenant} == SHARED


@each
def test_an_entry_is_found_by_its_own_issuer(entry: Issuer) -> None:
    urls = (entry.issuer, *entry.aliases) if entry.matchable else entry.aliases
    for url in filter(None, urls):
        filled = fill(url, resolve(entry, {}))
        assert find_issuer(filled) is entry
        assert find_issuer(filled + "/") is entry
        assert is_multi_tenant(filled) is entry.multi_tenant


@pytest.mark.parametrize(
    "url",
    [
        "https://token.actions.githubusercontent.com.example.com",
        "https://example.com/token.actions.githubusercontent.com",
        "https://token.actions.githubusercontent.com/acme/extra",
        "http://token.actions.githubusercontent.com",
        "https://gitlab.com.example.com",
        "https://gitlab.example.com",
        "https://login.microsoftonline.com/common/v2.0/extra",
        "https://kubernetes.example.com",
        "",
        "gitlab.com",
    ],
)
def test_other_urls_belong_to_no_shared_issuer(url: str) -> None:
    assert not is_multi_tenant(url)
    assert multi_tenant_issuer(url) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://token.actions.githubusercontent.com/", "github"),
        ("https://TOKEN.actions.githubusercontent.com", "github"),
        ("https://token.actions.githubusercontent.com/acme-inc", "github-enterprise-cloud"),
        ("https://github.example.com/_services/token", "github-enterprise-server"),
        ("https://login.microsoftonline.com/common/v2.0", "entra-multi-tenant"),
        ("https://login.microsoftonline.com/72f988bf-0000-4000-8000-2d7cd011db47/v2.0", "entra-v2"),
        ("https://oidc.vercel.com", "vercel-global"),
        ("https://oidc.vercel.com/acme", "vercel"),
        ("https://vstoken.dev.azure.com/33333333-4444-4555-8666-777777777777", "azure-devops"),
        ("https://adfs.example.com/adfs", "adfs-oidc"),
    ],
)
def test_neighbouring_issuers_are_told_apart(url: str, name: str) -> None:
    found = find_issuer(url)
    assert found is not None
    assert found.name == name


def test_asking_about_a_url_reads_only_the_file_that_it_needs() -> None:
    issuer.cache_clear()
    assert is_multi_tenant("https://gitlab.com")
    assert issuer.cache_info().currsize == 0
    assert find_issuer("https://gitlab.com") is not None
    assert issuer.cache_info().currsize == 1


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(WifctlError, match="no issuer 'githob'") as caught:
        issuer("githob")
    assert "github" in caught.value.diagnostics[0].allowed


@pytest.mark.parametrize("name", ["../model", "data/github", "", "GITHUB"])
def test_a_name_never_leaves_the_catalogue(name: str) -> None:
    with pytest.raises(WifctlError):
        issuer(name)


def test_the_condition_for_people_has_placeholders_in_capitals() -> None:
    shown = issuer("gitlab").recommended_condition
    assert "assertion.namespace_id == 'GROUP_ID'" in shown


def test_the_data_lies_where_the_wheel_takes_it_from() -> None:
    package = Path(module.__file__).parents[2]
    assert package.name == "wifctl"
    assert (Path(module.__file__).parent / "data" / "github.yaml").is_file()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": "x"}, "unknown fields extra"),
        ({"verified": "yes"}, "bool needed"),
        ({"claims": {"sub": {"immutabel": True}}}, "claims.sub: unknown fields immutabel"),
        ({"parameters": {"id": {"value": 7}}}, "quote it"),
        ({"title": None}, "str needed"),
        ({"audience": {}}, "chosenBy"),
    ],
)
def test_a_slip_in_a_file_is_an_error(change: dict[str, object], message: str) -> None:
    content = {
        "name": "example",
        "title": "Example",
        "kind": "oidc",
        "tenancy": "shared",
        "verified": True,
        "audience": {"chosenBy": "workload"},
        "condition": "true",
    }
    load_issuer(content)
    with pytest.raises(CatalogueError, match=message):
        load_issuer({**content, **change})


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
