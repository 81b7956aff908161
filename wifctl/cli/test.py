"""`wifctl test`: tokens that must be let in or refused, kept beside the manifests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from wifctl.access.case_results import CaseOutcome, CaseResult
from wifctl.access.cases import run_tests
from wifctl.access.declared import declared
from wifctl.cli.loading import sound_manifests
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.screen import Screen
from wifctl.cli.session import Session
from wifctl.diagnostics import Diagnostic, ExitCode, WifctlError
from wifctl.render.json_text import json_text


@wifctl_command("test")
@click.argument("paths", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="How the results are written to stdout.",
)
def command(session: Session, paths: tuple[str, ...], form: str) -> int:
    """Run the TrustTest documents of the manifests; nobody is called.

    Each case is a token's claims, or an event that an issuer of the catalogue makes them from, and
    what must come of it: whether the provider lets it in, by which rule not, and which service
    accounts it can become. Exit codes: 0 all as wanted, 3 some are not, 1 cannot tell.
    """
    loaded = sound_manifests(session, paths)
    picture = declared(loaded.resources, loaded.settings.projects)
    now = datetime.now(UTC).replace(microsecond=0)
    results = tuple(run_tests(loaded.resources, picture, now))
    if not results:
        fix = "write a document of kind TrustTest: see `wifctl schema TrustTest`"
        raise WifctlError(Diagnostic("no-tests", "the manifests hold no TrustTest", fix=fix))
    _show(session.screen, results, form)
    return _code(results)


def _code(results: Sequence[CaseResult]) -> ExitCode:
    found = {result.outcome for result in results}
    if CaseOutcome.FAILED in found:
        return ExitCode.REFUSED
    return ExitCode.ERROR if CaseOutcome.UNKNOWN in found else ExitCode.OK


def _show(screen: Screen, results: Sequence[CaseResult], form: str) -> None:
    from wifctl.render.cases import cases_json, cases_junit, cases_text
    from wifctl.render.palette import Palette

    match form:
        case "json":
            screen.result(json_text(cases_json(results)))
        case "junit":
            screen.result(cases_junit(results))
        case _:
            screen.result(cases_text(results, Palette(screen.out_colour)))
