"""Plans on stdout in the format that was asked for."""

from __future__ import annotations

import click

from wifctl.cli.screen import Screen
from wifctl.diagnostics import ExitCode
from wifctl.plan.model import Plan
from wifctl.render.json_text import json_text
from wifctl.render.sections import refusals

PLAN_FORMATS = ("text", "json", "markdown")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(PLAN_FORMATS),
    default="text",
    show_default=True,
    help="How the plan is written to stdout.",
)


def show_plan(screen: Screen, plan: Plan, form: str) -> None:
    """Write a plan to stdout."""
    screen.result(plan_in(form, plan, screen.out_colour))


def plan_in(form: str, plan: Plan, colour: bool) -> str:
    """A plan as text in one format; views are imported when they are asked for."""
    match form:
        case "json":
            from wifctl.render.json import plan_json

            return json_text(plan_json(plan))
        case "tfplan":
            from wifctl.render.tfplan import tfplan

            return json_text(tfplan(plan))
        case "markdown":
            from wifctl.render.markdown import plan_markdown

            return plan_markdown(plan)
        case _:
            from wifctl.render.palette import Palette
            from wifctl.render.text import plan_text

            return plan_text(plan, Palette(colour))


def plan_code(plan: Plan, *, detailed: bool, fail_on_unclaimed: bool = False) -> ExitCode:
    """The exit code of a plan that was shown."""
    if refusals(plan):
        return ExitCode.ERROR
    if fail_on_unclaimed and plan.unclaimed:
        return ExitCode.CHANGES
    return ExitCode.CHANGES if detailed and not plan.is_empty else ExitCode.OK
