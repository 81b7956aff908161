"""Quotas kept on this side."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from wifctl.gcp.quota import POOL_WRITE, REGISTRY_REPOSITORY, Limit, Quotas

THREE = Limit("things", 3, 10.0)


class Now:
    time = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_burst_up_to_the_limit_waits_for_nothing_and_the_next_call_for_the_window() -> None:
    quotas = Quotas(Now())
    waits = [quotas.reserve(POOL_WRITE, "acme-ci") for _ in range(POOL_WRITE.calls + 1)]
    assert waits == [0.0] * 60 + [60.0]


def test_projects_and_limits_do_not_share() -> None:
    quotas = Quotas(Now())
    assert quotas.reserve(REGISTRY_REPOSITORY, "acme-ci") == 0.0
    assert quotas.reserve(REGISTRY_REPOSITORY, "acme-prod") == 0.0
    assert quotas.reserve(THREE, "acme-ci") == 0.0
    assert quotas.reserve(REGISTRY_REPOSITORY, "acme-ci") == 2.0


def test_the_local_target_has_no_quotas() -> None:
    quotas = Quotas(Now(), enabled=False)
    assert {quotas.reserve(THREE, "acme-ci") for _ in range(100)} == {0.0}
    assert Quotas(Now()).reserve(None, "acme-ci") == 0.0


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_no_window_ever_holds_more_than_the_limit(pauses: Sequence[float]) -> None:
    now = Now()
    quotas = Quotas(now)
    starts = []
    for pause in pauses:
        now.time += pause
        starts.append(now.time + quotas.reserve(THREE, "acme-ci"))
    assert starts == sorted(starts), "first come, first served"
    for first, fourth in zip(starts, starts[THREE.calls :], strict=False):
        assert fourth - first >= THREE.seconds - 1e-6
