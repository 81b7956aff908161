"""Projects in Resource Manager v3 and v1: one project, two shapes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.emulator import NUMBER, PROJECT, Answer, Rest, rest

PATH = f"/v3/projects/{PROJECT}"


def create(api: Rest, project_id: str = "brand-new", **fields: Any) -> Answer:
    return api.post("/v3/projects", {"projectId": project_id, **fields})


def finished(api: Rest, started: Answer) -> Any:
    return api.get(f"/v3/{started.body['name']}").body


@pytest.mark.parametrize("project", [PROJECT, NUMBER])
def test_a_project_is_found_by_id_and_number(api: Rest, project: str) -> None:
    found = api.get(f"/v3/projects/{project}").body
    assert (found["name"], found["projectId"]) == (f"projects/{NUMBER}", PROJECT)
    assert found["state"] == "ACTIVE"
    assert {"createTime", "updateTime", "etag", "displayName"} <= found.keys()


@pytest.mark.parametrize("project", [PROJECT, NUMBER])
def test_v1_shows_the_same_project_in_its_own_shape(api: Rest, project: str) -> None:
    found = api.get(f"/v1/projects/{project}").body
    assert found == {
        "projectNumber": NUMBER,
        "projectId": PROJECT,
        "lifecycleState": "ACTIVE",
        "name": PROJECT,
        "createTime": found["createTime"],
    }


@pytest.mark.parametrize("path", ["/v3/projects/other-project", "/v1/projects/999999999999"])
def test_an_unknown_project_is_forbidden_never_missing(api: Rest, path: str) -> None:
    answer = api.get(path)
    assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")
    assert answer.message == "The caller does not have permission"


def test_a_new_project_is_there_at_once(api: Rest) -> None:
    started = create(api, displayName="Brand new", labels={"team": "ci"}, parent="folders/1")
    done = finished(api, started)
    assert started.body["name"].startswith("operations/cp.")
    assert done["metadata"]["@type"].endswith("resourcemanager.v3.CreateProjectMetadata")
    found = api.get("/v3/projects/brand-new").body
    assert done["response"] == {"@type": done["response"]["@type"], **found}
    assert found["displayName"] == "Brand new"
    secret = api.get("/v1/projects/brand-new/secrets")
    assert secret.status == 200


def test_a_project_id_is_taken_only_once(api: Rest) -> None:
    create(api)
    for project_id in ("brand-new", PROJECT):
        again = create(api, project_id)
        assert (again.status, again.code) == (409, "ALREADY_EXISTS")


def test_where_any_project_exists_one_can_still_be_created_once() -> None:
    with rest(projects={}) as api:
        assert api.get("/v3/projects/brand-new").status == 200
        assert create(api).status == 200
        assert create(api).status == 409


@pytest.mark.parametrize("project_id", ["a23456", "a" + "b" * 29])
def test_a_valid_id_is_taken(api: Rest, project_id: str) -> None:
    assert create(api, project_id).status == 200


REFUSED: list[dict[str, Any]] = [
    {"projectId": ""},
    {"projectId": "a2345"},
    {"projectId": "a" * 31},
    {"projectId": "1brand-new"},
    {"projectId": "brand-new-"},
    {"projectId": "Brand-new"},
    {"displayName": "abc"},
    {"displayName": "a" * 31},
    {"displayName": "a/b/c"},
    {"labels": {"Upper": "x"}},
    {"labels": {f"k{i}": "" for i in range(65)}},
    {"parent": "projects/1"},
]


@pytest.mark.parametrize("fields", REFUSED)
def test_an_impossible_project_is_refused(api: Rest, fields: dict[str, Any]) -> None:
    answer = api.post("/v3/projects", {"projectId": "brand-new", **fields})
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")


def test_display_name_and_labels_can_change(api: Rest) -> None:
    body = {"displayName": "Acme CI", "labels": {"a": "b"}}
    done = finished(api, api.patch(PATH, body, updateMask="display_name"))
    assert done["response"]["displayName"] == "Acme CI"
    assert "labels" not in api.get(PATH).body
    api.patch(PATH, body)
    assert api.get(PATH).body["labels"] == {"a": "b"}
    assert api.get(f"/v1/projects/{PROJECT}").body["name"] == "Acme CI"


def test_the_id_cannot_change_and_a_stale_etag_stops_the_change(api: Rest) -> None:
    etag = api.get(PATH).body["etag"]
    assert api.patch(PATH, {"projectId": "x"}, updateMask="projectId").status == 400
    body = {"displayName": "Once", "etag": etag}
    assert api.patch(PATH, body, updateMask="displayName").status == 200
    assert api.patch(PATH, body, updateMask="displayName").code == "ABORTED"


def test_a_deleted_project_can_be_read_and_restored_but_not_changed(api: Rest) -> None:
    finished(api, api.delete(PATH))
    gone = api.get(PATH).body
    assert gone["state"] == "DELETE_REQUESTED"
    assert "deleteTime" in gone
    assert api.patch(PATH, {"displayName": "Name"}).code == "FAILED_PRECONDITION"
    assert api.delete(PATH).code == "FAILED_PRECONDITION"
    finished(api, api.post(f"{PATH}:undelete"))
    back = api.get(PATH).body
    assert (back["state"], back.get("deleteTime")) == ("ACTIVE", None)
    assert api.post(f"{PATH}:undelete").code == "FAILED_PRECONDITION"


def test_v1_deletes_and_restores_without_operations(api: Rest) -> None:
    assert api.delete(f"/v1/projects/{PROJECT}").body == {}
    assert api.get(f"/v1/projects/{PROJECT}").body["lifecycleState"] == "DELETE_REQUESTED"
    assert api.post(f"/v1/projects/{PROJECT}:undelete").body == {}


def test_v1_replaces_name_and_labels(api: Rest) -> None:
    body = {"projectId": PROJECT, "name": "Acme CI", "labels": {"a": "b"}}
    changed = api("PUT", f"/v1/projects/{PROJECT}", body).body
    assert (changed["name"], changed["labels"]) == ("Acme CI", {"a": "b"})
    assert "labels" not in api("PUT", f"/v1/projects/{PROJECT}", {"name": "Acme CI"}).body


def test_ancestry_goes_from_the_project_up(api: Rest) -> None:
    path = f"/v1/projects/{PROJECT}:getAncestry"
    assert api.post(path).body == {"ancestor": [{"resourceId": {"type": "project", "id": PROJECT}}]}
    api.post(f"{PATH}:move", {"destinationParent": "organizations/42"})
    assert api.post(path).body["ancestor"][1]["resourceId"] == {"type": "organization", "id": "42"}


def ids(found: Answer) -> list[str]:
    return sorted(p["projectId"] for p in found.body.get("projects", []))


def test_v3_lists_the_children_of_a_parent(api: Rest) -> None:
    create(api, "child-one", parent="folders/1", displayName="Zulu")
    create(api, "child-two", parent="folders/1", displayName="Alpha")
    create(api, "stranger", parent="folders/2")
    api.delete("/v3/projects/child-one")
    assert ids(api.get("/v3/projects", parent="folders/1")) == ["child-two"]
    everybody = api.get("/v3/projects", parent="folders/1", showDeleted="true").body["projects"]
    assert [p["projectId"] for p in everybody] == ["child-two", "child-one"]
    assert api.get("/v3/projects").code == "INVALID_ARGUMENT"


QUERIES = [
    ("", ["acme-ci", "child-one", "child-two"]),
    ("id:child-one", ["child-one"]),
    ("name:how*", ["child-one"]),
    ("NAME:howl", ["child-one"]),
    ("labels.color:*", ["child-one", "child-two"]),
    ("labels.color:red", ["child-one"]),
    ("labels.color:red labels.size:big", ["child-one", "child-two"]),
    ("labels.color:* AND labels.size:big", ["child-two"]),
    ("parent.type:folder", ["child-two"]),
    ("lifecycleState:DELETE_REQUESTED", ["child-one"]),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_search_and_v1_lists_read_queries_alike(api: Rest, query: str, expected: list[str]) -> None:
    create(api, "child-one", displayName="Howl", labels={"color": "red"})
    create(api, "child-two", labels={"color": "blue", "size": "big"}, parent="folders/7")
    api.delete("/v3/projects/child-one")
    known = {"acme-ci", "child-one", "child-two"}
    for found in (
        api.get("/v3/projects:search", query=query),
        api.get("/v1/projects", filter=query),
    ):
        assert sorted(known.intersection(ids(found))) == expected


def policy(api: Rest, version: str, **body: Any) -> Answer:
    return api.post(f"/{version}/projects/{PROJECT}:setIamPolicy", {"policy": body})


def test_both_versions_and_both_names_share_one_policy(api: Rest) -> None:
    assert api.post(f"{PATH}:getIamPolicy").body == {"etag": "ACAB"}
    binding = {"role": "roles/viewer", "members": ["user:a@example.com"]}
    written = policy(api, "v1", bindings=[binding]).body
    options = {"options": {"requestedPolicyVersion": 3}}
    assert api.post(f"/v3/projects/{NUMBER}:getIamPolicy", options).body == written
    stale = policy(api, "v3", bindings=[], etag="BwYW4c5j91M=")
    assert (stale.status, stale.code) == (409, "ABORTED")


@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
def test_a_project_is_never_public(api: Rest, member: str) -> None:
    assert policy(api, "v3", bindings=[{"role": "roles/viewer", "members": [member]}]).status == 400


def test_the_policy_of_an_unknown_project_is_forbidden(api: Rest) -> None:
    for verb in ("getIamPolicy", "setIamPolicy", "testIamPermissions"):
        answer = api.post(f"/v3/projects/other-project:{verb}", {})
        assert answer.message == "The caller does not have permission"


def test_created_projects_outlive_the_emulator(tmp_path: Any) -> None:
    state = tmp_path / "state.db"
    with rest(state=state) as api:
        create(api, displayName="Brand new")
    with rest(state=state) as api:
        assert api.get("/v3/projects/brand-new").body["displayName"] == "Brand new"
