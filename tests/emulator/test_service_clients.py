"""Google's own clients of these services: sync and asyncio gRPC, and REST, all the same story.

REST transports raise the parents of the classes that gRPC raises, so those are named here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import artifactregistry_v1, resourcemanager_v3, secretmanager_v1, service_usage_v1
from google.iam.v1 import policy_pb2

from tests.support.emulator import NUMBER, PROJECT
from wifctl.emulator.server import Doors

PARENT = f"projects/{PROJECT}"
PLACE = f"{PARENT}/locations/europe-west1"
SECRETS = secretmanager_v1.SecretManagerServiceClient
REPOSITORIES = artifactregistry_v1.ArtifactRegistryClient
SERVICES = service_usage_v1.ServiceUsageClient
PROJECTS = resourcemanager_v3.ProjectsClient

Connect = Callable[[Any], Any]


def over_grpc(client: Any, doors: Doors) -> Any:
    channel = grpc.insecure_channel(doors.grpc_target, options=[("grpc.enable_http_proxy", 0)])
    return client(transport=client.get_transport_class("grpc")(channel=channel))


def over_rest(client: Any, doors: Doors) -> Any:
    transport = client.get_transport_class("rest")(
        host=doors.rest_url.removeprefix("http://"),
        url_scheme="http",
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
    )
    return client(transport=transport)


@pytest.fixture(params=[over_grpc, over_rest])
def connect(request: pytest.FixtureRequest, doors: Doors) -> Iterator[Connect]:
    opened: list[Any] = []

    def open_client(client: Any) -> Any:
        opened.append(request.param(client, doors))
        return opened[-1]

    yield open_client
    for client in opened:
        client.transport.close()


def test_a_secret_lives_its_life(connect: Connect) -> None:
    client = connect(SECRETS)
    secret = client.create_secret(
        parent=PARENT,
        secret_id="token",
        secret={"replication": {"automatic": {}}, "labels": {"a": "b"}},
    )
    assert secret.name == f"projects/{NUMBER}/secrets/token"
    version = client.add_secret_version(parent=secret.name, payload={"data": b"\x00hunter2"})
    found = client.access_secret_version(name=f"{secret.name}/versions/latest")
    assert found.payload.data == b"\x00hunter2"
    assert found.payload.data_crc32c
    client.disable_secret_version(name=version.name)
    with pytest.raises(exceptions.BadRequest, match="is in DISABLED state"):
        client.access_secret_version(name=version.name)
    update = {"name": secret.name, "labels": {"c": "d"}}
    changed = client.update_secret(secret=update, update_mask={"paths": ["labels"]})
    assert dict(changed.labels) == {"c": "d"}
    assert [v.name for v in client.list_secret_versions(parent=secret.name)] == [version.name]
    client.delete_secret(name=secret.name)
    with pytest.raises(exceptions.NotFound):
        client.get_secret(name=secret.name)


def test_lists_turn_their_pages(connect: Connect) -> None:
    client = connect(SECRETS)
    for number in range(5):
        secret: dict[str, Any] = {"replication": {"automatic": {}}}
        client.create_secret(parent=PARENT, secret_id=f"s{number}", secret=secret)
    listed = client.list_secrets(request={"parent": PARENT, "page_size": 2})
    assert [s.name[-2:] for s in listed] == ["s4", "s3", "s2", "s1", "s0"]


def test_a_policy_is_read_changed_and_written(connect: Connect) -> None:
    client = connect(SECRETS)
    secret: dict[str, Any] = {"replication": {"automatic": {}}}
    name = client.create_secret(parent=PARENT, secret_id="token", secret=secret).name
    policy = client.get_iam_policy(request={"resource": name})
    assert policy.etag == b"\x00 \x01"
    policy.bindings.append(policy_pb2.Binding(role="roles/viewer", members=["user:a@example.com"]))
    written = client.set_iam_policy(request={"resource": name, "policy": policy})
    assert written.version == 1
    with pytest.raises(exceptions.Conflict, match="concurrent policy changes"):
        client.set_iam_policy(request={"resource": name, "policy": policy})


def test_a_repository_is_created_patched_and_deleted(connect: Connect) -> None:
    client = connect(REPOSITORIES)
    format_ = artifactregistry_v1.Repository.Format.PYTHON
    operation = client.create_repository(
        parent=PLACE, repository_id="pypi", repository={"format_": format_, "labels": {"a": "b"}}
    )
    assert isinstance(operation.metadata, artifactregistry_v1.OperationMetadata)
    created = operation.result(timeout=30)
    assert (created.name, created.format_) == (f"{PLACE}/repositories/pypi", format_)
    update = {"name": created.name, "description": "mirror"}
    patched = client.update_repository(repository=update, update_mask={"paths": ["description"]})
    assert (patched.description, dict(patched.labels)) == ("mirror", {"a": "b"})
    assert [r.name for r in client.list_repositories(parent=PLACE)] == [created.name]
    client.delete_repository(name=created.name).result(timeout=30)
    with pytest.raises(exceptions.NotFound, match="Requested entity was not found"):
        client.get_repository(name=created.name)


def test_a_virtual_repository_and_a_remote_one(connect: Connect) -> None:
    client = connect(REPOSITORIES)
    remote = {
        "format_": "PYTHON",
        "mode": "REMOTE_REPOSITORY",
        "remote_repository_config": {"python_repository": {"public_repository": "PYPI"}},
    }
    client.create_repository(parent=PLACE, repository_id="pypi", repository=remote)
    policy = {"id": "pypi", "repository": f"{PLACE}/repositories/pypi", "priority": 10}
    virtual = {
        "format_": "PYTHON",
        "mode": "VIRTUAL_REPOSITORY",
        "virtual_repository_config": {"upstream_policies": [policy]},
    }
    client.create_repository(parent=PLACE, repository_id="all", repository=virtual)
    found = client.get_repository(name=f"{PLACE}/repositories/all")
    assert found.virtual_repository_config.upstream_policies[0].priority == 10


def test_services_are_enabled_and_disabled(connect: Connect) -> None:
    client = connect(SERVICES)
    name = f"{PARENT}/services/secretmanager.googleapis.com"
    enabled = client.enable_service(request={"name": name}).result(timeout=30)
    assert enabled.service.state == service_usage_v1.State.ENABLED
    listed = client.list_services(request={"parent": PARENT, "filter": "state:ENABLED"})
    assert f"projects/{NUMBER}/services/secretmanager.googleapis.com" in [s.name for s in listed]
    batch = {"parent": PARENT, "service_ids": ["iam.googleapis.com", "sts.googleapis.com"]}
    assert len(client.batch_enable_services(request=batch).result(timeout=30).services) == 2
    client.disable_service(request={"name": name}).result(timeout=30)
    with pytest.raises(exceptions.Forbidden) as caught:
        list(connect(SECRETS).list_secrets(parent=PARENT))
    assert caught.value.reason == "SERVICE_DISABLED"


def test_projects_are_found_created_and_deleted(connect: Connect) -> None:
    client = connect(PROJECTS)
    assert client.get_project(name=f"projects/{NUMBER}").project_id == PROJECT
    with pytest.raises(exceptions.Forbidden, match="The caller does not have permission"):
        client.get_project(name="projects/other-project")
    created = client.create_project(project={"project_id": "brand-new"}).result(timeout=30)
    assert created.state == resourcemanager_v3.Project.State.ACTIVE
    found = client.search_projects(query="id:brand-new")
    assert [p.name for p in found] == [created.name]
    deleted = client.delete_project(name=created.name).result(timeout=30)
    assert deleted.state == resourcemanager_v3.Project.State.DELETE_REQUESTED


def test_asyncio_clients_of_all_services_share_one_channel(doors: Doors) -> None:
    async def story() -> tuple[Any, ...]:
        async with grpc.aio.insecure_channel(
            doors.grpc_target, options=[("grpc.enable_http_proxy", 0)]
        ) as channel:

            def client(kind: Any) -> Any:
                return kind(transport=kind.get_transport_class("grpc_asyncio")(channel=channel))

            secrets = client(secretmanager_v1.SecretManagerServiceAsyncClient)
            repositories = client(artifactregistry_v1.ArtifactRegistryAsyncClient)
            services = client(service_usage_v1.ServiceUsageAsyncClient)
            projects = client(resourcemanager_v3.ProjectsAsyncClient)
            secret: dict[str, Any] = {"replication": {"automatic": {}}}
            name = f"{PARENT}/services/artifactregistry.googleapis.com"
            started = await asyncio.gather(
                secrets.create_secret(parent=PARENT, secret_id="token", secret=secret),
                repositories.create_repository(
                    parent=PLACE, repository_id="pypi", repository={"format_": "PYTHON"}
                ),
                services.enable_service(request={"name": name}),
                projects.get_project(name=PARENT),
            )
            polled = [
                await repositories.get_operation({"name": started[1].operation.name}),
                await services.get_operation({"name": started[2].operation.name}),
            ]
            return (*started, *polled)

    secret, _repository, _service, project, registry, usage = asyncio.run(story())
    assert secret.name == f"{project.name}/secrets/token"
    repository = artifactregistry_v1.Repository()
    assert registry.response.Unpack(artifactregistry_v1.Repository.pb(repository))
    assert repository.name == f"{PLACE}/repositories/pypi"
    answer = service_usage_v1.EnableServiceResponse()
    assert usage.response.Unpack(service_usage_v1.EnableServiceResponse.pb(answer))
    assert answer.service.state == service_usage_v1.State.ENABLED
