"""Which entry an issuer URL or a name leads to, and what is read for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from wifctl.diagnostics import WifctlError
from wifctl.trust.issuers import catalogue as module
from wifctl.trust.issuers.catalogue import (
    catalogue,
    find_issuer,
    is_multi_tenant,
    issuer,
    multi_tenant_issuer,
)
from wifctl.trust.issuers.load import CatalogueError, load_issuer
from wifctl.trust.issuers.model import Issuer
from wifctl.trust.issuers.simulate import (
    fill,
    resolve,
)

ALL = catalogue()
SHARED = frozenset(
    """
github gitlab hcp-terraform buildkite codefresh pulumi scalr env0 depot namespace modal chainguard
devin cursor warp google entra-multi-tenant vercel-global
""".split()  # noqa: SIM905
)

each = pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.name)


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
