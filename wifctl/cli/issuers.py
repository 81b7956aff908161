"""`wifctl issuers`: what tokens of known issuers say, and how to let the right ones in."""

from __future__ import annotations

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.render.issuers import issuer_json, issuer_page, issuers_table
from wifctl.render.json_text import json_text
from wifctl.render.palette import Palette
from wifctl.trust.issuers.catalogue import catalogue, find_issuer, issuer
from wifctl.trust.issuers.model import Issuer


@wifctl_command("issuers")
@click.argument("name", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the entries are written to stdout.",
)
def command(session: Session, name: str | None, form: str) -> int:
    """Show the issuers wifctl knows, or all about one.

    NAME is a name of the list, or an issuer's URL. An entry tells how the issuer builds a subject,
    which claims nobody else can ever carry, and the mapping and condition to start from.
    """
    palette = Palette(session.screen.out_colour)
    if name is None:
        entries = catalogue()
        if form == "json":
            session.screen.result(json_text([issuer_json(entry) for entry in entries]))
        else:
            session.screen.result(issuers_table(entries, palette))
        return 0
    entry = _found(name)
    text = json_text(issuer_json(entry)) if form == "json" else issuer_page(entry, palette)
    session.screen.result(text)
    return 0


def _found(name: str) -> Issuer:
    """The entry of that name or URL. Raises WifctlError."""
    known = find_issuer(name) if "://" in name else None
    return known or issuer(name)
