"""How fast both doors of an emulator with 10,000 objects answer, and what that takes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
from google.cloud import secretmanager_v1

from tools.bench.process import WIFCTL
from tools.bench.report import Figure
from tools.bench.rest_client import RestClient
from tools.bench.worlds import NUMBER, PROJECT

OBJECTS = 10_000
CLIENTS = 32
GRPC_READS = 12_000
REST_READS = 30_000
BEST_OF = 3


@dataclass(frozen=True, slots=True)
class Served:
    """An emulator in a process of its own."""

    rest_port: int
    grpc_target: str
    pid: int
    start_seconds: float
    """From the start of its process to the first answer."""

    @property
    def url(self) -> str:
        """The REST door."""
        return f"http://127.0.0.1:{self.rest_port}"

    def cpu(self) -> float:
        """Seconds of processor time so far: what no other load on the machine changes much."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Megabytes of resident memory at the peak."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        kilobytes = next(x.split()[1] for x in status.splitlines() if x.startswith("VmHWM"))
        return int(kilobytes) / 1024


@contextmanager
def served(folder: Path, *flags: str) -> Iterator[Served]:
    """`wifctl emulator run`, for as long as the block runs."""
    start = time.perf_counter()
    declared = f"--project={PROJECT}={NUMBER}"
    command = [*WIFCTL, "emulator", "run", declared, *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as child:
        try:
            assert child.stdout is not None
            told = json.loads(child.stdout.readline())
            port = int(told["rest"].rpartition(":")[2])
            path = f"/v1/projects/{PROJECT}/locations/global/workloadIdentityPools"
            asyncio.run(RestClient(port).requests([("GET", path, b"")], 1))
            yield Served(port, told["grpc"], child.pid, time.perf_counter() - start)
        finally:
            child.terminate()


def serving(folder: Path) -> list[Figure]:
    """All figures of issue B's budget."""
    with served(folder, "--state", "bench.db") as emulator:
        idle = emulator.memory()
        writes = asyncio.run(_fill(emulator.rest_port))
        before = emulator.cpu()
        rest = max(asyncio.run(_rest_reads(emulator.rest_port)) for _ in range(BEST_OF))
        between = emulator.cpu()
        rpc = max(asyncio.run(_grpc_reads(emulator.grpc_target)) for _ in range(BEST_OF))
        rest_cpu = (between - before) / BEST_OF / REST_READS * 1e6
        grpc_cpu = (emulator.cpu() - between) / BEST_OF / GRPC_READS * 1e6
        memory = emulator.memory()
    echo = _echo_reads()
    start = sorted(_start(folder) for _ in range(5))[2]
    note = f"best of {BEST_OF}, {OBJECTS:,} objects"
    return [
        Figure("start to first answer, median of 5", start, "s", 0.5),
        Figure("gRPC reads (asyncio client, 32 in flight)", rpc, "/s", 4000, True, note),
        Figure("REST reads (raw asyncio, 32 connections)", rest, "/s", 8000, True, note),
        Figure("  ÷ what a grpc.aio server does that only echoes", rpc / echo, "×"),
        Figure("  processor time of the server, a gRPC read", grpc_cpu, "µs"),
        Figure("  processor time of the server, a REST read", rest_cpu, "µs"),
        Figure("REST creates, on disk before the answer", writes, "/s"),
        Figure("memory with 10,000 objects", memory, "MB", 150, note=f"{idle:.0f} MB when empty"),
    ]


def _echo_reads() -> float:
    command = [sys.executable, "-m", "tools.bench.echo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            target = f"127.0.0.1:{child.stdout.readline().strip()}"
            return max(asyncio.run(_grpc_reads(target)) for _ in range(BEST_OF))
        finally:
            child.terminate()


def _start(folder: Path) -> float:
    with served(folder) as emulator:
        return emulator.start_seconds


async def _fill(port: int) -> float:
    body = b'{"replication":{"automatic":{}},"labels":{"team":"ci"}}'
    path = f"/v1/projects/{PROJECT}/secrets?secretId=secret-"
    wanted = [("POST", f"{path}{number}", body) for number in range(OBJECTS)]
    return await RestClient(port).requests(wanted, CLIENTS)


async def _rest_reads(port: int) -> float:
    path = f"/v1/projects/{PROJECT}/secrets/secret-"
    wanted = [("GET", f"{path}{n * 7919 % OBJECTS}", b"") for n in range(REST_READS)]
    return await RestClient(port).requests(wanted, CLIENTS)


async def _grpc_reads(target: str) -> float:
    kind = secretmanager_v1.SecretManagerServiceAsyncClient
    transport = kind.get_transport_class("grpc_asyncio")
    async with grpc.aio.insecure_channel(target) as channel:
        client = kind(transport=transport(channel=channel))
        numbers = iter(range(GRPC_READS))

        async def work() -> None:
            for number in numbers:
                name = f"projects/{PROJECT}/secrets/secret-{number * 7919 % OBJECTS}"
                await client.get_secret(secretmanager_v1.GetSecretRequest(name=name))

        await client.get_secret(name=f"projects/{PROJECT}/secrets/secret-1")
        start = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(CLIENTS)))
        return GRPC_READS / (time.perf_counter() - start)
