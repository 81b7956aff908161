"""Repositories: operations, modes, credentials, virtual upstreams, patches, settings."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.emulator import NUMBER, PROJECT, Answer, Rest

PLACE = f"projects/{PROJECT}/locations/europe-west1"
REPOSITORIES = f"/v1/{PLACE}/repositories"
VERSION = "projects/acme-ci/secrets/pypi-token/versions/{}"
PYPI = {"pythonRepository": {"publicRepository": "PYPI"}}
CREDENTIALS = "remoteRepositoryConfig.upstreamCredentials.usernamePasswordCredentials"


def credentials(version: str = VERSION.format(1)) -> dict[str, Any]:
    pair = {"username": "__token__", "passwordSecretVersion": version}
    return {"upstreamCredentials": {"usernamePasswordCredentials": pair}}


def create(api: Rest, repository_id: str = "pypi", **fields: Any) -> Answer:
    body = {"format": "PYTHON", **fields}
    return api.post(REPOSITORIES, body, repositoryId=repository_id)


def remote(api: Rest, repository_id: str = "pypi", **config: Any) -> Answer:
    body = {"mode": "REMOTE_REPOSITORY", "remoteRepositoryConfig": {**PYPI, **config}}
    return create(api, repository_id, **body)


def virtual(api: Rest, *upstreams: str) -> Answer:
    policies = [{"id": f"p{i}", "repository": u, "priority": i} for i, u in enumerate(upstreams)]
    config = {"upstreamPolicies": policies}
    return create(api, "all", mode="VIRTUAL_REPOSITORY", virtualRepositoryConfig=config)


def get(api: Rest, repository_id: str = "pypi") -> Any:
    return api.get(f"{REPOSITORIES}/{repository_id}").body


def patch(api: Rest, body: dict[str, Any], mask: str | None = None, name: str = "pypi") -> Answer:
    query = {} if mask is None else {"updateMask": mask}
    return api.patch(f"{REPOSITORIES}/{name}", body, **query)


def test_create_is_an_operation_with_empty_metadata(api: Rest) -> None:
    started = create(api).body
    assert re.fullmatch(rf"{PLACE}/operations/[0-9a-f-]{{36}}", started["name"])
    metadata = {
        "@type": "type.googleapis.com/google.devtools.artifactregistry.v1.OperationMetadata"
    }
    assert started == {"name": started["name"], "metadata": metadata}
    done = api.get(f"/v1/{started['name']}").body
    assert done["done"] is True
    assert done["response"] == {
        "@type": "type.googleapis.com/google.devtools.artifactregistry.v1.Repository",
        "name": f"{PLACE}/repositories/pypi",
        "format": "PYTHON",
        "mode": "STANDARD_REPOSITORY",
    }


def test_an_operation_is_found_by_the_other_form_of_its_project(api: Rest) -> None:
    name = create(api).body["name"].replace(PROJECT, NUMBER)
    assert api.get(f"/v1/{name}").body["done"] is True


def test_an_operation_can_take_some_polls(api: Rest) -> None:
    api.switch(pendingPolls=2)
    name = create(api).body["name"]
    done = [api.get(f"/v1/{name}").body.get("done", False) for _ in range(3)]
    assert done == [False, False, True]


def test_a_repository_is_named_as_asked_for(api: Rest) -> None:
    create(api)
    found = get(api)
    assert found["name"] == f"{PLACE}/repositories/pypi"
    assert found["registryUri"] == f"europe-west1-python.pkg.dev/{PROJECT}/pypi"
    assert found["createTime"] == found["updateTime"]
    by_number = api.get(f"/v1/projects/{NUMBER}/locations/europe-west1/repositories/pypi").body
    assert by_number["name"] == f"projects/{NUMBER}/locations/europe-west1/repositories/pypi"
    assert by_number["registryUri"] == found["registryUri"]


def test_errors_are_those_of_artifact_registry(api: Rest) -> None:
    create(api)
    again = create(api)
    assert (again.status, again.code) == (409, "ALREADY_EXISTS")
    missing = api.get(f"{REPOSITORIES}/nope")
    assert missing.body["error"] == {
        "code": 404,
        "message": "Requested entity was not found.",
        "status": "NOT_FOUND",
    }
    assert api.delete(f"{REPOSITORIES}/nope").status == 404


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"format": "FORMAT_UNSPECIFIED"}, "format of the repository is required"),
    ({"disallowUnspecifiedMode": True}, "mode of the repository is required"),
    ({"labels": {f"k{i}": "" for i in range(65)}}, "At most 64 labels"),
    ({"labels": {"Upper": ""}}, "Invalid label"),
    ({"mode": "REMOTE_REPOSITORY"}, "exactly one upstream"),
    ({"remoteRepositoryConfig": PYPI}, "cannot be set on a STANDARD_REPOSITORY"),
    ({"virtualRepositoryConfig": {"upstreamPolicies": [{}]}}, "cannot be set on a STANDARD"),
    ({"mavenConfig": {"versionPolicy": "RELEASE"}}, "cannot be set on the format PYTHON"),
    ({"cleanupPolicies": {"a": {}}}, "has no action"),
    ({"cleanupPolicies": {"a": {"id": "b", "action": "KEEP"}}}, "another id inside"),
    ({"cleanupPolicies": {"a" * 128: {"action": "KEEP"}}}, "1 to 127 characters"),
    (
        {"cleanupPolicies": {"a": {"action": "DELETE", "mostRecentVersions": {"keepCount": 1}}}},
        "needs the action KEEP",
    ),
]


@pytest.mark.parametrize(("fields", "why"), REFUSED)
def test_what_google_refuses_is_refused(api: Rest, fields: dict[str, Any], why: str) -> None:
    answer = create(api, **fields)
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")
    assert why in answer.message
    assert get(api)["error"]["code"] == 404


@pytest.mark.parametrize("repository_id", ["a", "a-b9", "a" * 63])
def test_a_valid_id_is_taken(api: Rest, repository_id: str) -> None:
    assert create(api, repository_id).status == 200


@pytest.mark.parametrize("repository_id", ["", "A", "a_b", "1a", "a-", "a" * 64])
def test_an_invalid_id_is_refused(api: Rest, repository_id: str) -> None:
    assert create(api, repository_id).code == "INVALID_ARGUMENT"


def test_a_place_that_is_none_is_denied(api: Rest) -> None:
    answer = api.post(f"/v1/projects/{PROJECT}/locations/mars/repositories", {"format": "NPM"})
    assert answer.message == "Permission denied on 'locations/mars' (or it may not exist)."


def test_fields_the_client_library_lacks_are_kept(api: Rest) -> None:
    logs = {"loggingState": "ENABLED", "severityLevel": "INFO"}
    create(api, format="CONDA", platformLogsConfig=logs)
    assert (get(api)["format"], get(api)["platformLogsConfig"]) == ("CONDA", logs)


def test_upstream_validation_is_asked_for_but_never_echoed(api: Rest) -> None:
    remote(api, disableUpstreamValidation=True, **credentials())
    assert get(api)["remoteRepositoryConfig"] == {**PYPI, **credentials()}


REMOTES: list[tuple[dict[str, Any], str]] = [
    ({"commonRepository": {"uri": "https://example.com"}}, "'remote_source' is already set"),
    (credentials("projects/p/secrets/s"), "password_secret_version must be in the format"),
    (credentials(""), "password_secret_version must be in the format"),
]


@pytest.mark.parametrize(("config", "why"), REMOTES)
def test_a_remote_that_cannot_work_is_refused(api: Rest, config: dict[str, Any], why: str) -> None:
    answer = remote(api, **config)
    assert answer.code == "INVALID_ARGUMENT"
    assert why in answer.message


URIS = [
    ("https://pypi.example.com/simple", False, 200),
    ("http://127.0.0.1:8080/simple", False, 200),
    ("http://pypi.example.com/simple", False, 400),
    ("ftp://pypi.example.com", False, 400),
    ("https://", False, 400),
    ("https://europe-python.pkg.dev/p/r", False, 400),
    ("https://europe-python.pkg.dev/p/r", True, 200),
]


@pytest.mark.parametrize("block", ["pythonRepository", "commonRepository"])
@pytest.mark.parametrize(("uri", "unchecked", "status"), URIS)
def test_a_custom_upstream_is_an_https_uri(
    api: Rest, block: str, uri: str, unchecked: bool, status: int
) -> None:
    custom = {"uri": uri} if block == "commonRepository" else {"customRepository": {"uri": uri}}
    config = {block: custom, "disableUpstreamValidation": unchecked}
    answer = create(api, mode="REMOTE_REPOSITORY", remoteRepositoryConfig=config)
    assert answer.status == status


def test_patch_is_synchronous_and_moves_the_update_time(api: Rest) -> None:
    create(api, labels={"a": "1"})
    patched = patch(api, {"description": "mirror", "labels": {"lost": "x"}}, "description")
    assert patched.body["description"] == "mirror"
    assert patched.body["labels"] == {"a": "1"}
    assert patched.body["updateTime"] > patched.body["createTime"]
    assert patched.body == get(api)


@pytest.mark.parametrize("mask", ["cleanup_policies", "cleanupPolicies"])
def test_cleanup_policies_come_back_complete(api: Rest, mask: str) -> None:
    create(api)
    condition = {"olderThan": "2592000.0s", "tagState": "untagged"}
    sent = {"old": {"action": "Delete", "condition": condition}, "keep": {"action": "KEEP"}}
    sent["any"] = {"action": "DELETE", "condition": {"packageNamePrefixes": ["x"]}}
    kept = patch(api, {"cleanupPolicies": sent}, mask).body["cleanupPolicies"]
    assert kept["old"] == {
        "id": "old",
        "action": "DELETE",
        "condition": {"olderThan": "2592000s", "tagState": "UNTAGGED"},
    }
    assert kept["keep"] == {"id": "keep", "action": "KEEP"}
    assert kept["any"]["condition"]["tagState"] == "ANY"


def test_only_the_credentials_of_a_remote_can_change(api: Rest) -> None:
    remote(api, **credentials())
    body = {"remoteRepositoryConfig": credentials(VERSION.format(2))}
    moved = patch(api, body, f"{CREDENTIALS}.passwordSecretVersion")
    assert moved.body["remoteRepositoryConfig"] == {**PYPI, **credentials(VERSION.format(2))}
    other = {"remoteRepositoryConfig": {"pythonRepository": {"customRepository": {"uri": "x"}}}}
    assert patch(api, other, "remoteRepositoryConfig").message == (
        "Attempted to update an immutable field."
    )
    assert patch(api, other, "remoteRepositoryConfig.pythonRepository").status == 400
    assert patch(api, {}, "remoteRepositoryConfig.upstreamCredentials").status == 200
    assert get(api)["remoteRepositoryConfig"] == PYPI


@pytest.mark.parametrize(
    ("mask", "body"),
    [
        ("format", {"format": "NPM"}),
        ("mode", {"mode": "REMOTE_REPOSITORY"}),
        ("kmsKeyName", {"kmsKeyName": "x"}),
        ("createTime", {}),
        ("nonsense", {}),
    ],
)
def test_what_is_settled_at_creation_stays(api: Rest, mask: str, body: dict[str, Any]) -> None:
    create(api)
    assert patch(api, body, mask).code == "INVALID_ARGUMENT"


def test_the_whole_repository_may_come_along_as_gcloud_sends_it(api: Rest) -> None:
    remote(api, **credentials())
    body = get(api)
    body["remoteRepositoryConfig"] |= credentials(VERSION.format(3))
    mask = f"{CREDENTIALS}.passwordSecretVersion,{CREDENTIALS}.username"
    assert patch(api, body, mask).status == 200
    assert get(api)["remoteRepositoryConfig"] == {**PYPI, **credentials(VERSION.format(3))}


@pytest.mark.parametrize("mask", [None, ""])
def test_without_a_mask_what_is_sent_is_changed(api: Rest, mask: str | None) -> None:
    create(api, "one", description="kept")
    patched = patch(api, {"format": "PYTHON", "labels": {"a": "b"}}, mask, "one").body
    assert (patched["description"], patched["labels"]) == ("kept", {"a": "b"})
    assert patch(api, {"format": "NPM"}, mask, "one").code == "INVALID_ARGUMENT"


def test_a_virtual_repository_names_repositories_that_exist(api: Rest) -> None:
    create(api, "one")
    create(api, "two")
    create(api, "npm", format="NPM")
    one, two = f"{PLACE}/repositories/one", f"projects/{NUMBER}/locations/europe-west1/repositories"
    assert virtual(api, one, f"{PLACE}/repositories/nope").code == "INVALID_ARGUMENT"
    assert virtual(api, f"{PLACE}/repositories/npm").code == "INVALID_ARGUMENT"
    assert virtual(api, f"{PLACE}/repositories/all").code == "INVALID_ARGUMENT"
    assert virtual(api, one, f"{two}/two").status == 200
    kept = get(api, "all")["virtualRepositoryConfig"]["upstreamPolicies"]
    assert kept == [
        {"id": "p0", "repository": one},
        {"id": "p1", "repository": f"{two}/two", "priority": 1},
    ]


def test_upstream_policies_need_ids_of_their_own(api: Rest) -> None:
    create(api, "one")
    policy = {"id": "same", "repository": f"{PLACE}/repositories/one"}
    for policies in ([policy, policy], [{**policy, "id": ""}]):
        config = {"upstreamPolicies": policies}
        answer = create(api, "v", mode="VIRTUAL_REPOSITORY", virtualRepositoryConfig=config)
        assert answer.code == "INVALID_ARGUMENT"


def test_an_upstream_may_go_before_its_virtual_repository(api: Rest) -> None:
    create(api, "one")
    virtual(api, f"{PLACE}/repositories/one")
    assert api.delete(f"{REPOSITORIES}/one").status == 200
    assert patch(api, {"description": "still here"}, "description", "all").status == 200
    assert api.delete(f"{REPOSITORIES}/all").status == 200


def test_delete_ends_in_an_empty_response_and_forgets_the_policy(api: Rest) -> None:
    create(api)
    binding = {"role": "roles/artifactregistry.reader", "members": ["user:a@example.com"]}
    api.post(f"{REPOSITORIES}/pypi:setIamPolicy", {"policy": {"bindings": [binding]}})
    started = api.delete(f"{REPOSITORIES}/pypi").body
    done = api.get(f"/v1/{started['name']}").body
    assert done["response"] == {"@type": "type.googleapis.com/google.protobuf.Empty"}
    create(api)
    assert api.get(f"{REPOSITORIES}/pypi:getIamPolicy").body == {"etag": "ACAB"}


def test_lists_are_by_name_filtered_and_paged(api: Rest) -> None:
    for repository_id in ("b-one", "a-two", "c-one"):
        create(api, repository_id)

    def ids(**query: str) -> list[str]:
        found = api.get(REPOSITORIES, **query).body.get("repositories", [])
        return [r["name"].rpartition("/")[2] for r in found]

    assert ids() == ["a-two", "b-one", "c-one"]
    assert ids(filter=f'name="{PLACE}/repositories/*one"') == ["b-one", "c-one"]
    assert ids(orderBy="name desc") == ["c-one", "b-one", "a-two"]
    assert ids(pageSize="2") == ["a-two", "b-one"]
    assert api.get(REPOSITORIES, orderBy="size").code == "INVALID_ARGUMENT"
    assert api.get(REPOSITORIES, pageSize="-1").code == "INVALID_ARGUMENT"


def test_gcloud_finds_the_places_of_artifact_registry_alone(api: Rest) -> None:
    found = api.get(f"/v1beta2/projects/{PROJECT}/locations", pageSize="1000").body["locations"]
    places = {place["locationId"] for place in found}
    assert {"europe", "us", "asia", "europe-west1"} <= places
    assert "eu" not in places
    one = api.get(f"/v1beta2/projects/{PROJECT}/locations/europe").body
    assert one["name"] == f"projects/{PROJECT}/locations/europe"


def test_project_settings_are_there_from_the_start(api: Rest) -> None:
    path = f"/v1/projects/{PROJECT}/projectSettings"
    before = api.get(path).body
    assert before["legacyRedirectionState"] == "REDIRECTION_FROM_GCR_IO_DISABLED"
    sent = {"legacyRedirectionState": "REDIRECTION_FROM_GCR_IO_ENABLED", "pullPercent": 7}
    after = api.patch(path, sent, updateMask="pull_percent").body
    assert after == {**before, "pullPercent": 7}
    assert api.patch(path, {"pullPercent": 101}, updateMask="pullPercent").status == 400


def test_a_method_not_served_says_so(api: Rest) -> None:
    answer = api.get(f"{REPOSITORIES}/pypi/packages")
    assert answer.status == 501
    assert answer.message == (
        "Method artifactregistry.projects.locations.repositories.packages.list is not served by "
        "the wifctl emulator."
    )
