"""`wifctl token helper`: an executable credential source for Google's client libraries."""

from __future__ import annotations

from typing import Any

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.cli.token_sources import source_of, source_options
from wifctl.cli.token_world import surroundings
from wifctl.credentials.exchange.obtain import Purpose
from wifctl.credentials.executable import AUDIENCE, failure_text
from wifctl.credentials.helper import answer
from wifctl.names import parse_name


@wifctl_command("helper")
@source_options
@click.option("--audience", default="", help="Where the library does not say it.")
@click.option("--subject-token-type", default="", help="Where the library does not say it.")
def command(session: Session, audience: str, subject_token_type: str, **words: Any) -> int:
    """Answer a client library: one line of JSON on stdout, nothing on stderr.

    Put it into a credential configuration as the executable's command. The library says by
    GOOGLE_EXTERNAL_ACCOUNT_* variables what it needs; an output file serves as the cache.
    """
    wanted = session.environment.get(AUDIENCE) or audience
    name = parse_name(wanted)
    try:
        source = source_of(words, str(name) if name else wanted)
    except click.UsageError as error:
        return _refuse(session, error.format_message())
    if source is None:
        return _refuse(session, "no source of a token is given")
    found = answer(
        source, surroundings(session, words["timeout"]), Purpose(audience, subject_token_type)
    )
    session.screen.result(found.text)
    return found.status


def _refuse(session: Session, message: str) -> int:
    """Even a wrong command line is answered in JSON: the library reads nothing else."""
    session.screen.result(failure_text("USAGE", message))
    return 1
