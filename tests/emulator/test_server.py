"""The emulator as a whole: start, stop, ports, one owner of a state, nothing lost by SIGKILL."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import iam_admin_v1
from google.iam.v1 import iam_policy_pb2, policy_pb2

from tests.support.emulator import ACCOUNTS, NUMBER, POOLS, PROJECT, Rest, emulator
from wifctl.diagnostics import WifctlError
from wifctl.emulator.options import Options
from wifctl.emulator.projects import derived_number
from wifctl.emulator.server import Doors, running

SERVE = """
import json, sys
from pathlib import Path
from wifctl.emulator.options import Options
from wifctl.emulator.server import serve_forever
options = Options(state=Path(sys.argv[1]), projects={"acme-ci": "123456789012"})
def ready(doors):
    print(json.dumps([doors.rest_url, doors.grpc_target]), flush=True)
serve_forever(options, ready)
"""
KNOWN = Options(projects={PROJECT: NUMBER})
ROOT = Path(__file__).parents[2]


@contextmanager
def process(state: Path) -> Iterator[tuple[subprocess.Popen[str], Doors]]:
    """An emulator in a process of its own."""
    command = [sys.executable, "-c", SERVE, str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        try:
            assert child.stdout is not None
            yield child, Doors(*json.loads(child.stdout.readline()))
        finally:
            child.kill()


def create(api: Rest, number: int) -> int:
    return api.post(POOLS, {}, workloadIdentityPoolId=f"pool-{number:05}").status


def test_a_state_outlives_its_emulator(tmp_path: Path) -> None:
    state = tmp_path / "local.db"
    for wanted in (200, 409):
        with running(state, KNOWN) as doors:
            assert create(Rest(doors), 1) == wanted


def test_a_reopened_state_knows_whose_number_it_is(tmp_path: Path) -> None:
    state = tmp_path / "local.db"
    with running(state) as doors:
        made = Rest(doors).post(ACCOUNTS, {"accountId": "deployer"}).body
    number = derived_number(PROJECT)
    with running(state) as doors:
        found = Rest(doors).get(f"/v1/projects/{number}/serviceAccounts/{made['email']}")
    assert found.body == made


def test_a_state_has_one_owner_at_a_time(tmp_path: Path) -> None:
    state = tmp_path / "local.db"
    with running(state, KNOWN), pytest.raises(WifctlError, match="in use"), running(state, KNOWN):
        pass
    with running(state, KNOWN) as doors:
        assert create(Rest(doors), 1) == 200


@pytest.mark.parametrize("door", ["port", "grpc_port"])
def test_a_taken_port_is_said_in_words(door: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WifctlError, match=f"127.0.0.1:{port}"), emulator(**{door: port}):
            pass


def test_a_bad_switch_at_the_start_is_said_in_words() -> None:
    with (
        pytest.raises(WifctlError, match="unknown setting 'nonsense'"),
        emulator(switches={"nonsense": 1}),
    ):
        pass


def test_it_listens_on_loopback_only() -> None:
    with emulator() as doors:
        assert doors.rest_url.startswith("http://127.0.0.1:")
        assert doors.grpc_target.startswith("127.0.0.1:")


def test_two_emulators_live_side_by_side() -> None:
    with emulator() as one, emulator() as two:
        assert create(Rest(one), 1) == create(Rest(two), 1) == 200


def test_it_stops_at_once_with_clients_connected() -> None:
    with emulator() as doors:
        api = Rest(doors)
        create(api, 1)
        start = time.monotonic()
    assert time.monotonic() - start < 0.5


def test_sigterm_ends_it_quietly(tmp_path: Path) -> None:
    with process(tmp_path / "s.db") as (child, doors):
        assert create(Rest(doors), 1) == 200
        child.send_signal(signal.SIGTERM)
        assert child.wait(5) == 0
    with running(tmp_path / "s.db", KNOWN) as doors:
        assert create(Rest(doors), 1) == 409


def lost_writes(state: Path, delay: float) -> set[int]:
    """Write from four threads, kill after the delay, reopen: acknowledged pools that are gone."""
    acknowledged: list[int] = []

    def write(doors: Doors, numbers: range) -> None:
        api = Rest(doors)
        for number in numbers:
            try:
                if create(api, number) == 200:
                    acknowledged.append(number)
            except OSError:
                return

    with process(state) as (child, doors):
        writers = [
            threading.Thread(target=write, args=(doors, range(i, 100_000, 4))) for i in range(4)
        ]
        for writer in writers:
            writer.start()
        time.sleep(delay)
        os.kill(child.pid, signal.SIGKILL)
        for writer in writers:
            writer.join()
    with running(state, KNOWN) as doors:
        api = Rest(doors)
        assert acknowledged
        return {n for n in acknowledged if api.get(f"{POOLS}/pool-{n:05}").status != 200}


def test_a_kill_loses_no_acknowledged_write(tmp_path: Path) -> None:
    assert lost_writes(tmp_path / "s.db", 0.4) == set()


@pytest.mark.soak
@pytest.mark.parametrize("number", range(50))
def test_fifty_kills_lose_no_acknowledged_write(tmp_path: Path, number: int) -> None:
    assert lost_writes(tmp_path / "s.db", 0.1 + number * 0.03) == set()


async def read_modify_write(target: str, name: str, clients: int, rounds: int) -> None:
    """Each client adds its members one by one, starting over when it was too late."""
    kind = iam_admin_v1.IAMAsyncClient.get_transport_class("grpc_asyncio")
    async with grpc.aio.insecure_channel(target) as channel:
        client = iam_admin_v1.IAMAsyncClient(transport=kind(channel=channel))

        async def add(member: str) -> None:
            while True:
                policy = await client.get_iam_policy(resource=name)
                policy.bindings.append(policy_pb2.Binding(role="roles/viewer", members=[member]))
                request = iam_policy_pb2.SetIamPolicyRequest(resource=name, policy=policy)
                try:
                    await client.set_iam_policy(request=request)
                except exceptions.Aborted:
                    continue
                return

        async def work(number: int) -> None:
            for turn in range(rounds):
                await add(f"user:c{number}-{turn}@example.com")

        await asyncio.gather(*(work(number) for number in range(clients)))


def members_after(clients: int, rounds: int) -> int:
    with emulator(projects={PROJECT: NUMBER}) as doors:
        api = Rest(doors)
        name = api.post(ACCOUNTS, {"accountId": "deployer"}).body["name"]
        asyncio.run(read_modify_write(doors.grpc_target, name, clients, rounds))
        policy = api.post(f"/v1/{name}:getIamPolicy").body
    return len({m for binding in policy["bindings"] for m in binding["members"]})


def test_thirty_two_clients_lose_no_update_of_one_policy() -> None:
    assert members_after(32, 1) == 32


@pytest.mark.soak
def test_thirty_two_clients_lose_no_update_in_a_minute() -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert members_after(32, 8) == 256
