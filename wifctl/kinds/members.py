"""Members of grants: Google's string form or the typed form, and what each stands for."""

from __future__ import annotations

from collections.abc import Mapping

from wifctl.kinds.base import Facts
from wifctl.kinds.forms import MemberForm
from wifctl.names import service_account_email
from wifctl.principals import PoolPrincipal, Selector, normal_member
from wifctl.resource import Address, Later, LaterKind, Link

SERVICE_AGENTS = {
    "artifactregistry": "gcp-sa-artifactregistry",
    "secretmanager": "gcp-sa-secretmanager",
    "cloudbuild": "gcp-sa-cloudbuild",
    "pubsub": "gcp-sa-pubsub",
    "run": "serverless-robot-prod",
    "container": "container-engine-robot",
    "compute": "compute-system",
    "eventarc": "gcp-sa-eventarc",
    "workflows": "gcp-sa-workflows",
    "cloudscheduler": "gcp-sa-cloudscheduler",
}
"""Service → the domain of its agent, from Google's page "Service agents"."""


def member_text(
    form: MemberForm, path: str, links: Mapping[str, Link], project: str, facts: Facts
) -> str | Later:
    """Google's member string of a checked form, in its normal form.

    `path` is where the form stands below `spec`; `project` is the document's project. A project
    number that is not known yet leaves a hole.
    """
    if form.member is not None:
        return normal_member(form.member)
    if form.pool is not None:
        return _pool_member(form, links[f"{path}.pool"].address, facts)
    if form.service_account is not None:
        return f"serviceAccount:{account_email(links[f'{path}.serviceAccount'].address)}"
    if form.service_agent is not None:
        return _agent_member(form.service_agent, form.project or project, facts)
    for name in ("user", "group", "domain"):
        if (value := getattr(form, name)) is not None:
            return normal_member(f"{name}:{value}")
    raise AssertionError("a member form without a variant passed the check")


def account_email(address: Address) -> str:
    """The e-mail of a service account's address."""
    return address.id if "@" in address.id else service_account_email(*address.path)


def with_number(template: str, project: str, facts: Facts) -> str | Later:
    """A text with the number of a project in its one `{}`, or with a hole there."""
    number = facts.projects.number(project)
    if number is not None:
        return template.replace("{}", number, 1)
    return Later(LaterKind.PROJECT_NUMBER, project, template)


def _pool_member(form: MemberForm, pool: Address, facts: Facts) -> str | Later:
    project, pool_id = pool.path
    if form.all:
        principal = PoolPrincipal("{}", pool_id, Selector.ALL)
    elif form.attribute is not None:
        name, value = form.attribute.name, form.attribute.value
        principal = PoolPrincipal("{}", pool_id, Selector.ATTRIBUTE, value, name)
    elif form.group is not None:
        principal = PoolPrincipal("{}", pool_id, Selector.GROUP, form.group)
    else:
        principal = PoolPrincipal("{}", pool_id, Selector.SUBJECT, form.subject or "")
    return with_number(str(principal), project, facts)


def _agent_member(service: str, project: str, facts: Facts) -> str | Later:
    domain = SERVICE_AGENTS[service.removesuffix(".googleapis.com")]
    return with_number(
        f"serviceAccount:service-{{}}@{domain}.iam.gserviceaccount.com", project, facts
    )
