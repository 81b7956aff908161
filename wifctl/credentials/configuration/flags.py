"""The flags of `create-cred-config` as they were typed, and the configuration they ask for.

What gcloud 528 refuses is refused; what it drops or takes without a word is named and done alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wifctl.credentials.configuration.doubts import doubts
from wifctl.credentials.configuration.durations import (
    LIFETIME,
    TIMEOUT,
    Bounds,
    parse_duration,
)
from wifctl.credentials.configuration.findings import doubtful, dropped, refused
from wifctl.credentials.configuration.headers import parse_headers
from wifctl.credentials.configuration.model import (
    DEFAULT_TIMEOUT_MILLIS,
    DEFAULT_UNIVERSE,
    AwsSource,
    AzureSource,
    CertificateSource,
    CredentialConfiguration,
    ExecutableSource,
    FileSource,
    Source,
    TokenFormat,
    UrlSource,
)
from wifctl.diagnostics import Diagnostic, raise_failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What was typed. None is a flag not given, which is not the same as one given empty."""

    audience: str | None = None
    """The provider's full resource name, without `//iam.googleapis.com/`."""
    output_file: str | None = None
    credential_source_file: str | None = None
    credential_source_url: str | None = None
    executable_command: str | None = None
    aws: bool | None = None
    azure: bool | None = None
    credential_cert_path: str | None = None
    service_account: str | None = None
    service_account_token_lifetime_seconds: str | None = None
    credential_source_headers: str | None = None
    credential_source_type: str | None = None
    credential_source_field_name: str | None = None
    executable_timeout_millis: str | None = None
    executable_output_file: str | None = None
    subject_token_type: str | None = None
    app_id_uri: str | None = None
    enable_imdsv2: bool = False
    credential_cert_private_key_path: str | None = None
    credential_cert_configuration_output_file: str | None = None
    credential_cert_trust_chain_path: str | None = None
    universe_domain: str | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The configuration the flags ask for, where it goes, and what deserves a word."""

    configuration: CredentialConfiguration
    output_file: str
    warnings: tuple[Diagnostic, ...]


SOURCES = (
    "aws",
    "azure",
    "credential_cert_path",
    "credential_source_file",
    "credential_source_url",
    "executable_command",
)
"""The flags of which exactly one is given."""

_USED_BY: Mapping[str, tuple[str, ...]] = {
    "credential_source_headers": ("credential_source_url",),
    "app_id_uri": ("azure",),
    "executable_timeout_millis": ("executable_command",),
    "executable_output_file": ("executable_command",),
    "credential_source_type": ("credential_source_file", "credential_source_url"),
    "credential_source_field_name": ("credential_source_file", "credential_source_url"),
    "subject_token_type": (
        "credential_source_file",
        "credential_source_url",
        "executable_command",
    ),
    "credential_cert_private_key_path": ("credential_cert_path",),
    "credential_cert_configuration_output_file": ("credential_cert_path",),
    "credential_cert_trust_chain_path": ("credential_cert_path",),
}
"""Which sources read a flag; with any other source gcloud drops it."""


def resolve(flags: Flags, default_universe: str = DEFAULT_UNIVERSE) -> Resolved:
    """The configuration, or all refusals at once as a WifctlError."""
    given = [name for name in SOURCES if getattr(flags, name) is not None]
    source = given[0] if len(given) == 1 else ""
    raise_failures([*_missing(flags, given), *_unreadable(flags), *_conflicts(flags, source)])
    configuration = CredentialConfiguration(
        provider=flags.audience or "",
        source=_source(flags, source),
        service_account=flags.service_account or "",
        token_lifetime_seconds=_lifetime(flags),
        subject_token_type=flags.subject_token_type or "",
        universe_domain=flags.universe_domain or default_universe,
    )
    warnings = (
        *_dropped(flags, source),
        *doubts(configuration),
        *_lossy(flags),
        *_one_file(flags),
    )
    return Resolved(configuration, flags.output_file or "", warnings)


def _missing(flags: Flags, given: list[str]) -> Iterator[Diagnostic]:
    if flags.audience is None:
        yield refused("audience", "no audience is given", "name a provider")
    if not flags.output_file:
        yield refused("output_file", "no output file is given")
    if len(given) != 1:
        choice = ", ".join(_flag(name) for name in SOURCES)
        found = " and ".join(_flag(name) for name in given) or "none"
        yield refused("", f"exactly one token source is needed, found {found}", choice)
    elif not getattr(flags, given[0]):
        yield refused(given[0], "the token source is empty")
    if flags.service_account is None and flags.service_account_token_lifetime_seconds is not None:
        yield refused("service_account_token_lifetime_seconds", "needs --service-account")


def _unreadable(flags: Flags) -> Iterator[Diagnostic]:
    yield from _bad_duration(flags, "service_account_token_lifetime_seconds", LIFETIME)
    yield from _bad_duration(flags, "executable_timeout_millis", TIMEOUT)
    try:
        parse_headers(flags.credential_source_headers or "")
    except ValueError as error:
        yield refused("credential_source_headers", str(error), "name=value,name=value")


def _bad_duration(flags: Flags, name: str, bounds: Bounds) -> Iterator[Diagnostic]:
    text = getattr(flags, name)
    if text is None:
        return
    try:
        parse_duration(text, bounds)
    except ValueError as error:
        yield refused(name, str(error), bounds.words)


def _conflicts(flags: Flags, source: str) -> Iterator[Diagnostic]:
    if flags.enable_imdsv2 and not flags.aws:
        yield refused("enable_imdsv2", "is for --aws only")
    if flags.credential_cert_private_key_path and not flags.credential_cert_path:
        yield refused("credential_cert_private_key_path", "is for --credential-cert-path only")
    certificate = (
        flags.credential_cert_path,
        flags.credential_cert_configuration_output_file,
        flags.credential_cert_trust_chain_path,
    )
    if flags.credential_cert_private_key_path is None and any(x is not None for x in certificate):
        yield refused("credential_cert_private_key_path", "a certificate needs its private key")
    yield from _format_conflicts(flags, source)


def _format_conflicts(flags: Flags, source: str) -> Iterator[Diagnostic]:
    kind = flags.credential_source_type
    if not kind:
        return
    if source in ("aws", "azure"):
        yield refused("credential_source_type", f"is not for {_flag(source)}")
    elif source not in _USED_BY["credential_source_type"]:
        return
    elif kind.lower() not in ("json", "text"):
        yield refused("credential_source_type", f"{kind!r} is no type of source", "json, text")
    elif kind.lower() == "json" and not flags.credential_source_field_name:
        yield refused("credential_source_field_name", "is needed for a JSON source")


def _dropped(flags: Flags, source: str) -> Iterator[Diagnostic]:
    for name, users in _USED_BY.items():
        if getattr(flags, name) and source not in users:
            yield dropped(name, f"has no effect with {_flag(source)}")
    kind = (flags.credential_source_type or "text").lower()
    if flags.credential_source_field_name and kind != "json" and source in _FORMATTED:
        yield dropped("credential_source_field_name", "has no effect without a JSON source type")
    if flags.service_account == "":
        lost = (
            "the lifetime is dropped and " if flags.service_account_token_lifetime_seconds else ""
        )
        yield dropped("service_account", f"is empty: {lost}no account is impersonated")


_FORMATTED = _USED_BY["credential_source_type"]


def _lossy(flags: Flags) -> Iterator[Diagnostic]:
    """What was given and arrives in the file as something else."""
    _, repeated = parse_headers(flags.credential_source_headers or "")
    if repeated:
        yield doubtful("credential_source_headers", f"{', '.join(repeated)}: the last one counts")
    millis = flags.executable_timeout_millis
    if millis is not None and parse_duration(millis, TIMEOUT) % 1:
        yield doubtful("executable_timeout_millis", "the part below a millisecond is cut off")


def _one_file(flags: Flags) -> Iterator[Diagnostic]:
    if flags.output_file == flags.credential_cert_configuration_output_file:
        text = "both files go to one path: the certificate configuration overwrites the other"
        yield doubtful("credential_cert_configuration_output_file", text)


def _source(flags: Flags, source: str) -> Source:
    match source:
        case "aws":
            return AwsSource(flags.enable_imdsv2)
        case "azure":
            return AzureSource(flags.app_id_uri or "")
        case "credential_source_file":
            return FileSource(flags.credential_source_file or "", _format(flags))
        case "credential_source_url":
            headers, _ = parse_headers(flags.credential_source_headers or "")
            return UrlSource(flags.credential_source_url or "", headers, _format(flags))
        case "executable_command":
            return _executable(flags)
        case _:
            return _certificate(flags)


def _executable(flags: Flags) -> ExecutableSource:
    text = flags.executable_timeout_millis
    millis = DEFAULT_TIMEOUT_MILLIS if text is None else int(parse_duration(text, TIMEOUT))
    return ExecutableSource(
        flags.executable_command or "", millis, flags.executable_output_file or ""
    )


def _certificate(flags: Flags) -> CertificateSource:
    return CertificateSource(
        flags.credential_cert_path or "",
        flags.credential_cert_private_key_path or "",
        flags.credential_cert_configuration_output_file,
        flags.credential_cert_trust_chain_path,
    )


def _format(flags: Flags) -> TokenFormat | None:
    match (flags.credential_source_type or "").lower():
        case "json":
            return TokenFormat("json", flags.credential_source_field_name or "")
        case "text":
            return TokenFormat("text")
        case _:
            return None


def _lifetime(flags: Flags) -> int | float | None:
    text = flags.service_account_token_lifetime_seconds
    return None if text is None else parse_duration(text, LIFETIME)


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
