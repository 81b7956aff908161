"""The least versions of client libraries and tools that take credential configuration files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

GUIDE = "https://cloud.google.com/iam/docs/workload-identity-federation-with-other-clouds"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One library or tool: from which version on, and how to see which one is there."""

    name: str
    package: str
    """What the version belongs to."""
    least: str
    shown_by: str
    """The command whose output names the installed version; empty: none does."""
    note: str = ""


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        "C++ client libraries",
        "gRPC",
        "1.36.0",
        "",
        "built with that gRPC; not the Cloud Storage library, which speaks REST",
    ),
    Requirement(
        "Go client libraries",
        "golang.org/x/oauth2",
        "0.0.0-20210218202405-ba52d332ba99",
        "go list -m golang.org/x/oauth2",
    ),
    Requirement(
        "Java client libraries",
        "com.google.auth:google-auth-library-oauth2-http",
        "0.24.0",
        "mvn dependency:list -DincludeArtifactIds=google-auth-library-oauth2-http",
    ),
    Requirement(
        "Node.js client libraries",
        "google-auth-library",
        "7.0.2",
        "npm list google-auth-library",
        "finding the project by itself needs roles/browser",
    ),
    Requirement(
        "Python client libraries",
        "google-auth",
        "1.27.0",
        "pip show google-auth",
        "finding the project by itself needs roles/browser, or GOOGLE_CLOUD_PROJECT",
    ),
    Requirement("gcloud", "Google Cloud SDK", "363.0.0", "gcloud version"),
    Requirement("bq", "Google Cloud SDK", "390.0.0", "gcloud version"),
    Requirement(
        "gsutil",
        "Google Cloud SDK",
        "379.0.0",
        "gcloud version",
        "alone it needs gs_external_account_file in .boto",
    ),
    Requirement(
        "Terraform provider google", "hashicorp/google", "3.61.0", "terraform version -json"
    ),
)
"""In the order of the guide."""


class Fitness(StrEnum):
    """Whether an installed version will do."""

    FITS = "fits"
    TOO_OLD = "too old"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Compatibility:
    """One requirement against what is installed."""

    requirement: Requirement
    installed: str
    fitness: Fitness


def compare(
    installed: Mapping[str, str], requirements: Iterable[Requirement] = REQUIREMENTS
) -> tuple[Compatibility, ...]:
    """Every requirement against installed versions by package name; one not named is absent."""
    return tuple(
        Compatibility(each, found, _fitness(each.least, found))
        for each in requirements
        for found in [installed.get(each.package, "")]
    )


def _fitness(least: str, found: str) -> Fitness:
    if not found:
        return Fitness.ABSENT
    wanted, have = _key(least), _key(found)
    if have is None or wanted is None:
        return Fitness.UNREADABLE
    return Fitness.FITS if have >= wanted else Fitness.TOO_OLD


_VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[.-]?(?:0\.)?(\d{14})-[0-9a-f]{12})?(.*)")
_BEFORE = re.compile(r"[-.]?(?:a|b|rc|alpha|beta|dev|pre|snapshot)", re.IGNORECASE)


def _key(version: str) -> tuple[int, ...] | None:
    """A version as numbers: three parts, release or not, and the time of a Go pseudo-version."""
    found = _VERSION.fullmatch(version.strip())
    if not found:
        return None
    major, minor, patch, moment, rest = found.groups()
    if rest and not rest.startswith(("-", "+", ".", "a", "b", "r", "d")):
        return None
    is_release = 0 if _BEFORE.match(rest) or moment else 1
    return int(major), int(minor or 0), int(patch or 0), is_release, int(moment or 0)
