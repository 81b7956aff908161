"""Outages, lost answers and failed operations, as the emulator's switches make them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from tests.gcp.clock import Clock
from tests.support.emulator import emulator
from wifctl.api import Api, ApiError, MemberEdit, Status
from wifctl.gcp.connect import connect
from wifctl.gcp.retry import Timing
from wifctl.gcp.target import CallRecord, Endpoint, Hooks, Target, Wait
from wifctl.names import (
    PoolName,
    RepositoryName,
    SecretName,
    SecretVersionName,
    ServiceAccountName,
)

T = TypeVar("T")
POOL = PoolName("acme-ci", "github")
SECRET = SecretName("acme-ci", "token")
REPOSITORY = RepositoryName("acme-ci", "europe-west1", "pypi")
ROBOT = ServiceAccountName.of("acme-ci", "deployer")
GLOBAL: dict[str, Any] = {"replication": {"automatic": {}}}
PYTHON = {"format": "PYTHON", "mode": "STANDARD_REPOSITORY"}


class Told:
    """What the hooks heard."""

    def __init__(self) -> None:
        self.calls: list[CallRecord] = []
        self.waits: list[Wait] = []

    def outcomes(self, method: str) -> list[str]:
        return [call.outcome for call in self.calls if call.method == method]


def on(
    story: Callable[[Api], Awaitable[T]],
    *faults: dict[str, Any],
    told: Told | None = None,
    timing: Timing | None = None,
) -> T:
    told = told or Told()
    hooks = Hooks(on_wait=told.waits.append, on_call=told.calls.append)

    async def run(endpoint: Endpoint) -> T:
        async with connect(Target(endpoint, hooks=hooks), timing) as api:
            return await story(api)

    with emulator(switches={"faults": list(faults)}) as doors:
        return asyncio.run(run(Endpoint(doors.rest_url, doors.grpc_target)))


def lost(method: str) -> dict[str, Any]:
    """The call takes effect, its answer does not come."""
    return {"fault": "503", "method": method, "after": True}


async def refused(call: Awaitable[object]) -> ApiError:
    with pytest.raises(ApiError) as raised:
        await call
    return raised.value


def test_a_create_that_landed_before_its_answer_was_lost_says_so_when_repeated() -> None:
    async def story(api: Api) -> list[ApiError]:
        return [
            await refused(api.pools.create(POOL, {})),
            await refused(api.secrets.create(SECRET, GLOBAL)),
            await refused(api.repositories.create(REPOSITORY, PYTHON)),
            await refused(api.accounts.create("acme-ci", "deployer", {})),
        ]

    pools = lost("iam.projects.locations.workloadIdentityPools.create")
    accounts = lost("iam.projects.serviceAccounts.create")
    secrets, repositories = lost("secretmanager.*.create"), lost("artifactregistry.*.create")
    for found in on(story, pools, secrets, repositories, accounts):
        assert (found.status, found.effect_unknown) == (Status.ALREADY_EXISTS, True), found


def test_deletes_and_undeletes_whose_answer_was_lost_are_done() -> None:
    told = Told()

    async def story(api: Api) -> None:
        await api.pools.create(POOL, {})
        await api.pools.delete(POOL)
        assert (await api.pools.get(POOL))["state"] == "DELETED"
        await api.pools.undelete(POOL)
        assert (await api.pools.get(POOL))["state"] == "ACTIVE"
        await api.secrets.create(SECRET, GLOBAL)
        await api.secrets.add_version(SECRET, b"one")
        await api.secrets.set_version_state(SecretVersionName(SECRET, "1"), "DESTROYED")
        await api.secrets.delete(SECRET)
        await api.repositories.create(REPOSITORY, PYTHON)
        await api.repositories.delete(REPOSITORY)
        account = await api.accounts.create("acme-ci", "deployer", {})
        await api.accounts.delete(ROBOT)
        back = await api.accounts.undelete("acme-ci", account["uniqueId"])
        assert back["uniqueId"] == account["uniqueId"]

    verbs = {
        "workloadIdentityPools.delete": "iam.projects.locations.workloadIdentityPools.delete",
        "workloadIdentityPools.undelete": "iam.projects.locations.workloadIdentityPools.undelete",
        "serviceAccounts.delete": "iam.projects.serviceAccounts.delete",
        "serviceAccounts.undelete": "iam.projects.serviceAccounts.undelete",
        "secrets.delete": "secretmanager.projects.secrets.delete",
        "secrets.versions.destroy": "secretmanager.projects.secrets.versions.destroy",
        "repositories.delete": "artifactregistry.projects.locations.repositories.delete",
    }
    on(story, *map(lost, verbs.values()), told=told)
    for method in verbs:
        assert told.outcomes(method)[0] == "UNAVAILABLE", method
        assert len(told.outcomes(method)) == 2, method


def test_a_version_whose_answer_was_lost_is_added_once() -> None:
    async def story(api: Api) -> int:
        await api.secrets.create(SECRET, GLOBAL)
        assert await api.secrets.add_version(SECRET, b"one") == "1"
        return len(await api.secrets.versions(SECRET))

    assert on(story, lost("secretmanager.*.addVersion")) == 1


def test_a_policy_written_before_its_answer_was_lost_is_a_conflict_of_unknown_effect() -> None:
    edit = MemberEdit("roles/viewer", "allUsers", add=True)

    async def story(api: Api) -> ApiError:
        await api.secrets.create(SECRET, GLOBAL)
        policy = await api.policies.read(SECRET)
        found = await refused(api.policies.edit(SECRET, policy, [edit]))
        assert (await api.policies.read(SECRET)).bindings[0].members == ("allUsers",)
        return found

    found = on(story, lost("secretmanager.*.setIamPolicy"))
    assert (found.status, found.effect_unknown) == (Status.ABORTED, True)


@pytest.mark.parametrize("fault", ["503", "500", "504", "reset"])
def test_reads_get_through_two_outages_on_both_doors(fault: str) -> None:
    told = Told()

    async def story(api: Api) -> None:
        await api.pools.create(POOL, {})
        await api.secrets.create(SECRET, GLOBAL)
        assert (await api.pools.get(POOL))["state"] == "ACTIVE"
        assert (await api.secrets.get(SECRET))["replication"] == {"automatic": {}}

    pools = {"fault": fault, "method": "iam.*.workloadIdentityPools.get", "times": 2}
    secrets = {"fault": fault, "method": "secretmanager.*.secrets.get", "times": 2}
    on(story, pools, secrets, told=told)
    for method in ("workloadIdentityPools.get", "secrets.get"):
        outcomes = told.outcomes(method)
        assert (len(outcomes), outcomes[-1]) == (3, "OK"), outcomes


def test_a_quota_answer_is_waited_for_as_long_as_it_says_and_the_user_hears_of_it() -> None:
    told = Told()

    async def story(api: Api) -> None:
        await api.secrets.create(SECRET, GLOBAL)

    fault = {"fault": "429", "method": "secretmanager.*.create", "retryDelay": 45.0}
    on(story, fault, told=told, timing=Clock(dice=0.0).timing)
    (wait,) = told.waits
    assert (wait.method, wait.resource, wait.seconds) == ("secrets.create", str(SECRET), 45.0)
    assert wait.why


def test_an_operation_that_fails_raises_its_error() -> None:
    async def story(api: Api) -> list[ApiError]:
        return [
            await refused(api.pools.create(POOL, {})),
            await refused(api.repositories.create(REPOSITORY, PYTHON)),
        ]

    faults = [{"fault": "operation", "method": "*.create", "times": 2, "message": "no luck"}]
    for found in on(story, *faults):
        assert found.message == "no luck"
        assert not found.effect_unknown
