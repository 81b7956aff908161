"""`wifctl token exchange`: a token from outside for one of Google's."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from wifctl.cli.cred_config import gcloud_folder
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.references import References
from wifctl.cli.session import Session
from wifctl.cli.target import opened
from wifctl.cli.token_refusal import tell_why
from wifctl.cli.token_sources import source_of, source_options
from wifctl.cli.token_world import surroundings
from wifctl.credentials.addresses import is_loopback
from wifctl.credentials.configuration.durations import LIFETIME, parse_duration
from wifctl.credentials.configuration.model import DEFAULT_UNIVERSE, JWT
from wifctl.credentials.exchange.credential_file import FileContext, read_credential_file
from wifctl.credentials.exchange.flow import (
    CLOUD_PLATFORM,
    Exchange,
    TokenHosts,
    redeem,
    token_hosts,
)
from wifctl.credentials.exchange.obtain import obtain
from wifctl.credentials.exchange.sources import CertificateToken
from wifctl.credentials.failures import TokenRefusedError
from wifctl.credentials.ports import AccessToken
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.gcp.sts import GoogleTokens


@wifctl_command("exchange")
@click.argument("provider", required=False)
@source_options
@click.option("--cred-file", metavar="PATH", help="Everything from a credential configuration.")
@click.option("--subject-token-type", default=JWT, help="urn:ietf:params:oauth:token-type:…")
@click.option("--service-account", default="", metavar="REF", help="The account to become.")
@click.option("--delegate", "delegates", multiple=True, metavar="EMAIL", help="On the way there.")
@click.option("--scope", "scopes", multiple=True, help="[default: cloud-platform]")
@click.option("--lifetime", default="3600", help="600 to 43200 seconds, or 1h30m.")
@click.option(
    "--output",
    type=click.Choice(["token", "json", "env"]),
    default="token",
    show_default=True,
    help="The bare token, all about it, or export lines.",
)
@click.option(
    "--from", "paths", metavar="PATH", multiple=True, help="Manifests; default: manifests/."
)
def command(
    session: Session, provider: str | None, paths: tuple[str, ...], output: str, **words: Any
) -> int:
    """Obtain an external token, exchange it, and print Google's.

    PROVIDER is a name in the manifests, project/name, or a full resource name. Secrets come from
    variables and files, never from flags. A refusal is shown in Google's words and explained from
    the manifests.
    """
    references = References(session, paths)
    with _endpoint(session) as endpoint:
        request = _request(session, references, provider, words, endpoint)
        around = surroundings(session, words["timeout"])
        subject = obtain(request.source, request.purpose, around)
        try:
            token = redeem(request, subject, GoogleTokens(around.http, around.now))
        except TokenRefusedError as error:
            tell_why(session, references, request.audience, subject, error)
            raise
    session.screen.result(_shown(token, output))
    return 0


@contextmanager
def _endpoint(session: Session) -> Iterator[str]:
    """Where the emulator is, if one is meant; it lives as long as the block under --local."""
    if session.local:
        with opened(session) as target:
            yield target.endpoint.rest_url if target.endpoint else ""
        return
    if session.endpoint and not is_loopback(session.endpoint):
        text = f"the endpoint {session.endpoint!r} is not on this machine"
        raise WifctlError(Diagnostic("endpoint-not-loopback", text))
    yield session.endpoint


def _request(
    session: Session,
    references: References,
    provider: str | None,
    words: Mapping[str, Any],
    endpoint: str,
) -> Exchange:
    if words["cred_file"]:
        return _from_file(session, words, endpoint)
    if provider is None:
        raise click.UsageError("Say which PROVIDER, or give --cred-file.")
    name = references.provider(provider)
    source = source_of(words, str(name))
    if source is None:
        raise click.UsageError("Say where the token comes from, e.g. --file, --github, --aws.")
    mtls = isinstance(source, CertificateToken)
    hosts = token_hosts(endpoint, session.universe_domain or DEFAULT_UNIVERSE, mtls=mtls)
    account, seconds = references.account(words["service_account"]), _seconds(words)
    return Exchange(
        audience=name.audience,
        source=source,
        token_url=hosts.token_url,
        subject_token_type=words["subject_token_type"],
        scopes=words["scopes"] or (CLOUD_PLATFORM,),
        impersonation=hosts.impersonation(account, words["delegates"], seconds)
        if account
        else None,
    )


def _from_file(session: Session, words: Mapping[str, Any], endpoint: str) -> Exchange:
    if source_of(words, ""):
        raise click.UsageError("--cred-file names the source itself.")
    context = FileContext(
        words["cred_file"], session.environment, gcloud_folder(session.environment)
    )
    found = read_credential_file(context)
    found = replace(found, scopes=words["scopes"] or found.scopes)
    return _redirected(found, token_hosts(endpoint)) if endpoint else found


def _redirected(request: Exchange, hosts: TokenHosts) -> Exchange:
    """The same exchange at an emulator's door."""
    target = request.impersonation
    if target:
        target = hosts.impersonation(target.account, target.delegates, target.lifetime_seconds)
    return replace(request, token_url=hosts.token_url, impersonation=target)


def _seconds(words: Mapping[str, Any]) -> int:
    try:
        return int(parse_duration(words["lifetime"], LIFETIME))
    except ValueError as error:
        raise click.UsageError(f"--lifetime {error}; allowed is {LIFETIME.words}.") from None


def _shown(token: AccessToken, output: str) -> str:
    if output == "token":
        return token.value
    if output == "json":
        ends = datetime.fromtimestamp(token.expires_at, UTC).isoformat(timespec="seconds")
        found = {
            "access_token": token.value,
            "token_type": "Bearer",
            "expires_at": ends.replace("+00:00", "Z"),
            "service_account": token.account or None,
        }
        return json.dumps(found, indent=2)
    names = ("GOOGLE_OAUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_ACCESS_TOKEN")
    return "\n".join(f"export {name}={shlex.quote(token.value)}" for name in names)
