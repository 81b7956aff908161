"""Members that are fine."""

from __future__ import annotations

import pytest

from tests.manifest.loading import document, load_text, pool, provider

POOL = "iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github"


def grant(member: str, on: str = "secret: projects/acme-ci/secrets/token") -> str:
    spec = f"  on: {{{on}}}\n  role: roles/viewer\n  members:\n    - {member}\n"
    return document("IamGrant", "grant", spec)


@pytest.mark.parametrize(
    "member",
    [
        "user:a@example.com",
        "group:a@example.com",
        "domain:example.com",
        "serviceAccount:a@acme-ci.iam.gserviceaccount.com",
        "serviceAccount:acme-ci.svc.id.goog[namespace/account]",
        "projectOwner:acme-ci",
        "allUsers",
        "allAuthenticatedUsers",
        f"principal://{POOL}/subject/repo:acme/shop:ref:refs/heads/main",
        f"principalSet://{POOL}/group/admins",
        f"principalSet://{POOL}/attribute.repository/acme/shop",
        f"principalSet://{POOL}/*",
        "principalSet://iam.googleapis.com/locations/global/workforcePools/people/*",
        "{user: a@example.com}",
        "{group: a@example.com}",
        "{domain: example.com}",
        "{serviceAccount: a@acme-ci.iam.gserviceaccount.com}",
        "{serviceAgent: artifactregistry}",
        "{serviceAgent: run.googleapis.com, project: acme-other}",
        "{pool: github, subject: a}",
        "{pool: github, attribute: {name: repository, value: acme/shop}}",
        "{pool: github, all: true}",
    ],
)
def test_a_member_of_every_form_is_taken(member: str) -> None:
    loaded = load_text(pool() + provider() + grant(member))
    assert [str(found) for found in loaded.diagnostics] == []


def test_attributes_of_a_pool_without_declared_providers_are_not_judged() -> None:
    member = "{pool: github, attribute: {name: anything, value: a}}"
    assert load_text(pool() + grant(member)).diagnostics == ()


def test_one_provider_that_maps_the_attribute_is_enough() -> None:
    other = provider("other").replace("attribute.repository:", "attribute.other:")
    member = "{pool: github, attribute: {name: other, value: a}}"
    assert load_text(pool() + provider() + other + grant(member)).diagnostics == ()


def test_an_aws_provider_without_mapping_maps_the_role() -> None:
    spec = '{pool: github, aws: {accountId: "012345678901"}}'
    text = pool() + document("WorkloadIdentityPoolProvider", "amazon", spec)
    member = "{pool: github, attribute: {name: aws_role, value: a}}"
    assert load_text(text + grant(member)).diagnostics == ()


def test_roles_of_projects_and_organisations_are_taken() -> None:
    for role in ("roles/run.developer", "projects/acme-ci/roles/own", "organizations/1/roles/own"):
        text = grant("user:a@example.com").replace("roles/viewer", role)
        assert load_text(text).diagnostics == ()


@pytest.mark.parametrize(
    "expression",
    [
        "request.time < timestamp('2027-01-01T00:00:00Z')",
        "resource.matchTag('1234/env', 'prod')",
        "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/x'])",
        "destination.ip == '10.0.0.1' && destination.port == 21",
        "resource.name.startsWith('projects/_/buckets/a') || resource.type != 'b'",
    ],
)
def test_conditions_of_any_service_are_taken(expression: str) -> None:
    condition = f'  condition: {{title: when, expression: "{expression}"}}\n'
    plain = grant("user:a@example.com").replace("roles/viewer", "roles/browser")
    text = plain.replace("---\n", f"{condition}---\n")
    assert load_text(text).diagnostics == ()
