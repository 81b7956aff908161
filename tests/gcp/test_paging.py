"""Lists of more than one page, and batches of more than one call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.gcp.rest_stub import Answer, RestStub, rest_stub
from tests.support.emulator import emulator
from wifctl.api import Api, Json
from wifctl.gcp.connect import connect
from wifctl.gcp.target import Endpoint, Target
from wifctl.names import PoolName

T = TypeVar("T")
TWO_PAGES = ({"name": "a"}, {"name": "b"})


def ask(story: Callable[[Api], Awaitable[T]], *answers: Json) -> tuple[T, RestStub]:
    async def run(url: str) -> T:
        async with connect(Target(Endpoint(url, "127.0.0.1:1"))) as api:
            return await story(api)

    with rest_stub(*(Answer(body=answer) for answer in answers)) as stub:
        return asyncio.run(run(stub.url)), stub


def pages(key: str) -> tuple[Json, Json]:
    first, second = TWO_PAGES
    return {key: [first], "nextPageToken": "more"}, {key: [second]}


def test_pools_are_listed_in_the_largest_pages_with_the_deleted_ones() -> None:
    async def story(api: Api) -> list[Json]:
        return [pool async for page in api.pools.list("acme-ci") for pool in page]

    found, stub = ask(story, *pages("workloadIdentityPools"))
    assert found == list(TWO_PAGES)
    first, second = (seen.query for seen in stub.seen)
    assert first == {"pageSize": ["1000"], "showDeleted": ["true"]}
    assert second == {**first, "pageToken": ["more"]}


def test_providers_are_listed_in_pages_of_a_hundred() -> None:
    pool = PoolName("acme-ci", "github")

    async def story(api: Api) -> list[Json]:
        return [item async for page in api.providers.list(pool) for item in page]

    found, stub = ask(story, *pages("workloadIdentityPoolProviders"))
    assert found == list(TWO_PAGES)
    assert [seen.path for seen in stub.seen] == [f"/v1/{pool}/providers"] * 2
    assert stub.seen[0].query["pageSize"] == ["100"]


def test_an_empty_list_is_one_empty_page() -> None:
    async def story(api: Api) -> list[Json]:
        return [pool async for page in api.pools.list("acme-ci") for pool in page]

    assert ask(story, {})[0] == []


def test_services_are_read_thirty_at_a_time() -> None:
    names = [f"s{n}.googleapis.com" for n in range(31)]
    on = {"name": "projects/1/services/s30.googleapis.com", "state": "ENABLED"}
    off = {"name": "projects/1/services/s1.googleapis.com", "state": "DISABLED"}

    async def story(api: Api) -> frozenset[str]:
        return await api.services.enabled("acme-ci", names)

    found, stub = ask(story, {"services": [off]}, {"services": [on]})
    assert found == {"s30.googleapis.com"}
    assert [len(seen.query["names"]) for seen in stub.seen] == [30, 1]


def test_services_are_enabled_twenty_at_a_time() -> None:
    names = [f"s{n}.googleapis.com" for n in range(41)]
    done = {"name": "operations/x", "done": True, "response": {}}

    async def story(api: Api) -> None:
        await api.services.enable("acme-ci", names)

    _, stub = ask(story, done)
    assert [seen.path.rpartition("/")[2] for seen in stub.seen] == [
        "services:batchEnable",
        "services:batchEnable",
        "s40.googleapis.com:enable",
    ]
    assert [len(seen.body.get("serviceIds", ())) for seen in stub.seen] == [20, 20, 0]


def test_all_pages_of_accounts_come_over_grpc() -> None:
    async def run(endpoint: Endpoint) -> list[int]:
        async with connect(Target(endpoint)) as api:
            ids = [f"robot-{n:03}" for n in range(105)]
            await asyncio.gather(*(api.accounts.create("acme-ci", one, {}) for one in ids))
            return [len(page) async for page in api.accounts.list("acme-ci")]

    with emulator() as doors:
        sizes = asyncio.run(run(Endpoint(doors.rest_url, doors.grpc_target)))
    assert sizes == [100, 5]
