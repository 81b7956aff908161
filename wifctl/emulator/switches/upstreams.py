"""Whether remote repositories are tried out before they are made."""

from __future__ import annotations

from wifctl.emulator.errors import invalid


class Upstreams:
    """Off: an upstream and its credentials are taken on trust."""

    def __init__(self) -> None:
        self.checked = False
        """On: the credentials must be readable by the service agent, an upstream on loopback must
        take a connection. Nothing beyond loopback is ever tried."""

    def set(self, value: object) -> None:
        """`true` or `false`."""
        if not isinstance(value, bool):
            raise invalid("upstreams: must be true or false")
        self.checked = value
