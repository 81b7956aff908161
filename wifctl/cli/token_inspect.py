"""`wifctl token inspect`: what a token says, without trusting or showing the token itself."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.credentials.exchange.plain import file_token, variable_token
from wifctl.credentials.exchange.sources import FileToken, VariableToken
from wifctl.credentials.failures import unavailable
from wifctl.trust.oidc.token import TokenFormatError, parse_token

_TIMES = ("iat", "nbf", "exp")


@wifctl_command("inspect")
@click.option("--file", metavar="PATH", help="A file that holds the token.")
@click.option("--env", "variable", metavar="NAME", help="A variable that holds it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is written to stdout.",
)
def command(session: Session, file: str | None, variable: str | None, form: str) -> int:
    """Show header and claims of a JWT; without options it is read from stdin.

    The signature is not checked and never shown.
    """
    try:
        token = parse_token(_token(session, file, variable))
    except TokenFormatError as error:
        raise unavailable(str(error)) from None
    if form == "json":
        found = {"header": token.header, "claims": token.payload}
        session.screen.result(json.dumps(found, indent=2, ensure_ascii=False))
        return 0
    from wifctl.render.escape import printable

    lines = ["header", *_lines(token.header), "claims", *_lines(token.payload)]
    session.screen.result("\n".join(map(printable, lines)))
    return 0


def _token(session: Session, file: str | None, variable: str | None) -> str:
    if file and variable:
        raise click.UsageError("--file and --env exclude each other.")
    if file:
        return file_token(FileToken(file))
    if variable:
        return variable_token(VariableToken(variable), session.environment)
    return sys.stdin.read().strip()


def _lines(part: Mapping[str, object]) -> list[str]:
    width = max(map(len, part), default=0)
    return [f"  {name.ljust(width)}  {_value(name, value)}" for name, value in part.items()]


def _value(name: str, value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if name in _TIMES and isinstance(value, int | float):
        return f"{text}  {_moment(value)}"
    return text


def _moment(seconds: float) -> str:
    try:
        moment = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return "(no such time)"
    return f"{moment.replace('+00:00', 'Z')}, {_distance(seconds - time.time())}"


def _distance(seconds: float) -> str:
    amount = f"{abs(seconds):.0f} s"
    return f"in {amount}" if seconds > 0 else f"{amount} ago"
