"""Which permissions a role grants, for the services of the emulator.

Predefined roles are described by patterns rather than by Google's full lists: enough to tell apart
who may read, use, write and grant. A pattern after `!` takes away what others gave. Custom roles
grant nothing here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

_PROJECT_GET = "resourcemanager.projects.get"
_ACCOUNTS = "iam.serviceAccounts"
_POLICIES = ("getIamPolicy", "setIamPolicy")


def _all(prefix: str, *verbs: str) -> tuple[str, ...]:
    """`prefix.verb` for each verb."""
    return tuple(f"{prefix}.{verb}" for verb in verbs)


_NOT_IMPERSONATE = _all(
    f"!{_ACCOUNTS}",
    *("getAccessToken", "getOpenIdToken", "implicitDelegation", "signBlob", "signJwt"),
)
"""What no basic role holds: the owner of a project is not by that each of its accounts."""
_READ = ("get", "list", "getIamPolicy")
_WRITE = ("create", "update", "delete", "undelete", "enable", "disable")
_ARTIFACTS_READ = (
    *_all("artifactregistry.repositories", "get", "list", "downloadArtifacts"),
    *_all("artifactregistry.locations", "get", "list"),
)
_ARTIFACTS_WRITE = (*_ARTIFACTS_READ, "artifactregistry.repositories.uploadArtifacts")

_IAM: Mapping[str, tuple[str, ...]] = {
    "roles/iam.securityReviewer": ("*.list", "*.getIamPolicy", _PROJECT_GET),
    "roles/iam.securityAdmin": ("*.getIamPolicy", "*.setIamPolicy", "*.list", _PROJECT_GET),
    "roles/iam.workloadIdentityPoolAdmin": ("iam.workloadIdentityPool*", _PROJECT_GET),
    "roles/iam.workloadIdentityPoolViewer": (
        *_all("iam.workloadIdentityPool*", *_READ),
        _PROJECT_GET,
    ),
    "roles/iam.serviceAccountAdmin": (
        *_all(_ACCOUNTS, *_WRITE, "get", "list", *_POLICIES),
        _PROJECT_GET,
    ),
    "roles/iam.serviceAccountCreator": (
        *_all(_ACCOUNTS, "create", "get", "list"),
        _PROJECT_GET,
    ),
    "roles/iam.serviceAccountDeleter": (
        *_all(_ACCOUNTS, "delete", "get", "list"),
        _PROJECT_GET,
    ),
    "roles/iam.serviceAccountViewer": (
        *_all(_ACCOUNTS, *_READ),
        *_all("iam.serviceAccountKeys", "get", "list"),
        _PROJECT_GET,
    ),
    "roles/iam.serviceAccountKeyAdmin": (
        "iam.serviceAccountKeys.*",
        *_all(_ACCOUNTS, "get", "list"),
        _PROJECT_GET,
    ),
    "roles/iam.serviceAccountUser": (*_all(_ACCOUNTS, "actAs", "get", "list"), _PROJECT_GET),
    "roles/iam.serviceAccountTokenCreator": _all(
        _ACCOUNTS,
        *("get", "list", "getAccessToken", "getOpenIdToken", "implicitDelegation"),
        *("signBlob", "signJwt"),
    ),
    "roles/iam.serviceAccountOpenIdTokenCreator": (f"{_ACCOUNTS}.getOpenIdToken",),
    "roles/iam.workloadIdentityUser": _all(
        _ACCOUNTS, "get", "list", "getAccessToken", "getOpenIdToken"
    ),
}

_SECRETS: Mapping[str, tuple[str, ...]] = {
    "roles/secretmanager.admin": ("secretmanager.*", _PROJECT_GET),
    "roles/secretmanager.viewer": (
        *_all("secretmanager.secrets", *_READ),
        *_all("secretmanager.versions", "get", "list"),
        *_all("secretmanager.locations", "get", "list"),
        _PROJECT_GET,
    ),
    "roles/secretmanager.secretAccessor": ("secretmanager.versions.access", _PROJECT_GET),
    "roles/secretmanager.secretVersionAdder": ("secretmanager.versions.add", _PROJECT_GET),
    "roles/secretmanager.secretVersionManager": (
        *_all("secretmanager.versions", "add", "destroy", "disable", "enable", "get", "list"),
        _PROJECT_GET,
    ),
}

_ARTIFACTS: Mapping[str, tuple[str, ...]] = {
    "roles/artifactregistry.admin": ("artifactregistry.*", _PROJECT_GET),
    "roles/artifactregistry.repoAdmin": (
        *_ARTIFACTS_WRITE,
        "artifactregistry.repositories.deleteArtifacts",
        "artifactregistry.packages.*",
    ),
    "roles/artifactregistry.writer": _ARTIFACTS_WRITE,
    "roles/artifactregistry.reader": _ARTIFACTS_READ,
}

_PROJECTS: Mapping[str, tuple[str, ...]] = {
    "roles/owner": ("*", *_NOT_IMPERSONATE),
    "roles/editor": (
        *_all("*", *_WRITE, "get", "list", "use"),
        *_all("secretmanager.versions", "add", "destroy"),
        *("artifactregistry.*.upload*", "artifactregistry.*.download*"),
        *("artifactregistry.*.deleteArtifacts", f"{_ACCOUNTS}.actAs"),
        *("!iam.workloadIdentityPool*.create", "!iam.workloadIdentityPool*.*elete"),
        *("!iam.workloadIdentityPool*.update", "!resourcemanager.projects.*elete"),
    ),
    "roles/viewer": (
        *("*.get", "*.list", "*.read"),
        "artifactregistry.repositories.downloadArtifacts",
    ),
    "roles/browser": _all("resourcemanager.projects", "get", "getIamPolicy"),
    "roles/resourcemanager.projectIamAdmin": _all("resourcemanager.projects", "get", *_POLICIES),
    "roles/serviceusage.serviceUsageAdmin": (
        *("serviceusage.services.*", "serviceusage.operations.*"),
        _PROJECT_GET,
    ),
    "roles/serviceusage.serviceUsageConsumer": (
        *_all("serviceusage.services", "get", "list", "use"),
        _PROJECT_GET,
    ),
    "roles/serviceusage.serviceUsageViewer": (
        *_all("serviceusage.services", "get", "list"),
        _PROJECT_GET,
    ),
}

ROLES: Mapping[str, tuple[str, ...]] = {**_PROJECTS, **_IAM, **_SECRETS, **_ARTIFACTS}


@functools.lru_cache(maxsize=4096)
def grants(role: str, permission: str) -> bool:
    """Whether a role holds a permission."""
    patterns = ROLES.get(role, ())
    taken = (pattern[1:] for pattern in patterns if pattern.startswith("!"))
    return _any(permission, patterns) and not _any(permission, taken)


def _any(permission: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(permission, pattern) for pattern in patterns)
