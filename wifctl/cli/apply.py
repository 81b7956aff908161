"""`wifctl apply`: make it so."""

from __future__ import annotations

from dataclasses import dataclass

import click

from wifctl.api import Api
from wifctl.cli.applying import carry_out, nothing_to_do, result_format_option, show_first
from wifctl.cli.asking import ask, require_answer
from wifctl.cli.loading import sound_manifests
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.planning import Planned, plan_manifests, selection
from wifctl.cli.saving import is_plan_file
from wifctl.cli.session import Session
from wifctl.cli.target import opened, with_api
from wifctl.diagnostics import ExitCode
from wifctl.plan.guards import Allowances
from wifctl.plan.make import Options
from wifctl.render.sections import refusals

QUESTION = "Make these changes?"


@wifctl_command("apply")
@click.argument("paths", nargs=-1, metavar="[PATHS | PLAN]...")
@click.option("--auto-approve", "--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--target", "targets", metavar="GLOB", multiple=True, help="Only these addresses.")
@click.option(
    "--manifests",
    metavar="PATH",
    multiple=True,
    help="With PLAN: plan these again, and refuse unless the steps are equal.",
)
@result_format_option
@click.option("--allow-lockout", is_flag=True, help="Authority may remove the caller itself.")
@click.option("--allow-mass-removal", is_flag=True, help="More than 30 % may be taken away.")
def command(
    session: Session,
    paths: tuple[str, ...],
    auto_approve: bool,
    targets: tuple[str, ...],
    manifests: tuple[str, ...],
    form: str,
    allow_lockout: bool,
    allow_mass_removal: bool,
) -> int:
    """Plan, show the plan, ask, and carry it out.

    PATHS are manifests (default: manifests/); PLAN is a file that `wifctl plan --out` wrote. A
    saved plan runs without a question: it was seen. Ctrl-C finishes the calls in flight; what is
    done stays done, and the next run finishes the rest.
    """
    if is_plan_file(paths):
        from wifctl.cli.replay import replay

        return replay(session, paths[0], manifests, targets, form)
    if manifests:
        raise click.UsageError("--manifests goes with a plan file.")
    require_answer(session.screen, auto_approve=auto_approve)
    loaded = sound_manifests(session, paths)
    options = Options(
        selects=selection(targets),
        allow=Allowances(lockout=allow_lockout, mass_removal=allow_mass_removal),
    )

    async def work(api: Api) -> ExitCode:
        planned = await plan_manifests(api, session, loaded, options)
        return await agree_and_carry_out(
            api, session, planned, Manner(QUESTION, auto_approve, form)
        )

    with opened(session, loaded.settings.projects.numbers) as target:
        return with_api(target, work)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a plan is agreed to and told of."""

    question: str
    auto_approve: bool
    form: str = "text"


async def agree_and_carry_out(
    api: Api, session: Session, planned: Planned, manner: Manner
) -> ExitCode:
    """Show a plan, ask, and carry it out."""
    plan, screen = planned.plan, session.screen
    show_first(screen, plan, manner.form)
    if refusals(plan):
        return ExitCode.ERROR
    if not plan.steps:
        return nothing_to_do(screen, plan, manner.form)
    if manner.auto_approve:
        screen.say("")
    else:
        ask(screen, manner.question)
    return await carry_out(api, session, plan, planned.live, planned.payloads, manner.form)
