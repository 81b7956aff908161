"""`--from env:NAME | file:PATH | stdin`: a payload named on the command line, never given there."""

from __future__ import annotations

import click

from wifctl.cli.loading import tell
from wifctl.cli.payloads import ProcessPayloads
from wifctl.cli.planning import folder_of_settings
from wifctl.cli.session import Session
from wifctl.diagnostics import raise_failures
from wifctl.payloads import SecretBytes, Source, checked


def parse_source(text: str, *, trim: bool) -> Source:
    """The source a flag names. Raises click.UsageError."""
    kind, _, rest = text.partition(":")
    extra = {"trim": True} if trim else {}
    if kind in ("env", "file") and rest:
        return {kind: rest, **extra}
    if text == "stdin":
        return {"stdin": True, **extra}
    raise click.UsageError("--from takes env:NAME, file:PATH or stdin, never the payload itself.")


def read_payload(session: Session, source: Source) -> SecretBytes:
    """The payload, checked as `apply` checks it. Raises WifctlError."""
    payloads = ProcessPayloads(session.environment, folder_of_settings())
    payload, findings = checked(source, payloads.read(source))
    raise_failures(findings)
    tell(session.screen, findings)
    return SecretBytes(payload)
