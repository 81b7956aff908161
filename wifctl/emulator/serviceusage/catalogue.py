"""Which APIs exist, what they are called, and which of them need which."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

_TABLE = Path(__file__).with_name("catalogue.txt")

NEEDS: Mapping[str, tuple[str, ...]] = {
    f"{service}.googleapis.com": tuple(f"{needed}.googleapis.com" for needed in all_needed)
    for service, all_needed in {
        "bigquerystorage": ("bigquery",),
        "compute": ("oslogin",),
        "container": ("compute", "oslogin"),
        "containerregistry": ("pubsub", "storage-api"),
        "iam": ("iamcredentials",),
    }.items()
}
"""The few dependencies that public error messages show. An API's own needs are enabled with it."""


@functools.cache
def titles() -> Mapping[str, str]:
    """The title of each API by its name, e.g. `iam.googleapis.com`, in alphabetical order."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" ") for line in lines if not line.startswith("#"))
    return {name: title for name, _, title in pairs}


def with_needs(service: str) -> tuple[str, ...]:
    """An API and what it needs, the API last."""
    return (*NEEDS.get(service, ()), service)


def dependants(service: str) -> tuple[str, ...]:
    """The APIs that need this one."""
    return tuple(name for name, needed in NEEDS.items() if service in needed)
