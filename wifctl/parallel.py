"""Many small asynchronous jobs with a bounded number in flight."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def each(items: Iterable[T], work: Callable[[T], Awaitable[R]], width: int) -> list[R]:
    """The results of `work` on every item, in the order of the items.

    At most `width` run at once. The first exception ends the others and is raised.
    """
    queue: Iterator[tuple[int, T]] = iter(enumerate(items))
    results: dict[int, R] = {}

    async def worker() -> None:
        for index, item in queue:
            results[index] = await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(width):
            group.create_task(worker())
    return [results[index] for index in sorted(results)]


def first_error(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first single exception of a task group's failure."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
