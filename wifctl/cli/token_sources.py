"""The flags that say where a token from outside comes from, shared by `token` commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from wifctl.credentials.configuration.document import IMDS
from wifctl.credentials.configuration.model import TokenFormat
from wifctl.credentials.exchange.sources import (
    AdfsCertificate,
    AdfsSecret,
    AdfsToken,
    AdfsWindows,
    AwsToken,
    CertificateToken,
    CommandToken,
    FileToken,
    GithubToken,
    SecretPlace,
    TokenSource,
    UrlToken,
    VariableToken,
    azure_token,
)

Function = Callable[..., int]
_ADFS_PROOF = "one of --adfs-secret-env, --adfs-secret-file, --adfs-certificate, --adfs-windows"
_OPTIONS = (
    click.option("--file", metavar="PATH", help="A file that holds the token."),
    click.option("--url", metavar="URL", help="A URL that answers with the token."),
    click.option("--header", "headers", multiple=True, metavar="NAME=VALUE", help="For --url."),
    click.option(
        "--header-env",
        "secret_headers",
        multiple=True,
        metavar="NAME=VARIABLE",
        help="For --url; the value stays out of the process list.",
    ),
    click.option(
        "--json-field", metavar="NAME", help="The field that holds it, for a JSON source."
    ),
    click.option("--command", "program", metavar="TEXT", help="A program that prints the token."),
    click.option("--plain", is_flag=True, help="The program prints the bare token, no JSON."),
    click.option("--env", "variable", metavar="NAME", help="An environment variable (GitLab)."),
    click.option("--github", is_flag=True, help="GitHub Actions' token service."),
    click.option("--token-audience", default="", help="For --github.  [default: the provider]"),
    click.option("--aws", is_flag=True, help="AWS environment, else instance metadata."),
    click.option("--imdsv1", is_flag=True, help="Speak version 1 of the AWS metadata service."),
    click.option("--azure", is_flag=True, help="Azure instance metadata."),
    click.option("--app-id-uri", metavar="URI", help="For --azure.  [default: the provider]"),
    click.option(
        "--metadata-url", default=IMDS, metavar="URL", help="Where AWS's or Azure's metadata is."
    ),
    click.option("--adfs", metavar="URL", help="AD FS' token endpoint."),
    click.option("--adfs-client", default="", metavar="ID", help="The client's id."),
    click.option("--adfs-resource", default="", metavar="ID", help="The relying party's id."),
    click.option("--adfs-secret-env", default="", metavar="NAME", help="The client's secret."),
    click.option("--adfs-secret-file", default="", metavar="PATH", help="The client's secret."),
    click.option("--adfs-certificate", metavar="PATH", help="The client's certificate, PEM."),
    click.option("--adfs-key", default="", metavar="PATH", help="The certificate's key, PEM."),
    click.option("--adfs-windows", is_flag=True, help="Windows integrated authentication."),
    click.option(
        "--adfs-user", default="", help="For --adfs-windows.  [default: who is logged in]"
    ),
    click.option("--adfs-password-env", default="", metavar="NAME", help="For --adfs-user."),
    click.option("--certificate", metavar="PATH", help="An X.509 certificate, PEM."),
    click.option("--key", default="", metavar="PATH", help="The certificate's key, PEM."),
    click.option("--trust-chain", default="", metavar="PATH", help="The chain above it, PEM."),
    click.option(
        "--timeout",
        type=click.FloatRange(1, 120),
        default=20.0,
        show_default=True,
        help="Seconds for each request, or for the program.",
    ),
)
NAMES = ("file", "url", "program", "variable", "github", "aws", "azure", "adfs", "certificate")
"""The options of which exactly one is given."""


def source_options(function: Function) -> Function:
    """Give a command the flags of a token source."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def source_of(words: Mapping[str, Any], provider: str) -> TokenSource | None:
    """The source the flags name, or None when they name none.

    `provider` is the provider's resource name. Raises click.UsageError for two sources.
    """
    given = [name for name in NAMES if words[name]]
    if not given:
        return None
    if len(given) > 1:
        raise click.UsageError("Give one source of a token, not several.")
    return _MAKERS[given[0]](words, provider)


def _file(words: Mapping[str, Any], _: str) -> TokenSource:
    return FileToken(words["file"], _format(words))


def _url(words: Mapping[str, Any], _: str) -> TokenSource:
    secret = {n: SecretPlace(variable=v) for n, v in map(_pair, words["secret_headers"])}
    return UrlToken(words["url"], dict(map(_pair, words["headers"])), secret, _format(words))


def _program(words: Mapping[str, Any], _: str) -> TokenSource:
    return CommandToken(words["program"], words["timeout"], plain=words["plain"])


def _variable(words: Mapping[str, Any], _: str) -> TokenSource:
    return VariableToken(words["variable"])


def _github(words: Mapping[str, Any], _: str) -> TokenSource:
    return GithubToken(words["token_audience"])


def _aws(words: Mapping[str, Any], _: str) -> TokenSource:
    base = words["metadata_url"].rstrip("/")
    default = AwsToken()
    return AwsToken(
        default.region_url.replace(IMDS, base),
        default.credentials_url.replace(IMDS, base),
        "" if words["imdsv1"] else default.session_token_url.replace(IMDS, base),
    )


def _azure(words: Mapping[str, Any], provider: str) -> TokenSource:
    resource = words["app_id_uri"] or f"https://iam.googleapis.com/{provider}"
    found = azure_token(resource)
    base = words["metadata_url"].rstrip("/")
    return UrlToken(found.url.replace(IMDS, base, 1), found.headers, format=found.format)


def _adfs(words: Mapping[str, Any], _: str) -> TokenSource:
    if not words["adfs_client"] or not words["adfs_resource"]:
        raise click.UsageError("--adfs needs --adfs-client and --adfs-resource.")
    proof = _adfs_proof(words)
    return AdfsToken(words["adfs"], words["adfs_client"], words["adfs_resource"], proof)


def _adfs_proof(words: Mapping[str, Any]) -> AdfsSecret | AdfsCertificate | AdfsWindows:
    place = SecretPlace(words["adfs_secret_env"], words["adfs_secret_file"])
    has_secret = place != SecretPlace()
    if sum(map(bool, (has_secret, words["adfs_certificate"], words["adfs_windows"]))) != 1:
        raise click.UsageError(f"--adfs needs {_ADFS_PROOF}.")
    if has_secret:
        return AdfsSecret(place)
    if words["adfs_certificate"]:
        return AdfsCertificate(words["adfs_certificate"], words["adfs_key"])
    return AdfsWindows(words["adfs_user"], SecretPlace(words["adfs_password_env"]))


def _certificate(words: Mapping[str, Any], _: str) -> TokenSource:
    return CertificateToken(words["certificate"], words["key"], words["trust_chain"])


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], str], TokenSource]] = {
    "file": _file,
    "url": _url,
    "program": _program,
    "variable": _variable,
    "github": _github,
    "aws": _aws,
    "azure": _azure,
    "adfs": _adfs,
    "certificate": _certificate,
}


def _format(words: Mapping[str, Any]) -> TokenFormat | None:
    return TokenFormat("json", words["json_field"]) if words["json_field"] else None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise click.UsageError("A header is NAME=VALUE, a secret one NAME=VARIABLE.")
    return name, value
