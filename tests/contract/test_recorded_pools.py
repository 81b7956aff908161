"""Pools and providers answer as Google's live service was recorded to answer."""

from __future__ import annotations

from tests.contract.replay import exchanges, replay
from tests.support.emulator import rest


def test_the_recorded_life_of_a_pool_and_its_provider_replays() -> None:
    with rest(projects={"example-project": "123456789"}) as api:
        assert replay(api, exchanges("workload_identity_pools.json")) == []
