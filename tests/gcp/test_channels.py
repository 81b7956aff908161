"""gRPC channels: what every call carries, and how many share one."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import grpc.aio
import pytest
from google.cloud import secretmanager_v1 as manager

from tests.gcp.clock import Clock
from tests.gcp.grpc_stub import grpc_stub
from wifctl.api import ApiError, Status
from wifctl.gcp.caller import Caller
from wifctl.gcp.channels import STREAMS, Channels, emulator_channels
from wifctl.gcp.connect import connect
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.quota import Quotas
from wifctl.gcp.rpc import Rpc
from wifctl.gcp.target import Endpoint, Target
from wifctl.names import SecretName

SECRET = SecretName("acme-ci", "token")
HASTY = Method("secrets.get", Repeat.ONCE, timeout=0.1)


class Server:
    """Answers GetSecret, remembers headers and how many calls each connection had at once."""

    def __init__(self, expected: int = 1) -> None:
        self.headers: list[dict[str, str]] = []
        self.running: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.expected = expected
        self.all_here = asyncio.Event()

    async def get(self, request: Any, context: grpc.aio.ServicerContext) -> Any:
        peer = context.peer()
        self.headers.append(dict(context.invocation_metadata()))
        self.running[peer] = self.running.get(peer, 0) + 1
        self.most[peer] = max(self.most.get(peer, 0), self.running[peer])
        if sum(self.running.values()) == self.expected:
            self.all_here.set()
        await self.all_here.wait()
        self.running[peer] -= 1
        return manager.Secret(name=request.name)


def call(server: Server, calls: int = 1, *, token: str = "", parallelism: int = 32) -> None:
    methods = {"GetSecret": (manager.GetSecretRequest, server.get)}

    async def run() -> None:
        async with grpc_stub(methods) as door:
            endpoint = Endpoint("http://127.0.0.1:1", door, token)
            target = Target(endpoint, parallelism=parallelism, user_agent="wifctl/0.1")
            async with connect(target) as api, asyncio.timeout(20):
                await asyncio.gather(*(api.secrets.get(SECRET) for _ in range(calls)))

    asyncio.run(run())


def test_calls_name_wifctl_and_carry_no_credential() -> None:
    server = Server()
    call(server)
    (headers,) = server.headers
    assert headers["user-agent"].startswith("wifctl/0.1 ")
    assert headers["x-goog-api-client"].startswith("wifctl/0.1 ")
    assert "authorization" not in headers


def test_an_emulator_token_goes_with_every_call() -> None:
    server = Server()
    call(server, token="some-token")
    assert server.headers[0]["authorization"] == "Bearer some-token"


def test_a_proxy_of_the_user_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "grpc_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    server = Server()
    call(server)
    assert len(server.headers) == 1


def test_no_connection_ever_has_more_than_32_calls_and_parallel_ones_are_spread() -> None:
    server = Server(expected=2 * STREAMS)
    call(server, 5 * STREAMS, parallelism=2 * STREAMS)
    assert sorted(server.most.values()) == [STREAMS, STREAMS]


def test_a_refused_connection_is_an_outage_without_effect() -> None:
    async def run() -> ApiError:
        clock = Clock()
        endpoint = Endpoint("http://127.0.0.1:1", "127.0.0.1:1")
        async with connect(Target(endpoint), clock.timing) as api:
            with pytest.raises(ApiError) as raised:
                await api.secrets.create(SECRET, {"replication": {"automatic": {}}})
            assert len(clock.slept) == 5
            return raised.value

    found = asyncio.run(run())
    assert (found.status, found.effect_unknown) == (Status.UNAVAILABLE, False)


def test_a_hung_server_is_left_at_the_deadline_and_other_hosts_get_their_own_channel() -> None:
    server = Server(expected=99)
    methods = {"GetSecret": (manager.GetSecretRequest, server.get)}
    opened: list[str] = []

    async def run() -> ApiError:
        async with grpc_stub(methods) as door:
            real = emulator_channels(door, "", "wifctl")

            def noted(host: str) -> grpc.aio.Channel:
                opened.append(host)
                return real(host)

            channels = Channels(noted, "wifctl")
            request = manager.GetSecretRequest(name=str(SECRET))
            caller = Caller(Quotas(Clock().timing.now, enabled=False))
            rpc = Rpc(channels, caller, manager.SecretManagerServiceAsyncClient, "one.example.com")
            try:
                for host in ("", "two.example.com", "one.example.com"):
                    with pytest.raises(ApiError) as raised:
                        await rpc.send(HASTY, "get_secret", request, SECRET, host=host)
            finally:
                await channels.close()
            return raised.value

    found = asyncio.run(run())
    assert (found.status, found.effect_unknown) == (Status.DEADLINE_EXCEEDED, True)
    assert opened == ["one.example.com", "two.example.com"]
