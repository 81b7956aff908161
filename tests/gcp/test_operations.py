"""Waiting for long-running operations."""

from __future__ import annotations

import asyncio

import pytest
from google.longrunning import operations_pb2

from tests.gcp.clock import Clock
from wifctl.api import ApiError, Json, Status
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.operations import Operation, Operations, Pace

CREATE = Method("repositories.create", Repeat.GUARDED)


def finish(clock: Clock, *states: Json, pace: Pace | None = None) -> Json:
    looks = list(states)

    async def look(name: str) -> Operation:
        assert name == "operations/1"
        return Operation.of_json(looks.pop(0) if len(looks) > 1 else looks[0])

    first = Operation.of_json(looks.pop(0))
    operations = Operations(clock.timing, pace or Pace())
    found = asyncio.run(operations.finish(first, look, CREATE, "projects/p"))
    return dict(found)


def test_an_operation_that_is_done_is_not_looked_at_again() -> None:
    clock = Clock()
    done = {"name": "operations/1", "done": True, "response": {"email": "a@example.com"}}
    assert finish(clock, done) == {"email": "a@example.com"}
    assert clock.slept == []


def test_pauses_between_looks_grow_to_five_seconds() -> None:
    clock = Clock()
    open_ = {"name": "operations/1"}
    finish(clock, *[open_] * 7, {"name": "operations/1", "done": True})
    assert clock.slept == [1.0, 1.5, 2.25, 3.375, 5.0, 5.0, 5.0]


def test_a_failed_operation_raises_its_own_code() -> None:
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "CONFLICT"}
    error = {"code": 9, "message": "upstream refused", "details": [info]}
    with pytest.raises(ApiError) as raised:
        finish(Clock(), {"name": "operations/1", "done": True, "error": error})
    found = raised.value
    assert (found.status, found.message) == (Status.FAILED_PRECONDITION, "upstream refused")
    assert (found.reason, found.effect_unknown) == ("CONFLICT", False)


def test_an_operation_that_never_ends_is_given_up_and_may_still_succeed() -> None:
    with pytest.raises(ApiError) as raised:
        finish(Clock(), {"name": "operations/1"}, {"name": "operations/1"}, pace=Pace(total=30))
    assert raised.value.status is Status.DEADLINE_EXCEEDED
    assert raised.value.effect_unknown


def test_both_spellings_of_an_operation_are_one() -> None:
    message = operations_pb2.Operation(name="operations/1", done=True)
    message.error.code, message.error.message = 7, "no"
    of_message = Operation.of_message(message)
    of_json = Operation.of_json(
        {"name": "operations/1", "done": True, "error": {"code": 7, "message": "no"}}
    )
    assert of_message == of_json
