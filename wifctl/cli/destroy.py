"""`wifctl destroy`: remove exactly what the manifests declare."""

from __future__ import annotations

import click

from wifctl.api import Api
from wifctl.cli.apply import Manner, agree_and_carry_out
from wifctl.cli.asking import require_answer
from wifctl.cli.loading import sound_manifests
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.planning import plan_manifests, selection
from wifctl.cli.session import Session
from wifctl.cli.target import opened, with_api
from wifctl.diagnostics import ExitCode
from wifctl.plan.guards import Allowances
from wifctl.plan.make import Options

QUESTION = "Remove all of this? Pools, providers and accounts can be brought back for 30 days."


@wifctl_command("destroy")
@click.argument("paths", nargs=-1)
@click.option("--auto-approve", "--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--target", "targets", metavar="GLOB", multiple=True, help="Only these addresses.")
@click.option("--allow-secret-destroy", is_flag=True, help="Secrets too: nothing undoes that.")
@click.option("--allow-lockout", is_flag=True, help="Authority may remove the caller itself.")
def command(
    session: Session,
    paths: tuple[str, ...],
    auto_approve: bool,
    targets: tuple[str, ...],
    allow_secret_destroy: bool,
    allow_lockout: bool,
) -> int:
    """Remove exactly the objects and members the manifests declare.

    What no manifest names stays, and services stay enabled. Secrets cannot be undeleted, so they
    need --allow-secret-destroy.
    """
    require_answer(session.screen, auto_approve=auto_approve)
    loaded = sound_manifests(session, paths)
    allow = Allowances(lockout=allow_lockout, secret_destroy=allow_secret_destroy)
    options = Options(destroy=True, selects=selection(targets), allow=allow)

    async def work(api: Api) -> ExitCode:
        planned = await plan_manifests(api, session, loaded, options)
        return await agree_and_carry_out(api, session, planned, Manner(QUESTION, auto_approve))

    with opened(session, loaded.settings.projects.numbers) as target:
        return with_api(target, work)
