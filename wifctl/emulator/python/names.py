"""Names of projects and distribution files (PEP 503, 427, 625)."""

from __future__ import annotations

import re

_RUNS = re.compile(r"[-_.]+")
_PROJECT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_WHEEL = re.compile(
    r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[A-Za-z0-9_.!+]+)(?:-[0-9][A-Za-z0-9_.]*)?"
    r"-[A-Za-z0-9_.]+-[A-Za-z0-9_.]+-[A-Za-z0-9_.]+\.whl"
)
_SDIST = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)-(?P<version>[0-9v][A-Za-z0-9_.!+]*)\.(?:tar\.gz|zip)"
)


def normal(project: str) -> str:
    """The one spelling of a project's name."""
    return _RUNS.sub("-", project).lower()


def is_project(text: str) -> bool:
    """Whether a text may be a project's name."""
    return _PROJECT.fullmatch(text) is not None


def parts_of(filename: str) -> tuple[str, str] | None:
    """The normal name and the version in a file name, or None when it is no distribution."""
    found = _WHEEL.fullmatch(filename) or _SDIST.fullmatch(filename)
    return (normal(found["name"]), found["version"]) if found else None
