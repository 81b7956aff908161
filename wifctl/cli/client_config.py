"""`wifctl client-config`: settings of package clients for an Artifact Registry repository."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from wifctl.cli.loading import tell
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.references import References
from wifctl.cli.session import Session
from wifctl.credentials.clients import (
    ClientConfig,
    Registry,
    client_config,
    gsutil_config,
    local_url,
)
from wifctl.credentials.configuration.files import CredentialFile, write_file
from wifctl.credentials.exchange.plain import read_secret
from wifctl.credentials.exchange.sources import SecretPlace
from wifctl.diagnostics import Diagnostic, Severity


@wifctl_command("client-config")
@click.argument("client", type=click.Choice(["pip", "uv", "twine", "poetry", "gsutil"]))
@click.option("--repository", metavar="REF", help="The repository, by its name.")
@click.option("--token-env", default="", metavar="NAME", help="A variable with an access token.")
@click.option("--token-file", default="", metavar="PATH", help="A file with an access token.")
@click.option("--only", is_flag=True, help="Take packages from nowhere else.")
@click.option(
    "--name", default="", help="What the client calls it.  [default: the repository's id]"
)
@click.option(
    "--base-url", default="", metavar="URL", help="Where it is, if neither Google nor --endpoint."
)
@click.option("--cred-file", metavar="PATH", help="For gsutil: the credential configuration.")
@click.option("--out", metavar="FOLDER", help="Write the pieces there; default: stdout.")
@click.option(
    "--from", "paths", metavar="PATH", multiple=True, help="Manifests; default: manifests/."
)
def command(
    session: Session,
    client: str,
    repository: str | None,
    token_env: str,
    token_file: str,
    only: bool,
    name: str,
    base_url: str,
    cred_file: str | None,
    out: str | None,
    paths: tuple[str, ...],
) -> int:
    """Print what a client needs to install from, or upload to, a Python repository.

    Without a token the client asks a keyring. REF is a name in the manifests, project/name, or
    projects/P/locations/L/repositories/R.
    """
    if client == "gsutil":
        if cred_file is None:
            raise click.UsageError("gsutil needs --cred-file.")
        return _give(session, gsutil_config(cred_file), out)
    if repository is None:
        raise click.UsageError("Say which --repository.")
    place = SecretPlace(token_env, token_file)
    has_token = place != SecretPlace()
    token = read_secret(place, session.environment, "the access token") if has_token else ""
    found = References(session, paths).repository(repository)
    registry = Registry(
        repository=found,
        base_url=base_url or local_url(session.endpoint, found),
        token=token,
        only=only,
        name=name,
    )
    return _give(session, client_config(client, registry), out)  # type: ignore[arg-type]


def _give(session: Session, found: ClientConfig, out: str | None) -> int:
    exports = [f"export {name}={shlex.quote(value)}" for name, value in found.environment.items()]
    if out is None:
        pieces = [f"# Goes into {file.path}\n\n{file.text}" for file in found.files]
        session.screen.result("\n".join([*pieces, *exports]))
    else:
        for file in found.files:
            write_file(CredentialFile(file.path, file.text, file.private), Path(out))
            session.screen.say(f"Created {Path(out) / file.path}")
        if exports:
            session.screen.result("\n".join(exports))
    tell(session.screen, [Diagnostic("client-config", a, Severity.NOTE) for a in found.advice])
    return 0
