"""Service Usage: enabling, disabling, batches, lists, agents, and what a closed API answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.emulator import NUMBER, PROJECT, Answer, Rest

SERVICES = f"/v1/projects/{PROJECT}/services"
SECRETS = f"/v1/projects/{PROJECT}/secrets"
SECRET_MANAGER = "secretmanager.googleapis.com"
AGENT = f"service-{NUMBER}@gcp-sa-artifactregistry.iam.gserviceaccount.com"


def state(api: Rest, service: str) -> Any:
    return api.get(f"{SERVICES}/{service}").body["state"]


def enable(api: Rest, *services: str) -> Answer:
    if len(services) == 1:
        return api.post(f"{SERVICES}/{services[0]}:enable")
    return api.post(f"{SERVICES}:batchEnable", {"serviceIds": list(services)})


def bind_agent(api: Rest) -> Answer:
    api.post(SECRETS, {"replication": {"automatic": {}}}, secretId="token")
    role = "roles/secretmanager.secretAccessor"
    binding = {"role": role, "members": [f"serviceAccount:{AGENT}"]}
    return api.post(f"{SECRETS}/token:setIamPolicy", {"policy": {"bindings": [binding]}})


def test_a_service_is_named_by_number(api: Rest) -> None:
    assert api.get(f"{SERVICES}/{SECRET_MANAGER}").body == {
        "name": f"projects/{NUMBER}/services/{SECRET_MANAGER}",
        "parent": f"projects/{NUMBER}",
        "config": {"name": SECRET_MANAGER, "title": "Secret Manager API"},
        "state": "DISABLED",
    }


def test_enable_ends_with_the_service(api: Rest) -> None:
    started = enable(api, SECRET_MANAGER).body
    assert started["name"].startswith("operations/acat.p2-")
    assert "done" not in started
    done = api.get(f"/v1/{started['name']}").body
    assert done["response"]["service"]["state"] == "ENABLED"
    assert done["metadata"]["resourceNames"] == [f"projects/{NUMBER}/services/{SECRET_MANAGER}"]


def test_enabling_twice_is_done_at_once(api: Rest) -> None:
    enable(api, SECRET_MANAGER)
    assert enable(api, SECRET_MANAGER).body["done"] is True


def test_a_service_brings_what_it_needs(api: Rest) -> None:
    enable(api, "iam.googleapis.com")
    assert state(api, "iamcredentials.googleapis.com") == "ENABLED"


def test_an_unknown_service_is_denied_and_a_batch_is_all_or_nothing(api: Rest) -> None:
    answer = enable(api, SECRET_MANAGER, "nope.googleapis.com")
    assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")
    assert answer.message == ("Not found or permission denied for service(s): nope.googleapis.com.")
    assert state(api, SECRET_MANAGER) == "DISABLED"


def test_a_batch_has_at_most_twenty(api: Rest) -> None:
    names = [s["config"]["name"] for s in api.get(SERVICES).body["services"]]
    assert enable(api, *names[:20]).status == 200
    assert enable(api, *names[:21]).code == "INVALID_ARGUMENT"
    assert api.post(f"{SERVICES}:batchEnable", {}).code == "INVALID_ARGUMENT"


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 200), (30, 200), (31, 400)])
def test_a_batch_get_has_one_to_thirty(api: Rest, count: int, status: int) -> None:
    listed = api.get(SERVICES).body["services"][:count]
    query = "&".join(f"names={s['name']}" for s in listed)
    answer = api("GET", f"{SERVICES}:batchGet?{query}")
    assert answer.status == status
    if status == 200:
        assert answer.body["services"] == listed


def test_what_is_not_enabled_cannot_be_disabled(api: Rest) -> None:
    answer = api.post(f"{SERVICES}/{SECRET_MANAGER}:disable")
    assert (answer.status, answer.code) == (400, "FAILED_PRECONDITION")


def test_dependants_stand_in_the_way_unless_they_may_go_too(api: Rest) -> None:
    enable(api, "iam.googleapis.com")
    path = f"{SERVICES}/iamcredentials.googleapis.com:disable"
    refused = api.post(path)
    assert refused.code == "FAILED_PRECONDITION"
    assert "is depended on by the following active service(s): iam.googleapis.com" in (
        refused.message
    )
    assert api.post(path, {"disableDependentServices": True}).status == 200
    assert state(api, "iam.googleapis.com") == "DISABLED"


def test_a_disabled_api_refuses_until_it_is_enabled_again(api: Rest) -> None:
    enable(api, SECRET_MANAGER)
    api.post(f"{SERVICES}/{SECRET_MANAGER}:disable")
    closed = api.get(SECRETS)
    assert (closed.status, closed.code) == (403, "PERMISSION_DENIED")
    assert closed.message.startswith(
        f"Secret Manager API has not been used in project {NUMBER} before or it is disabled."
    )
    info = next(d for d in closed.body["error"]["details"] if d["@type"].endswith("ErrorInfo"))
    assert info["reason"] == "SERVICE_DISABLED"
    assert info["metadata"]["consumer"] == f"projects/{NUMBER}"
    enable(api, SECRET_MANAGER)
    assert api.get(SECRETS).status == 200


def test_lists_are_filtered_and_paged(api: Rest) -> None:
    enable(api, SECRET_MANAGER)
    assert len(api.get(SERVICES).body["services"]) == 50
    enabled: list[str] = []
    token = ""
    while True:
        page = api.get(SERVICES, filter="state:ENABLED", pageSize="7", pageToken=token).body
        enabled += [s["config"]["name"] for s in page["services"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert SECRET_MANAGER in enabled
    assert "iam.googleapis.com" not in enabled
    assert len(enabled) == len(set(enabled))
    assert api.get(SERVICES, pageSize="200").status == 200
    assert api.get(SERVICES, pageSize="201").code == "INVALID_ARGUMENT"
    assert api.get(SERVICES, filter="state:ANY").code == "INVALID_ARGUMENT"


def test_an_unknown_project_is_denied(api: Rest) -> None:
    assert api.get("/v1/projects/other-project/services").code == "PERMISSION_DENIED"
    assert api.get("/v1/folders/1/services").code == "PERMISSION_DENIED"


def test_a_service_agent_does_not_exist_before_it_is_needed(api: Rest) -> None:
    refused = bind_agent(api)
    assert (refused.status, refused.message) == (400, f"Service account {AGENT} does not exist.")


def generate(api: Rest) -> None:
    path = f"/v1beta1/projects/{PROJECT}/services/artifactregistry.googleapis.com"
    done = api.post(f"{path}:generateServiceIdentity").body
    assert done["done"] is True
    assert done["response"]["email"] == AGENT
    assert done["response"]["uniqueId"].startswith("1")
    assert len(done["response"]["uniqueId"]) == 21


def enable_registry(api: Rest) -> None:
    enable(api, "artifactregistry.googleapis.com")


def create_repository(api: Rest) -> None:
    place = f"/v1/projects/{PROJECT}/locations/us/repositories"
    api.post(place, {"format": "PYTHON"}, repositoryId="pypi")


@pytest.mark.parametrize("bring_about", [generate, enable_registry, create_repository])
def test_a_service_agent_exists_once_something_brought_it_about(
    api: Rest, bring_about: Any
) -> None:
    bring_about(api)
    assert bind_agent(api).status == 200


def test_operations_can_be_listed_cancelled_and_forgotten(api: Rest) -> None:
    name = enable(api, SECRET_MANAGER).body["name"]
    assert [o["name"] for o in api.get("/v1/operations").body["operations"]] == [name]
    assert api.post(f"/v1/{name}:cancel").body == {}
    assert api.delete(f"/v1/{name}").body == {}
    assert api.get(f"/v1/{name}").status == 404
