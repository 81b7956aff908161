"""Bearer tokens: whose they are, how long, and what is no token at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wifctl.emulator.callers import OPERATOR, PREFIX, Identity, find_token, identify, issue
from wifctl.emulator.clock import Clock
from wifctl.emulator.errors import ApiError
from wifctl.emulator.store import Store

POOL = "projects/123456789012/locations/global/workloadIdentityPools/pool"
WORKLOAD = Identity(
    f"principal://iam.googleapis.com/{POOL}/subject/workload",
    (f"principalSet://iam.googleapis.com/{POOL}/*",),
    ("https://www.googleapis.com/auth/cloud-platform",),
)
HOUR = timedelta(hours=1)


@pytest.fixture
def store() -> Store:
    kept = Store()
    kept.put("pool", POOL, {"state": "ACTIVE"})
    return kept


def reason(store: Store, clock: Clock, token: str, *, strict: bool = True) -> str:
    with pytest.raises(ApiError) as caught:
        identify(store, clock, token, strict=strict)
    assert caught.value.status == "UNAUTHENTICATED"
    return str(caught.value.details[0]["reason"])


def test_an_issued_token_is_its_identity_until_it_expires(store: Store) -> None:
    clock = Clock()
    token = issue(store, clock, WORKLOAD, HOUR)
    assert identify(store, clock, token) == WORKLOAD
    clock.advance(HOUR)
    assert reason(store, clock, token) == "ACCESS_TOKEN_EXPIRED"


@pytest.mark.parametrize("pool", [
    {"state": "ACTIVE", "disabled": True}, {"state": "DELETED"},
])  # fmt: skip
def test_a_pool_that_is_shut_cuts_its_tokens_off(store: Store, pool: dict[str, object]) -> None:
    clock = Clock()
    token = issue(store, clock, WORKLOAD, HOUR)
    store.put("pool", POOL, pool)
    assert reason(store, clock, token) == "ACCOUNT_STATE_INVALID"
    store.put("pool", POOL, {"state": "ACTIVE"})
    assert identify(store, clock, token) == WORKLOAD


def test_a_new_account_of_the_same_email_does_not_inherit_tokens(store: Store) -> None:
    clock = Clock()
    store.put("account", "projects/acme-ci/serviceAccounts/1", {"email": "a@b"})
    key = "projects/acme-ci/serviceAccounts/1"
    token = issue(store, clock, Identity("serviceAccount:a@b"), HOUR, account=key)
    assert identify(store, clock, token).member == "serviceAccount:a@b"
    store.put("account", key, {"email": "a@b", "deleteTime": "2026-11-21T00:00:00Z"})
    store.put("account", "projects/acme-ci/serviceAccounts/2", {"email": "a@b"})
    assert reason(store, clock, token) == "ACCOUNT_STATE_INVALID"


def test_tokens_are_not_kept_as_they_are(store: Store) -> None:
    token = issue(store, Clock(), WORKLOAD, HOUR)
    assert token not in repr(list(store.walk("token")))


def test_expired_tokens_are_forgotten_and_stay_invalid(store: Store) -> None:
    clock = Clock()
    old = issue(store, clock, WORKLOAD, HOUR)
    clock.advance(HOUR)
    issue(store, clock, WORKLOAD, HOUR)
    assert find_token(store, old) is None
    assert reason(store, clock, old, strict=False) == "ACCESS_TOKEN_EXPIRED"


@pytest.mark.parametrize("token", ["any-text", "null", "ya29.c.real", "eyJhbGciOi.eyJzdWIi.c2ln"])
def test_other_texts_are_the_operator_only_while_nothing_is_enforced(token: str) -> None:
    assert identify(Store(), Clock(), token).member == OPERATOR
    assert reason(Store(), Clock(), token) == "ACCESS_TOKEN_TYPE_UNSUPPORTED"


@pytest.mark.parametrize("strict", [False, True])
def test_the_operator_and_members_may_always_be_named(*, strict: bool) -> None:
    member = "user:Dev@example.com"
    assert identify(Store(), Clock(), "local", strict=strict).member == OPERATOR
    assert identify(Store(), Clock(), member, strict=strict).member == member.lower()
    assert identify(Store(), Clock(), "", strict=strict).member == ""


@pytest.mark.parametrize("token", [
    "allUsers", "deleted:user:dev@example.com?uid=1", "principalSet://iam.googleapis.com/x/*",
    "domain:example.com", "projectOwner:acme-ci",
])  # fmt: skip
def test_nobody_can_be_a_set(token: str) -> None:
    assert reason(Store(), Clock(), token) == "ACCESS_TOKEN_TYPE_UNSUPPORTED"


def test_a_token_that_was_never_issued_is_invalid_even_without_enforcement() -> None:
    assert reason(Store(), Clock(), f"{PREFIX}x", strict=False) == "ACCESS_TOKEN_EXPIRED"


@pytest.mark.parametrize(("member", "meant", "not_meant"), [
    ("user:dev@example.com", "domain:example.com", "group:example.com"),
    ("user:dev@example.com", "allAuthenticatedUsers", "domain:com"),
    ("serviceAccount:a@p.iam.gserviceaccount.com", "allAuthenticatedUsers",
     "domain:p.iam.gserviceaccount.com"),
    (WORKLOAD.member, "allUsers", "allAuthenticatedUsers"),
    ("", "allUsers", "allAuthenticatedUsers"),
])  # fmt: skip
def test_members_that_mean_many_mean_the_documented_ones(
    member: str, meant: str, not_meant: str
) -> None:
    members = Identity(member).members
    assert meant in members
    assert not_meant not in members
