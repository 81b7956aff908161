"""The live picture: what is read, what is passed over with a note, and what is an error."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.fake_api import FakeApi
from wifctl.access.picture import Picture
from wifctl.access.sweep import Scope, sweep
from wifctl.api import ApiError, Binding, Status
from wifctl.names import (
    PoolName,
    ProjectName,
    ProviderName,
    RepositoryName,
    SecretName,
    ServiceAccountName,
)
from wifctl.resource import Projects
from wifctl.trust.grants import TargetKind

PROJECT, NUMBER = "acme-ci", "123456789012"
POOL = PoolName(PROJECT, "github")
ACCOUNT = ServiceAccountName.of(PROJECT, "deployer")
SECRET = SecretName(PROJECT, "token")
REPOSITORY = RepositoryName(PROJECT, "europe-west1", "pypi")
MEMBER = Binding("roles/viewer", ("user:jane@example.com",))


@pytest.fixture
def fake() -> FakeApi:
    """A project with one of everything, and a policy on each."""
    made = FakeApi({PROJECT: NUMBER})
    made.put(POOL)
    oidc = {"issuerUri": "https://issuer.example.com"}
    made.put(ProviderName(PROJECT, "github", "actions"), {"oidc": oidc})
    made.put(ACCOUNT, {"disabled": True})
    for name in (SECRET, REPOSITORY):
        made.put(name)
    for target in (POOL, ACCOUNT, SECRET, REPOSITORY, ProjectName(PROJECT)):
        made.put_policy(target, MEMBER)
    return made


def swept(fake: FakeApi, *projects: str) -> Picture:
    """The picture of some projects."""
    return asyncio.run(sweep(fake.api, Scope(projects or (PROJECT,))))


def refused(message: str, status: Status = Status.PERMISSION_DENIED) -> ApiError:
    """An answer of Google's."""
    return ApiError(status, message)


def test_everything_that_decides_about_access_is_read(fake: FakeApi) -> None:
    found = swept(fake)

    assert [known.config.name for known in found.providers] == [
        f"projects/{NUMBER}/locations/global/workloadIdentityPools/github/providers/actions"
    ]
    assert {grant.target.kind for grant in found.grants} == set(TargetKind) - {TargetKind.OTHER}
    assert [(a.email, a.disabled) for a in found.accounts] == [(ACCOUNT.email, True)]
    assert found.projects == Projects({PROJECT: NUMBER})
    assert found.notes == ()


def test_nothing_is_written(fake: FakeApi) -> None:
    swept(fake)

    assert fake.writes == []


def test_a_project_may_be_named_by_its_number(fake: FakeApi) -> None:
    assert {grant.target.project for grant in swept(fake, NUMBER).grants} == {PROJECT}


def test_a_project_named_twice_is_read_once(fake: FakeApi) -> None:
    assert len(swept(fake, PROJECT, NUMBER).grants) == len(swept(fake).grants)


def test_a_deleted_pool_keeps_its_provider_in_the_picture(fake: FakeApi) -> None:
    fake.put(POOL, {"state": "DELETED"})

    (known,) = swept(fake).providers

    assert known.config.unusable == "the pool is DELETED"


def test_what_may_not_be_read_is_left_out_with_one_note(fake: FakeApi) -> None:
    for name in ("other", "third"):
        fake.put(SecretName(PROJECT, name))
    fake.fail("secrets.getIamPolicy", refused("no permission"), times=3)

    found = swept(fake)

    assert TargetKind.SECRET not in {grant.target.kind for grant in found.grants}
    (note,) = found.notes
    assert note.message == (
        "policies of secrets in acme-ci could not be read (3 times), so the answer may lack "
        "something: no permission"
    )


def test_a_service_that_is_off_is_a_note(fake: FakeApi) -> None:
    fake.fail("repositories.list", refused("it has not been used in project acme-ci"), times=99)

    (note,) = swept(fake).notes

    assert note.message.startswith("repositories of acme-ci could not be read")


def test_a_location_google_keeps_closed_is_no_news(fake: FakeApi) -> None:
    text = "Permission denied on 'locations/ca' (or it may not exist)."
    fake.fail("repositories.list", refused(text), times=1)

    assert swept(fake).notes == ()


def test_any_other_error_is_raised(fake: FakeApi) -> None:
    fake.fail("secrets.list", refused("try later", Status.UNAVAILABLE))

    with pytest.raises(ApiError, match="try later"):
        swept(fake)
