"""The one write of a policy: the approved edits, re-applied to a fresh read after a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wifctl.api import Api, ApiError, LivePolicy, MemberEdit, Status
from wifctl.apply.known import Known
from wifctl.apply.patience import Patience
from wifctl.live.read import policy_name
from wifctl.plan.model import Action, Step
from wifctl.plan.policies import regrouped
from wifctl.progress import Outcome
from wifctl.resource import Address, policy_target

CONFLICTS = 8
"""Reads after a conflict before giving up."""


@dataclass(frozen=True, slots=True)
class PolicyWrites:
    """Runs POLICY steps."""

    api: Api
    known: Known
    read: Mapping[Address, LivePolicy | None]
    """Policies the plan of this very run read; each serves once."""
    patience: Patience

    async def run(self, step: Step) -> tuple[Outcome, str]:
        """One read at most, one write at most, unless somebody else writes meanwhile."""
        target = policy_target(step.address)
        name = policy_name(target)
        policy = self.read.get(target)
        for attempt in range(CONFLICTS):
            if policy is None:
                policy = await self.api.policies.read(name)
            edits = await self._edits(step, policy)
            if not edits:
                return Outcome.ALREADY, ""
            try:
                await self.api.policies.edit(name, policy, edits)
            except ApiError as error:
                if error.status is not Status.ABORTED or attempt == CONFLICTS - 1:
                    raise
                policy = None
                pause = min(self.patience.first * 2**attempt, self.patience.most)
                await self.patience.sleep(pause * self.patience.jitter())
            else:
                return Outcome.DONE, ""
        raise AssertionError("the last conflict is raised")

    async def _edits(self, step: Step, policy: LivePolicy) -> tuple[MemberEdit, ...]:
        """The approved edits that are still to be made."""
        live = regrouped(policy)
        found = []
        for change in step.members:
            member = str(await self.known.fill(change.member))
            there = member in live.get((change.role, change.condition), frozenset())
            add = change.action is Action.GRANT
            if add != there:
                found.append(MemberEdit(change.role, member, add, change.condition))
        return tuple(found)
