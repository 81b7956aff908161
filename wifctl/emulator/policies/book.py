"""The IAM policies of all resources: read, replace under an etag, test."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection, Sequence

from wifctl.emulator.access import Access
from wifctl.emulator.callers import Identity
from wifctl.emulator.clock import Clock
from wifctl.emulator.errors import ApiError, Json
from wifctl.emulator.policies.bindings import check_version, checked_bindings
from wifctl.emulator.policies.members import normal_member, refuse
from wifctl.emulator.projects import Projects
from wifctl.emulator.store import Store

KIND = "policy"
NEVER_SET = "ACAB"
"""The etag of a policy nobody has set."""
DEFAULT_MASK = ("bindings", "etag")
"""What setIamPolicy replaces unless a mask says otherwise."""

_PROJECT = re.compile(r"projects/[^/]+")
_PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers"})


class Policies:
    """Policies by the canonical name of their resource; shared by all services."""

    def __init__(self, store: Store, clock: Clock, access: Access, projects: Projects) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._projects = projects

    def get(self, resource: str, version: int = 0) -> Json:
        """The policy as getIamPolicy answers it for a requested version (0, 1 or 3).

        Below 3, a conditional binding shows without its condition under a marked role name.
        """
        check_version(version)
        stored = self._store.get(KIND, resource)
        if stored is None:
            return {"etag": NEVER_SET}
        return dict(stored) if version == 3 else lowered(stored)

    def set(self, resource: str, policy: Json, mask: Collection[str] | None = None) -> Json:
        """Replace the policy and answer as setIamPolicy does.

        Raises ABORTED when the etag is stale, INVALID_ARGUMENT for members, roles, conditions and
        limits. Without an etag it overwrites blindly, conditions included.
        """
        live = self._store.get(KIND, resource) or {}
        version = int(policy.get("version", 0))
        check_version(version)
        self._check_etag(policy, live, version)
        paths = set(mask) if mask else set(DEFAULT_MASK)
        stored = dict(policy) if "bindings" in paths else {**policy, **_part(live, "bindings")}
        if "auditConfigs" not in paths:
            stored.pop("auditConfigs", None)
            stored.update(_part(live, "auditConfigs"))
        if "bindings" in paths:
            stored["bindings"] = self._bindings(resource, policy.get("bindings", []), version)
        conditional = any("condition" in b for b in stored.get("bindings", []))
        stored |= {"version": 3 if conditional else 1, "etag": _etag(self._clock.micros())}
        self._store.put(KIND, resource, stored)
        return dict(stored)

    def test(self, resource: str, permissions: Sequence[str], caller: Identity) -> list[str]:
        """Those of the permissions that the caller holds. Raises INVALID_ARGUMENT for `*`."""
        if wild := [p for p in permissions if "*" in p or p.count(".") < 2]:
            raise refuse(f"Permission {wild[0]} is not valid for this resource.")
        return [p for p in permissions if self._access.allows(caller, p, resource)]

    def drop(self, resource: str) -> None:
        """Forget the policy of a resource that is gone for good."""
        self._store.delete(KIND, resource)

    def relabel(self, before: str, after: str) -> None:
        """Rename a member in every policy, as when its account is deleted; etags stay."""
        for resource, policy in list(self._store.walk(KIND)):
            bindings = policy.get("bindings", [])
            if any(before in b["members"] for b in bindings):
                renamed = [
                    {**b, "members": [after if m == before else m for m in b["members"]]}
                    for b in bindings
                ]
                self._store.put(KIND, resource, {**policy, "bindings": renamed})

    def _bindings(self, resource: str, bindings: Sequence[Json], version: int) -> list[Json]:
        checked = checked_bindings(
            bindings, version, lambda m: normal_member(m, self._store, self._projects)
        )
        if _PROJECT.fullmatch(resource):
            public = _PUBLIC.intersection(m for b in checked for m in b["members"])
            if public:
                raise refuse(f"The member {min(public)} is not allowed in the policy of a project.")
        return checked

    def _check_etag(self, policy: Json, live: Json, version: int) -> None:
        sent, current = policy.get("etag", ""), live.get("etag", NEVER_SET)
        if not sent:
            return
        if sent != current:
            raise _stale(sent, current)
        if version < 3 and any("condition" in b for b in live.get("bindings", [])):
            raise refuse(
                "The policy of this resource holds conditions: set version 3 to change it."
            )


def lowered(policy: Json) -> Json:
    """The policy for a reader who asked for a version below 3."""
    if policy.get("version") != 3:
        return dict(policy)
    bindings = [_unconditional(b) if "condition" in b else b for b in policy["bindings"]]
    return {**policy, "version": 1, "bindings": bindings}


def _unconditional(binding: Json) -> Json:
    text = json.dumps(binding["condition"], sort_keys=True)
    mark = hashlib.sha256(text.encode()).hexdigest()[:20]
    return {"role": f"{binding['role']}_withcond_{mark}", "members": binding["members"]}


def _part(policy: Json, key: str) -> Json:
    return {key: policy[key]} if key in policy else {}


def _etag(micros: int) -> str:
    return base64.b64encode(b"\x07" + micros.to_bytes(7, "big")).decode()


def _stale(sent: str, current: str) -> ApiError:
    return ApiError(
        "ABORTED",
        "There were concurrent policy changes. Please retry the whole read-modify-write with "
        f"exponential backoff. The request's ETag '{_octal(sent)}' did not match the current "
        f"policy's ETag '{_octal(current)}'.",
        "aborted",
    )


def _octal(etag: str) -> str:
    """The etag's bytes as Google prints them: printable ASCII plain, the rest in octal."""
    raw = base64.b64decode(etag)
    return "".join(chr(b) if 32 <= b < 127 and b not in b"'\\" else f"\\{b:03o}" for b in raw)
