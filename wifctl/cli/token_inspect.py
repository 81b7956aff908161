"""`wifctl token inspect`: what a token says, without trusting or showing the token itself."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from wifctl.access.declared import numbered
from wifctl.access.evidence import Evidence, subject_token
from wifctl.access.explained import Report, explained
from wifctl.access.token_facts import token_facts
from wifctl.cli.evidence import read_source
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.pictures import chosen, viewed
from wifctl.cli.session import Session
from wifctl.credentials.exchange.plain import variable_token
from wifctl.credentials.exchange.sources import VariableToken
from wifctl.credentials.failures import unavailable
from wifctl.render.json_text import json_text
from wifctl.trust.oidc.token import TokenFormatError
from wifctl.trust.provider import JudgeContext, ProviderKind


@wifctl_command("inspect")
@click.argument("place", required=False, metavar="[FILE | -]")
@click.option("--file", metavar="PATH", help="A file that holds the token.")
@click.option("--env", "variable", metavar="NAME", help="A variable that holds it.")
@click.option("--provider", metavar="REF", help="Judge it for this provider of the manifests.")
@click.option(
    "--from", "paths", metavar="PATH", multiple=True, help="Manifests; default: manifests/."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is written to stdout.",
)
def command(
    session: Session,
    place: str | None,
    file: str | None,
    variable: str | None,
    provider: str | None,
    paths: tuple[str, ...],
    form: str,
) -> int:
    """Show header and claims of a token, its times in words, and what rules say of it.

    Without FILE it is read from stdin. With --provider also what the mapping makes of the claims,
    the subject's length in bytes included. Nobody is contacted; the signature is never shown, and
    checked only against keys that the manifests hold.
    """
    text = _token(session, place or file, variable, twice=bool(place and file))
    context = JudgeContext(datetime.now(UTC).replace(microsecond=0))
    report = _report(session, provider, paths, text, context) if provider else None
    if report and report.provider.config.kind is not ProviderKind.OIDC:
        _show_assertion(session, report, form, context.now)
        return 0
    try:
        facts = token_facts(subject_token(text, ProviderKind.OIDC), context)
    except TokenFormatError as error:
        raise unavailable(str(error), "for other tokens than JWTs say --provider") from None
    from wifctl.render.palette import Palette
    from wifctl.render.token import token_json, token_text

    palette = Palette(session.screen.out_colour)
    shown = token_text(facts, report, context.now, palette) if form == "text" else ""
    session.screen.result(shown or json_text(token_json(facts, report)))
    return 0


def _token(session: Session, file: str | None, variable: str | None, *, twice: bool) -> str:
    if twice or (file and variable):
        raise click.UsageError("FILE, --file and --env exclude each other.")
    if variable:
        return variable_token(VariableToken(variable), session.environment)
    return read_source(file or "-").strip()


def _report(
    session: Session, provider: str, paths: tuple[str, ...], text: str, context: JudgeContext
) -> Report:
    with viewed(session, paths, live=False) as view:
        known = numbered(chosen(view, provider))
        evidence = Evidence("the token", subject_token(text, known.config.kind))
        return explained(evidence, known, view.picture, context, live=view.live)


def _show_assertion(session: Session, report: Report, form: str, now: datetime) -> None:
    from wifctl.render.explanation_json import explanation_json
    from wifctl.render.palette import Palette
    from wifctl.render.token import assertion_text

    palette = Palette(session.screen.out_colour)
    shown = assertion_text(report, now, palette) if form == "text" else ""
    session.screen.result(shown or json_text(explanation_json(report)))
