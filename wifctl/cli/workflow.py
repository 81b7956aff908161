"""`wifctl workflow`: a CI workflow that gets a Google identity without a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.references import References
from wifctl.cli.session import Session
from wifctl.credentials.configuration.files import CredentialFile, write_file
from wifctl.credentials.workflows.render import render_workflow
from wifctl.credentials.workflows.systems import SYSTEMS
from wifctl.credentials.workflows.values import Workflow
from wifctl.diagnostics import Diagnostic, WifctlError


@wifctl_command("workflow")
@click.argument("system", type=click.Choice(list(SYSTEMS)))
@click.option("--provider", required=True, metavar="REF", help="The provider, by its name.")
@click.option("--service-account", default="", metavar="REF", help="Empty: direct access.")
@click.option(
    "--audience", default="", help="What the token is asked for.  [default: the provider]"
)
@click.option(
    "--token-lifetime-seconds",
    type=click.IntRange(600, 43_200),
    help="Of the account's token.  [default: an hour]",
)
@click.option(
    "--output",
    type=click.Choice(["credentials-file", "access-token"]),
    default="credentials-file",
    show_default=True,
    help="What the commands get.",
)
@click.option("--name", default="google-cloud", show_default=True, help="Of the workflow.")
@click.option("--branch", default="main", show_default=True, help="The branch that may deploy.")
@click.option("--setup", multiple=True, metavar="COMMAND", help="Run before authenticating.")
@click.option("--run", "commands", multiple=True, metavar="COMMAND", help="Run authenticated.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="Of the system.")
@click.option("--templates", metavar="FOLDER", help="Own templates, which come first.")
@click.option("--out", metavar="FOLDER", help="Write to the system's place below; default: stdout.")
@click.option(
    "--from", "paths", metavar="PATH", multiple=True, help="Manifests; default: manifests/."
)
def command(
    session: Session,
    system: str,
    provider: str,
    service_account: str,
    options: tuple[str, ...],
    templates: str | None,
    out: str | None,
    paths: tuple[str, ...],
    **values: Any,
) -> int:
    """Write a workflow for one CI system.

    REF is a name in the manifests, project/name, or a full resource name (an account's e-mail).
    Options a system knows: see the reference page of this command.
    """
    references = References(session, paths)
    values = {name: value for name, value in values.items() if value not in ((), None)}
    workflow = Workflow(
        provider=references.provider(provider),
        service_account=references.account(service_account),
        options=dict(map(_pair, options)),
        **values,
    )
    rendered = render_workflow(system, workflow, Path(templates) if templates else None)
    if out is None:
        session.screen.result(rendered.text)
        return 0
    write_file(CredentialFile(rendered.path, rendered.text), Path(out))
    session.screen.say(f"Created {Path(out) / rendered.path}")
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise WifctlError(Diagnostic("workflow-value", f"{text!r} is not NAME=VALUE"))
    return name, value
