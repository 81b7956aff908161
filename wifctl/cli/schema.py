"""`wifctl schema`: the JSON Schema of manifests."""

from __future__ import annotations

import json

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.kinds.registry import MODULES
from wifctl.manifest.json_schema import document_schema, kind_schema


@wifctl_command("schema")
@click.argument("name", metavar="[KIND]", type=click.Choice(list(MODULES), False), required=False)
def command(session: Session, name: str | None) -> None:
    """Print the JSON Schema of manifests, or of one KIND.

    An editor with a YAML language server completes and checks manifests that begin with

    \b
    # yaml-language-server: $schema=wifctl.schema.json
    """
    schema = kind_schema(name) if name else document_schema()
    session.screen.result(json.dumps(schema, indent=2, ensure_ascii=False))
