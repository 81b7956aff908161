"""Secrets and projects answer as Google's live services were recorded to answer."""

from __future__ import annotations

import pytest

from tests.contract.replay import exchanges, replay
from tests.support.emulator import rest


@pytest.mark.parametrize("name", ["secrets.json", "projects.json"])
def test_the_recorded_exchanges_replay(name: str) -> None:
    with rest(projects={"example-project": "123456789"}) as api:
        assert replay(api, exchanges(name)) == []
