"""Walking a plan: each step as soon as what it needs is done, removals after all else.

A failed step's dependants are skipped quietly, with the cause. When `stop` is set the calls in
flight are finished and nothing new begins.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from wifctl.api import ApiError
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.plan.model import Plan, Step
from wifctl.plan.order import phases
from wifctl.progress import Event, Finished, Listener, Outcome, Result, Started

Run = Callable[[Step], Awaitable[tuple[Outcome, str]]]


def silent(event: Event) -> None:
    """For runs nobody watches."""
    del event


@dataclass(slots=True)
class Walk:
    """One walk over one plan."""

    plan: Plan
    run: Run
    width: int = 16
    listen: Listener = silent
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    finished: dict[str, Finished] = field(default_factory=dict)

    async def go(self) -> Result:
        """Walk to the end, or to the interruption."""
        building, removing = phases(self.plan.steps)
        await self._phase(building)
        broken = self._broken()
        if broken is None:
            await self._phase(removing)
        else:
            for step in removing:
                self._skip(step, broken)
        for step in self.plan.steps:
            if step.key not in self.finished:
                self._end(Finished(step.key, Outcome.NOT_STARTED))
        ordered = tuple(self.finished[step.key] for step in self.plan.steps)
        return Result(ordered, self.stop.is_set())

    def _broken(self) -> str | None:
        """The first failure: what removals must not run after."""
        failed = (f.key for f in self.finished.values() if f.outcome is Outcome.FAILED)
        return next(failed, None)

    async def _phase(self, steps: list[Step]) -> None:
        """One phase with `width` workers over a queue of steps that are ready."""
        if not steps:
            return
        queue = _Queue(steps, self.width)

        async def worker() -> None:
            while (step := await queue.ready.get()) is not None:
                if step.key not in self.finished and not self.stop.is_set():
                    await self._one(step)
                self._skip_all(queue.dependants[step.key], self.finished.get(step.key))
                queue.settle(step)

        async with asyncio.TaskGroup() as group:
            for _ in range(self.width):
                group.create_task(worker())

    async def _one(self, step: Step) -> None:
        self.listen(Started(step.key))
        began = time.monotonic()
        error: ApiError | Diagnostic | None = None
        detail = ""
        try:
            outcome, detail = await self.run(step)
        except ApiError as found:
            outcome, error = Outcome.FAILED, found
        except WifctlError as found:
            outcome, error = Outcome.FAILED, found.diagnostics[0]
        seconds = time.monotonic() - began
        self._end(Finished(step.key, outcome, seconds, error, detail=detail))

    def _skip_all(self, steps: list[Step], before: Finished | None) -> None:
        """What needs a step that failed or was skipped is skipped, for the same cause."""
        cause = _cause(before) if before else ""
        for step in steps if cause else ():
            if step.key not in self.finished:
                self._skip(step, cause)

    def _skip(self, step: Step, cause: str) -> None:
        self._end(Finished(step.key, Outcome.SKIPPED, cause=cause))

    def _end(self, finished: Finished) -> None:
        self.finished[finished.key] = finished
        self.listen(finished)


class _Queue:
    """Steps of one phase, handed out once all they need is settled."""

    def __init__(self, steps: list[Step], width: int) -> None:
        keys = {step.key for step in steps}
        self._waiting = {step.key: {n for n in step.needs if n in keys} for step in steps}
        self._left = len(steps)
        self._width = width
        self.dependants: dict[str, list[Step]] = {key: [] for key in keys}
        self.ready: asyncio.Queue[Step | None] = asyncio.Queue()
        for step in steps:
            for need in self._waiting[step.key]:
                self.dependants[need].append(step)
            if not self._waiting[step.key]:
                self.ready.put_nowait(step)

    def settle(self, step: Step) -> None:
        """A step ended, however; after the last one every worker is sent home."""
        for dependant in self.dependants[step.key]:
            self._waiting[dependant.key].discard(step.key)
            if not self._waiting[dependant.key]:
                self.ready.put_nowait(dependant)
        self._left -= 1
        if not self._left:
            for _ in range(self._width):
                self.ready.put_nowait(None)


def _cause(finished: Finished) -> str:
    """Whose failure a dependant is skipped for; empty when there is none."""
    if finished.outcome is Outcome.FAILED:
        return finished.key
    return finished.cause if finished.outcome is Outcome.SKIPPED else ""
