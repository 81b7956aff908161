"""HTTP to where tokens come from: metadata services, AD FS, GitHub, a local server, Google."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import requests

from wifctl.credentials.addresses import METADATA_SERVERS, host_of, is_loopback
from wifctl.credentials.failures import unavailable
from wifctl.credentials.ports import HttpRequest, HttpResponse, WindowsLogin
from wifctl.diagnostics import Diagnostic, WifctlError

_LARGEST = 1024 * 1024
_CONNECT_SECONDS = 5.0
_CHUNK = 16 * 1024


@dataclass(frozen=True, slots=True)
class TokenHttp:
    """Sends requests one at a time: no redirects, no netrc, proxies only towards the internet.

    Errors name the host and never the rest of a URL, where a secret may stand.
    """

    user_agent: str = "wifctl"

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer, whatever its status. Raises WifctlError when there is none."""
        with requests.Session() as session:
            session.trust_env = not is_local(request.url)
            session.auth = _authentication(request.login)
            session.headers["User-Agent"] = self.user_agent
            try:
                return self._send(session, request)
            except requests.Timeout:
                raise _silent(request) from None
            except (requests.RequestException, OSError) as error:
                what = type(error).__name__
                raise unavailable(f"cannot reach {host_of(request.url)}: {what}") from None

    def _send(self, session: requests.Session, request: HttpRequest) -> HttpResponse:
        certificate = request.client_certificate
        deadline = time.monotonic() + request.timeout_seconds
        answer = session.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            data=request.body or None,
            timeout=(min(_CONNECT_SECONDS, request.timeout_seconds), request.timeout_seconds),
            allow_redirects=False,
            stream=True,
            cert=(certificate.certificate, certificate.key) if certificate else None,
        )
        with answer:
            body = _read(answer, request, deadline)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return HttpResponse(answer.status_code, body, headers)


def is_local(url: str) -> bool:
    """Whether no proxy may stand between: this machine, or its metadata service."""
    return is_loopback(url) or host_of(url) in METADATA_SERVERS


def _read(answer: requests.Response, request: HttpRequest, deadline: float) -> bytes:
    """The body, up to 1 MiB and the deadline: a timeout alone is per read."""
    body = b""
    for chunk in answer.iter_content(_CHUNK):
        body += chunk
        if len(body) > _LARGEST:
            raise unavailable(f"{host_of(request.url)} answered with more than 1 MiB")
        if time.monotonic() > deadline:
            raise _silent(request)
    return body


def _silent(request: HttpRequest) -> WifctlError:
    text = f"{host_of(request.url)} did not answer within {request.timeout_seconds:g} seconds"
    return unavailable(text)


def _authentication(login: WindowsLogin | None) -> Any:
    """An authentication for requests; having one keeps netrc out."""
    if login is None:
        return _unchanged
    try:
        from requests_ntlm import HttpNtlmAuth
    except ImportError:
        text = "Windows integrated authentication needs two more packages"
        fix = "install wifctl[adfs]"
        raise WifctlError(Diagnostic("extra-not-installed", text, fix=fix)) from None
    return HttpNtlmAuth(login.user or None, login.password or None)


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
