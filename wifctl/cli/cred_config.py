"""`wifctl cred-config`: the flags and the files of gcloud's `create-cred-config`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.credentials.configuration.durations import LIFETIME, TIMEOUT, parse_duration
from wifctl.credentials.configuration.files import credential_files, missing_files, write_file
from wifctl.credentials.configuration.flags import Flags, Resolved, resolve
from wifctl.credentials.configuration.headers import parse_headers
from wifctl.credentials.configuration.model import DEFAULT_UNIVERSE

_FLAG = re.compile(r"-.")
_NUMBER = re.compile(r"-\d+|-\d*\.\d+")
_Run = Callable[..., int]


class StrictCommand(click.Command):
    """Refuses a flag where a value should be, as gcloud's parser does; click would take it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Look at the words first, then let click read them."""
        options = [each for each in self.params if isinstance(each, click.Option)]
        known = {name for each in options for name in (*each.opts, *each.secondary_opts)}
        valued = {name for each in options if not each.is_flag for name in each.opts}
        for word, following in itertools.pairwise(itertools.takewhile("--".__ne__, args)):
            if word in valued and _is_flag(following, known):
                raise click.UsageError(f"Option {word!r} needs a value.", ctx)
        return super().parse_args(ctx, args)


def _is_flag(word: str, known: Collection[str]) -> bool:
    """Whether gcloud takes a word for a flag: numbers and unknown words with blanks are values."""
    if not _FLAG.match(word) or _NUMBER.fullmatch(word):
        return False
    return word.partition("=")[0] in known or " " not in word


def _text(name: str, help_text: str) -> Callable[[_Run], _Run]:
    return click.option(f"--{name}", metavar="TEXT", help=help_text)


def _read(name: str, help_text: str, read: Callable[[str], object]) -> Callable[[_Run], _Run]:
    """A flag of which the last one counts, but every one must be readable, as with gcloud."""

    def last(context: click.Context, _: click.Parameter, given: tuple[str, ...]) -> str | None:
        for text in given[:-1]:
            try:
                read(text)
            except ValueError as error:
                raise click.UsageError(f"--{name}: {error}", context) from None
        return given[-1] if given else None

    return click.option(f"--{name}", metavar="TEXT", help=help_text, multiple=True, callback=last)


@wifctl_command("cred-config", cls=StrictCommand)
@click.argument("audience", required=False)
@_text("provider", "The provider by its name in the manifests, instead of AUDIENCE.")
@click.option(
    "--from", "paths", metavar="PATH", multiple=True, help="Manifests; default: manifests/."
)
@_text("output-file", "Where to write the file.")
@_text("credential-source-file", "A file that holds the token.")
@_text("credential-source-url", "A URL that answers with the token.")
@_text("executable-command", "A program, with arguments, that prints the token.")
@click.option("--aws/--no-aws", default=None, help="AWS environment or instance metadata.")
@click.option("--azure/--no-azure", default=None, help="Azure instance metadata.")
@_text("credential-cert-path", "An X.509 certificate.")
@_text("credential-cert-private-key-path", "The certificate's private key.")
@_text("credential-cert-configuration-output-file", "Where the certificate's second file goes.")
@_text("credential-cert-trust-chain-path", "Certificates between leaf and root, leaf first.")
@_text("service-account", "E-mail of the account to impersonate.")
@_read(
    "service-account-token-lifetime-seconds",
    "600 to 43200, or with a unit: 1h30m.",
    lambda text: parse_duration(text, LIFETIME),
)
@_read("credential-source-headers", "name=value,… for requests to the URL.", parse_headers)
@_text("credential-source-type", "text (default) or json.")
@_text("credential-source-field-name", "The field of a JSON source that holds the token.")
@_read(
    "executable-timeout-millis",
    "5000 to 120000 (default 30000), or with a unit: 1m.",
    lambda text: parse_duration(text, TIMEOUT),
)
@_text("executable-output-file", "The program's cache file.")
@_text("subject-token-type", "Default: urn:ietf:params:oauth:token-type:jwt.")
@_text("app-id-uri", "Application ID URI for Azure.")
@click.option("--enable-imdsv2/--no-enable-imdsv2", default=False, help="Use IMDSv2 on AWS.")
@_text("universe-domain", "Default: googleapis.com.")
@click.option("-q", "--quiet", is_flag=True, expose_value=False, hidden=True, help="As gcloud's.")
def command(session: Session, provider: str | None, paths: tuple[str, ...], **words: Any) -> int:
    """Write a credential configuration file, byte for byte as gcloud would.

    AUDIENCE is the provider's full resource name with the project number. Where gcloud drops a
    flag or takes nonsense without a word, wifctl says so and writes the same file.
    """
    flags = Flags(**words)
    if provider is not None:
        if flags.audience is not None:
            raise click.UsageError("AUDIENCE and --provider exclude each other.")
        flags = Flags(**{**words, "audience": _audience(session, provider, paths)})
    resolved = resolve(flags, _universe(session))
    _write(session, resolved)
    return 0


def _write(session: Session, resolved: Resolved) -> None:
    from wifctl.cli.loading import tell

    tell(session.screen, (*resolved.warnings, *missing_files(resolved.configuration.source)))
    for file in credential_files(resolved, gcloud_folder(session.environment)):
        write_file(file)
        session.screen.say(f"Created {file.path}")


def _audience(session: Session, reference: str, paths: tuple[str, ...]) -> str:
    from wifctl.cli.references import References

    return str(References(session, paths).provider(reference))


def _universe(session: Session) -> str:
    inherited = session.environment.get("CLOUDSDK_CORE_UNIVERSE_DOMAIN", "")
    return session.universe_domain or inherited or DEFAULT_UNIVERSE


def gcloud_folder(environment: Mapping[str, str]) -> Path:
    """gcloud's configuration folder, where client libraries look for certificates."""
    if found := environment.get("CLOUDSDK_CONFIG"):
        return Path(found)
    if found := environment.get("APPDATA"):
        return Path(found) / "gcloud"
    return Path.home() / ".config" / "gcloud"
