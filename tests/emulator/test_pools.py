"""Workload identity pools: ids, limits, masks, soft deletion, operations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.emulator import NUMBER, POOLS, Rest, rest

NAME = f"projects/{NUMBER}/locations/global/workloadIdentityPools"
MONTH = 30 * 24 * 3600


def create(api: Rest, pool_id: str = "pool-1", **pool: Any) -> None:
    answer = api.post(POOLS, pool, workloadIdentityPoolId=pool_id)
    assert answer.status == 200, answer.body


def read(api: Rest, pool_id: str = "pool-1") -> dict[str, Any]:
    found = api.get(f"{POOLS}/{pool_id}").body
    assert isinstance(found, dict)
    return found


def test_create_answers_with_a_bare_operation_that_is_done_at_the_next_poll(api: Rest) -> None:
    operation = api.post(POOLS, {"disabled": False}, workloadIdentityPoolId="pool-1").body
    assert list(operation) == ["name"]
    head, _, operation_id = operation["name"].rpartition("/")
    assert head == f"{NAME}/pool-1/operations"
    assert len(operation_id) == 32
    assert operation_id.isalnum()
    assert api.get(f"/v1/{operation['name']}").body == {**operation, "done": True}
    by_id = operation["name"].replace(NUMBER, "acme-ci")
    assert api.get(f"/v1/{by_id}").body["done"]


def test_a_pool_is_returned_with_the_project_number_and_without_defaults(api: Rest) -> None:
    create(api, name="projects/acme-ci/anything", displayName="A", disabled=False, description="")
    wanted = {"name": f"{NAME}/pool-1", "displayName": "A", "state": "ACTIVE"}
    assert read(api) == wanted
    assert api.get(POOLS.replace("acme-ci", NUMBER)).body == {"workloadIdentityPools": [wanted]}


IDS = [
    ("abcd", 200), ("abc", 400), ("a" * 32, 200), ("a" * 33, 400), ("1-2-", 200), ("ABCD", 400),
    ("a_bc", 400), ("gcp-pool", 400), ("", 400), ("ábcd", 400),
]  # fmt: skip


@pytest.mark.parametrize(("pool_id", "status"), IDS)
def test_the_id_of_a_pool_follows_the_documented_rule(api: Rest, pool_id: str, status: int) -> None:
    assert api.post(POOLS, {}, workloadIdentityPoolId=pool_id).status == status


LIMITS = [
    ({"displayName": "ü" * 32}, 200), ({"displayName": "a" * 33}, 400),
    ({"description": "ü" * 256}, 200), ({"description": "a" * 257}, 400),
    ({"mode": "TRUST_DOMAIN"}, 200), ({"mode": 2}, 200), ({"mode": "NO_MODE"}, 400),
    ({"state": "DELETED", "expireTime": "2020-01-01T00:00:00Z"}, 200), ({"nonsense": 1}, 400),
    ({"inlineCertificateIssuanceConfig": {"useDefaultSharedCa": True}}, 200),
    ({"inlineCertificateIssuanceConfig": {}}, 400),
    ({"inlineCertificateIssuanceConfig": {"useDefaultSharedCa": True, "caPools": {"a": "b"}}}, 400),
    ({"inlineCertificateIssuanceConfig": {"caPools": {"a": "b"}, "lifetime": "86399s"}}, 400),
    ({"inlineCertificateIssuanceConfig": {"caPools": {"a": "b"}, "lifetime": "2592001s"}}, 400),
    ({"inlineCertificateIssuanceConfig": {"caPools": {"a": "b"}, "rotationWindowPercentage": 81}},
     400),
    ({"inlineTrustConfig": {"additionalTrustBundles": {f"d{i}": {} for i in range(11)}}}, 400),
]  # fmt: skip


@pytest.mark.parametrize(("pool", "status"), LIMITS)
def test_the_fields_of_a_pool_are_limited(api: Rest, pool: dict[str, Any], status: int) -> None:
    answer = api.post(POOLS, pool, workloadIdentityPoolId="pool-1")
    assert answer.status == status
    assert api.get(f"{POOLS}/pool-1").status == (200 if status == 200 else 404)
    if status == 200:
        assert read(api)["state"] == "ACTIVE"


def test_certificate_issuance_gets_its_defaults(api: Rest) -> None:
    create(api, inlineCertificateIssuanceConfig={"useDefaultSharedCa": True})
    assert read(api)["inlineCertificateIssuanceConfig"] == {
        "useDefaultSharedCa": True,
        "lifetime": "86400s",
        "rotationWindowPercentage": 50,
        "keyAlgorithm": "ECDSA_P256",
    }


def test_an_id_is_taken_even_by_a_deleted_pool(api: Rest) -> None:
    create(api)
    for _ in range(2):
        answer = api.post(POOLS, {}, workloadIdentityPoolId="pool-1")
        assert (answer.status, answer.code) == (409, "ALREADY_EXISTS")
        assert answer.message == "Requested entity already exists"
        api.delete(f"{POOLS}/pool-1")


PATCHES = [
    ("displayName", {"displayName": "B", "description": "x"}, {"displayName": "B"}),
    ("display_name,disabled", {"displayName": "B", "disabled": True},
     {"displayName": "B", "disabled": True}),
    ("description", {}, {"displayName": "A"}),
    ("displayName", {}, {}),
    ("mode", {"mode": "FEDERATION_ONLY"}, {"displayName": "A"}),
    ("name,state", {"name": "x", "state": "DELETED"}, {"displayName": "A"}),
]  # fmt: skip


@pytest.mark.parametrize(("mask", "sent", "wanted"), PATCHES)
def test_a_patch_changes_what_its_mask_names(
    api: Rest, mask: str, sent: dict[str, Any], wanted: dict[str, Any]
) -> None:
    create(api, displayName="A")
    answer = api.patch(f"{POOLS}/pool-1", sent, updateMask=mask)
    assert answer.status == 200, answer.body
    assert read(api) == {"name": f"{NAME}/pool-1", "state": "ACTIVE", **wanted}


BAD_PATCHES = [
    ("", {"displayName": "B"}, "updateMask"),
    ("nonsense", {}, "nonsense"),
    ("mode", {"mode": "TRUST_DOMAIN"}, "Attempted to update an immutable field."),
    ("displayName", {"displayName": "a" * 33}, "32 characters"),
]


@pytest.mark.parametrize(("mask", "sent", "text"), BAD_PATCHES)
def test_a_bad_patch_changes_nothing(api: Rest, mask: str, sent: dict[str, Any], text: str) -> None:
    create(api, displayName="A")
    answer = api.patch(f"{POOLS}/pool-1", sent, updateMask=mask)
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")
    assert text in answer.message
    assert read(api)["displayName"] == "A"


def test_a_patch_without_any_mask_is_refused(api: Rest) -> None:
    create(api)
    assert api.patch(f"{POOLS}/pool-1", {"displayName": "B"}).status == 400


def test_a_deleted_pool_is_shown_but_not_listed_and_not_changed(api: Rest) -> None:
    create(api, displayName="A")
    assert api.delete(f"{POOLS}/pool-1").status == 200
    gone = read(api)
    assert (gone["state"], gone["displayName"]) == ("DELETED", "A")
    assert "expireTime" in gone
    assert api.get(POOLS).body == {}
    assert api.get(POOLS, showDeleted="True").body["workloadIdentityPools"] == [gone]
    assert api.patch(f"{POOLS}/pool-1", {}, updateMask="disabled").code == "FAILED_PRECONDITION"
    assert api.delete(f"{POOLS}/pool-1").code == "FAILED_PRECONDITION"


def test_undelete_brings_a_pool_back_as_it_was(api: Rest) -> None:
    create(api, displayName="A", disabled=True)
    before = read(api)
    assert api.post(f"{POOLS}/pool-1:undelete").code == "FAILED_PRECONDITION"
    api.delete(f"{POOLS}/pool-1")
    assert api.post(f"{POOLS}/pool-1:undelete").status == 200
    assert read(api) == before


def test_thirty_days_after_its_deletion_a_pool_and_all_below_are_gone(api: Rest) -> None:
    create(api)
    provider = {"aws": {"accountId": "123456789012"}}
    api.post(f"{POOLS}/pool-1/providers", provider, workloadIdentityPoolProviderId="aws-1")
    policy = {"policy": {"bindings": [{"role": "roles/viewer", "members": ["allUsers"]}]}}
    api.post(f"{POOLS}/pool-1:setIamPolicy", policy)
    api.delete(f"{POOLS}/pool-1")
    api.advance(MONTH - 5)
    assert read(api)["state"] == "DELETED"
    api.advance(10)
    assert api.get(f"{POOLS}/pool-1").status == 404
    assert api.post(f"{POOLS}/pool-1:undelete").status == 404
    create(api)
    assert api.get(f"{POOLS}/pool-1/providers/aws-1").status == 404
    assert api.post(f"{POOLS}/pool-1:getIamPolicy").body == {"etag": "ACAB"}


def test_lists_come_in_pages_of_fifty_and_at_most_a_thousand(api: Rest) -> None:
    for i in range(60):
        create(api, f"pool-{i:02}")
    first = api.get(POOLS).body
    assert len(first["workloadIdentityPools"]) == 50
    rest_of = api.get(POOLS, pageToken=first["nextPageToken"]).body
    assert len(rest_of["workloadIdentityPools"]) == 10
    assert "nextPageToken" not in rest_of
    assert len(api.get(POOLS, pageSize="5000").body["workloadIdentityPools"]) == 60
    assert api.get(POOLS, pageSize="-1").status == 400


def test_enums_are_numbers_for_those_who_ask(api: Rest) -> None:
    create(api)
    answer = api.get(f"{POOLS}/pool-1", **{"$alt": "json;enum-encoding=int"})
    assert answer.body["state"] == 1


def test_an_unknown_project_is_denied_in_iams_words(api: Rest) -> None:
    path = "/v1/projects/other/locations/global/workloadIdentityPools"
    answer = api.post(path, {}, workloadIdentityPoolId="pool-1")
    assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")
    assert answer.message == (
        "Permission 'iam.workloadIdentityPools.create' denied on resource "
        "'//iam.googleapis.com/projects/other/locations/global' (or it may not exist)."
    )
    info = answer.body["error"]["details"][0]
    assert info["reason"] == "IAM_PERMISSION_DENIED"
    assert info["metadata"]["resource"] == "projects/other/locations/global"


def test_the_only_location_is_global(api: Rest) -> None:
    path = "/v1/projects/acme-ci/locations/europe-west1/workloadIdentityPools"
    assert api.get(path).status == 400


def test_operations_stay_pending_for_as_many_polls_as_told() -> None:
    with rest(switches={"pendingPolls": 2}) as api:
        operation = api.post(POOLS, {}, workloadIdentityPoolId="pool-1").body["name"]
        seen = [api.get(f"/v1/{operation}").body.get("done", False) for _ in range(4)]
    assert seen == [False, False, True, True]
