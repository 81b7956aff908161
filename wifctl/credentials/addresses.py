"""Which addresses may be spoken to without TLS, and which of those may see a secret."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

METADATA_SERVERS = frozenset({"169.254.169.254", "fd00:ec2::254"})
"""The link-local metadata services of AWS and Azure: plain HTTP by design."""


def host_of(url: str) -> str:
    """The host of an http or https URL without its port, or an empty text."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine by an address that cannot be resolved elsewhere."""
    host = host_of(url)
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(url: str) -> bool:
    """Whether a secret sent there cannot be read on the way: https, or this machine."""
    return bool(host_of(url)) and (url.lower().startswith("https://") or is_loopback(url))


def is_reachable_plainly(url: str) -> bool:
    """Whether a token may be *fetched* there: private, or a cloud's metadata service."""
    return is_private(url) or host_of(url) in METADATA_SERVERS
