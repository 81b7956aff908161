"""Application Default Credentials, from files whose token server is a stub on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.oauth2.credentials import Credentials

from tests.gcp.rest_stub import Answer, RestStub, rest_stub
from wifctl.diagnostics import WifctlError
from wifctl.gcp.connect import connect
from wifctl.gcp.credentials import as_asked, caller_of, ready_credentials
from wifctl.gcp.target import Endpoint, Target

ROBOT = "deployer@acme-ci.iam.gserviceaccount.com"
TOKEN = Answer(body={"access_token": "real-token", "expires_in": 3600, "token_type": "Bearer"})


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[RestStub]:
    """A token server, and an environment without any other credentials."""
    for name in ("GOOGLE_CLOUD_QUOTA_PROJECT", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    with rest_stub(TOKEN) as stub:
        yield stub


def use(monkeypatch: pytest.MonkeyPatch, folder: Path, content: dict[str, Any]) -> None:
    path = folder / "adc.json"
    path.write_text(json.dumps(content))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))


def key_file(url: str, **more: str) -> dict[str, Any]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "type": "service_account",
        "client_email": ROBOT,
        "private_key": pem.decode(),
        "token_uri": f"{url}/token",
        **more,
    }


def federated(folder: Path, url: str) -> dict[str, Any]:
    (folder / "token").write_text("outside-token")
    pool = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github"
    return {
        "type": "external_account",
        "audience": f"{pool}/providers/actions",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{url}/v1/token",
        "credential_source": {"file": str(folder / "token")},
    }


def test_credentials_are_refreshed_once_before_anything_is_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tokens: RestStub
) -> None:
    use(monkeypatch, tmp_path, key_file(tokens.url))

    async def story() -> str:
        async with connect(Target()) as api:
            return api.caller

    assert asyncio.run(story()) == f"serviceAccount:{ROBOT}"
    assert [seen.path for seen in tokens.seen] == ["/token"]


def test_a_federated_identity_does_not_say_who_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tokens: RestStub
) -> None:
    use(monkeypatch, tmp_path, federated(tmp_path, tokens.url))
    credentials: Any = ready_credentials(Target())
    assert credentials.token == "real-token"
    assert caller_of(credentials) == ""
    assert "outside-token" in str(tokens.seen[0].body)
    assert len(tokens.seen) == 1, "and no project was asked for"


def test_the_quota_project_is_billed_on_both_transports(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tokens: RestStub
) -> None:
    use(monkeypatch, tmp_path, key_file(tokens.url))
    credentials: Any = ready_credentials(Target(quota_project="acme-billing"))
    headers: dict[str, str] = {}
    credentials.apply(headers)
    assert headers["x-goog-user-project"] == "acme-billing"


def test_no_credentials_at_all_is_said_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tokens: RestStub
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    with pytest.raises(WifctlError) as raised:
        ready_credentials(Target())
    (found,) = raised.value.diagnostics
    assert found.code == "no-credentials"
    assert "gcloud auth application-default login" in found.fix


def test_a_refusal_is_an_error_before_the_first_call(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tokens: RestStub
) -> None:
    tokens.answers = [Answer(400, {"error": "invalid_grant", "error_description": "expired"})]
    use(monkeypatch, tmp_path, key_file(tokens.url))
    with pytest.raises(WifctlError, match=r"refused.*invalid_grant"):
        ready_credentials(Target())


def test_credentials_of_another_universe_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tokens: RestStub
) -> None:
    use(monkeypatch, tmp_path, key_file(tokens.url))
    with pytest.raises(WifctlError, match="universe googleapis"):
        ready_credentials(Target(universe_domain="example-universe.com"))


def test_real_credentials_are_not_even_read_for_an_emulator(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tokens: RestStub
) -> None:
    use(monkeypatch, tmp_path, key_file(tokens.url))
    project = Answer(body={"projectId": "acme-ci", "name": "projects/123456789012"})
    with rest_stub(project) as stub:

        async def story() -> tuple[str, str]:
            async with connect(Target(Endpoint(stub.url, "127.0.0.1:1"))) as api:
                return await api.projects.get("acme-ci")

        assert asyncio.run(story()) == ("acme-ci", "123456789012")
    assert tokens.seen == []
    assert stub.seen[0].headers["Authorization"] == "Bearer local"


def test_impersonation_goes_through_its_delegates() -> None:
    source = Credentials("real-token")  # type: ignore[no-untyped-call]
    target = Target(impersonate=f"a@example.com, {ROBOT}", quota_project="acme-billing")
    credentials: Any = as_asked(source, target)
    assert credentials.service_account_email == ROBOT
    assert credentials._delegates == ["a@example.com"]
    assert credentials.quota_project_id == "acme-billing"
    assert caller_of(credentials) == f"serviceAccount:{ROBOT}"


def test_a_user_is_known_by_the_account_of_the_file() -> None:
    known = Credentials("t", account="ann@example.com")  # type: ignore[no-untyped-call]
    unknown = Credentials("t")  # type: ignore[no-untyped-call]
    assert (caller_of(known), caller_of(unknown)) == ("user:ann@example.com", "")
