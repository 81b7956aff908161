"""Which OAuth scopes open which API, as the discovery documents list them."""

from __future__ import annotations

from collections.abc import Iterable

from wifctl.emulator.service import Method

_AUTH = "https://www.googleapis.com/auth/"
EVERYTHING = f"{_AUTH}cloud-platform"
READ_ONLY = f"{_AUTH}cloud-platform.read-only"
IAM = f"{_AUTH}iam"
"""What client libraries ask of STS before they impersonate; no document lists it."""

_READABLE = frozenset(
    {
        "artifactregistry.googleapis.com",
        "cloudresourcemanager.googleapis.com",
        "serviceusage.googleapis.com",
    }
)
_OWN = {
    "iam.googleapis.com": frozenset({IAM}),
    "iamcredentials.googleapis.com": frozenset({IAM}),
    "serviceusage.googleapis.com": frozenset({f"{_AUTH}service.management"}),
}


def opens(scopes: Iterable[str], service: str, method: Method) -> bool:
    """Whether a token with these scopes may call a method, its permissions aside."""
    held = set(scopes)
    if EVERYTHING in held or not held.isdisjoint(_OWN.get(service, ())):
        return True
    return READ_ONLY in held and service in _READABLE and not method.write
