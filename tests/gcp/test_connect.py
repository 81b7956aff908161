"""Every port against the emulator, through the official clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

import pytest

from tests.support.emulator import emulator
from wifctl.api import Api, ApiError, Json, MemberEdit, PolicyTarget, Status
from wifctl.gcp.connect import connect
from wifctl.gcp.target import CallRecord, Endpoint, Hooks, Target
from wifctl.names import (
    PoolName,
    ProjectName,
    ProviderName,
    RepositoryName,
    SecretName,
    SecretVersionName,
    ServiceAccountName,
)
from wifctl.resource import Condition

T = TypeVar("T")
NUMBER = "123456789012"
OIDC = {
    "oidc": {"issuerUri": "https://token.actions.githubusercontent.com"},
    "attributeMapping": {"google.subject": "assertion.sub"},
    "attributeCondition": "assertion.repository_owner_id == '1342004'",
}
GLOBAL: Json = {"replication": {"automatic": {}}}
PYTHON = {"format": "PYTHON", "mode": "STANDARD_REPOSITORY"}
REPOSITORIES = [RepositoryName("acme-ci", "europe-west1", f"repo-{n}") for n in range(3)]


@pytest.fixture(scope="module")
def door() -> Iterator[Endpoint]:
    """One emulator for all stories, which therefore use names of their own."""
    with emulator(projects={"acme-ci": NUMBER, "acme-prod": "210987654321"}) as doors:
        yield Endpoint(doors.rest_url, doors.grpc_target)


def on(
    door: Endpoint, story: Callable[[Api], Awaitable[T]], log: list[CallRecord] | None = None
) -> T:
    hooks = Hooks(on_call=(log if log is not None else []).append)

    async def run() -> T:
        async with connect(Target(door, hooks=hooks, parallelism=40)) as api:
            return await story(api)

    return asyncio.run(run())


async def status_of(call: Awaitable[object]) -> Status:
    with pytest.raises(ApiError) as raised:
        await call
    return raised.value.status


async def all_of(pages: AsyncIterator[Sequence[Json]]) -> list[Json]:
    return [item async for page in pages for item in page]


def short(items: Sequence[Json]) -> list[str]:
    return sorted(str(item["name"]).rpartition("/")[2] for item in items)


def test_the_life_of_a_pool(door: Endpoint) -> None:
    pool = PoolName("acme-ci", "pool-life")

    async def story(api: Api) -> None:
        assert await status_of(api.pools.get(pool)) is Status.NOT_FOUND
        await api.pools.create(pool, {"displayName": "one", "description": "text"})
        made = await api.pools.get(pool)
        assert made["name"] == str(PoolName(NUMBER, "pool-life"))
        assert await status_of(api.pools.create(pool, {})) is Status.ALREADY_EXISTS
        await api.pools.update(pool, {"displayName": "two"}, ["displayName", "description"])
        assert (await api.pools.get(pool)).get("description") is None
        await api.pools.delete(pool)
        assert (await api.pools.get(pool))["state"] == "DELETED"
        assert "pool-life" in short(await all_of(api.pools.list("acme-ci")))
        await api.pools.undelete(pool)
        assert (await api.pools.get(pool))["displayName"] == "two"

    on(door, story)


def test_the_life_of_a_provider(door: Endpoint) -> None:
    pool = PoolName(NUMBER, "provider-life")
    provider = ProviderName("acme-ci", "provider-life", "actions")

    async def story(api: Api) -> None:
        await api.pools.create(pool, {})
        await api.providers.create(provider, OIDC)
        change = {"oidc": {"allowedAudiences": ["https://example.com"]}}
        await api.providers.update(provider, change, ["oidc.allowedAudiences"])
        found = await api.providers.get(provider)
        assert found["oidc"] == OIDC["oidc"] | change["oidc"]  # type: ignore[operator]
        await api.providers.delete(provider)
        (listed,) = await all_of(api.providers.list(pool))
        assert listed["state"] == "DELETED"
        await api.providers.undelete(provider)
        assert (await api.providers.get(provider))["state"] == "ACTIVE"

    on(door, story)


def test_the_life_of_a_service_account(door: Endpoint) -> None:
    name = ServiceAccountName.of("acme-ci", "robot-life")

    async def story(api: Api) -> None:
        made = await api.accounts.create("acme-ci", "robot-life", {"displayName": "one"})
        assert made["email"] == name.email
        await api.accounts.update(name, {"description": "text"}, ["displayName", "description"])
        await api.accounts.set_disabled(name, True)
        found = await api.accounts.get(ServiceAccountName("-", name.email))
        assert (found.get("displayName"), found["description"]) == (None, "text")
        assert found["disabled"] is True
        await api.accounts.set_disabled(name, False)
        assert name.email in short(await all_of(api.accounts.list("acme-ci")))
        await api.accounts.delete(name)
        assert await status_of(api.accounts.get(name)) is Status.NOT_FOUND
        back = await api.accounts.undelete("acme-ci", made["uniqueId"])
        assert (back["uniqueId"], back.get("disabled")) == (made["uniqueId"], None)

    on(door, story)


@pytest.mark.parametrize("location", ["", "europe-west1"])
def test_the_life_of_a_secret(door: Endpoint, location: str) -> None:
    name = SecretName("acme-ci", "secret-life", location)

    async def story(api: Api) -> None:
        made = await api.secrets.create(name, {} if location else GLOBAL)
        assert made["name"] == str(SecretName(NUMBER, "secret-life", location))
        assert await api.secrets.add_version(name, b"one") == "1"
        assert await api.secrets.add_version(name, b"two\n") == "2"
        body = {"labels": {"a": "b"}, "versionAliases": {"prod": "1"}, "etag": made["etag"]}
        await api.secrets.update(name, body, ["labels", "versionAliases"])
        found = await api.secrets.get(name)
        assert (found["labels"], found["versionAliases"]) == ({"a": "b"}, {"prod": "1"})
        stale = api.secrets.update(name, {"etag": made["etag"]}, ["labels"])
        assert await status_of(stale) in (Status.FAILED_PRECONDITION, Status.ABORTED)
        assert await api.secrets.access(SecretVersionName(name, "latest")) == b"two\n"
        assert await api.secrets.access(SecretVersionName(name, "prod")) == b"one"
        await api.secrets.set_version_state(SecretVersionName(name, "2"), "DISABLED")
        await api.secrets.set_version_state(SecretVersionName(name, "1"), "DESTROYED")
        states = [v["state"] for v in await api.secrets.versions(name)]
        assert states == ["DISABLED", "DESTROYED"]
        await api.secrets.set_version_state(SecretVersionName(name, "2"), "ENABLED")
        assert short(await all_of(api.secrets.list("acme-ci", location))) == ["secret-life"]
        await api.secrets.delete(name)
        assert await status_of(api.secrets.get(name)) is Status.NOT_FOUND

    on(door, story)


def test_the_life_of_a_repository(door: Endpoint) -> None:
    name = RepositoryName("acme-ci", "europe-west4", "repo-life")

    async def story(api: Api) -> None:
        await api.repositories.create(name, {**PYTHON, "labels": {"a": "b"}})
        assert await status_of(api.repositories.create(name, PYTHON)) is Status.ALREADY_EXISTS
        await api.repositories.update(name, {"description": "text"}, ["description", "labels"])
        found = await api.repositories.get(name)
        assert (found["format"], found["description"]) == ("PYTHON", "text")
        assert "labels" not in found
        listed = await all_of(api.repositories.list("acme-ci", "europe-west4"))
        assert short(listed) == ["repo-life"]
        await api.repositories.delete(name)
        assert await status_of(api.repositories.get(name)) is Status.NOT_FOUND
        assert "europe-west4" in await api.repositories.locations("acme-ci")

    on(door, story)


def test_services_and_their_agents(door: Endpoint) -> None:
    services = ["iam.googleapis.com", "secretmanager.googleapis.com", "sts.googleapis.com"]
    registry = "artifactregistry.googleapis.com"

    async def story(api: Api) -> None:
        await api.services.enable("acme-prod", services)
        await api.services.enable("acme-prod", [registry])
        assert await api.services.enabled("acme-prod", services) == frozenset(services)
        await api.services.disable("acme-prod", "sts.googleapis.com")
        assert await api.services.enabled("acme-prod", services) == frozenset(services[:2])
        email = await api.services.create_identity("acme-prod", registry)
        agent = "service-210987654321@gcp-sa-artifactregistry.iam.gserviceaccount.com"
        assert email == agent

    on(door, story)


def test_a_project_is_found_by_either_name(door: Endpoint) -> None:
    async def story(api: Api) -> None:
        for spelling in ("acme-ci", NUMBER):
            assert await api.projects.get(spelling) == ("acme-ci", NUMBER)
        assert await status_of(api.projects.get("no-such-project")) is Status.PERMISSION_DENIED

    on(door, story)


async def make_targets(api: Api) -> list[PolicyTarget]:
    pool = PoolName("acme-ci", "with-policy")
    account = ServiceAccountName.of("acme-ci", "with-policy")
    secrets = [SecretName("acme-ci", "policy", where) for where in ("", "europe-west3")]
    repository = RepositoryName("acme-ci", "europe-west3", "with-policy")
    await api.pools.create(pool, {})
    await api.accounts.create("acme-ci", "with-policy", {})
    await api.secrets.create(secrets[0], GLOBAL)
    await api.secrets.create(secrets[1], {})
    await api.repositories.create(repository, PYTHON)
    return [ProjectName("acme-ci"), pool, account, *secrets, repository]


def test_policies_of_every_kind_of_target_are_edited_under_their_etag(door: Endpoint) -> None:
    until = Condition("request.time < timestamp('2027-01-01T00:00:00Z')", "until", "a test")
    member = f"principalSet://iam.googleapis.com/{PoolName(NUMBER, 'with-policy')}/*"
    add = MemberEdit("roles/viewer", member, add=True, condition=until)
    remove = MemberEdit("roles/viewer", member, add=False, condition=until)

    async def story(api: Api) -> None:
        for target in await make_targets(api):
            before = await api.policies.read(target)
            written = await api.policies.edit(target, before, [add])
            after = await api.policies.read(target)
            assert after == written, target
            assert (after.bindings[-1].members, after.bindings[-1].condition) == ((member,), until)
            conflict = api.policies.edit(target, before, [add])
            assert await status_of(conflict) is Status.ABORTED, target
            await api.policies.edit(target, after, [remove])
            assert (await api.policies.read(target)).bindings == before.bindings

    on(door, story)


def test_many_calls_at_once_use_several_channels_and_all_come_back(door: Endpoint) -> None:
    log: list[CallRecord] = []

    async def story(api: Api) -> None:
        names = [SecretName("acme-prod", f"many-{n}") for n in range(150)]
        await asyncio.gather(*(api.secrets.create(name, GLOBAL) for name in names))
        found = await asyncio.gather(*(api.secrets.get(name) for name in names))
        assert short(found) == sorted(name.secret for name in names)

    on(door, story, log)
    assert len(log) == 300
    assert {record.outcome for record in log} == {"OK"}


def test_the_log_of_calls_names_method_resource_and_outcome(door: Endpoint) -> None:
    log: list[CallRecord] = []
    name = SecretName("acme-ci", "not-there")
    on(door, lambda api: status_of(api.secrets.get(name)), log)
    ((method, resource, outcome),) = [(r.method, r.resource, r.outcome) for r in log]
    assert (method, resource, outcome) == ("secrets.get", str(name), "NOT_FOUND")


def test_an_error_names_the_call_the_object_and_what_google_said(door: Endpoint) -> None:
    name = SecretName("acme-ci", "not-there")

    async def story(api: Api) -> str:
        with pytest.raises(ApiError) as raised:
            await api.secrets.get(name)
        return str(raised.value)

    text = on(door, story)
    assert text.startswith(f"{name}: error[api-error] secrets.get: ")
    assert "not found" in text
