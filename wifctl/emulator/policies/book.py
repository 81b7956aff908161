"""The IAM policies of all resources: read, replace under an etag, test."""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence

from wifctl.emulator.access import Access
from wifctl.emulator.clock import Clock
from wifctl.emulator.errors import ApiError, Json
from wifctl.emulator.store import Store

KIND = "policy"
NEVER_SET = "ACAB"
"""The etag of a policy nobody has set."""


class Policies:
    """Policies by the canonical name of their resource; shared by all services."""

    def __init__(self, store: Store, clock: Clock, access: Access) -> None:
        self._store = store
        self._clock = clock
        self._access = access

    def get(self, resource: str, version: int = 0) -> Json:
        """The policy as getIamPolicy answers it for a requested version."""
        stored = self._store.get(KIND, resource)
        return dict(stored) if stored else {"etag": NEVER_SET}

    def set(self, resource: str, policy: Json, mask: Collection[str] | None = None) -> Json:
        """Replace the policy and answer as setIamPolicy does; ABORTED when the etag is stale."""
        live = self.get(resource)
        if policy.get("etag") and policy["etag"] != live["etag"]:
            raise ApiError("ABORTED", "There were concurrent policy changes.", "aborted")
        stored = {**policy, "etag": _etag(self._clock.micros()), "version": 1}
        self._store.put(KIND, resource, stored)
        return dict(stored)

    def test(self, resource: str, permissions: Sequence[str], caller: str) -> list[str]:
        """Those of the permissions that the caller holds."""
        return [p for p in permissions if self._access.allows(caller, p, resource)]

    def drop(self, resource: str) -> None:
        """Forget the policy of a resource that is gone for good."""
        self._store.delete(KIND, resource)


def _etag(micros: int) -> str:
    return base64.b64encode(b"\x07" + micros.to_bytes(7, "big")).decode()
