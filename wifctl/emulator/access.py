"""IAM enforcement on request: may the caller use a permission on a resource?"""

from __future__ import annotations

from wifctl.emulator.errors import denied


class Access:
    """Off unless `--enforce-iam` is given; then everything a role does not grant is refused."""

    def __init__(self, *, enforced: bool = False) -> None:
        self.enforced = enforced

    def allows(self, caller: str, permission: str, resource: str) -> bool:
        """Whether the caller holds the permission on the resource or on what contains it."""
        return not self.enforced

    def require(self, caller: str, permission: str, resource: str) -> None:
        """Raise PERMISSION_DENIED unless `allows`."""
        if not self.allows(caller, permission, resource):
            raise denied(permission, resource)
