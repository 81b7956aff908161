"""wifctl itself against an emulator that enforces IAM: it applies as the operator."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.support.emulator import NUMBER, PROJECT, Rest, emulator
from tests.support.tokens import JwtIssuer
from tests.trust.e2e.door import json_of
from wifctl.trust.request import TokenRequest

ISSUER = JwtIssuer()
EMAIL = f"deployer@{PROJECT}.iam.gserviceaccount.com"
AUDIENCE = (
    f"iam.googleapis.com/projects/{NUMBER}/locations/global/workloadIdentityPools/ci-pool"
    "/providers/issuer"
)
MANIFESTS = f"""
apiVersion: wifctl/v1
kind: WorkloadIdentityPool
metadata: {{name: ci-pool, project: {PROJECT}}}
---
apiVersion: wifctl/v1
kind: WorkloadIdentityPoolProvider
metadata: {{name: issuer, project: {PROJECT}}}
spec:
  pool: ci-pool
  oidc: {{issuerUri: "{ISSUER.issuer}"}}
  attributeMapping: {{google.subject: assertion.sub}}
---
apiVersion: wifctl/v1
kind: ServiceAccount
metadata: {{name: deployer, project: {PROJECT}}}
spec:
  access:
    - role: roles/iam.workloadIdentityUser
      members: [{{pool: ci-pool, subject: SUBJECT}}]
---
apiVersion: wifctl/v1
kind: Secret
metadata: {{name: token, project: {PROJECT}}}
spec:
  replication: {{automatic: {{}}}}
  version: {{from: {{env: TOKEN}}, when: missing}}
  access:
    - {{role: roles/secretmanager.secretAccessor, members: [{{serviceAccount: deployer}}]}}
"""


@pytest.mark.parametrize(("subject", "status"), [("workload", 200), ("another", 403)])
def test_what_was_applied_lets_in_whom_it_names(
    wifctl: Runner, tmp_path: Path, subject: str, status: int
) -> None:
    (tmp_path / "m.yaml").write_text(MANIFESTS.replace("SUBJECT", subject))
    outside = {"issuers": {ISSUER.issuer: {"jwks": ISSUER.jwks_json}}}
    with emulator(projects={PROJECT: NUMBER}, enforce_iam=True, outside=outside) as doors:
        where = {"WIFCTL_ENDPOINT": doors.rest_url, "TOKEN": "s3cret"}
        ran = wifctl("apply", "m.yaml", "--auto-approve", environment=where)
        assert ran.code == 0, ran.err
        assert wifctl("plan", "m.yaml", "--detailed-exitcode", environment=where).code == 0
        claims = ISSUER.claims(now=datetime.now(UTC), aud=f"https://{AUDIENCE}")
        request = TokenRequest(ISSUER.sign(claims), f"//{AUDIENCE}")
        token = Rest(doors).post("/v1/token", json_of(request)).body["access_token"]
        path = f"/v1/projects/-/serviceAccounts/{EMAIL}:generateAccessToken"
        answer = Rest(doors, token).post(path, {"scope": [request.scope]})
        assert answer.status == status
        if status == 200:
            account = Rest(doors, answer.body["accessToken"])
            secret = f"/v1/projects/{PROJECT}/secrets/token/versions/latest:access"
            assert account.get(secret).body["payload"]["data"] == "czNjcmV0"


@pytest.mark.parametrize("text", ["strictness: lax", "issuers: {https://a.example.com: {}}"])
def test_an_outside_nobody_understands_is_said_in_words(
    wifctl: Runner, tmp_path: Path, text: str
) -> None:
    (tmp_path / "outside.yaml").write_text(text)
    ran = wifctl("emulator", "run", "--outside", "outside.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert text.partition(":")[0] in ran.err
