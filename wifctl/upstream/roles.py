"""Which bindings let a member read a secret's payload or download packages, as far as is known."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

from wifctl.api import Binding
from wifctl.trust.iam_condition import judge_iam_condition
from wifctl.trust.verdict import Outcome

ACCESSOR = "roles/secretmanager.secretAccessor"
READER = "roles/artifactregistry.reader"
ACCESS_ROLES = frozenset({ACCESSOR, "roles/secretmanager.admin", "roles/owner"})
"""Predefined roles with secretmanager.versions.access."""
DOWNLOAD_ROLES = frozenset(
    {
        READER,
        *(f"roles/artifactregistry.{name}" for name in ("writer", "repoAdmin", "admin")),
        *("roles/viewer", "roles/editor", "roles/owner"),
    }
)
"""Predefined roles with artifactregistry.repositories.downloadArtifacts."""
_AGENT = re.compile(r"serviceAccount:service-([0-9]+)@gcp-sa-artifactregistry\..*")
_SETS = ("group:", "principalSet://", "domain:", "projectOwner:", "projectEditor:")
_EVERYBODY = ("allUsers", "allAuthenticatedUsers")


def agent_member(number: str) -> str:
    """The Artifact Registry service agent of a project, by the project's number."""
    return f"serviceAccount:service-{number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"


def judge(
    bindings: Iterable[Binding], member: str, roles: frozenset[str], now: datetime.datetime
) -> Outcome:
    """Whether a member holds one of the roles; unknown where a set or a custom role may say so."""
    outcome = Outcome.FAIL
    for binding in bindings:
        custom = not binding.role.startswith("roles/")
        if binding.role not in roles and not custom:
            continue
        named = any(who in (member, *_EVERYBODY) for who in binding.members)
        if not named and not any(who.startswith(_SETS) for who in binding.members):
            continue
        met = judge_iam_condition(binding.condition.expression, now) if binding.condition else None
        if met is Outcome.FAIL:
            continue
        if named and not custom and met in (None, Outcome.PASS):
            return Outcome.PASS
        outcome = Outcome.UNKNOWN
    return outcome


def other_agents(bindings: Sequence[Binding], number: str) -> list[str]:
    """Numbers of other projects whose agents may read the secret: a frequent mix-up."""
    found = {
        match[1]
        for binding in bindings
        if binding.role in ACCESS_ROLES
        for member in binding.members
        if (match := _AGENT.fullmatch(member))
    }
    return sorted(found - {number})
