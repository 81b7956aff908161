"""Applying a plan: payloads first, then the walk, each step by its runner, patiently."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from wifctl.api import Api, ApiError
from wifctl.apply.known import Known
from wifctl.apply.objects import Objects
from wifctl.apply.patience import Done, Patience, patiently, worth_waiting
from wifctl.apply.policies import PolicyWrites
from wifctl.apply.versions import Versions, fetch
from wifctl.apply.walk import Walk, silent
from wifctl.diagnostics import Diagnostic, raise_failures
from wifctl.payloads import NoPayloads, Payloads
from wifctl.plan.model import Plan, Step
from wifctl.plan.state import LiveState, Presence
from wifctl.progress import Listener, Outcome, Result, Waiting
from wifctl.resource import IAM_POLICY, SECRET_VERSION


@dataclass(frozen=True, slots=True)
class Execution:
    """How to apply."""

    payloads: Payloads = field(default_factory=NoPayloads)
    listen: Listener = silent
    patience: Patience = field(default_factory=Patience)
    width: int = 16
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    warn: list[Diagnostic] = field(default_factory=list)
    """Findings about payloads land here."""


async def execute(plan: Plan, live: LiveState, api: Api, how: Execution) -> Result:
    """Make it so. Raises WifctlError before the first write when the plan cannot be applied."""
    raise_failures(plan.diagnostics)
    payloads, findings = fetch(plan.steps, how.payloads)
    how.warn.extend(findings)
    known = Known(api, live.projects)
    runners = {
        IAM_POLICY: PolicyWrites(api, known, live.policies, how.patience).run,
        SECRET_VERSION: Versions(api, known, payloads).run,
    }
    objects = Objects(api, known, plan).run
    done = Done(a for a, found in live.objects.items() if found.presence is Presence.PRESENT)

    async def run(step: Step) -> tuple[Outcome, str]:
        def why(error: ApiError) -> str:
            return worth_waiting(error, step, done)

        def tell(reason: str, waited: float) -> None:
            how.listen(Waiting(step.key, reason, waited))

        runner = runners.get(step.address.kind, objects)
        outcome = await patiently(lambda: runner(step), why, how.patience, tell)
        done.add(step)
        return outcome

    return await Walk(plan, run, how.width, how.listen, how.stop).go()
