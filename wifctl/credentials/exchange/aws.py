"""AWS: credentials from the environment or the metadata service, as a signed request for Google.

Google replays the signed `GetCallerIdentity` request, so that no AWS secret leaves the machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from wifctl.credentials.exchange.sources import AwsToken
from wifctl.credentials.exchange.web import as_text, fetch, json_object
from wifctl.credentials.failures import unavailable
from wifctl.credentials.ports import HttpRequest, HttpResponse, Surroundings

_TARGET = "x-goog-cloud-target-resource"
_SESSION_HEADER = "X-aws-ec2-metadata-token"
_SESSION_SECONDS = "300"


@dataclass(frozen=True, slots=True)
class AwsCredentials:
    """What AWS signs with; temporary credentials have a session token."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


def aws_token(source: AwsToken, audience: str, around: Surroundings) -> str:
    """The signed request as Google's token, percent-encoded. Raises TokenUnavailableError."""
    found = _environment_credentials(around.environment)
    region = _environment_region(around.environment)
    session = "" if found and region else _session_token(source, around)
    credentials = found or _metadata_credentials(source, session, around)
    region = region or _metadata_region(source, session, around)
    return signed_request(credentials, region, source.verification_url, audience)


def signed_request(
    credentials: AwsCredentials, region: str, verification_url: str, audience: str
) -> str:
    """The request and its headers in Google's JSON. The provider's name is signed along."""
    from google.auth.aws import AwsSecurityCredentials, RequestSigner
    from google.auth.exceptions import GoogleAuthError

    key = AwsSecurityCredentials(
        credentials.access_key_id, credentials.secret_access_key, credentials.session_token or None
    )
    url = verification_url.replace("{region}", region)
    try:
        signer: Any = RequestSigner(region)  # type: ignore[no-untyped-call]
        signed = signer.get_request_options(
            key, url, "POST", additional_headers={_TARGET: audience}
        )
    except GoogleAuthError:
        raise unavailable("the AWS verification URL is not an https URL") from None
    headers = [{"key": name, "value": signed["headers"][name]} for name in signed["headers"]]
    request = {"url": signed["url"], "method": signed["method"], "headers": headers}
    return quote(json.dumps(request, separators=(",", ":"), sort_keys=True))


def _environment_credentials(environment: Mapping[str, str]) -> AwsCredentials | None:
    key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        return None
    return AwsCredentials(key, secret, environment.get("AWS_SESSION_TOKEN", ""))


def _environment_region(environment: Mapping[str, str]) -> str:
    return environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or ""


def _session_token(source: AwsToken, around: Surroundings) -> str:
    """The session token of IMDSv2; empty for version 1."""
    url = source.session_token_url
    if not url:
        return ""
    headers = {f"{_SESSION_HEADER}-ttl-seconds": _SESSION_SECONDS}
    return as_text(fetch(HttpRequest("PUT", url, headers), around, metadata=True), url).strip()


def _ask(url: str, session: str, around: Surroundings) -> HttpResponse:
    headers = {_SESSION_HEADER: session} if session else {}
    return fetch(HttpRequest("GET", url, headers), around, metadata=True)


def _metadata_region(source: AwsToken, session: str, around: Surroundings) -> str:
    """The region, which is the availability zone without its last letter."""
    url = source.region_url
    if not url:
        raise unavailable("the AWS region is not known", "set AWS_REGION")
    return as_text(_ask(url, session, around), url).strip()[:-1]


def _metadata_credentials(source: AwsToken, session: str, around: Surroundings) -> AwsCredentials:
    base = source.credentials_url
    if not base:
        raise unavailable("there are no AWS credentials", "set AWS_ACCESS_KEY_ID")
    role = as_text(_ask(base, session, around), base).strip()
    if not role or "/" in role:
        raise unavailable("the instance has no IAM role")
    url = f"{base.rstrip('/')}/{quote(role)}"
    found = json_object(_ask(url, session, around), url)
    key, secret = found.get("AccessKeyId"), found.get("SecretAccessKey")
    if not isinstance(key, str) or not isinstance(secret, str):
        raise unavailable("the metadata service gave no AWS credentials")
    return AwsCredentials(key, secret, str(found.get("Token") or ""))
