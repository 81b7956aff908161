"""One emulator for the tests of the STS door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.emulator import NUMBER, PROJECT, emulator
from tests.trust.e2e.door import StsDoor


@pytest.fixture(scope="session")
def _shared_door() -> Iterator[StsDoor]:
    with emulator(projects={PROJECT: NUMBER}) as doors:
        found = StsDoor(doors)
        yield found
        found.rest.close()


@pytest.fixture
def door(_shared_door: StsDoor) -> StsDoor:
    _shared_door.rest.post("/_wifctl/reset")
    return _shared_door
