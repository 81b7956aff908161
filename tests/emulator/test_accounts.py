"""Service accounts: ids, e-mails, projects, disabling, deletion and undeletion."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.emulator import ACCOUNTS, NUMBER, Rest

EMAIL = "deployer@acme-ci.iam.gserviceaccount.com"
MONTH = 30 * 24 * 3600


def create(api: Rest, account_id: str = "deployer", **fields: Any) -> Any:
    sent = {"accountId": account_id, "serviceAccount": fields}
    return api.post(ACCOUNTS, sent).body


def test_a_new_account_has_what_google_gives_it(api: Rest) -> None:
    found = create(api, displayName="D", description="")
    unique_id = found["uniqueId"]
    assert found == {
        "name": f"projects/acme-ci/serviceAccounts/{EMAIL}",
        "projectId": "acme-ci",
        "uniqueId": unique_id,
        "email": EMAIL,
        "displayName": "D",
        "etag": "MDEwMjE5MjA=",
        "oauth2ClientId": unique_id,
    }
    assert len(unique_id) == 21
    assert unique_id.startswith("1")
    for name in (EMAIL, unique_id, EMAIL.upper()):
        for project in ("acme-ci", NUMBER, "-"):
            path = f"/v1/projects/{project}/serviceAccounts/{name}"
            assert api.get(path).body == found, path


IDS = [
    ("abcdef", 200), ("abcde", 400), ("a" * 30, 200), ("a" * 31, 400), ("1abcdef", 400),
    ("abcde-", 400), ("Abcdef", 400), ("abc_def", 400), ("", 400), ("a-b-c-1", 200),
]  # fmt: skip


@pytest.mark.parametrize(("account_id", "status"), IDS)
def test_the_id_of_an_account_follows_the_documented_rule(
    api: Rest, account_id: str, status: int
) -> None:
    assert api.post(ACCOUNTS, {"accountId": account_id}).status == status


LIMITS = [
    ({"displayName": "ü" * 50}, 200), ({"displayName": "ü" * 51}, 400),
    ({"description": "ü" * 128}, 200), ({"description": "ü" * 129}, 400),
    ({"email": "other@example.com", "uniqueId": "5"}, 200),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "status"), LIMITS)
def test_texts_are_limited_in_bytes(api: Rest, fields: dict[str, str], status: int) -> None:
    sent = {"accountId": "deployer", "serviceAccount": fields}
    assert api.post(ACCOUNTS, sent).status == status


def test_a_second_account_of_the_same_id_is_refused_in_googles_words(api: Rest) -> None:
    create(api)
    answer = api.post(ACCOUNTS, {"accountId": "deployer"})
    assert (answer.status, answer.code) == (409, "ALREADY_EXISTS")
    assert answer.message == (
        "Service account deployer already exists within project projects/acme-ci."
    )
    assert answer.body["error"]["errors"][0]["reason"] == "alreadyExists"


def test_an_unknown_account_is_missing_in_its_project_and_denied_under_a_dash(api: Rest) -> None:
    missing = api.get(f"{ACCOUNTS}/{EMAIL}")
    assert (missing.status, missing.message) == (404, "Unknown service account")
    assert missing.body["error"]["errors"][0]["reason"] == "notFound"
    assert api.get(f"/v1/projects/-/serviceAccounts/{EMAIL}").status == 403
    assert api.get(f"/v1/projects/other/serviceAccounts/{EMAIL}").status == 403


def test_a_patch_answers_with_the_name_and_what_changed(api: Rest) -> None:
    found = create(api, displayName="D", description="old")
    sent = {
        "serviceAccount": {"description": "new", "displayName": "x"},
        "updateMask": "description",
    }
    assert api.patch(f"{ACCOUNTS}/{EMAIL}", sent).body == {
        "name": found["name"],
        "description": "new",
    }
    sent = {"serviceAccount": {}, "updateMask": "display_name"}
    assert api.patch(f"{ACCOUNTS}/{EMAIL}", sent).body == {"name": found["name"]}
    live = api.get(f"{ACCOUNTS}/{EMAIL}").body
    assert live["description"] == "new"
    assert "displayName" not in live


@pytest.mark.parametrize("mask", ["", "email", "disabled", "nonsense"])
def test_a_patch_needs_a_mask_of_assignable_fields(api: Rest, mask: str) -> None:
    create(api)
    sent = {"serviceAccount": {"displayName": "x"}, "updateMask": mask}
    assert api.patch(f"{ACCOUNTS}/{EMAIL}", sent).status == 400


def test_the_old_update_changes_the_display_name_only(api: Rest) -> None:
    create(api, description="kept")
    answer = api("PUT", f"{ACCOUNTS}/{EMAIL}", {"displayName": "B", "description": "x"})
    assert answer.status == 200
    live = api.get(f"{ACCOUNTS}/{EMAIL}").body
    assert (live["displayName"], live["description"]) == ("B", "kept")


def test_disabling_shows_and_enabling_hides_it(api: Rest) -> None:
    create(api)
    assert api.post(f"{ACCOUNTS}/{EMAIL}:disable").body == {}
    assert api.get(f"{ACCOUNTS}/{EMAIL}").body["disabled"] is True
    for _ in range(2):
        assert api.post(f"{ACCOUNTS}/{EMAIL}:enable").body == {}
    assert "disabled" not in api.get(f"{ACCOUNTS}/{EMAIL}").body


def test_lists_come_in_pages_of_twenty_and_at_most_a_hundred(api: Rest) -> None:
    for i in range(105):
        create(api, f"account-{i:03}")
    assert len(api.get(ACCOUNTS).body["accounts"]) == 20
    first = api.get(ACCOUNTS, pageSize="500").body
    assert len(first["accounts"]) == 100
    assert len(api.get(ACCOUNTS, pageToken=first["nextPageToken"]).body["accounts"]) == 5


def test_a_deleted_account_frees_its_email_and_comes_back_by_its_unique_id(api: Rest) -> None:
    first = create(api)
    assert api.delete(f"{ACCOUNTS}/{EMAIL}").body == {}
    assert api.get(f"{ACCOUNTS}/{EMAIL}").status == 404
    assert api.get(ACCOUNTS).body == {}
    assert api.delete(f"{ACCOUNTS}/{EMAIL}").status == 404
    second = create(api)
    assert second["uniqueId"] != first["uniqueId"]
    undelete = f"{ACCOUNTS}/{first['uniqueId']}:undelete"
    assert api.post(undelete).code == "FAILED_PRECONDITION"
    api.delete(f"{ACCOUNTS}/{EMAIL}")
    assert api.post(undelete).body == {"restoredAccount": first}
    assert api.get(f"{ACCOUNTS}/{EMAIL}").body == first
    assert api.post(undelete).code == "FAILED_PRECONDITION"


def test_after_thirty_days_there_is_nothing_to_bring_back(api: Rest) -> None:
    found = create(api)
    api.delete(f"{ACCOUNTS}/{EMAIL}")
    api.advance(MONTH + 1)
    assert api.post(f"{ACCOUNTS}/{found['uniqueId']}:undelete").status == 404


def test_keys_can_be_listed_but_not_made(api: Rest) -> None:
    create(api)
    assert api.get(f"{ACCOUNTS}/{EMAIL}/keys", keyTypes="USER_MANAGED").body == {}
    assert api.post(f"{ACCOUNTS}/{EMAIL}/keys").status == 501


def test_as_recorded_a_new_account_flaps_until_it_stays(api: Rest) -> None:
    api.switch(consistency={"reads": "recorded", "members": 1})
    create(api)
    seen = [api.get(f"{ACCOUNTS}/{EMAIL}") for _ in range(9)]
    assert [a.status for a in seen] == [200, 404, 200, 404, 404, 404, 200, 200, 200]
    assert seen[1].message == (
        f"Service account projects/acme-ci/serviceAccounts/{EMAIL} does not exist."
    )
    binding = {"role": "roles/viewer", "members": [f"serviceAccount:{EMAIL}"]}
    path = f"{ACCOUNTS}/{EMAIL}:setIamPolicy"
    first, second = (api.post(path, {"policy": {"bindings": [binding]}}) for _ in range(2))
    assert first.message == f"Service account {EMAIL} does not exist."
    assert second.status == 200
