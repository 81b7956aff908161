"""The fake Google keeps the promises other tests lean on."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.fake_api import FakeApi
from wifctl.api import ApiError, Binding, MemberEdit, Status
from wifctl.names import PoolName, ProviderName, SecretName, SecretVersionName, ServiceAccountName
from wifctl.resource import Condition

POOL = PoolName("acme-ci", "github")
SECRET = SecretName("acme-ci", "token")
ACCOUNT = ServiceAccountName.of("acme-ci", "deployer")


def test_a_pool_lives_through_soft_delete() -> None:
    fake = FakeApi()

    async def story() -> None:
        await fake.api.pools.create(POOL, {"displayName": "A"})
        await fake.api.pools.update(POOL, {"displayName": "B"}, ["displayName", "description"])
        await fake.api.pools.delete(POOL)
        with pytest.raises(ApiError) as refused:
            await fake.api.pools.create(POOL, {})
        assert refused.value.status is Status.ALREADY_EXISTS
        await fake.api.pools.undelete(POOL)
        provider = ProviderName("123456789012", "github", "actions")
        await fake.api.providers.create(provider, {"oidc": {"issuerUri": "https://example.com"}})
        pages = [page async for page in fake.api.providers.list(POOL)]
        assert [p["name"].rpartition("/")[2] for p in pages[0]] == ["actions"]

    asyncio.run(story())
    found = fake.get(POOL)
    assert found is not None
    assert found["displayName"] == "B"
    assert found["name"] == "projects/123456789012/locations/global/workloadIdentityPools/github"
    assert [c.method for c in fake.writes][:2] == [
        "workloadIdentityPools.create",
        "workloadIdentityPools.patch",
    ]


def test_a_policy_is_edited_under_its_etag_and_keeps_the_rest() -> None:
    fake = FakeApi()
    fake.put(ACCOUNT)
    condition = Condition("request.time < timestamp('2027-01-01T00:00:00Z')", "until")
    foreign = Binding("roles/viewer", ("user:b@example.com",), condition)
    fake.put_policy(ACCOUNT, foreign, extra={"auditConfigs": [{"service": "allServices"}]})
    edit = MemberEdit("roles/viewer", "user:a@example.com", add=True)

    async def story() -> None:
        policy = await fake.api.policies.read(ACCOUNT)
        await fake.api.policies.edit(ACCOUNT, policy, [edit])
        with pytest.raises(ApiError) as refused:
            await fake.api.policies.edit(ACCOUNT, policy, [edit])
        assert refused.value.status is Status.ABORTED

    asyncio.run(story())
    assert fake.policy(ACCOUNT).bindings == (foreign, Binding("roles/viewer", (edit.member,)))


def test_a_deleted_account_is_relabelled_in_policies_and_comes_back() -> None:
    fake = FakeApi()
    fake.put(ACCOUNT, {"uniqueId": "111111111111111111111"})
    fake.put(SECRET)
    fake.put_policy(SECRET, Binding("roles/x", (f"serviceAccount:{ACCOUNT.email}",)))
    asyncio.run(fake.api.accounts.delete(ACCOUNT))
    (member,) = fake.policy(SECRET).bindings[0].members
    assert member == f"deleted:serviceAccount:{ACCOUNT.email}?uid=111111111111111111111"
    asyncio.run(fake.api.accounts.undelete("acme-ci", "111111111111111111111"))
    assert fake.get(ACCOUNT) is not None
    assert fake.policy(SECRET).bindings[0].members == (f"serviceAccount:{ACCOUNT.email}",)


def test_versions_come_newest_first_and_latest_does_not_fall_back() -> None:
    fake = FakeApi()
    fake.put(SECRET)
    fake.put_version(SECRET, b"one")

    async def story() -> None:
        assert await fake.api.secrets.add_version(SECRET, b"two") == "2"
        versions = await fake.api.secrets.versions(SECRET)
        assert [v["name"].rpartition("/")[2] for v in versions] == ["2", "1"]
        latest = SecretVersionName(SECRET, "latest")
        assert await fake.api.secrets.access(latest) == b"two"
        await fake.api.secrets.set_version_state(SecretVersionName(SECRET, "2"), "DISABLED")
        with pytest.raises(ApiError):
            await fake.api.secrets.access(latest)

    asyncio.run(story())


def test_failures_are_scripted_and_lost_answers_still_happen() -> None:
    fake = FakeApi()
    fake.fail("secrets.create", ApiError(Status.UNAVAILABLE, "busy"))
    fake.lose("secrets.addVersion")

    async def story() -> None:
        with pytest.raises(ApiError, match="busy"):
            await fake.api.secrets.create(SECRET, {"replication": {"automatic": {}}})
        await fake.api.secrets.create(SECRET, {"replication": {"automatic": {}}})
        with pytest.raises(ApiError) as lost:
            await fake.api.secrets.add_version(SECRET, b"payload")
        assert lost.value.effect_unknown

    asyncio.run(story())
    assert fake.payloads(SECRET) == [b"payload"]
    assert all("payload" not in repr(call) for call in fake.calls)


def test_a_disabled_service_refuses_until_it_is_enabled() -> None:
    fake = FakeApi(check_services=True)

    async def story() -> None:
        with pytest.raises(ApiError) as refused:
            await fake.api.pools.get(POOL)
        assert refused.value.is_service_disabled
        await fake.api.services.enable("acme-ci", ["iam.googleapis.com"])
        with pytest.raises(ApiError) as missing:
            await fake.api.pools.get(POOL)
        assert missing.value.status is Status.NOT_FOUND

    asyncio.run(story())
