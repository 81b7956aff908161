"""What `explain` and `token inspect` are to judge: from a file, a command, stdin, the catalogue."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from wifctl.access.evidence import Evidence, subject_token
from wifctl.access.simulation import simulated
from wifctl.cli.options import Function
from wifctl.cli.session import Session
from wifctl.credentials.commands import SystemCommands
from wifctl.credentials.exchange.plain import read_text
from wifctl.credentials.failures import unavailable
from wifctl.trust.issuers.catalogue import issuer
from wifctl.trust.oidc.token import strict_object
from wifctl.trust.provider import ProviderConfig

SECONDS = 30.0
_SOURCES = (
    click.option("--token-file", metavar="FILE", help="A file with the token; - is stdin."),
    click.option("--token-command", metavar="COMMAND", help="A program that prints the token."),
    click.option("--claims", metavar="FILE", help="Claims as JSON instead of a token; - is stdin."),
    click.option(
        "--simulate",
        metavar="ISSUER",
        help="Claims as an issuer of the catalogue makes them; NAME=VALUE arguments fill them.",
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line gives; exactly one source."""

    token_file: str | None = None
    token_command: str | None = None
    claims: str | None = None
    simulate: str | None = None
    audience: str = ""
    values: Mapping[str, str] | None = None


def evidence_options(function: Function) -> Callable[..., Any]:
    """The options that say what is judged."""
    for option in reversed(_SOURCES):
        function = option(function)
    return function


def split(arguments: Sequence[str], simulate: str | None) -> tuple[list[str], dict[str, str]]:
    """Positional arguments as paths and, for `--simulate`, values of the workload."""
    values = [a for a in arguments if simulate and "=" in a and not Path(a).exists()]
    paths = [a for a in arguments if a not in values]
    return paths, dict(value.partition("=")[::2] for value in values)


def check_sources(asked: Asked) -> None:
    """Exactly one source. Raises UsageError."""
    given = (asked.token_file, asked.token_command, asked.claims, asked.simulate)
    if sum(source is not None for source in given) != 1:
        raise click.UsageError(
            "Give exactly one of --token-file, --token-command, --claims and --simulate."
        )
    if asked.audience and asked.token_file is None and asked.token_command is None:
        raise click.UsageError("--audience belongs to a token: claims carry their own `aud`.")


def evidence_of(
    session: Session, asked: Asked, provider: ProviderConfig, now: datetime
) -> Evidence:
    """Read or make what is judged. Raises WifctlError, which quotes nothing of a token."""
    if asked.simulate is not None:
        title = issuer(asked.simulate).title
        values = asked.values or {}
        made = ", ".join(f"{name}={value}" for name, value in values.items())
        about = f"a simulated token of {title}{f' with {made}' if made else ''}"
        return Evidence(about, claims=simulated(asked.simulate, values, provider, now))
    if asked.claims is not None:
        text = read_source(asked.claims, "the claims")
        return Evidence(f"the claims in {_named(asked.claims)}", claims=_claims(text, asked.claims))
    if asked.token_file is not None:
        about, text = f"the token in {_named(asked.token_file)}", read_source(asked.token_file)
    else:
        about, text = "the token the command printed", _printed(session, asked.token_command or "")
    return Evidence(about, subject_token(text, provider.kind), audience=asked.audience)


def read_source(path: str, what: str = "the token file") -> str:
    """The text of a file, or of stdin for `-`. Raises WifctlError."""
    return sys.stdin.read() if path == "-" else read_text(path, what)


def _named(path: str) -> str:
    return "stdin" if path == "-" else path


def _claims(text: str, path: str) -> Mapping[str, object]:
    try:
        return strict_object(text)
    except ValueError as error:
        fix = "give the payload of the token as a JSON object"
        raise unavailable(f"{_named(path)} {error}", fix) from None


def _printed(session: Session, command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise click.UsageError(f"--token-command: {error}.") from None
    result = SystemCommands().run(words or [""], session.environment, SECONDS)
    if result.status is None:
        raise unavailable(f"the command did not end within {SECONDS:g} seconds")
    if result.status != 0:
        raise unavailable(f"the command ended with status {result.status}", "run it by hand")
    return result.output.decode(errors="replace")
