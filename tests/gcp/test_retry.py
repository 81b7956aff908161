"""The one retry loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gcp.clock import Clock
from wifctl.api import ApiError, Status
from wifctl.gcp.errors import api_error
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.retry import Patience, retrying

PATIENCE = Patience(first=1.0, longest=8.0, attempts=4, total=100.0)
READ = Method("things.get", Repeat.READ)
PATCH = Method("things.patch", Repeat.IDEMPOTENT)
CREATE = Method("things.create", Repeat.GUARDED)
ADD = Method("things.add", Repeat.ONCE)


def error(
    status: Status, message: str = "", *, sent: bool = True, retry_after: float | None = None
) -> ApiError:
    found = api_error(status, message, call="things.x", resource="projects/p/things/t", sent=sent)
    found.retry_after = retry_after
    return found


class Server:
    """Gives the scripted errors, then the answer 7."""

    def __init__(self, *script: ApiError) -> None:
        self.script = list(script)
        self.attempts = 0

    async def answer(self) -> int:
        self.attempts += 1
        if self.script:
            raise self.script.pop(0)
        return 7


def run(
    method: Method,
    server: Server,
    clock: Clock | None = None,
    told: Callable[[float, ApiError], None] = lambda *_: None,
) -> int:
    clock = clock or Clock()
    return asyncio.run(
        retrying(method, server.answer, told, patience=PATIENCE, timing=clock.timing)
    )


def refused(method: Method, server: Server, clock: Clock | None = None) -> ApiError:
    with pytest.raises(ApiError) as raised:
        run(method, server, clock)
    return raised.value


def outcome(method: Method, server: Server, clock: Clock) -> int | ApiError:
    try:
        return run(method, server, clock)
    except ApiError as found:
        return found


@pytest.mark.parametrize("status", [Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.INTERNAL])
@pytest.mark.parametrize("method", [READ, PATCH, CREATE])
def test_a_passing_failure_is_tried_again(method: Method, status: Status) -> None:
    server = Server(error(status), error(status))
    assert run(method, server) == 7
    assert server.attempts == 3


@pytest.mark.parametrize(
    "status",
    [Status.NOT_FOUND, Status.PERMISSION_DENIED, Status.INVALID_ARGUMENT, Status.UNAUTHENTICATED],
)
def test_a_real_answer_is_final(status: Status) -> None:
    server = Server(error(status))
    found = refused(READ, server)
    assert (found.status, server.attempts, found.effect_unknown) == (status, 1, False)


def test_pauses_grow_are_jittered_and_end() -> None:
    clock = Clock(dice=0.5)
    server = Server(*(error(Status.UNAVAILABLE) for _ in range(9)))
    found = refused(READ, server, clock)
    assert server.attempts == PATIENCE.attempts
    assert clock.slept == [0.5, 1.0, 2.0]
    assert not found.effect_unknown, "a read has no effect"


def test_the_server_is_obeyed_when_it_says_how_long_to_wait() -> None:
    clock = Clock(dice=0.0)
    assert run(READ, Server(error(Status.UNAVAILABLE, retry_after=12.5)), clock) == 7
    assert clock.slept == [12.5]


def test_a_wait_beyond_all_patience_is_not_begun() -> None:
    clock = Clock()
    found = refused(READ, Server(error(Status.RESOURCE_EXHAUSTED, retry_after=3600.0)), clock)
    assert (found.retry_after, clock.slept) == (3600.0, [])


def test_being_told_to_slow_down_costs_no_attempt() -> None:
    server = Server(*(error(Status.RESOURCE_EXHAUSTED) for _ in range(6)))
    assert run(ADD, server) == 7
    assert server.attempts == 7


def test_a_count_limit_is_no_rate_limit() -> None:
    text = "Maximum number of service accounts on project reached."
    server = Server(error(Status.RESOURCE_EXHAUSTED, text))
    refused(CREATE, server)
    assert server.attempts == 1


def test_a_write_whose_answer_is_lost_is_never_sent_twice_when_it_may_not_be() -> None:
    server = Server(error(Status.UNAVAILABLE))
    assert refused(ADD, server).effect_unknown
    assert server.attempts == 1


def test_a_write_that_was_never_sent_is_sent_again() -> None:
    server = Server(error(Status.UNAVAILABLE, sent=False))
    assert run(ADD, server) == 7


def test_a_refused_repeat_says_that_the_first_attempt_may_have_landed() -> None:
    server = Server(error(Status.UNAVAILABLE), error(Status.ALREADY_EXISTS))
    found = refused(CREATE, server)
    assert (found.status, found.effect_unknown) == (Status.ALREADY_EXISTS, True)
    plain = refused(CREATE, Server(error(Status.ALREADY_EXISTS)))
    assert not plain.effect_unknown


def test_an_etag_conflict_is_final_but_other_aborts_are_repeated() -> None:
    guarded = Server(error(Status.ABORTED))
    assert refused(CREATE, guarded).status is Status.ABORTED
    assert guarded.attempts == 1
    assert run(PATCH, Server(error(Status.ABORTED))) == 7


def test_each_pause_is_told_with_its_reason() -> None:
    told: list[tuple[float, Status]] = []
    script = error(Status.RESOURCE_EXHAUSTED, retry_after=5.0)
    run(READ, Server(script), Clock(dice=0.0), lambda s, e: told.append((s, e.status)))
    assert told == [(5.0, Status.RESOURCE_EXHAUSTED)]


@given(
    st.lists(st.sampled_from(list(Status)), max_size=12),
    st.sampled_from(list(Repeat)),
    st.floats(0, 0.999),
)
def test_whatever_the_server_says_the_loop_ends_in_time(
    statuses: Sequence[Status], repeat: Repeat, dice: float
) -> None:
    clock = Clock(dice)
    server = Server(*map(error, statuses))
    start = clock.time
    found = outcome(Method("things.x", repeat), server, clock)
    if isinstance(found, ApiError):
        lost = {Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.INTERNAL, Status.UNKNOWN}
        seen = set(statuses[: server.attempts])
        assert found.effect_unknown is (bool(seen & lost) and repeat is not Repeat.READ)
    assert clock.time - start <= PATIENCE.total
    if repeat is Repeat.ONCE:
        assert all(s is Status.RESOURCE_EXHAUSTED for s in statuses[: server.attempts - 1])
