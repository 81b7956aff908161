"""gRPC channels and the official asyncio clients on them: at most 32 calls in flight on each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio
from google.api_core.gapic_v1.client_info import ClientInfo
from google.auth import credentials as auth
from google.auth.transport.grpc import AuthMetadataPlugin
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    grpc_asyncio as secret_transport,
)

from wifctl.gcp.session import refresh_request

STREAMS = 32
"""Near a server's stream limit calls are lost (`performance.md` §2)."""

ChannelMaker = Callable[[str], grpc.aio.Channel]
"""Opens a channel to a host, e.g. `iam.googleapis.com`."""


@dataclass(slots=True)
class Lane:
    """One channel with one client on it, and how many calls are under way or waiting."""

    client: Any
    channel: grpc.aio.Channel
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(STREAMS))
    users: int = 0


@dataclass(slots=True)
class Channels:
    """All lanes of a target, opened when first needed and inside the running loop."""

    open_channel: ChannelMaker
    user_agent: str
    parallelism: int = STREAMS
    _lanes: dict[tuple[type, str], list[Lane]] = field(default_factory=dict)

    def lane(self, client: type, host: str) -> Lane:
        """The least busy lane of a client class to a host."""
        key = (client, host)
        if key not in self._lanes:
            count = max(1, -(-self.parallelism // STREAMS))
            self._lanes[key] = [self._open(client, host) for _ in range(count)]
        return min(self._lanes[key], key=lambda lane: lane.users)

    async def close(self) -> None:
        """Close every channel."""
        for lanes in self._lanes.values():
            for lane in lanes:
                await lane.channel.close()
        self._lanes.clear()

    def _open(self, client: Any, host: str) -> Lane:
        channel = self.open_channel(host)
        transport = client.get_transport_class("grpc_asyncio")
        info = ClientInfo(user_agent=self.user_agent)  # type: ignore[no-untyped-call]
        return Lane(client(transport=transport(channel=channel, client_info=info)), channel)


def google_channels(credentials: auth.Credentials, user_agent: str) -> ChannelMaker:
    """Channels to Google: always TLS, with the credentials on every call."""

    def open_channel(host: str) -> grpc.aio.Channel:
        plugin = AuthMetadataPlugin(  # type: ignore[no-untyped-call]
            credentials, refresh_request(), default_host=host
        )
        both = grpc.composite_channel_credentials(
            grpc.ssl_channel_credentials(), grpc.metadata_call_credentials(plugin)
        )
        options = _options(user_agent)
        return grpc.aio.secure_channel(f"{host}:443", both, options=options)

    return open_channel


def emulator_channels(target: str, token: str, user_agent: str) -> ChannelMaker:
    """Channels to an emulator's one gRPC door, whatever the host; no proxy in between."""
    interceptors = [_Bearer(token)] if token else []

    def open_channel(_: str) -> grpc.aio.Channel:
        options = [*_options(user_agent), ("grpc.enable_http_proxy", 0)]
        return grpc.aio.insecure_channel(target, options=options, interceptors=interceptors)

    return open_channel


def keep_payloads_out_of_logs() -> None:
    """Switch off the one logger that would print secret payloads at level DEBUG.

    The generated transports log requests and answers in full when debug logging is on.
    """
    logging.getLogger(secret_transport.__name__).disabled = True


class _Bearer(grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[misc]
    """Adds an emulator's token, which call credentials cannot do on plain text."""

    def __init__(self, token: str) -> None:
        self._header = ("authorization", f"Bearer {token}")

    async def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        """Send the call on with one more header."""
        metadata = grpc.aio.Metadata(*(details.metadata or ()), self._header)
        return await continuation(details._replace(metadata=metadata), request)


def _options(user_agent: str) -> list[tuple[str, Any]]:
    return [
        ("grpc.primary_user_agent", user_agent),
        ("grpc.max_receive_message_length", -1),
        ("grpc.max_send_message_length", -1),
        ("grpc.use_local_subchannel_pool", 1),  # else equal channels share one connection
    ]
