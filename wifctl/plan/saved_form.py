"""The form of a saved plan file: strict, so that nothing unknown slips through."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from wifctl.schema import Spec

FORMAT = "wifctl-plan/1"
_HASH = r"^[0-9a-f]{64}$"
_ADDRESS = r"^[A-Za-z]+(?:/[^/\s]+)+$"


class LaterForm(Spec):
    """A text whose hole is filled at apply."""

    kind: Literal["project-number", "secret-version", "unique-id"]
    subject: str
    template: str


class ConditionForm(Spec):
    """An IAM condition."""

    expression: str
    title: str = ""
    description: str = ""


class ChangeForm(Spec):
    """One field: live → desired."""

    path: str
    live: Any = None
    desired: Any = None
    observable: bool = True
    gains_access: bool = False


class MemberChangeForm(Spec):
    """One member gaining or losing one role."""

    action: Literal["grant", "revoke"]
    role: str
    member: str | None = None
    later: LaterForm | None = None
    reason: str
    condition: ConditionForm | None = None
    origin: str = ""


class StepForm(Spec):
    """One step."""

    address: str = Field(pattern=_ADDRESS)
    action: Literal["enable", "disable", "create", "undelete", "update", "policy", "delete"]
    reason: str
    changes: list[ChangeForm]
    members: list[MemberChangeForm]
    fields: dict[str, Any]
    needs: list[str]
    notes: list[str]
    origin: str = ""
    part: str = ""
    undecided: bool = False


class UnclaimedForm(Spec):
    """A live member no manifest names."""

    target: str = Field(pattern=_ADDRESS)
    role: str
    member: str
    condition_title: str = ""
    condition_expression: str = ""


class FindingForm(Spec):
    """A warning the plan was saved with."""

    code: str
    message: str
    severity: Literal["warning", "note"]
    fix: str = ""
    address: str = ""


class PlanForm(Spec):
    """The whole file."""

    format: Literal["wifctl-plan/1"]
    wifctl: str = Field(description="The version that saved it.")
    target: str
    manifest_digest: str
    projects: dict[str, str]
    steps: list[StepForm]
    unchanged: list[str]
    unclaimed: list[UnclaimedForm]
    findings: list[FindingForm]
    unread: list[str]
    fingerprints: dict[str, str]
    bystanders: dict[str, str]
    checksum: str = Field(pattern=_HASH, description="SHA-256 of everything else.")
