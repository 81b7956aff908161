"""IAM enforcement on request: who calls, and may they use a permission on a resource?"""

from __future__ import annotations

from wifctl.emulator.access_conditions import attributes, is_met
from wifctl.emulator.access_lineage import lineage
from wifctl.emulator.access_refusals import no_permission, no_scope
from wifctl.emulator.access_scopes import opens
from wifctl.emulator.callers import NOBODY, OPERATOR, Identity, identify, unauthenticated
from wifctl.emulator.clock import Clock
from wifctl.emulator.errors import Json
from wifctl.emulator.projects import Projects
from wifctl.emulator.roles import grants
from wifctl.emulator.service import Method
from wifctl.emulator.store import Store

_CONVENIENCE = {
    "projectOwner": "roles/owner",
    "projectEditor": "roles/editor",
    "projectViewer": "roles/viewer",
}
"""Members that mean whoever holds a basic role on a project."""


class Access:
    """Off unless `--enforce-iam` is given; then everything a role does not grant is refused."""

    def __init__(
        self, store: Store, projects: Projects, clock: Clock, *, enforced: bool = False
    ) -> None:
        self._store = store
        self._projects = projects
        self._clock = clock
        self.enforced = enforced

    def enter(self, token: str, service: str, method: Method) -> Identity:
        """Who calls a method with a token.

        Raises UNAUTHENTICATED for a token that is of no use, and under enforcement without one;
        PERMISSION_DENIED when the token's scopes do not open the API.
        """
        if method.public or not (token or self.enforced):
            return NOBODY
        if not token:
            raise unauthenticated("CREDENTIALS_MISSING", service)
        caller = identify(self._store, self._clock, token, strict=self.enforced)
        if (
            self.enforced
            and caller.scopes is not None
            and not opens(caller.scopes, service, method)
        ):
            raise no_scope(service, method.rpc or method.id)
        return caller

    def allows(self, caller: Identity, permission: str, resource: str) -> bool:
        """Whether the caller holds the permission on the resource or on what contains it."""
        if not self.enforced or caller.member == OPERATOR:
            return True
        return self.holds(caller, permission, resource)

    def holds(self, caller: Identity, permission: str, resource: str) -> bool:
        """Whether a role grants it, enforced or not: service agents are always held to that."""
        if caller.bounded:
            return False  # access boundaries can open Cloud Storage only
        members = caller.members
        return any(
            grants(binding["role"], permission)
            and self._names(binding["members"], caller, members)
            and self._holds(binding, resource)
            for name in lineage(resource, self._store, self._projects)
            for binding in self._bindings(name)
        )

    def require(self, caller: Identity, permission: str, service: str, resource: str) -> None:
        """Raise PERMISSION_DENIED, in the service's words, unless `allows`."""
        if not self.allows(caller, permission, resource):
            raise no_permission(permission, service, resource)

    def _bindings(self, name: str) -> list[Json]:
        policy = self._store.get("policy", name) or {}
        found: list[Json] = policy.get("bindings", [])
        return found

    def _names(self, listed: list[str], caller: Identity, members: frozenset[str]) -> bool:
        if not members.isdisjoint(listed):
            return True
        return any(self._holds_basic_role(member, caller) for member in listed)

    def _holds_basic_role(self, member: str, caller: Identity) -> bool:
        kind, _, project_id = member.partition(":")
        role = _CONVENIENCE.get(kind)
        project = self._projects.find(project_id) if role else None
        return project is not None and any(
            binding["role"] == role and not caller.members.isdisjoint(binding["members"])
            for binding in self._bindings(f"projects/{project.number}")
            if "condition" not in binding
        )

    def _holds(self, binding: Json, resource: str) -> bool:
        if "condition" not in binding:
            return True
        described = attributes(resource, self._projects)
        return is_met(binding["condition"]["expression"], described, self._clock.now())
