"""What Artifact Registry refuses or fills in among a repository's fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from wifctl.emulator.artifactregistry.names import Name
from wifctl.emulator.artifactregistry.remote import checked_remote
from wifctl.emulator.artifactregistry.upstreams import check_upstream
from wifctl.emulator.artifactregistry.virtual import checked_virtual
from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.service import Context

MAX_LABELS = 64
MAX_POLICY_ID = 127
"""Cleanup policy ids are "under 128 characters in length"."""

REMOTE, VIRTUAL = "REMOTE_REPOSITORY", "VIRTUAL_REPOSITORY"
_NEEDS_MODE = {"remoteRepositoryConfig": REMOTE, "virtualRepositoryConfig": VIRTUAL}
_NEEDS_FORMAT = {"mavenConfig": "MAVEN", "dockerConfig": "DOCKER"}
_LABEL_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_LABEL_VALUE = re.compile(r"[a-z0-9_-]{0,63}")


def checked(context: Context, name: Name, sent: Json, touched: Collection[str]) -> Json:
    """A whole repository as kept, its `touched` fields checked and completed.

    Raises INVALID_ARGUMENT for what Google would refuse.
    """
    repository = {k: v for k, v in sent.items() if v not in ({}, [])}
    if "format" not in repository:
        raise invalid("The format of the repository is required.")
    if repository["mode"] == REMOTE and "remoteRepositoryConfig" not in repository:
        raise invalid("A remote repository needs exactly one upstream.")
    for field in repository.keys() & _NEEDS_MODE.keys():
        if repository["mode"] != _NEEDS_MODE[field]:
            raise invalid(f"{field} cannot be set on a {repository['mode']}.")
    for field in repository.keys() & _NEEDS_FORMAT.keys():
        if repository["format"] != _NEEDS_FORMAT[field]:
            raise invalid(f"{field} cannot be set on the format {repository['format']}.")
    for field in touched & repository.keys() & _CHECKS.keys():
        repository[field] = _CHECKS[field](context, name, repository)
    return repository


def _labels(_context: Context, _name: Name, repository: Json) -> Json:
    labels: Json = repository["labels"]
    if len(labels) > MAX_LABELS:
        raise invalid(f"At most {MAX_LABELS} labels are allowed.")
    for key, value in labels.items():
        if not _LABEL_KEY.fullmatch(key) or not _LABEL_VALUE.fullmatch(value):
            raise invalid(f'Invalid label "{key}": "{value}".')
    return labels


def _cleanup(_context: Context, _name: Name, repository: Json) -> Json:
    policies: Json = repository["cleanupPolicies"]
    return {key: _cleanup_policy(key, policy) for key, policy in policies.items()}


def _cleanup_policy(key: str, policy: Json) -> Json:
    if policy.get("id", key) != key:
        raise invalid(f'The cleanup policy "{key}" has another id inside: "{policy["id"]}".')
    if not key or len(key) > MAX_POLICY_ID:
        raise invalid(f"A cleanup policy id must be 1 to {MAX_POLICY_ID} characters long.")
    if "action" not in policy:
        raise invalid(f'The cleanup policy "{key}" has no action.')
    if "mostRecentVersions" in policy and policy["action"] != "KEEP":
        raise invalid(f'The cleanup policy "{key}": most_recent_versions needs the action KEEP.')
    if "condition" not in policy:
        return {**policy, "id": key}
    return {**policy, "id": key, "condition": {"tagState": "ANY", **policy["condition"]}}


def _remote(context: Context, name: Name, repository: Json) -> Json:
    remote = repository["remoteRepositoryConfig"]
    kept = checked_remote(remote, repository["format"])
    check_upstream(context, name.place.project, remote)
    return kept


def _virtual(context: Context, name: Name, repository: Json) -> Json:
    return checked_virtual(
        context, name, repository["virtualRepositoryConfig"], repository["format"]
    )


def _scanning(_context: Context, _name: Name, repository: Json) -> Json:
    sent: Json = repository["vulnerabilityScanningConfig"]
    return {k: v for k, v in sent.items() if k == "enablementConfig"}


_CHECKS: Mapping[str, Callable[[Context, Name, Json], Json]] = {
    "labels": _labels,
    "cleanupPolicies": _cleanup,
    "remoteRepositoryConfig": _remote,
    "virtualRepositoryConfig": _virtual,
    "vulnerabilityScanningConfig": _scanning,
}
