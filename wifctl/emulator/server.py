"""The running emulator: both doors in one event loop, in a thread or in the foreground."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.emulator.options import Options

if TYPE_CHECKING:
    from wifctl.emulator.kernel import Kernel

HOST = "127.0.0.1"
"""The only address the emulator binds."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where a running emulator is reached."""

    rest_url: str
    """`http://127.0.0.1:PORT`, no slash at the end."""
    grpc_target: str
    """`127.0.0.1:PORT`, plaintext."""


class Emulator:
    """Both doors over one kernel; made, started and stopped inside one event loop."""

    def __init__(self, options: Options) -> None:
        """Opens the state. Raises WifctlError when it is in use, or a switch cannot be read."""
        # gRPC's C core writes to stderr otherwise, and reads this when it is first imported.
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        from wifctl.emulator.errors import ApiError
        from wifctl.emulator.kernel import Kernel

        self._options = options
        try:
            self.kernel: Kernel = Kernel(options)
        except ApiError as error:
            raise WifctlError(Diagnostic("emulator-switches", error.message)) from error
        self._connections: set[Any] = set()
        self._rest: asyncio.Server | None = None
        self._rpc: Any = None

    async def start(self) -> Doors:
        """Bind both doors. Raises WifctlError when a port is taken."""
        from wifctl.emulator.rest.protocol import Connection
        from wifctl.emulator.rpc.door import make_server, port_taken

        options = self._options
        self._rpc, grpc_port = make_server(self.kernel, options.grpc_port)
        loop = asyncio.get_running_loop()
        try:
            self._rest = await loop.create_server(
                lambda: Connection(self.kernel, self._connections), HOST, options.port
            )
        except OSError as error:
            raise port_taken(options.port) from error
        await self._rpc.start()
        port = self._rest.sockets[0].getsockname()[1]
        doors = Doors(f"http://{HOST}:{port}", f"{HOST}:{grpc_port}")
        self.kernel.doors = {"rest": doors.rest_url, "grpc": doors.grpc_target}
        return doors

    async def stop(self) -> None:
        """Close both doors and the state; what was acknowledged is on disk."""
        if self._rest:
            self._rest.close()
        for connection in list(self._connections):
            connection.close()
        if self._rpc:
            await self._rpc.stop(None)
        self.kernel.close()


@contextmanager
def running(state: Path | None = None, options: Options | None = None) -> Iterator[Doors]:
    """An emulator in a thread with its own loop, for as long as the block runs.

    `state` is the SQLite file, None keeps everything in memory. Raises WifctlError when the file
    or a port is in use.
    """
    chosen = options or Options()
    thread = _Thread(replace(chosen, state=state) if state else chosen)
    thread.start()
    try:
        yield thread.doors()
    finally:
        thread.stop()


def serve_forever(options: Options, ready: Callable[[Doors], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called once both doors answer."""

    def announce(doors: Doors) -> None:
        gc.freeze()  # what was imported never becomes garbage: do not look at it again
        ready(doors)

    async def serve() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(RuntimeError):  # Windows has no signal handlers
                loop.add_signal_handler(number, stop.set)
        await _serve(options, stop, announce)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())


async def _serve(options: Options, stop: asyncio.Event, ready: Callable[[Doors], None]) -> None:
    emulator = Emulator(options)
    try:
        ready(await emulator.start())
        await stop.wait()
    finally:
        await emulator.stop()


class _Thread(threading.Thread):
    def __init__(self, options: Options) -> None:
        super().__init__(name="wifctl-emulator")
        self._emulator_options = options
        self._ready = threading.Event()
        self._doors: Doors | None = None
        self._failure: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop_event: asyncio.Event | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._main())
        except (WifctlError, OSError) as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop_event = asyncio.Event()
        await _serve(self._emulator_options, self._stop_event, self._announce)

    def _announce(self, doors: Doors) -> None:
        self._doors = doors
        self._ready.set()

    def doors(self) -> Doors:
        self._ready.wait()
        if self._doors is None:
            self.join()
            raise self._failure or RuntimeError("the emulator ended before it was ready")
        return self._doors

    def stop(self) -> None:
        if self._loop and self._stop_event and self.is_alive():
            with contextlib.suppress(RuntimeError):  # the loop ended in between
                self._loop.call_soon_threadsafe(self._stop_event.set)
        self.join()
