"""Real google-auth gets tokens at the doors, and Google's client reads a secret with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import google.auth
import grpc
import pytest
from google.api_core.exceptions import Forbidden
from google.auth.exceptions import OAuthError, RefreshError
from google.auth.transport.grpc import AuthMetadataPlugin
from google.auth.transport.requests import Request
from google.cloud.secretmanager_v1 import SecretManagerServiceClient
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcTransport,
    SecretManagerServiceRestTransport,
)

from tests.support.emulator import ACCOUNTS, POOLS
from tests.trust.e2e import fence
from tests.trust.e2e.sources import serving
from tests.trust.e2e.workloads import KINDS, Workload, file_text
from tests.trust.e2e.world import EMAIL, EVERYBODY, PAYLOAD, SCOPE, SECRET, World, world

LATEST = f"{SECRET}/versions/latest"
Prepare = Callable[[Path], Workload]

pytestmark = pytest.mark.filterwarnings("ignore:The load_credentials_from_file")
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
both_ways = pytest.mark.parametrize("account", ["", EMAIL], ids=["direct", "impersonated"])
both_doors = pytest.mark.parametrize("door", ["rest", "grpc"])


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    with world() as found:
        yield found


@pytest.fixture
def here(shared: World) -> World:
    shared.build()
    return shared


@pytest.fixture(autouse=True)
def nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with fence.fence() as (url, asked):
        for name, value in fence.environment(url).items():
            monkeypatch.setenv(name, value)
        yield
        # google-auth looks for a regional boundary in the background; no option prevents it.
        assert set(asked) <= {"iamcredentials.googleapis.com:443"}


class Client:
    """A workload's credentials, as google-auth loads them."""

    def __init__(
        self, here: World, workload: Workload, folder: Path, account: str, base: str
    ) -> None:
        self._doors = here.doors
        file = folder / "credentials.json"
        file.write_text(json.dumps(workload.document(here.doors.rest_url, base, account)))
        loaded, _project = google.auth.load_credentials_from_file(str(file))  # type: ignore[no-untyped-call]
        self.credentials: Any = loaded.with_scopes([SCOPE])

    def refresh(self) -> str:
        """A token."""
        self.credentials.refresh(Request())
        return str(self.credentials.token)

    def read(self, door: str = "rest", name: str = LATEST) -> bytes:
        """The payload of a secret's version."""
        transport = self._rest() if door == "rest" else self._grpc()
        client = SecretManagerServiceClient(transport=transport)
        data: bytes = client.access_secret_version(name=name, retry=None).payload.data
        return data

    def _rest(self) -> Any:
        host = self._doors.rest_url.removeprefix("http://")
        return SecretManagerServiceRestTransport(
            credentials=self.credentials, host=host, url_scheme="http"
        )

    def _grpc(self) -> Any:
        plugin = AuthMetadataPlugin(self.credentials, Request())  # type: ignore[no-untyped-call]
        both = grpc.composite_channel_credentials(
            grpc.local_channel_credentials(), grpc.metadata_call_credentials(plugin)
        )
        channel = grpc.secure_channel(self._doors.grpc_target, both)
        return SecretManagerServiceGrpcTransport(channel=channel)


@pytest.fixture
def client(
    here: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Client]]:
    servers: list[Any] = []

    def make(kind: Prepare, account: str = "") -> Client:
        workload = kind(tmp_path)
        for name, value in workload.environ.items():
            monkeypatch.setenv(name, value)
        server = serving(workload.routes)
        servers.append(server)
        return Client(here, workload, tmp_path, account, server.__enter__())

    yield make
    for server in servers:
        server.__exit__(None, None, None)


@every_kind
@both_ways
def test_every_source_reads_the_secret(
    here: World, client: Callable[..., Client], kind: Prepare, account: str
) -> None:
    if account:
        here.open_to_account()
    else:
        here.open_to_pool()
    assert client(kind, account).read() == PAYLOAD


@both_doors
@both_ways
def test_both_doors_know_the_token(
    here: World, client: Callable[..., Client], door: str, account: str
) -> None:
    here.open_to_account()
    here.grant(f"/v1/{SECRET}", "roles/secretmanager.secretAccessor",
               f"serviceAccount:{EMAIL}", EVERYBODY)  # fmt: skip
    assert client(file_text, account).read(door) == PAYLOAD


def test_without_workload_identity_user_nobody_becomes_the_account(
    here: World, client: Callable[..., Client]
) -> None:
    here.grant(f"/v1/{SECRET}", "roles/secretmanager.secretAccessor", f"serviceAccount:{EMAIL}")
    with pytest.raises(RefreshError, match="Unable to acquire impersonated credentials") as caught:
        client(file_text, EMAIL).refresh()
    assert json.loads(caught.value.args[1])["error"]["message"] == (
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."
    )


@both_doors
@both_ways
def test_without_secret_accessor_there_is_no_payload(
    here: World, client: Callable[..., Client], door: str, account: str
) -> None:
    here.grant(f"{ACCOUNTS}/{EMAIL}", "roles/iam.workloadIdentityUser", EVERYBODY)
    with pytest.raises(Forbidden) as caught:
        client(file_text, account).read(door)
    assert caught.value.message.endswith(
        f"Permission 'secretmanager.versions.access' denied for resource '{LATEST}' "
        "(or it may not exist)."
    )
    assert caught.value.reason == "IAM_PERMISSION_DENIED"
    assert caught.value.metadata["permission"] == "secretmanager.versions.access"


def test_a_disabled_account_gives_no_more_tokens_and_its_own_end(
    here: World, client: Callable[..., Client]
) -> None:
    here.open_to_account()
    found = client(file_text, EMAIL)
    assert found.read() == PAYLOAD
    here.operator.post(f"{ACCOUNTS}/{EMAIL}:disable")
    with pytest.raises(RefreshError):
        found.read()  # the token is refused, and so is a new one
    with pytest.raises(RefreshError, match="is disabled"):
        found.refresh()


def test_a_disabled_provider_ends_exchanges_and_leaves_tokens_alone(
    here: World, client: Callable[..., Client]
) -> None:
    here.open_to_pool()
    found = client(file_text)
    found.refresh()
    here.operator.patch(f"{POOLS}/pool/providers/oidc", {"disabled": True}, updateMask="disabled")
    assert found.read() == PAYLOAD
    with pytest.raises(OAuthError, match="The target service indicated by"):
        found.refresh()
    here.operator.patch(f"{POOLS}/pool", {"disabled": True}, updateMask="disabled")
    with pytest.raises((OAuthError, RefreshError), match="The target service indicated by"):
        found.read()
