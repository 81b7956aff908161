"""`wifctl cred-config`: the flags and the files of gcloud's `create-cred-config`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import click

from wifctl.credentials.configuration.flags import Flags

_FLAG = re.compile(r"-.")
_NUMBER = re.compile(r"-\d+|-\d*\.\d+")


_Run = Callable[..., int]


class StrictCommand(click.Command):
    """Refuses a flag where a value should be, as gcloud's parser does; click would take it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Look at the words first, then let click read them."""
        valued = {
            name
            for option in self.params
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }
        for word, following in itertools.pairwise(itertools.takewhile("--".__ne__, args)):
            if word in valued and _FLAG.match(following) and not _NUMBER.fullmatch(following):
                raise click.UsageError(f"Option {word!r} needs a value.", ctx)
        return super().parse_args(ctx, args)


def _text(name: str, help_text: str, *, hidden: bool = False) -> Callable[[_Run], _Run]:
    return click.option(f"--{name}", metavar="TEXT", help=help_text, hidden=hidden)


@click.command("cred-config", cls=StrictCommand)
@click.argument("audience", required=False)
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
@_text("service-account-token-lifetime-seconds", "600 to 43200, or with a unit: 1h30m.")
@_text("credential-source-headers", "name=value,… for requests to the URL.")
@_text("credential-source-type", "text (default) or json.")
@_text("credential-source-field-name", "The field of a JSON source that holds the token.")
@_text("executable-timeout-millis", "5000 to 120000 (default 30000), or with a unit: 1m.")
@_text("executable-output-file", "The program's cache file.")
@_text("subject-token-type", "Default: urn:ietf:params:oauth:token-type:jwt.")
@_text("app-id-uri", "Application ID URI for Azure.")
@click.option("--enable-imdsv2/--no-enable-imdsv2", default=False, help="Use IMDSv2 on AWS.")
@_text("universe-domain", "Default: googleapis.com.", hidden=True)
def command(**words: Any) -> int:
    """Write a credential configuration file, byte for byte as gcloud would."""
    del words
    return 0


def flags_of(arguments: list[str]) -> Flags:
    """The flags of a command line. Raises click.UsageError."""
    return Flags(**command.make_context("cred-config", arguments).params)
