"""One emulator in a thread for a test: `with emulator() as doors:`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wifctl.emulator.options import Options
from wifctl.emulator.server import Doors, running


@contextmanager
def emulator(**options: Any) -> Iterator[Doors]:
    """A running emulator on free loopback ports; keyword arguments are fields of `Options`.

    `doors.rest_url` is `http://127.0.0.1:PORT` (no slash), `doors.grpc_target` `127.0.0.1:PORT`.
    """
    with running(None, Options(**options)) as doors:
        yield doors
