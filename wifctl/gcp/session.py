"""HTTP sessions: what may carry a credential, and where to."""

from __future__ import annotations

from typing import Any

import requests
from google.auth import credentials as auth
from google.auth.transport.requests import AuthorizedSession, Request
from requests.adapters import HTTPAdapter

from wifctl.gcp.target import Endpoint, is_loopback_url


class TlsOnlyAdapter(HTTPAdapter):
    """Stands where plain HTTP would be, and refuses: real credentials never leave in the clear."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Refuse."""
        raise requests.exceptions.InvalidSchema(
            "credentials are never sent over plain HTTP", request=request
        )


class LoopbackOnlyAdapter(HTTPAdapter):
    """Lets nothing leave this machine."""

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send to the emulator, refuse anything else."""
        scheme, _, rest = (request.url or "").partition("://")
        if not is_loopback_url(f"{scheme}://{rest.partition('/')[0]}"):
            raise requests.exceptions.InvalidSchema(
                "an emulator is reached on this machine only", request=request
            )
        return super().send(request, *args, **kwargs)


def refresh_request() -> Request:
    """What credentials refresh themselves through: proxies and CA bundle yes, netrc no."""
    session = requests.Session()
    session.auth = _unchanged
    return Request(session)


def google_session(
    credentials: auth.Credentials, user_agent: str, threads: int
) -> requests.Session:
    """A session to Google: HTTPS only, no netrc (`libraries.md` §4)."""
    session: requests.Session = AuthorizedSession(  # type: ignore[no-untyped-call]
        credentials, auth_request=refresh_request()
    )
    session.auth = _unchanged
    session.mount("https://", HTTPAdapter(pool_maxsize=threads))
    session.mount("http://", TlsOnlyAdapter())
    session.headers["User-Agent"] = user_agent
    return session


def emulator_session(endpoint: Endpoint, user_agent: str, threads: int) -> requests.Session:
    """A session to an emulator: no proxy, no netrc, no credential but the emulator's own."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", LoopbackOnlyAdapter())
    session.mount("http://", LoopbackOnlyAdapter(pool_maxsize=threads))
    session.headers["User-Agent"] = user_agent
    if endpoint.token:
        session.headers["Authorization"] = f"Bearer {endpoint.token}"
    return session


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
