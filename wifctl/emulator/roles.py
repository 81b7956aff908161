"""Which permissions a role grants, for the services of the emulator.

Predefined roles are described by patterns rather than by Google's full lists: enough to tell apart
who may read, use, write and grant. Custom roles grant nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

_READ = ("*.get", "*.list", "*.getIamPolicy")

ROLES: Mapping[str, tuple[str, ...]] = {
    "roles/owner": ("*",),
    "roles/editor": (
        *("*.get", "*.list", "*.create", "*.update", "*.delete", "*.undelete", "*.enable"),
        *("*.disable", "*.use", "artifactregistry.*.upload*", "iam.serviceAccounts.actAs"),
    ),
    "roles/viewer": ("*.get", "*.list", "*.read"),
    "roles/browser": ("resourcemanager.projects.get", "resourcemanager.projects.getIamPolicy"),
    "roles/iam.securityReviewer": ("*.list", "*.getIamPolicy", "resourcemanager.projects.get"),
    "roles/iam.securityAdmin": ("*.getIamPolicy", "*.setIamPolicy", "*.list"),
    "roles/resourcemanager.projectIamAdmin": (
        "resourcemanager.projects.get",
        "resourcemanager.projects.getIamPolicy",
        "resourcemanager.projects.setIamPolicy",
    ),
    "roles/iam.workloadIdentityPoolAdmin": (
        "iam.workloadIdentityPool*",
        "resourcemanager.projects.get",
    ),
    "roles/iam.workloadIdentityPoolViewer": (
        *(f"iam.workloadIdentityPool*{verb[1:]}" for verb in _READ),
        "resourcemanager.projects.get",
    ),
    "roles/iam.serviceAccountAdmin": (
        *(f"iam.serviceAccounts.{verb}" for verb in ("create", "delete", "disable", "enable")),
        *(f"iam.serviceAccounts.{verb}" for verb in ("get", "list", "undelete", "update")),
        *("iam.serviceAccounts.getIamPolicy", "iam.serviceAccounts.setIamPolicy"),
        "resourcemanager.projects.get",
    ),
    "roles/iam.serviceAccountCreator": (
        *(f"iam.serviceAccounts.{verb}" for verb in ("create", "get", "list")),
        "resourcemanager.projects.get",
    ),
    "roles/iam.serviceAccountDeleter": (
        *(f"iam.serviceAccounts.{verb}" for verb in ("delete", "get", "list")),
        "resourcemanager.projects.get",
    ),
    "roles/iam.serviceAccountViewer": (
        *(f"iam.serviceAccounts{verb[1:]}" for verb in _READ),
        *("iam.serviceAccountKeys.get", "iam.serviceAccountKeys.list"),
        "resourcemanager.projects.get",
    ),
    "roles/iam.serviceAccountUser": (
        *("iam.serviceAccounts.actAs", "iam.serviceAccounts.get", "iam.serviceAccounts.list"),
        "resourcemanager.projects.get",
    ),
    "roles/iam.serviceAccountTokenCreator": (
        *(f"iam.serviceAccounts.{verb}" for verb in ("get", "list", "getAccessToken")),
        *(f"iam.serviceAccounts.{verb}" for verb in ("getOpenIdToken", "signBlob", "signJwt")),
        "iam.serviceAccounts.implicitDelegation",
    ),
    "roles/iam.serviceAccountOpenIdTokenCreator": ("iam.serviceAccounts.getOpenIdToken",),
    "roles/iam.workloadIdentityUser": (
        *("iam.serviceAccounts.get", "iam.serviceAccounts.getAccessToken"),
        *("iam.serviceAccounts.getOpenIdToken", "iam.serviceAccounts.list"),
    ),
    "roles/secretmanager.admin": ("secretmanager.*", "resourcemanager.projects.get"),
    "roles/secretmanager.viewer": (
        *(f"secretmanager.secrets{verb[1:]}" for verb in _READ),
        *("secretmanager.versions.get", "secretmanager.versions.list"),
        "resourcemanager.projects.get",
    ),
    "roles/secretmanager.secretAccessor": (
        "secretmanager.versions.access",
        "resourcemanager.projects.get",
    ),
    "roles/secretmanager.secretVersionAdder": (
        "secretmanager.versions.add",
        "resourcemanager.projects.get",
    ),
    "roles/secretmanager.secretVersionManager": (
        *(f"secretmanager.versions.{verb}" for verb in ("add", "destroy", "disable", "enable")),
        *("secretmanager.versions.get", "secretmanager.versions.list"),
        "resourcemanager.projects.get",
    ),
    "roles/artifactregistry.admin": ("artifactregistry.*",),
    "roles/artifactregistry.repoAdmin": (
        *("artifactregistry.repositories.get", "artifactregistry.repositories.list"),
        *("artifactregistry.repositories.*Artifacts", "artifactregistry.packages.*"),
    ),
    "roles/artifactregistry.writer": (
        *("artifactregistry.repositories.get", "artifactregistry.repositories.list"),
        *("artifactregistry.repositories.downloadArtifacts", "artifactregistry.*.uploadArtifacts"),
    ),
    "roles/artifactregistry.reader": (
        *("artifactregistry.repositories.get", "artifactregistry.repositories.list"),
        "artifactregistry.repositories.downloadArtifacts",
    ),
    "roles/serviceusage.serviceUsageAdmin": (
        *("serviceusage.services.*", "serviceusage.operations.*"),
        "resourcemanager.projects.get",
    ),
    "roles/serviceusage.serviceUsageConsumer": (
        *("serviceusage.services.get", "serviceusage.services.list"),
        *("serviceusage.services.use", "resourcemanager.projects.get"),
    ),
}  # fmt: skip


def grants(role: str, permission: str) -> bool:
    """Whether a role holds a permission."""
    return any(fnmatchcase(permission, pattern) for pattern in ROLES.get(role, ()))
