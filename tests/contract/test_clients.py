"""Google's own clients tell the same stories: sync and asyncio, gRPC and REST.

REST transports raise the parents of the classes that gRPC raises, so those are named here. Where
Google publishes no transport of a kind (IAM Admin over REST, asyncio over REST for all of these,
any client for pools) there is none to test: pools are told over AuthorizedSession.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.api_core import exceptions
from google.auth.transport.requests import AuthorizedSession
from google.cloud import (
    artifactregistry_v1,
    iam_admin_v1,
    iam_credentials_v1,
    resourcemanager_v3,
    secretmanager_v1,
    service_usage_v1,
)
from google.iam.v1 import policy_pb2
from google.oauth2.credentials import Credentials

from tests.contract.clients import Connect, over_asyncio, over_grpc, over_rest
from tests.support.emulator import NUMBER, PROJECT, Rest, emulator
from wifctl.emulator.server import Doors

PARENT = f"projects/{PROJECT}"
PLACE = f"{PARENT}/locations/europe-west1"
SECRETS = secretmanager_v1.SecretManagerServiceClient
REPOSITORIES = artifactregistry_v1.ArtifactRegistryClient
SERVICES = service_usage_v1.ServiceUsageClient
PROJECTS = resourcemanager_v3.ProjectsClient

ACCOUNTS = iam_admin_v1.IAMClient
TOKENS = iam_credentials_v1.IAMCredentialsClient
EMAIL = f"deployer@{PROJECT}.iam.gserviceaccount.com"
ACCOUNT = f"{PARENT}/serviceAccounts/{EMAIL}"


@pytest.fixture(scope="module")
def shared() -> Iterator[Doors]:
    with emulator(projects={PROJECT: NUMBER}) as found:
        yield found


@pytest.fixture
def doors(shared: Doors) -> Doors:
    api = Rest(shared)
    api.post("/_wifctl/reset")
    api.close()
    return shared


@pytest.fixture(params=[over_grpc, over_asyncio, over_rest], ids=lambda over: over.__name__)
def connect(request: pytest.FixtureRequest, doors: Doors) -> Iterator[Connect]:
    with request.param(doors) as found:
        yield found


@pytest.fixture(params=[over_grpc, over_asyncio], ids=lambda over: over.__name__)
def connect_rpc(request: pytest.FixtureRequest, doors: Doors) -> Iterator[Connect]:
    with request.param(doors) as found:
        yield found


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


def test_a_regional_secret_has_a_name_of_its_own(connect: Connect) -> None:
    client = connect(SECRETS)
    made = client.create_secret(parent=PLACE, secret_id="token", secret={})
    assert made.name == f"projects/{NUMBER}/locations/europe-west1/secrets/token"
    client.add_secret_version(parent=made.name, payload={"data": b"x"})
    found = client.access_secret_version(name=f"{made.name}/versions/1")
    assert found.payload.data == b"x"
    assert list(client.list_secrets(parent=PARENT)) == []


def test_refusals_carry_what_googles_do(connect: Connect) -> None:
    client = connect(SECRETS)
    secret: dict[str, Any] = {"replication": {"automatic": {}}}
    client.create_secret(parent=PARENT, secret_id="token", secret=secret)
    with pytest.raises(exceptions.Conflict, match=r"Secret \[.*\] already exists"):
        client.create_secret(parent=PARENT, secret_id="token", secret=secret)
    with pytest.raises(exceptions.BadRequest):
        client.create_secret(parent=PARENT, secret_id="bad.id", secret=secret)
    with pytest.raises(exceptions.Forbidden):
        client.get_secret(name="projects/other-project/secrets/token")


def test_conditions_need_version_three(connect: Connect) -> None:
    client = connect(REPOSITORIES)
    repository = {"format_": "PYTHON"}
    client.create_repository(parent=PLACE, repository_id="pypi", repository=repository)
    name = f"{PLACE}/repositories/pypi"
    expression = "request.time < timestamp('2090-01-01T00:00:00Z')"
    binding = policy_pb2.Binding(role="roles/viewer", members=["user:a@example.com"])
    binding.condition.title, binding.condition.expression = "until", expression
    policy = policy_pb2.Policy(version=3, bindings=[binding])
    client.set_iam_policy(request={"resource": name, "policy": policy})
    hidden = client.get_iam_policy(request={"resource": name})
    assert hidden.version == 1
    assert hidden.bindings[0].role.startswith("roles/viewer_withcond_")
    options = {"requested_policy_version": 3}
    shown = client.get_iam_policy(request={"resource": name, "options": options})
    assert shown.bindings[0].condition.expression == expression
    wanted = ["artifactregistry.repositories.get"]
    allowed = client.test_iam_permissions(request={"resource": name, "permissions": wanted})
    assert list(allowed.permissions) == wanted


def test_locations_and_settings(connect: Connect) -> None:
    client = connect(REPOSITORIES)
    assert client.get_location(request={"name": PLACE}).location_id == "europe-west1"
    listed = client.list_locations(request={"name": PARENT})
    assert "europe-west1" in [place.location_id for place in listed.locations]
    settings = client.get_project_settings(name=f"{PARENT}/projectSettings")
    assert settings.name.endswith("/projectSettings")


def test_an_account_lives_its_life(connect_rpc: Connect) -> None:
    client = connect_rpc(ACCOUNTS)
    display = {"display_name": "Deploys"}
    made = client.create_service_account(
        name=PARENT, account_id="deployer", service_account=display
    )
    assert (made.name, made.project_id, made.email) == (ACCOUNT, PROJECT, EMAIL)
    with pytest.raises(exceptions.AlreadyExists):
        client.create_service_account(name=PARENT, account_id="deployer")
    sent = {"name": ACCOUNT, "display_name": "Two"}
    mask = {"paths": ["display_name"]}
    client.patch_service_account(request={"service_account": sent, "update_mask": mask})
    client.disable_service_account(request={"name": ACCOUNT})
    found = client.get_service_account(name=ACCOUNT)
    assert (found.display_name, found.disabled) == ("Two", True)
    client.enable_service_account(request={"name": ACCOUNT})
    assert [a.email for a in client.list_service_accounts(name=PARENT)] == [EMAIL]
    client.delete_service_account(name=ACCOUNT)
    with pytest.raises(exceptions.NotFound):
        client.get_service_account(name=ACCOUNT)
    unique = f"{PARENT}/serviceAccounts/{made.unique_id}"
    again = client.undelete_service_account(request={"name": unique})
    assert again.restored_account.unique_id == made.unique_id


def test_a_deleted_member_stays_in_a_policy_as_such(connect_rpc: Connect) -> None:
    client = connect_rpc(ACCOUNTS)
    client.create_service_account(name=PARENT, account_id="deployer")
    helper = client.create_service_account(name=PARENT, account_id="helper-1")
    policy = client.get_iam_policy(request={"resource": ACCOUNT})
    member = f"serviceAccount:{helper.email}"
    policy.bindings.append(policy_pb2.Binding(role="roles/viewer", members=[member]))
    client.set_iam_policy(request={"resource": ACCOUNT, "policy": policy})
    client.delete_service_account(name=helper.name)
    left = client.get_iam_policy(request={"resource": ACCOUNT})
    assert list(left.bindings[0].members) == [f"deleted:{member}?uid={helper.unique_id}"]
    with pytest.raises(exceptions.Aborted):
        client.set_iam_policy(request={"resource": ACCOUNT, "policy": policy})


def test_tokens_of_an_account(connect: Connect, doors: Doors) -> None:
    with over_grpc(doors) as rpc:
        rpc(ACCOUNTS).create_service_account(name=PARENT, account_id="deployer")
    client = connect(TOKENS)
    name = f"projects/-/serviceAccounts/{EMAIL}"
    scope = ["https://www.googleapis.com/auth/cloud-platform"]
    made = client.generate_access_token(name=name, scope=scope, lifetime={"seconds": 600})
    assert made.access_token
    assert made.expire_time.timestamp() > 0
    identity = client.generate_id_token(name=name, audience="https://a.example.com").token
    assert identity.count(".") == 2
    signed = client.sign_blob(name=name, payload=b"hello")
    assert signed.signed_blob
    with pytest.raises(exceptions.BadRequest):
        client.generate_access_token(name=name, scope=[])


def test_pools_and_providers_over_an_authorized_session(doors: Doors) -> None:
    session = AuthorizedSession(Credentials("local"))  # type: ignore[no-untyped-call]
    pools = f"{doors.rest_url}/v1/{PARENT}/locations/global/workloadIdentityPools"
    pool = f"{pools}/github"
    made = session.post(pools, params={"workloadIdentityPoolId": "github"}, json={})
    assert made.json()["name"].startswith(f"projects/{NUMBER}/locations/global/")
    again = session.post(pools, params={"workloadIdentityPoolId": "github"}, json={})
    assert (again.status_code, again.json()["error"]["status"]) == (409, "ALREADY_EXISTS")
    provider = {
        "oidc": {"issuerUri": "https://issuer.example.com"},
        "attributeMapping": {"google.subject": "assertion.sub"},
    }
    named = {"workloadIdentityPoolProviderId": "corp"}
    assert session.post(f"{pool}/providers", params=named, json=provider).status_code == 200
    changed = {"attributeCondition": "assertion.org == 'acme'"}
    mask = {"updateMask": "attribute_condition"}
    session.patch(f"{pool}/providers/corp", params=mask, json=changed)
    found = session.get(f"{pool}/providers/corp").json()
    assert found["attributeCondition"] == changed["attributeCondition"]
    assert found["oidc"] == provider["oidc"]
    session.delete(pool)
    assert session.get(pool).json()["state"] == "DELETED"
    listed = session.get(pools, params={"showDeleted": "True"}).json()
    assert [p["state"] for p in listed["workloadIdentityPools"]] == ["DELETED"]
    session.post(f"{pool}:undelete", json={})
    assert session.get(f"{pool}/providers/corp").json()["state"] == "ACTIVE"
    policy = session.post(f"{pool}:getIamPolicy", json={}).json()
    policy["bindings"] = [{"role": "roles/viewer", "members": ["user:a@example.com"]}]
    assert session.post(f"{pool}:setIamPolicy", json={"policy": policy}).status_code == 200
    assert session.post(f"{pool}:setIamPolicy", json={"policy": policy}).status_code == 409
    session.close()  # type: ignore[no-untyped-call]


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
