"""Values gcloud writes without a word and Google or its client libraries will stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wifctl.credentials.addresses import host_of, is_private
from wifctl.credentials.configuration.findings import doubtful
from wifctl.credentials.configuration.model import (
    CHOSEN_TOKEN_TYPES,
    AwsSource,
    AzureSource,
    CertificateSource,
    CredentialConfiguration,
    ExecutableSource,
    FileSource,
    Source,
    UrlSource,
)
from wifctl.diagnostics import Diagnostic
from wifctl.names import ProviderName, is_project_number, parse_name

_EMAIL = re.compile(r"[^@\s/?#]+@[^@\s/?#]+\.[^@\s/?#]+|[0-9]{10,}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")


def doubts(configuration: CredentialConfiguration) -> Iterator[Diagnostic]:
    """All doubts about one configuration."""
    yield from _provider(configuration.provider)
    yield from _source(configuration.source)
    yield from _token_type(configuration)
    yield from _account(configuration)


def _provider(provider: str) -> Iterator[Diagnostic]:
    name = parse_name(provider)
    shape = "projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER"
    if str(name) != provider and name is not None:
        yield doubtful("audience", "the prefix before projects/ is written a second time", shape)
    elif not isinstance(name, ProviderName):
        yield doubtful("audience", f"{provider!r} is not the name of a provider", shape)
    elif not is_project_number(name.project):
        text = f"{name.project!r} is a project id; Google takes only the number here"
        yield doubtful("audience", text, shape)


def _source(source: Source) -> Iterator[Diagnostic]:
    match source:
        case FileSource():
            yield from _path("credential_source_file", source.path)
        case UrlSource():
            yield from _url(source)
        case ExecutableSource():
            yield from _path("executable_command", source.command)
            yield from _quotes(source.command)
            yield from _path("executable_output_file", source.output_file)
        case CertificateSource():
            yield from _certificate(source)
        case AzureSource():
            yield from _application(source.app_id_uri)
        case AwsSource():
            return


def _path(flag: str, path: str) -> Iterator[Diagnostic]:
    if path and not _ABSOLUTE.match(path):
        yield doubtful(flag, "is relative to wherever the program runs", "give an absolute path")


def _quotes(command: str) -> Iterator[Diagnostic]:
    if re.search(r"[\"'\\]", command):
        # google-auth 2.39, and so gcloud 528, splits at blanks; later ones split as a shell does.
        text = "not every client library understands quotes: some split at blanks alone"
        yield doubtful("executable_command", text, "put it into a script of its own")


def _url(source: UrlSource) -> Iterator[Diagnostic]:
    if not host_of(source.url):
        yield doubtful("credential_source_url", "is no http or https URL")
    elif not is_private(source.url):
        yield doubtful("credential_source_url", "the token travels unencrypted", "use https")
    if "@" in source.url.partition("://")[2].partition("/")[0]:
        yield doubtful("credential_source_url", "holds a user or password", "use a header")
    for name, value in source.headers.items():
        if not _HEADER_NAME.fullmatch(name) or (value and not _HEADER_VALUE.fullmatch(value)):
            yield doubtful("credential_source_headers", f"{name!r} is no valid HTTP header")


def _certificate(source: CertificateSource) -> Iterator[Diagnostic]:
    yield from _path("credential_cert_path", source.cert_path)
    yield from _path("credential_cert_private_key_path", source.key_path)
    yield from _path("credential_cert_trust_chain_path", source.trust_chain_path or "")
    if not source.key_path:
        yield doubtful("credential_cert_private_key_path", "is empty and becomes null")
    if source.configuration_file == "":
        text = "is empty: written to the default place, which the first file then does not name"
        yield doubtful("credential_cert_configuration_output_file", text)
    if source.trust_chain_path == "":
        yield doubtful("credential_cert_trust_chain_path", "is empty and stands so in the file")


def _application(uri: str) -> Iterator[Diagnostic]:
    if uri and re.search(r"[^\x21-\x7e]|[&#]", uri):
        yield doubtful("app_id_uri", "goes into a URL unencoded", "percent-encode it")


def _token_type(configuration: CredentialConfiguration) -> Iterator[Diagnostic]:
    kind = configuration.subject_token_type
    if kind and kind not in CHOSEN_TOKEN_TYPES:
        # Libraries take any file of the AWS or mTLS type for one of those sources, and fail.
        text = f"{kind!r} is no type of token a file, URL or program can give"
        yield doubtful("subject_token_type", text, ", ".join(CHOSEN_TOKEN_TYPES))


def _account(configuration: CredentialConfiguration) -> Iterator[Diagnostic]:
    account = configuration.service_account
    if account and not _EMAIL.fullmatch(account):
        yield doubtful("service_account", f"{account!r} is no e-mail of an account")
    lifetime = configuration.token_lifetime_seconds
    if account and lifetime is not None and lifetime % 1:
        yield doubtful("service_account_token_lifetime_seconds", "is no whole number of seconds")
