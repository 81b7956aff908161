"""Eventual consistency: what was just created is now seen, now not, as recorded live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wifctl.emulator.errors import ApiError, Json, invalid
from wifctl.emulator.service import Method
from wifctl.emulator.switches.settings import matches, only, take

RECORDED = "smsmmms"
"""`s` = the object is seen, `m` = it is missing; after the last letter it is always seen.

The order of answers of one recorded service account creation, its creations left out.
"""
_READERS = ("get", "getIamPolicy", "setIamPolicy", "patch", "update", "access")


class Consistency:
    """Reads that flap after a create, and policies that do not yet know an account."""

    def __init__(self) -> None:
        self._methods = ""
        self._reads = ""
        self._members = 0
        self._flapping: dict[tuple[str, str], str] = {}
        self._unknown: dict[str, int] = {}

    def set(self, settings: Mapping[str, Any]) -> None:
        """`{"methods": "iam.projects.serviceAccounts.*", "reads": "smsm", "members": 2}`.

        `reads` are the answers after a create (`s` seen, `m` missing; `"recorded"` = as recorded
        live); `members` is how many setIamPolicy calls refuse a new account. `{}` = off.
        """
        only(settings, "consistency", "methods", "reads", "members")
        reads = take(settings, "reads", str, "recorded" if settings else "")
        reads = RECORDED if reads == "recorded" else reads
        if set(reads) - {"s", "m"}:
            raise invalid("consistency: reads must be letters s (seen) and m (missing)")
        self._methods = take(settings, "methods", str, "iam.projects.serviceAccounts.*")
        self._reads, self._members = reads, take(settings, "members", int, 0)
        self._flapping.clear()
        self._unknown.clear()

    def created(self, method: Method, request: Json, answer: Json) -> None:
        """Remember what a create made."""
        if not self._reads and not self._members:
            return
        prefix, _, verb = method.id.rpartition(".")
        if verb != "create" or not matches(self._methods, method.id):
            return
        email = answer.get("email")
        name = email or next((v for k, v in request.items() if k.endswith("Id")), "")
        if name and self._reads:
            self._flapping[prefix, name] = self._reads
        if email and self._members:
            self._unknown[email] = self._members

    def check(self, method: Method, resource: str, request: Json) -> None:
        """Raise NOT_FOUND for a read that misses, INVALID_ARGUMENT for an unknown member."""
        if not self._flapping and not self._unknown:
            return
        prefix, _, verb = method.id.rpartition(".")
        if verb == "setIamPolicy":
            self._check_members(request)
        name = resource.rpartition("/")[2]
        left = self._flapping.get((prefix, name))
        if left is None or verb not in _READERS:
            return
        self._flapping[prefix, name] = left[1:]
        if len(left) == 1:
            del self._flapping[prefix, name]
        if left[0] == "m":
            raise _missing(prefix, resource)

    def _check_members(self, request: Json) -> None:
        bindings = request.get("policy", {}).get("bindings", [])
        named = {m for b in bindings for m in b.get("members", [])}
        for email in [e for e in self._unknown if f"serviceAccount:{e}" in named]:
            self._unknown[email] -= 1
            if not self._unknown[email]:
                del self._unknown[email]
            text = f"Service account {email} does not exist."
            raise ApiError("INVALID_ARGUMENT", text, "badRequest")

    def as_json(self) -> Json:
        """The settings; empty when off."""
        if not self._reads and not self._members:
            return {}
        return {"methods": self._methods, "reads": self._reads, "members": self._members}


def _missing(prefix: str, resource: str) -> ApiError:
    if prefix.endswith("serviceAccounts"):
        text = f"Service account {resource} does not exist."
        return ApiError("NOT_FOUND", text, "notFound")
    return ApiError("NOT_FOUND", "Requested entity was not found.")
