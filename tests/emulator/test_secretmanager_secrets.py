"""Secrets: names, fields, limits, masks, etags, expiry, rotation, lists."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.emulator import NUMBER, PROJECT, Answer, Rest

SECRETS = f"/v1/projects/{PROJECT}/secrets"
AUTOMATIC: dict[str, Any] = {"replication": {"automatic": {}}}
KEY = "projects/p/locations/{}/keyRings/r/cryptoKeys/k"
TOPIC = "projects/acme-ci/topics/rotations"


def create(api: Rest, secret_id: str = "token", **fields: Any) -> Answer:
    return api.post(SECRETS, {**AUTOMATIC, **fields}, secretId=secret_id)


def patch(api: Rest, mask: str, **fields: Any) -> Answer:
    return api.patch(f"{SECRETS}/token", fields, updateMask=mask)


def test_a_secret_is_named_by_number_whatever_the_request_said(api: Rest) -> None:
    created = create(api, labels={"team": "ci"})
    assert created.body == {
        "name": f"projects/{NUMBER}/secrets/token",
        "replication": {"automatic": {}},
        "labels": {"team": "ci"},
        "createTime": created.body["createTime"],
        "etag": created.body["etag"],
    }
    assert re.fullmatch(r'"1[0-9a-f]{13}"', created.body["etag"])
    by_number = api.get(f"/v1/projects/{NUMBER}/secrets/token")
    assert by_number.body == created.body == api.get(f"{SECRETS}/token").body


def test_a_second_create_conflicts(api: Rest) -> None:
    create(api)
    again = create(api)
    assert (again.status, again.code) == (409, "ALREADY_EXISTS")
    assert again.message == f"Secret [projects/{NUMBER}/secrets/token] already exists."


def test_a_missing_secret_is_not_found_by_its_number_name(api: Rest) -> None:
    missing = api.get(f"{SECRETS}/nope")
    assert (missing.status, missing.body["error"].get("errors")) == (404, None)
    assert missing.message == f"Secret [projects/{NUMBER}/secrets/nope] not found."


def test_an_unknown_project_is_denied(api: Rest) -> None:
    answer = api.get("/v1/projects/other-project/secrets/token")
    assert answer.code == "PERMISSION_DENIED"
    assert answer.message == (
        "Permission 'secretmanager.secrets.get' denied for resource 'projects/other-project' "
        "(or it may not exist)."
    )


ACCEPTED: list[dict[str, Any]] = [
    {"labels": {f"k{i}": "" for i in range(64)}},
    {"labels": {"a" * 63: "b" * 63}},
    {"labels": {"é_1-": "日本"}},
    {"annotations": {"A.b-c_9": "any text at all"}},
    {"annotations": {"k": "v" * (16 * 1024 - 2)}},
    {"topics": [{"name": f"projects/p/topics/t{i}"} for i in range(10)]},
    {"ttl": "3600s"},
    {"expireTime": "2090-01-01T00:00:00Z"},
    {"versionDestroyTtl": "86400s"},
    {"secretType": "OTHER"},
    {"replication": {"userManaged": {"replicas": [{"location": "us-east1"}]}}},
    {
        "replication": {
            "automatic": {"customerManagedEncryption": {"kmsKeyName": KEY.format("global")}}
        }
    },
]


@pytest.mark.parametrize("fields", ACCEPTED)
def test_a_field_at_its_limit_is_accepted(api: Rest, fields: dict[str, Any]) -> None:
    assert create(api, **fields).status == 200


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"labels": {f"k{i}": "" for i in range(65)}}, "at most 64 labels"),
    ({"labels": {"Upper": "x"}}, "key [Upper]"),
    ({"labels": {"1st": "x"}}, "key [1st]"),
    ({"labels": {"a" * 64: "x"}}, "labels"),
    ({"labels": {"a": "b" * 64}}, "labels"),
    ({"labels": {"a": "B"}}, "value of [a]"),
    ({"annotations": {"-a": "x"}}, "annotations"),
    ({"annotations": {"a" * 64: "x"}}, "annotations"),
    ({"annotations": {"k": "v" * (16 * 1024 - 1)}}, "16 KiB"),
    ({"topics": [{"name": f"projects/p/topics/t{i}"} for i in range(11)]}, "at most 10 topics"),
    ({"topics": [{"name": "t"}]}, "projects/*/topics/*"),
    ({"ttl": "0s"}, "ttl"),
    ({"ttl": "3153600001s"}, "ttl"),
    ({"versionDestroyTtl": "-1s"}, "version_destroy_ttl"),
    ({"versionDestroyTtl": "315576000000s"}, "version_destroy_ttl"),
    ({"expireTime": "2020-01-01T00:00:00Z"}, "future"),
    ({"versionAliases": {"prod": "1"}}, "version [1] does not exist"),
    ({"replication": {}}, "Field [secret.replication] is required."),
    ({"replication": {"userManaged": {}}}, "cannot be empty"),
    ({"replication": {"userManaged": {"replicas": [{"location": "mars"}]}}}, "[mars]"),
    ({"customerManagedEncryption": {"kmsKeyName": KEY.format("us")}}, "only a regional"),
    (
        {
            "replication": {
                "automatic": {"customerManagedEncryption": {"kmsKeyName": KEY.format("us")}}
            }
        },
        "the key must be in global",
    ),
]


@pytest.mark.parametrize(("fields", "why"), REFUSED)
def test_a_field_beyond_its_limit_is_refused(api: Rest, fields: dict[str, Any], why: str) -> None:
    answer = create(api, **fields)
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")
    assert why in answer.message
    assert api.get(SECRETS).body == {}


@pytest.mark.parametrize("secret_id", ["a", "A_b-9", "x" * 255])
def test_a_valid_id_is_taken(api: Rest, secret_id: str) -> None:
    assert create(api, secret_id).status == 200


@pytest.mark.parametrize("secret_id", ["", "a.b", "a/b", "x" * 256, "ü"])
def test_an_invalid_id_is_refused(api: Rest, secret_id: str) -> None:
    assert create(api, secret_id).code == "INVALID_ARGUMENT"


def test_ttl_becomes_an_expire_time_and_is_never_returned(api: Rest) -> None:
    created = create(api, ttl="3600s").body
    assert "ttl" not in created
    assert created["expireTime"] > created["createTime"]


def test_an_expired_secret_is_gone_and_its_id_free(api: Rest) -> None:
    create(api, ttl="60s")
    api.advance(61)
    assert api.get(f"{SECRETS}/token").status == 404
    assert api.get(SECRETS).body == {}
    assert create(api).status == 200


def test_tags_are_taken_but_never_returned(api: Rest) -> None:
    assert "tags" not in create(api, tags={"123/environment": "prod"}).body


ROTATIONS: list[tuple[dict[str, Any], list[str], str]] = [
    ({"rotationPeriod": "3600s"}, [TOPIC], "required with a rotation"),
    ({"nextRotationTime": "2020-01-01T00:00:00Z"}, [TOPIC], "ahead"),
    ({"nextRotationTime": "2030-01-01T00:00:00Z"}, [], "at least one topic"),
    ({"nextRotationTime": "2030-01-01T00:00:00Z", "rotationPeriod": "3599s"}, [TOPIC], "3600s"),
]


@pytest.mark.parametrize(("rotation", "topics", "why"), ROTATIONS)
def test_a_rotation_out_of_bounds_is_refused(
    api: Rest, rotation: dict[str, Any], topics: list[str], why: str
) -> None:
    answer = create(api, rotation=rotation, topics=[{"name": t} for t in topics])
    assert answer.code == "INVALID_ARGUMENT"
    assert why in answer.message


def test_the_next_rotation_moves_on_when_it_is_due(api: Rest) -> None:
    api.post("/_wifctl/clock", {"set": "2029-12-31T00:00:00Z"})
    rotation = {"nextRotationTime": "2030-01-01T00:00:00Z", "rotationPeriod": "86400s"}
    created = create(api, rotation=rotation, topics=[{"name": TOPIC}])
    assert created.body["rotation"] == rotation
    api.post("/_wifctl/clock", {"set": "2030-01-03T12:00:00Z"})
    due = api.get(f"{SECRETS}/token").body["rotation"]["nextRotationTime"]
    assert due == "2030-01-04T00:00:00Z"


def test_a_patch_changes_only_what_the_mask_names(api: Rest) -> None:
    before = create(api, labels={"a": "1"}, annotations={"x": "y"}).body
    after = patch(api, "labels", labels={"b": "2"}, annotations={"lost": "yes"}).body
    assert (after["labels"], after["annotations"]) == ({"b": "2"}, {"x": "y"})
    assert after["etag"] != before["etag"]


@pytest.mark.parametrize("mask", ["version_destroy_ttl", "versionDestroyTtl"])
def test_both_spellings_of_a_mask_mean_one_field(api: Rest, mask: str) -> None:
    create(api)
    assert patch(api, mask, versionDestroyTtl="60s").body["versionDestroyTtl"] == "60s"
    assert "versionDestroyTtl" not in patch(api, mask).body


@pytest.mark.parametrize(
    ("mask", "fields", "why"),
    [
        ("", {"labels": {}}, "Field [update_mask] is required."),
        ("replication", {"replication": {"userManaged": {}}}, "cannot be changed"),
        ("secretType", {"secretType": "OTHER"}, "Attempted to update an immutable field."),
        ("createTime", {}, "Invalid field mask"),
        ("nonsense", {}, "Invalid field mask"),
    ],
)
def test_a_mask_that_cannot_be_is_refused(
    api: Rest, mask: str, fields: dict[str, Any], why: str
) -> None:
    create(api)
    answer = patch(api, mask, **fields)
    assert answer.code == "INVALID_ARGUMENT"
    assert why in answer.message


def test_a_ttl_in_the_mask_sets_the_expiry_anew_and_an_empty_one_lifts_it(api: Rest) -> None:
    first = create(api, ttl="60s").body["expireTime"]
    assert patch(api, "ttl", ttl="7200s").body["expireTime"] > first
    assert "expireTime" not in patch(api, "expire_time").body


def test_a_stale_etag_stops_update_and_delete(api: Rest) -> None:
    etag = create(api).body["etag"]
    patch(api, "labels", labels={"a": "b"})
    stale = patch(api, "labels", labels={}, etag=etag)
    assert (stale.status, stale.code) == (400, "FAILED_PRECONDITION")
    assert api.delete(f"{SECRETS}/token", etag=etag).code == "FAILED_PRECONDITION"
    fresh = api.get(f"{SECRETS}/token").body["etag"]
    assert api.delete(f"{SECRETS}/token", etag=fresh).body == {}
    assert api.get(f"{SECRETS}/token").status == 404


def test_a_deleted_secret_takes_its_versions_and_policy_along(api: Rest) -> None:
    create(api)
    api.post(f"{SECRETS}/token:addVersion", {"payload": {"data": "YQ=="}})
    binding = {"role": "roles/viewer", "members": ["user:a@example.com"]}
    api.post(f"{SECRETS}/token:setIamPolicy", {"policy": {"bindings": [binding]}})
    api.delete(f"{SECRETS}/token")
    create(api)
    assert api.get(f"{SECRETS}/token/versions").body == {}
    assert api.get(f"{SECRETS}/token:getIamPolicy").body == {"etag": "ACAB"}


def test_lists_are_newest_first_and_counted(api: Rest) -> None:
    for secret_id in ("one", "two", "three"):
        create(api, secret_id)
    names = [s["name"].rpartition("/")[2] for s in api.get(SECRETS).body["secrets"]]
    assert names == ["three", "two", "one"]
    first = api.get(SECRETS, pageSize="2").body
    assert (len(first["secrets"]), first["totalSize"]) == (2, 3)
    rest = api.get(SECRETS, pageSize="2", pageToken=first["nextPageToken"]).body
    assert [s["name"].rpartition("/")[2] for s in rest["secrets"]] == ["one"]
    assert "nextPageToken" not in rest


def test_a_filtered_list_is_not_counted(api: Rest) -> None:
    create(api, "one", labels={"team": "ci"})
    create(api, "two")
    found = api.get(SECRETS, filter="labels.team=ci").body
    assert [s["name"].rpartition("/")[2] for s in found["secrets"]] == ["one"]
    assert "totalSize" not in found


def test_permissions_on_a_missing_secret_are_none_not_an_error(api: Rest) -> None:
    asked = {"permissions": ["secretmanager.versions.access"]}
    assert api.post(f"{SECRETS}/nope:testIamPermissions", asked).body == {}


REGIONAL = f"/v1/projects/{PROJECT}/locations/europe-west1/secrets"


def test_a_regional_secret_lives_apart_and_has_no_replication(api: Rest) -> None:
    created = api.post(REGIONAL, {}, secretId="token").body
    assert created["name"] == f"projects/{NUMBER}/locations/europe-west1/secrets/token"
    assert "replication" not in created
    assert api.get(SECRETS).body == {}
    version = api.post(f"{REGIONAL}/token:addVersion", {"payload": {"data": "YQ=="}}).body
    assert version["name"].endswith("/locations/europe-west1/secrets/token/versions/1")
    assert "replicationStatus" not in version


def test_a_regional_secret_with_a_replication_is_refused(api: Rest) -> None:
    assert api.post(REGIONAL, AUTOMATIC, secretId="token").code == "INVALID_ARGUMENT"


def test_a_place_that_is_none_is_denied(api: Rest) -> None:
    answer = api.get(f"/v1/projects/{PROJECT}/locations/mars-north1/secrets")
    assert answer.message == "Permission denied on 'locations/mars-north1' (or it may not exist)."
