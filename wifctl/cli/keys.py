"""An issuer's keys from the command line: a file, or an address on this machine."""

from __future__ import annotations

import click

from wifctl.credentials.addresses import is_loopback
from wifctl.credentials.exchange.plain import read_text
from wifctl.credentials.failures import unavailable


def given_keys(place: str) -> str:
    """The JSON of a key set: of a file, of a loopback URL, or of a discovery document there.

    Raises WifctlError.
    """
    if not place.startswith(("http://", "https://")):
        return read_text(place, "the key set")
    if not is_loopback(place):
        raise click.UsageError("--jwks takes a file, or a URL on this machine.")
    from wifctl.gcp.discovery import UnreadableError, served_keys
    from wifctl.gcp.metadata import TokenHttp

    try:
        return served_keys(TokenHttp(), place)
    except UnreadableError as error:
        raise unavailable(str(error)) from None
