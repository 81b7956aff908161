"""The catalogue against a second, independent source: the census of cloudarq-issuers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cloudarq_issuers as census
import pytest

from wifctl.trust.issuers.catalogue import catalogue, is_multi_tenant, issuer
from wifctl.trust.issuers.model import AudienceChoice
from wifctl.trust.issuers.simulate import fill, resolve

NAMES = {
    "Bitbucket Pipelines": "bitbucket",
    "Buildkite": "buildkite",
    "CircleCI": "circleci",
    "Codefresh": "codefresh",
    "Depot": "depot",
    "GitHub Actions": "github",
    "GitHub Actions (enterprise issuer path)": "github-enterprise-cloud",
    "GitHub Enterprise Server (self-hosted)": "github-enterprise-server",
    "GitLab self-managed": "gitlab-self-managed",
    "GitLab.com": "gitlab",
    "Jenkins (OpenID Connect Provider plugin)": "jenkins",
    "Namespace": "namespace",
    "Semaphore": "semaphore",
    "HCP Terraform (Terraform Cloud)": "hcp-terraform",
    "Pulumi Cloud": "pulumi",
    "Scalr": "scalr",
    "Spacelift": "spacelift",
    "Terraform Enterprise (self-hosted)": "terraform-enterprise",
    "env0": "env0",
    "Amazon EKS (Kubernetes service account issuer / IRSA)": "eks",
    "Azure Kubernetes Service (AKS workload identity)": "aks",
    "Google Kubernetes Engine (GKE)": "gke",
    "Modal": "modal",
    "SPIFFE / SPIRE (OIDC Discovery Provider)": "spiffe",
    "AWS (outbound identity federation)": "aws-outbound-oidc",
    "Google (accounts.google.com)": "google",
    "Microsoft Entra ID": "entra-v2",
    "Cognition": "devin",
    "Warp": "warp",
    "Chainguard": "chainguard",
}
"""The census's entries that the catalogue has too, with Cursor and Harness left out: two each."""

CHOICES = {
    "workload": AudienceChoice.WORKLOAD,
    "issuer": AudienceChoice.ISSUER,
    "relying_party": AudienceChoice.RELYING_PARTY,
}
OUR_READING = {"aks", "eks", "jenkins", "entra-v2"}
"""Where the census looks at another relying party: the audience of a token for Google differs."""

ENTRIES = {entry["name"]: entry for entry in census.issuers() if entry["name"] in NAMES}
each = pytest.mark.parametrize("name", NAMES)


@each
def test_both_sources_name_the_same_issuer(name: str) -> None:
    entry, ours = ENTRIES[name], issuer(NAMES[name])
    theirs = str(entry.get("issuer") or entry.get("issuer_pattern"))
    assert shape(theirs) == shape(ours.issuer)


@each
def test_both_sources_agree_on_who_shares_the_issuer(name: str) -> None:
    assert issuer(NAMES[name]).multi_tenant is (ENTRIES[name]["tenancy_model"] == "shared")


@each
def test_immutable_claims_of_the_census_are_immutable_here(name: str) -> None:
    ours = issuer(NAMES[name])
    theirs = set(ENTRIES[name].get("immutable_id_claims") or ())
    known = {claim.name for claim in ours.claims}
    immutable = {claim.name for claim in ours.claims if claim.immutable}
    assert theirs & known <= immutable


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, ours in NAMES.items()
        if ENTRIES[name].get("aud_controlled_by") in CHOICES and ours not in OUR_READING
    ],
)
def test_whoever_chooses_the_audience_is_the_same(name: str) -> None:
    theirs = CHOICES[str(ENTRIES[name]["aud_controlled_by"])]
    assert issuer(NAMES[name]).audience.chosen_by is theirs


VENDOR_CLAIMS = {
    "github",
    "gitlab",
    "buildkite",
    "hcp-terraform",
    "spacelift",
    "codefresh",
    "scalr",
    "circleci",
}
"""Where the census lists the vendor's own claims, not a login vocabulary."""


@pytest.mark.parametrize("name", [name for name, ours in NAMES.items() if ours in VENDOR_CLAIMS])
def test_the_census_knows_no_claim_that_the_catalogue_lacks(name: str) -> None:
    theirs = set(ENTRIES[name].get("claims") or ()) - {"ref", "sid", "auth_time"}
    assert theirs <= {claim.name for claim in issuer(NAMES[name]).claims}


@each
def test_no_tenancy_claim_here_is_one_that_the_census_warns_of(name: str) -> None:
    warned = {item["claim"] for item in listed(ENTRIES[name], "not_tenancy")}
    assert not warned & set(issuer(NAMES[name]).tenancy_claims)


@each
def test_tenancy_claims_of_the_census_are_known_here(name: str) -> None:
    theirs = {str(item["claim"]) for item in listed(ENTRIES[name], "tenancy_claims")}
    single = ENTRIES[name].get("tenancy_claim")
    theirs |= {str(single)} if single and single != "unverified" else set()
    assert theirs <= set(issuer(NAMES[name]).tenancy_claims)


def test_every_shared_issuer_of_the_census_is_multi_tenant_here() -> None:
    shared = [entry for entry in census.issuers() if entry["tenancy_model"] == "shared"]
    urls = [str(entry["issuer"]) for entry in shared if str(entry["issuer"]).startswith("https")]
    assert len(urls) >= 17
    assert [url for url in urls if not is_multi_tenant(url)] == []


def test_the_census_finds_our_examples_under_the_same_tenancy() -> None:
    compared = 0
    for entry in catalogue():
        url = fill(entry.issuer, resolve(entry, {}))
        theirs = census.match(url) if url and entry.matchable else None
        if theirs is not None:
            compared += 1
            assert NAMES.get(theirs[0]["name"], entry.name) == entry.name
    assert compared > 5


def shape(url: str) -> str:
    """A URL with every `<placeholder>` and `{placeholder}` made one sign."""
    text, depth = "", 0
    for sign in url.rstrip("/"):
        depth += (sign in "<{") - (sign in ">}")
        text += "*" if sign in ">}" else "" if depth else sign
    return text


def listed(entry: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    return list(entry.get(field, {}).get("claims", []))
