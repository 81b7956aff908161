"""The switch `upstreams`: remote repositories are tried out before they are made."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.support.emulator import NUMBER, PROJECT, Answer, Rest

REPOSITORIES = f"/v1/projects/{PROJECT}/locations/us/repositories"
SECRETS = f"/v1/projects/{PROJECT}/secrets"
AGENT = f"service-{NUMBER}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
VERSION = f"projects/{PROJECT}/secrets/token/versions/latest"


def remote(api: Rest, uri: str = "", **config: Any) -> Answer:
    custom = {"customRepository": {"uri": uri}} if uri else {"publicRepository": "PYPI"}
    body = {
        "format": "PYTHON",
        "mode": "REMOTE_REPOSITORY",
        "remoteRepositoryConfig": {"pythonRepository": custom, **config},
    }
    return api.post(REPOSITORIES, body, repositoryId="pypi")


def with_password(api: Rest, **config: Any) -> Answer:
    pair = {"username": "__token__", "passwordSecretVersion": VERSION}
    credentials = {"usernamePasswordCredentials": pair}
    return remote(api, upstreamCredentials=credentials, **config)


def grant(api: Rest, where: str, role: str) -> None:
    identity = f"/v1beta1/projects/{PROJECT}/services/artifactregistry.googleapis.com"
    api.post(f"{identity}:generateServiceIdentity")
    binding = {"role": role, "members": [f"serviceAccount:{AGENT}"]}
    assert api.post(f"{where}:setIamPolicy", {"policy": {"bindings": [binding]}}).status == 200


@pytest.fixture
def secret(api: Rest) -> Rest:
    api.switch(upstreams=True)
    api.post(SECRETS, {"replication": {"automatic": {}}}, secretId="token")
    api.post(f"{SECRETS}/token:addVersion", {"payload": {"data": "YQ=="}})
    return api


def test_a_password_nobody_made_is_taken_on_trust_by_default(api: Rest) -> None:
    assert with_password(api).status == 200


def test_a_password_nobody_made_is_refused(api: Rest) -> None:
    api.switch(upstreams=True)
    answer = with_password(api)
    assert answer.code == "INVALID_ARGUMENT"
    assert answer.message.startswith("Failed to validate remote upstream: failed to access")


def test_a_password_the_agent_may_not_read_is_refused(secret: Rest) -> None:
    assert AGENT in with_password(secret).message
    grant(secret, f"{SECRETS}/token", "roles/secretmanager.viewer")
    assert with_password(secret).code == "INVALID_ARGUMENT"


@pytest.mark.parametrize("where", [f"{SECRETS}/token", f"/v3/projects/{PROJECT}"])
def test_a_password_the_agent_may_read_is_fine(secret: Rest, where: str) -> None:
    grant(secret, where, "roles/secretmanager.secretAccessor")
    assert with_password(secret).status == 200


def test_a_disabled_password_is_refused(secret: Rest) -> None:
    grant(secret, f"{SECRETS}/token", "roles/secretmanager.secretAccessor")
    secret.post(f"{SECRETS}/token/versions/1:disable")
    assert "is in DISABLED state" in with_password(secret).message


def test_validation_can_be_waived(api: Rest) -> None:
    api.switch(upstreams=True)
    assert with_password(api, disableUpstreamValidation=True).status == 200


def test_an_upstream_on_loopback_must_take_a_connection(api: Rest) -> None:
    api.switch(upstreams=True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert remote(api, f"http://127.0.0.1:{port}/simple").status == 200
    answer = remote(api, f"http://127.0.0.1:{port}/simple")
    assert answer.message.endswith(f"127.0.0.1:{port} cannot be reached")


def test_an_upstream_elsewhere_is_never_tried(api: Rest) -> None:
    api.switch(upstreams=True)
    assert remote(api, "https://pypi.invalid/simple").status == 200
