"""IAM enforcement on request: may the caller use a permission on a resource?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wifctl.emulator.callers import OPERATOR, Identity, unauthenticated
from wifctl.emulator.errors import denied
from wifctl.emulator.projects import Projects
from wifctl.emulator.roles import grants
from wifctl.emulator.store import Store

_PROJECT = re.compile(r"projects/([^/]+)")
_ACCOUNT = re.compile(r"projects/[^/]+/serviceAccounts/([^/]+)")


class Access:
    """Off unless `--enforce-iam` is given; then everything a role does not grant is refused.

    Conditions of bindings are taken as met only when they are empty: a conditional grant does not
    count.
    """

    def __init__(self, store: Store, projects: Projects, *, enforced: bool = False) -> None:
        self._store = store
        self._projects = projects
        self.enforced = enforced

    def allows(self, caller: Identity, permission: str, resource: str) -> bool:
        """Whether the caller holds the permission on the resource or on what contains it."""
        if not self.enforced or caller.member == OPERATOR:
            return True
        return any(
            grants(binding["role"], permission)
            for name in self._lineage(resource)
            for binding in (self._store.get("policy", name) or {}).get("bindings", [])
            if "condition" not in binding and not caller.members.isdisjoint(binding["members"])
        )

    def require(self, caller: Identity, permission: str, service: str, resource: str) -> None:
        """Raise UNAUTHENTICATED without a caller, PERMISSION_DENIED unless `allows`."""
        if not self.enforced:
            return
        if not caller.member:
            raise unauthenticated()
        if not self.allows(caller, permission, resource):
            raise denied(permission, f"//{service}/{resource}")

    def _lineage(self, resource: str) -> Iterator[str]:
        """The canonical names of the resource and of all that contain it."""
        if account := _ACCOUNT.fullmatch(resource):
            yield from self._account(account[1])
        elif project := _PROJECT.match(resource):
            found = self._projects.find(project[1])
            if found:
                yield from _prefixes(
                    f"projects/{found.number}{resource[project.end() :]}", found.id
                )

    def _account(self, text: str) -> Iterator[str]:
        kind, name = (
            ("accountId", f"ids/{text}")
            if text.isdigit()
            else (
                "accountEmail",
                f"emails/{text.lower()}",
            )
        )
        entry = self._store.get(kind, name)
        if entry:
            yield entry["key"]
            project = self._projects.find(entry["key"].split("/")[1])
            if project:
                yield f"projects/{project.number}"


def _prefixes(name: str, project_id: str) -> Iterator[str]:
    """`projects/1/secrets/s/versions/2` and everything it is part of, under either project form."""
    parts = name.split("/")
    for length in range(len(parts), 1, -1):
        yield "/".join(parts[:length])
        if length > 2:
            yield "/".join(("projects", project_id, *parts[2:length]))
