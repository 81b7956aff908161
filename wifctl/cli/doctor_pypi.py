"""`wifctl doctor pypi`: which link between a repository and its upstream is broken."""

from __future__ import annotations

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.references import References
from wifctl.cli.session import Session
from wifctl.cli.target import opened, with_api
from wifctl.diagnostics import ExitCode
from wifctl.gcp.target import Target
from wifctl.principals import parse_member
from wifctl.render.chain import chain_json, chain_text
from wifctl.render.palette import Palette
from wifctl.upstream.diagnose import Walk
from wifctl.upstream.findings import State
from wifctl.upstream.probe import Probe


@wifctl_command("pypi")
@click.argument("repository", metavar="REPOSITORY")
@click.option("--reader", default="", metavar="MEMBER", help="Also: may this member download?")
@click.option("--no-login", is_flag=True, help="Do not sign in upstream to try the password.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is written to stdout.",
)
@click.option(
    "--from", "paths", metavar="PATH", multiple=True, help="Manifests; default: manifests/."
)
def command(
    session: Session,
    repository: str,
    reader: str,
    no_login: bool,
    form: str,
    paths: tuple[str, ...],
) -> int:
    """Walk from a repository to its upstream and name the one broken link, and its fix.

    Looked at, in order: repository, upstream, credentials, secret, version, service agent, its
    grant, and whether the upstream takes the login. The password is sent to the upstream it is
    meant for, and nowhere else. REPOSITORY is a name in the manifests, project/name, or
    projects/P/locations/L/repositories/R. Exit code 2: a link is broken.
    """
    if reader and parse_member(reader) is None:
        raise click.UsageError(f"{reader!r} is no member, such as serviceAccount:EMAIL.")
    references = References(session, paths)
    name = references.repository(repository)
    with opened(session, references.numbers) as target:
        probe = None if no_login else _probe(target)
        found = with_api(target, lambda api: Walk(api, probe).look(name, reader))
    shown = chain_json(found) if form == "json" else chain_text(found, _palette(session))
    session.screen.result(shown)
    broken = any(link.state is State.BROKEN for link in found)
    return ExitCode.CHANGES if broken else ExitCode.OK


def _probe(target: Target) -> Probe:
    from wifctl.gcp.discovery import package_indexes
    from wifctl.gcp.metadata import TokenHttp

    http = TokenHttp(target.user_agent)
    if target.endpoint is None:
        return Probe(http)
    return Probe(http, package_indexes(http, target.endpoint.rest_url), is_local=True)


def _palette(session: Session) -> Palette:
    return Palette(session.screen.out_colour)
