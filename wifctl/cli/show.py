"""`wifctl show`: a saved plan in any format."""

from __future__ import annotations

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.saving import read_plan
from wifctl.cli.session import Session
from wifctl.cli.views import PLAN_FORMATS, show_plan


@wifctl_command("show")
@click.argument("plan", metavar="PLAN")
@click.option(
    "--format",
    "form",
    type=click.Choice([*PLAN_FORMATS, "tfplan"]),
    default="text",
    show_default=True,
    help="tfplan: the shape of `terraform show -json`, for Checkov and OPA.",
)
def command(session: Session, plan: str, form: str) -> int:
    """Show a plan that `wifctl plan --out` saved; nobody is called."""
    show_plan(session.screen, read_plan(plan).plan, form)
    return 0
