"""One emulator for all tests of the folder, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.emulator import NUMBER, PROJECT, Rest, emulator
from wifctl.emulator.server import Doors


@pytest.fixture(scope="session")
def shared_doors() -> Iterator[Doors]:
    with emulator(projects={PROJECT: NUMBER}) as doors:
        yield doors


@pytest.fixture
def doors(shared_doors: Doors) -> Doors:
    client = Rest(shared_doors)
    client.post("/_wifctl/reset")
    client.close()
    return shared_doors


@pytest.fixture
def api(doors: Doors) -> Iterator[Rest]:
    client = Rest(doors)
    yield client
    client.close()
