"""Questions to an upstream: a handler raises `Pending`, the door asks and calls it again."""

from __future__ import annotations

import http.client
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from wifctl.emulator.python.indexes import is_loopback

SECONDS = 10.0
"""How long an upstream may take to connect, and for each read."""
LIMIT = 512 * 1024 * 1024
"""Bytes an upstream's answer may have."""
_REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Login:
    """A user name and a password for the upstream."""

    user: str
    password: bytes = field(repr=False)

    @property
    def header(self) -> str:
        """HTTP Basic (RFC 7617), the password verbatim."""
        return "Basic " + b64encode(self.user.encode() + b":" + self.password).decode()


@dataclass(frozen=True, slots=True)
class Order:
    """One GET to make. The login goes to the origin of the URL only."""

    url: str
    accept: str = "*/*"
    login: Login | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back: a status, or 0 and the reason why nothing did."""

    status: int
    url: str
    body: bytes = field(default=b"", repr=False)
    type: str = ""
    problem: str = ""


class Pending(Exception):  # noqa: N818 - not an error: the call is to be repeated
    """A handler needs an answer from outside; nothing it did so far is kept."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.url)
        self.order = order


def fetched(answers: Mapping[str, Fetched], order: Order) -> Fetched:
    """The answer to an order, when the door has it; else raises `Pending`."""
    found = answers.get(order.url)
    if found is None:
        raise Pending(order)
    return found


def fetch(order: Order) -> Fetched:
    """Ask, blocking; redirects are followed on loopback only."""
    url, login = order.url, order.login
    for _ in range(_REDIRECTS):
        if not is_loopback(url):
            return Fetched(0, order.url, problem=f"it leads to {urlsplit(url).hostname}")
        found, location = _get(url, order.accept, login)
        if not location:
            return found
        following = urljoin(url, location)
        login = login if _origin(following) == _origin(url) else None
        url = following
    return Fetched(0, order.url, problem="it redirects in circles")


def same_origin(one: str, other: str) -> bool:
    """Whether credentials for one URL may be sent to another."""
    return _origin(one) == _origin(other)


def _get(url: str, accept: str, login: Login | None) -> tuple[Fetched, str]:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    headers = {"Accept": accept} | ({"Authorization": login.header} if login else {})
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = kind(str(parts.hostname), parts.port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read(LIMIT)
    except (OSError, http.client.HTTPException) as error:
        return Fetched(0, url, problem=type(error).__name__), ""
    finally:
        connection.close()
    location = answer.getheader("Location", "") if answer.status in _MOVED else ""
    return Fetched(answer.status, url, body, answer.getheader("Content-Type", "")), location


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
