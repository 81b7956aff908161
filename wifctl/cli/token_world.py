"""The outside world of `token` commands: this machine's network, programs, clock, environment."""

from __future__ import annotations

import time

from wifctl.cli.session import Session
from wifctl.cli.version import versions
from wifctl.credentials.commands import SystemCommands
from wifctl.credentials.ports import Surroundings
from wifctl.gcp.metadata import TokenHttp


def surroundings(session: Session, timeout_seconds: float) -> Surroundings:
    """The real thing."""
    return Surroundings(
        TokenHttp(f"wifctl/{versions()['wifctl']}"),
        SystemCommands(),
        time.time,
        session.environment,
        timeout_seconds,
    )
