"""Where a package client's request leads: by host name as Google's, or by a prefix on loopback."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wifctl.emulator.errors import ApiError, not_found
from wifctl.emulator.rest.message import BODY_LIMIT, Request
from wifctl.emulator.rest.target import split_target

PREFIX = b"/_python/"
"""`/_python/LOCATION/PROJECT/REPOSITORY/…` is `https://LOCATION-python.pkg.dev/PROJECT/REPOSITORY/…`."""
UPLOAD_LIMIT = 256 * 1024 * 1024
"""Bytes an upload may have."""
_HOST = re.compile(r"([a-z0-9-]+)-python\.pkg\.dev(?::[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Address:
    """A repository, and the rest of the path."""

    repository: str
    """`projects/P/locations/L/repositories/R`."""
    rest: tuple[str, ...]


def is_package(request: Request) -> bool:
    """Whether a request is a package client's."""
    return request.target.startswith(PREFIX) or bool(_location(request))


def body_limit(request: Request) -> int:
    """Bytes a request's body may have."""
    return UPLOAD_LIMIT if is_package(request) else BODY_LIMIT


def address_of(request: Request) -> Address:
    """The repository a request names. Raises NOT_FOUND."""
    target = request.target
    path = target.partition(b"?")[0]
    slash = path.endswith(b"/") and len(path) > 1
    text, _ = split_target(path[:-1] if slash else path)
    segments = text.split("/")[1:]
    segments = segments[1:] if target.startswith(PREFIX) else [_location(request), *segments]
    if len(segments) > 2 and "." in segments[1]:  # the path of `example.com:acme` has a slash
        segments[1:3] = [":".join(segments[1:3])]
    if len(segments) < 3 or not all(segments):
        raise missing(request)
    location, project, repository, *rest = segments
    name = f"projects/{project}/locations/{location}/repositories/{repository}"
    return Address(name, tuple(rest))


def missing(request: Request) -> ApiError:
    """The answer to a path that leads nowhere."""
    shown = request.target.partition(b"?")[0][:200].decode("ascii", "replace")
    return not_found(f"Not found: {request.verb} {shown}.")


def _location(request: Request) -> str:
    host = request.headers.get(b"host", b"").decode("latin-1").lower()
    found = _HOST.fullmatch(host)
    return found[1] if found else ""
