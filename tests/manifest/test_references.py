"""References: by name, by project and name, by full name; and whose project counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifest.loading import codes, document, load_files, load_text, pool, provider
from wifctl.resource import Address, Link

EMAIL = "deployer@acme-ci.iam.gserviceaccount.com"


def binding(account: str, name: str = "binding", metadata: str = "") -> str:
    spec = f"{{serviceAccount: {account}, principals: [{{user: a@example.com}}]}}"
    return document("WorkloadIdentityBinding", name, spec, metadata)


def account(name: str = "deployer", metadata: str = "") -> str:
    return document("ServiceAccount", name, metadata=metadata)


def link(text: str, name: str = "binding", path: str = "serviceAccount") -> Link:
    loaded = load_text(text)
    assert loaded.diagnostics == ()
    return {r.name: r for r in loaded.resources}[name].links[path]


def deployer(project: str) -> Address:
    return Address("ServiceAccount", (project, "deployer"))


def test_a_name_means_the_referrers_own_project_first() -> None:
    text = account() + account(metadata="project: acme-other") + binding("deployer")
    assert link(text) == Link(deployer("acme-ci"))
    text = account() + account(metadata="project: acme-other")
    assert link(text + binding("deployer", metadata="project: acme-other")) == Link(
        deployer("acme-other")
    )


def test_a_name_that_is_unique_may_be_in_another_project() -> None:
    assert link(account(metadata="project: acme-other") + binding("deployer")) == Link(
        deployer("acme-other")
    )


def test_project_and_name_choose_among_many() -> None:
    text = account(metadata="project: acme-one") + account(metadata="project: acme-two")
    assert link(text + binding("acme-two/deployer")) == Link(deployer("acme-two"))


@pytest.mark.parametrize(
    "text",
    [
        EMAIL,
        f"projects/acme-ci/serviceAccounts/{EMAIL}",
        f"projects/-/serviceAccounts/{EMAIL}",
        f"//iam.googleapis.com/projects/acme-ci/serviceAccounts/{EMAIL}",
    ],
)
def test_full_names_find_declared_objects_too(text: str) -> None:
    assert link(account() + binding(text)) == Link(deployer("acme-ci"))
    assert link(binding(text)) == Link(deployer("acme-ci"), declared=False)


def test_accounts_google_made_keep_their_e_mail() -> None:
    email = "123456789012-compute@developer.gserviceaccount.com"
    assert link(binding(email)) == Link(Address("ServiceAccount", ("-", email)), declared=False)


@pytest.mark.parametrize(
    ("field", "text", "address"),
    [
        ("secret", "projects/acme-ci/secrets/token", "Secret/acme-ci/token"),
        (
            "secret",
            "projects/acme-ci/locations/europe-west1/secrets/token",
            "Secret/acme-ci/europe-west1/token",
        ),
        (
            "repository",
            "projects/acme-ci/locations/eu/repositories/pypi",
            "ArtifactRegistryRepository/acme-ci/eu/pypi",
        ),
        (
            "pool",
            "projects/123456789012/locations/global/workloadIdentityPools/github",
            "WorkloadIdentityPool/acme-ci/github",
        ),
    ],
)
def test_outside_objects_are_named_in_full(
    tmp_path: Path, field: str, text: str, address: str
) -> None:
    spec = f"{{on: {{{field}: {text}}}, role: roles/viewer, members: [{{user: a@example.com}}]}}"
    files = {
        "wifctl.yaml": "projects: {acme-ci: 123456789012}\n",
        "grant.yaml": document("IamGrant", "grant", spec),
    }
    (found,) = load_files(tmp_path, files).resources
    assert str(found.links[f"on.{field}"].address) == address
    assert not found.links[f"on.{field}"].declared


def test_members_are_linked_where_they_stand() -> None:
    spec = "  access:\n    - role: roles/viewer\n      members: [{pool: github, all: true}]\n"
    loaded = load_text(pool() + document("ServiceAccount", "deployer", spec))
    assert loaded.resources[1].links["access[0].members[0].pool"] == Link(
        Address("WorkloadIdentityPool", ("acme-ci", "github"))
    )


def test_accounts_may_grant_each_other_access() -> None:
    def granting(name: str, other: str) -> str:
        access = f"[{{role: roles/viewer, members: [{{serviceAccount: {other}}}]}}]"
        return document("ServiceAccount", name, f"{{access: {access}}}")

    first, other = "first-account", "other-account"
    assert load_text(granting(first, other) + granting(other, first)).diagnostics == ()


def test_what_goes_may_name_what_goes() -> None:
    gone = "lifecycle: {state: absent}\n"
    text = pool(rest=gone) + document(
        "WorkloadIdentityPoolProvider", "github-actions", "{pool: github}", rest=gone
    )
    assert load_text(text).diagnostics == ()


def test_number_and_id_are_one_project_in_references(tmp_path: Path) -> None:
    files = {
        "wifctl.yaml": "projects: {acme-ci: 123456789012}\n",
        "all.yaml": pool() + provider(pool="123456789012/github"),
    }
    loaded = load_files(tmp_path, files)
    assert loaded.diagnostics == ()
    assert loaded.resources[1].address.path == ("acme-ci", "github", "github-actions")


def test_every_dangling_reference_is_reported_in_one_run() -> None:
    text = binding("nobody") + binding("noone", "other") + provider(pool="nowhere")
    assert codes(load_text(text).diagnostics) == ["unknown-reference"] * 3
