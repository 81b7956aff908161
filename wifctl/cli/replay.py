"""`wifctl apply PLAN`: carry out a saved plan, or refuse it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import click

from wifctl.api import Api
from wifctl.apply.recheck import recheck, without
from wifctl.cli.applying import carry_out, nothing_to_do, show_first
from wifctl.cli.loading import sound_manifests, tell
from wifctl.cli.payloads import ProcessPayloads
from wifctl.cli.planning import folder_of_settings, plan_manifests
from wifctl.cli.saving import read_plan
from wifctl.cli.session import Session
from wifctl.cli.target import LOCAL, opened, target_name, with_api
from wifctl.diagnostics import Diagnostic, ExitCode, WifctlError
from wifctl.gcp.target import is_loopback_url
from wifctl.plan.make import Options
from wifctl.plan.model import Plan
from wifctl.plan.saved import SavedPlan, differences

DECIDED = ("project", "endpoint", "values", "set")
"""Options whose say a saved plan has already had."""


def replay(
    session: Session, file: str, manifests: Sequence[str], targets: Sequence[str], form: str
) -> ExitCode:
    """Check a saved plan against what is live now, and carry out what is left of it."""
    _refuse_flags(session, targets)
    saved = read_plan(file)
    session = _aimed(session, saved.plan)

    async def work(api: Api) -> ExitCode:
        if manifests:
            await _compare(api, session, saved, manifests)
        payloads = ProcessPayloads(session.environment, folder_of_settings())
        checked = await recheck(saved.plan, saved.projects, api, payloads, session.parallelism)
        tell(session.screen, checked.notes)
        left = without(saved.plan, checked.done)
        show_first(session.screen, left, form)
        if not left.steps:
            session.screen.say("Everything this plan wants is done already.")
            return nothing_to_do(session.screen, left, form)
        session.screen.say("")
        return await carry_out(api, session, left, checked.live, payloads, form)

    with opened(session, saved.projects) as target:
        return with_api(target, work)


def _refuse_flags(session: Session, targets: Sequence[str]) -> None:
    given = [f"--{name}" for name in DECIDED if name in session.given]
    given += ["--target"] if targets else []
    if given:
        raise click.UsageError(f"A saved plan has decided that already: leave out {given[0]}.")


def _aimed(session: Session, plan: Plan) -> Session:
    """The session with the plan's own target; whoever asks for another one is refused."""
    asked = session.local or bool(session.endpoint) or bool(session.universe_domain)
    if asked and target_name(session) != plan.target:
        raise WifctlError(
            Diagnostic(
                "other-target",
                f"the plan was made for {plan.target}, this run would go to {target_name(session)}",
                fix="plan again for this target, or leave out what chooses it",
            )
        )
    if plan.target == LOCAL:
        return dataclasses.replace(session, local=True)
    if is_loopback_url(plan.target):
        return dataclasses.replace(session, endpoint=plan.target)
    domain = plan.target.removeprefix("https://")
    return dataclasses.replace(session, universe_domain=domain)


async def _compare(api: Api, session: Session, saved: SavedPlan, manifests: Sequence[str]) -> None:
    """Plan files from untrusted jobs are not trusted: the manifests must lead to the same steps."""
    loaded = sound_manifests(session, manifests)
    fresh = await plan_manifests(api, session, loaded, Options())
    different = differences(saved.plan, fresh.plan)
    if different:
        raise WifctlError(
            *(
                Diagnostic(
                    "plan-differs",
                    "the manifests lead to another step than the plan file holds",
                    address=key,
                    fix="plan again",
                )
                for key in different
            )
        )
