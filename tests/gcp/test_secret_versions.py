"""Secret versions: nothing is added twice, nothing is believed unchecked, nothing leaks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import grpc
import pytest
from google.cloud import secretmanager_v1 as manager

from tests.gcp.clock import Clock
from tests.gcp.grpc_stub import grpc_stub
from wifctl.api import ApiError, Secrets, Status
from wifctl.gcp.connect import connect
from wifctl.gcp.crc32c import crc32c
from wifctl.gcp.target import Endpoint, Target
from wifctl.names import SecretName, SecretVersionName

T = TypeVar("T")
SECRET = SecretName("acme-ci", "token")
PAYLOAD = b"hunter2-very-secret"


class Vault:
    """A secret's versions behind a gRPC door whose answers can be lost."""

    def __init__(self, *payloads: bytes) -> None:
        self.payloads = list(payloads)
        self.losses: list[bool] = []
        """For each coming addVersion: whether it lands before its answer is lost."""
        self.adds = 0
        self.readable = True
        self.broken = False
        self.state = manager.SecretVersion.State.ENABLED

    async def add(self, request: Any, context: grpc.aio.ServicerContext) -> Any:
        self.adds += 1
        lands = self.losses.pop(0) if self.losses else None
        if lands is not False:
            assert request.payload.data_crc32c == crc32c(request.payload.data)
            self.payloads.append(request.payload.data)
        if lands is not None:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "Socket closed")
        return manager.SecretVersion(name=self._name(len(self.payloads)))

    async def list(self, _: Any, __: grpc.aio.ServicerContext) -> Any:
        numbers = range(1, len(self.payloads) + 1)
        versions = [manager.SecretVersion(name=self._name(n), state=self.state) for n in numbers]
        return manager.ListSecretVersionsResponse(versions=versions)

    async def access(self, request: Any, context: grpc.aio.ServicerContext) -> Any:
        if not self.readable:
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, "no access")
        data = self.payloads[int(request.name.rpartition("/")[2]) - 1]
        checksum = 1 if self.broken else crc32c(data)
        payload = manager.SecretPayload(data=data, data_crc32c=checksum)
        return manager.AccessSecretVersionResponse(payload=payload)

    def _name(self, number: int) -> str:
        return f"projects/123456789012/secrets/token/versions/{number}"


def on(vault: Vault, story: Callable[[Secrets], Awaitable[T]]) -> T:
    methods = {
        "AddSecretVersion": (manager.AddSecretVersionRequest, vault.add),
        "ListSecretVersions": (manager.ListSecretVersionsRequest, vault.list),
        "AccessSecretVersion": (manager.AccessSecretVersionRequest, vault.access),
    }

    async def run() -> T:
        async with grpc_stub(methods) as door:
            target = Target(Endpoint("http://127.0.0.1:1", door))
            async with connect(target, Clock().timing) as api:
                return await story(api.secrets)

    return asyncio.run(run())


def add(vault: Vault) -> str:
    return on(vault, lambda secrets: secrets.add_version(SECRET, PAYLOAD))


def test_a_version_that_landed_though_its_answer_was_lost_is_not_added_again() -> None:
    vault = Vault(b"before")
    vault.losses = [True]
    assert add(vault) == "2"
    assert vault.payloads == [b"before", PAYLOAD]


def test_a_version_that_did_not_land_is_added_again() -> None:
    vault = Vault(b"before")
    vault.losses = [False, False]
    assert add(vault) == "2"
    assert vault.payloads == [b"before", PAYLOAD]
    assert vault.adds == 3


def test_an_older_version_with_the_same_payload_does_not_count_as_landed() -> None:
    vault = Vault(PAYLOAD, b"after")
    vault.losses = [False]
    assert add(vault) == "3"


def test_where_the_payload_cannot_be_compared_nothing_is_sent_again() -> None:
    vault = Vault(b"before")
    vault.losses, vault.readable = [True], False
    with pytest.raises(ApiError) as raised:
        add(vault)
    assert raised.value.effect_unknown
    assert raised.value.call == "secrets.addVersion"
    assert vault.adds == 1


def test_an_outage_that_lasts_ends_in_an_error_and_no_version() -> None:
    vault = Vault()
    vault.losses = [False] * 99
    with pytest.raises(ApiError) as raised:
        add(vault)
    assert (raised.value.status, vault.payloads) == (Status.UNAVAILABLE, [])
    assert vault.adds == 4


def test_versions_come_newest_first_by_number() -> None:
    found = on(Vault(*[b"x"] * 11), lambda secrets: secrets.versions(SECRET))
    assert [v["name"].rpartition("/")[2] for v in found] == [str(n) for n in range(11, 0, -1)]
    assert found[0]["state"] == "ENABLED"


def test_a_payload_that_does_not_match_its_checksum_is_refused() -> None:
    vault = Vault(PAYLOAD)
    name = SecretVersionName(SECRET, "1")
    assert on(vault, lambda secrets: secrets.access(name)) == PAYLOAD
    vault.broken = True
    with pytest.raises(ApiError, match="checksum") as raised:
        on(vault, lambda secrets: secrets.access(name))
    assert PAYLOAD.decode() not in str(raised.value)


def test_payloads_stay_out_of_debug_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("google"):
            caplog.set_level(logging.DEBUG, name)
    vault = Vault()
    add(vault)
    assert on(vault, lambda secrets: secrets.access(SecretVersionName(SECRET, "1"))) == PAYLOAD
    text = "\n".join(f"{r.getMessage()} {vars(r)}" for r in caplog.records)
    assert "hunter2" not in text
    assert "aHVudGVyM" not in text, "nor in base64"


def test_the_checksum_is_castagnoli() -> None:
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(b"") == 0
