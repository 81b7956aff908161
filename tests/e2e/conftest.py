"""One emulator for all end-to-end tests of a worker, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.world import World
from tests.support.emulator import Rest, emulator
from wifctl.emulator.server import Doors

NUMBERS = {"acme-ci": "123456789012", "acme-sec": "210987654321"}
SETTINGS = """\
project: acme-ci
location: europe-west1
projects: {acme-ci: 123456789012, acme-sec: 210987654321}
"""


@pytest.fixture(scope="session")
def shared_doors() -> Iterator[Doors]:
    with emulator() as doors:
        yield doors


@pytest.fixture
def world(shared_doors: Doors, tmp_path: Path) -> Iterator[World]:
    """An empty Google, an empty folder with a `wifctl.yaml`."""
    client = Rest(shared_doors)
    client.post("/_wifctl/reset")
    client.post("/_wifctl/projects", NUMBERS)
    (tmp_path / "wifctl.yaml").write_text(SETTINGS, encoding="utf-8")
    yield World(tmp_path, shared_doors, client)
    client.close()
