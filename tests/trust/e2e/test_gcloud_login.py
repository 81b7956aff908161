"""Real gcloud logs in with a credential configuration, and reads a secret as who it then is."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.emulator import ACCOUNTS, NUMBER, PROJECT
from tests.support.gcloud import COMMAND, environment
from tests.trust.e2e import fence
from tests.trust.e2e.sources import serving
from tests.trust.e2e.workloads import (
    Workload,
    aws_imdsv2,
    azure,
    executable,
    file_saml,
    file_text,
    x509,
)
from tests.trust.e2e.world import EMAIL, PAYLOAD, World, world

pytestmark = [
    pytest.mark.gcloud,
    pytest.mark.skipif(COMMAND is None, reason="gcloud is not installed"),
]
POOL = f"projects/{NUMBER}/locations/global/workloadIdentityPools/pool"
READ = "secrets versions access latest --secret=token"
Prepare = Callable[[Path], Workload]


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    with world() as found:
        yield found


@pytest.fixture
def here(shared: World) -> World:
    shared.build()
    return shared


class Gcloud:
    """gcloud with a configuration of its own and no way out of this machine."""

    def __init__(self, here: World, folder: Path, workload: Workload, proxy: str) -> None:
        told = environment(here.doors, PROJECT, folder)
        for name in ("AUTH_ACCESS_TOKEN_FILE", "CORE_ACCOUNT"):
            del told[f"CLOUDSDK_{name}"]
        self._environ = {**os.environ, **told, **fence.environment(proxy), **workload.environ}

    def __call__(self, arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND or "gcloud", *shlex.split(arguments)],
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def login(here: World, tmp_path: Path) -> Iterator[Callable[..., Gcloud]]:
    with fence.fence() as (proxy, asked):
        servers = []

        def make(kind: Prepare, account: str = "") -> Gcloud:
            workload = kind(tmp_path)
            servers.append(serving(workload.routes))
            base = servers[-1].__enter__()
            file = tmp_path / "credentials.json"
            document = workload.document(here.doors.rest_url, base, account)
            file.write_text(json.dumps(document))
            gcloud = Gcloud(here, tmp_path, workload, proxy)
            done = gcloud(f"auth login --cred-file={file}")
            assert done.returncode == 0, done.stderr
            return gcloud

        yield make
        for server in servers:
            server.__exit__(None, None, None)
        assert asked == []


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (file_text, "workload"),
        (azure, "6f8d"),
        (executable, "workload"),
        (file_saml, "deployer"),
        (aws_imdsv2, "arn:aws:sts::111122223333:assumed-role/ci-deploy/i-0abc"),
        (x509, "workload"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_workload_reads_the_secret_as_itself(
    here: World, login: Callable[..., Gcloud], kind: Prepare, subject: str
) -> None:
    here.open_to_pool()
    gcloud = login(kind)
    listed = gcloud("auth list --format=value(account)")
    assert listed.stdout.strip() == f"principal://iam.googleapis.com/{POOL}/subject/{subject}"
    read = gcloud(READ)
    assert (read.returncode, read.stdout) == (0, PAYLOAD.decode()), read.stderr


def test_a_workload_reads_the_secret_as_the_account(
    here: World, login: Callable[..., Gcloud]
) -> None:
    here.open_to_account()
    gcloud = login(file_text, EMAIL)
    assert gcloud("auth list --format=value(account)").stdout.strip() == EMAIL
    assert gcloud(READ).stdout == PAYLOAD.decode()
    here.grant(f"{ACCOUNTS}/{EMAIL}", "roles/iam.workloadIdentityUser")
    refused = gcloud(f"{READ} --verbosity=error")
    assert refused.returncode == 0, "the token that gcloud keeps is good for its hour"


def test_without_a_grant_gcloud_says_which_permission_is_missing(
    here: World, login: Callable[..., Gcloud]
) -> None:
    refused = login(file_text)(READ)
    assert refused.returncode == 1
    assert "Permission 'secretmanager.versions.access' denied for resource" in refused.stderr


def test_without_workload_identity_user_gcloud_cannot_become_the_account(
    here: World, login: Callable[..., Gcloud]
) -> None:
    refused = login(file_text, EMAIL)(READ)
    assert refused.returncode == 1
    assert "iam.serviceAccounts.getAccessToken" in refused.stderr


def test_gcloud_impersonates_on_its_own_account(here: World, login: Callable[..., Gcloud]) -> None:
    here.open_to_account()
    gcloud = login(file_text)
    read = gcloud(f"{READ} --impersonate-service-account={EMAIL}")
    assert read.stdout == PAYLOAD.decode(), read.stderr
    audience = f"--impersonate-service-account={EMAIL} --audiences=https://example.com"
    token = gcloud(f"auth print-identity-token {audience}")
    assert token.stdout.count(".") == 2, token.stderr
