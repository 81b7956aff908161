"""The two wires: to Google, and to an emulator. They differ here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import requests

from wifctl.gcp.caller import GOOGLE_PATIENCE, LOCAL_PATIENCE
from wifctl.gcp.channels import ChannelMaker, emulator_channels, google_channels
from wifctl.gcp.credentials import caller_of, ready_credentials
from wifctl.gcp.operations import LOCAL_PACE, Pace
from wifctl.gcp.retry import Patience
from wifctl.gcp.session import emulator_session, google_session
from wifctl.gcp.target import Endpoint, Target

MOST_THREADS = 32


@dataclass(frozen=True, slots=True)
class Wire:
    """How one target is reached."""

    session: requests.Session
    rest_base: str
    """URL with a `{}` for the service."""
    open_channel: ChannelMaker
    threads: int
    patience: Patience
    pace: Pace
    has_quotas: bool
    caller: str


def google_wire(target: Target) -> Wire:
    """The wire to Google: TLS only, with real credentials. Blocks while they are fetched."""
    credentials = ready_credentials(target)
    threads = _threads(target)
    return Wire(
        session=google_session(credentials, target.user_agent, threads),
        rest_base=f"https://{{}}.{target.universe_domain}",
        open_channel=google_channels(credentials, target.user_agent),
        threads=threads,
        patience=GOOGLE_PATIENCE,
        pace=Pace(),
        has_quotas=True,
        caller=caller_of(credentials),
    )


def emulator_wire(target: Target, endpoint: Endpoint) -> Wire:
    """The wire to an emulator: loopback, plain text, and no credential of Google's anywhere."""
    threads = _threads(target)
    return Wire(
        session=emulator_session(endpoint, target.user_agent, threads),
        rest_base=endpoint.rest_url,
        open_channel=emulator_channels(endpoint.grpc_target, endpoint.token, target.user_agent),
        threads=threads,
        patience=LOCAL_PATIENCE,
        pace=LOCAL_PACE,
        has_quotas=False,
        caller="",
    )


def _threads(target: Target) -> int:
    return max(1, min(target.parallelism, MOST_THREADS))
