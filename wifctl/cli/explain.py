"""`wifctl explain`: would Google accept this token, as whom, and what could it then do?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import click

from wifctl.access.declared import numbered
from wifctl.access.explained import Report, explained
from wifctl.access.picture import KnownProvider
from wifctl.cli.evidence import Asked, check_sources, evidence_of, evidence_options, split
from wifctl.cli.keys import given_keys
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.pictures import (
    View,
    account_of,
    chosen,
    live_option,
    project_of,
    viewed,
)
from wifctl.cli.screen import Screen
from wifctl.cli.session import Session
from wifctl.diagnostics import ExitCode
from wifctl.kinds.checks import parse_time
from wifctl.render.json_text import json_text
from wifctl.trust.provider import Discovery, JudgeContext
from wifctl.trust.verdict import Outcome, Strictness

_CODES = {Outcome.PASS: ExitCode.OK, Outcome.FAIL: ExitCode.REFUSED}


@wifctl_command("explain")
@click.argument("arguments", nargs=-1, metavar="[PATH | NAME=VALUE]...")
@click.option("--provider", metavar="REF", help="A name in the manifests, or the full name.")
@evidence_options
@live_option
@click.option("--service-account", metavar="REF", help="The account the workload wants to become.")
@click.option("--audience", default="", metavar="TEXT", help="What the workload asks STS for.")
@click.option("--jwks", metavar="FILE", help="The issuer's keys, or a loopback URL that has them.")
@click.option("--at", metavar="TIME", help="Judge at another time, e.g. 2026-11-21T12:00:00Z.")
@click.option(
    "--strictness",
    type=click.Choice([each.value for each in Strictness]),
    default=Strictness.DOCUMENTED.value,
    show_default=True,
    help="The limits Google documents, or those the live service was seen to keep.",
)
@click.option("--all", "everything", is_flag=True, help="Show rules that hold, grants for others.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the explanation is written to stdout.",
)
def command(
    session: Session,
    arguments: tuple[str, ...],
    provider: str | None,
    live: bool,
    service_account: str | None,
    audience: str,
    jwks: str | None,
    at: str | None,
    strictness: str,
    everything: bool,
    form: str,
    **sources: str | None,
) -> int:
    """Say whether Google would accept a token, as whom, and what it then reaches.

    Every rule is judged, so that all reasons for a refusal are named at once, with the line of the
    manifest to change. Nobody is contacted, unless --live, --local or --endpoint asks for what is
    really there. A token is never shown.

    Exit codes: 0 accepted, 3 refused, 1 cannot tell.

    \b
    wifctl explain --simulate github repo=acme/infra event=pull_request
    wifctl explain --provider github-actions --token-file token.jwt --jwks keys.json
    """
    paths, values = split(arguments, sources["simulate"])
    asked = Asked(**sources, audience=audience, values=values)
    check_sources(asked)
    now = _time(at)
    with viewed(session, paths, live=live, projects=project_of(provider)) as view:
        known = numbered(chosen(view, provider))
        known, discover = _with_keys(known, view, jwks)
        context = JudgeContext(now, Strictness(strictness), discover)
        report = explained(
            evidence_of(session, asked, known.config, now),
            known,
            view.picture,
            context,
            wanted_account=account_of(view, service_account),
            live=view.live,
        )
    _show(session.screen, report, form, everything)
    return _CODES.get(report.explanation.outcome, ExitCode.ERROR)


def _time(text: str | None) -> datetime:
    """The moment to judge at; tokens tell whole seconds."""
    now = datetime.now(UTC) if text is None else parse_time(text)
    if now is None:
        raise click.UsageError(f"--at: {text!r} is no time such as 2026-11-21T12:00:00Z.")
    return now.replace(microsecond=0)


def _with_keys(
    known: KnownProvider, view: View, jwks: str | None
) -> tuple[KnownProvider, Callable[[str], Discovery | None]]:
    """Keys that were given stand in for uploaded ones, or for those the issuer publishes."""
    if jwks is None:
        return known, view.discover or _nobody
    keys, config = given_keys(jwks), known.config
    if config.jwks_json:
        return replace(known, config=replace(config, jwks_json=keys)), _nobody
    return known, lambda _: Discovery(config.issuer_uri, keys)


def _nobody(_: str) -> None:
    return None


def _show(screen: Screen, report: Report, form: str, everything: bool) -> None:
    if form == "json":
        from wifctl.render.explanation_json import explanation_json

        screen.result(json_text(explanation_json(report)))
        return
    from wifctl.render.explanation import explanation_text
    from wifctl.render.palette import Palette

    screen.result(explanation_text(report, Palette(screen.out_colour), everything=everything))
