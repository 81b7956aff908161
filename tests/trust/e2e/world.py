"""A project as the guides set it up: a pool with providers of all kinds, an account, a secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.support.emulator import ACCOUNTS, NUMBER, POOLS, PROJECT, Answer, Rest, emulator
from tests.support.saml import SamlIdp, idp_certificate
from tests.support.tokens import AwsKey, JwtIssuer, X509Authority
from wifctl.emulator.server import Doors

POOL = f"projects/{NUMBER}/locations/global/workloadIdentityPools/pool"
EVERYBODY = f"principalSet://iam.googleapis.com/{POOL}/*"
EMAIL = f"deployer@{PROJECT}.iam.gserviceaccount.com"
ACCOUNT = f"projects/-/serviceAccounts/{EMAIL}"
SECRET = f"projects/{NUMBER}/secrets/token"
PAYLOAD = b"keyless"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
WORKLOAD_USER = "roles/iam.workloadIdentityUser"
ACCESSOR = "roles/secretmanager.secretAccessor"

ISSUER = JwtIssuer()
TENANT = JwtIssuer("https://sts.windows.net/8f14e45f-ceea-467f-9a36-dedd4bea2543/")
AWS_KEY = AwsKey(access_key_id="ASIAIOSFODNN7EXAMPLE", session_token="IQoJb3JpZ2lu+/==")
IDP = SamlIdp(certificates=(idp_certificate("world"),))
ROOT = X509Authority.root("world")
PROVIDERS: Mapping[str, dict[str, Any]] = {
    "oidc": {
        "oidc": {"issuerUri": ISSUER.issuer, "jwksJson": ISSUER.jwks_json},
        "attributeMapping": {"google.subject": "assertion.sub"},
    },
    "azure": {
        "oidc": {"issuerUri": TENANT.issuer, "allowedAudiences": ["api://keyless"]},
        "attributeMapping": {"google.subject": "assertion.oid"},
    },
    "awsx": {"aws": {"accountId": AWS_KEY.account}},
    "saml": {
        "saml": {"idpMetadataXml": IDP.metadata()},
        "attributeMapping": {"google.subject": "assertion.subject"},
    },
    "x509": {
        "x509": {"trustStore": {"trustAnchors": [{"pemCertificate": ROOT.pem}]}},
        "attributeMapping": {"google.subject": "assertion.subject.dn.cn"},
    },
}
OUTSIDE = {
    "issuers": {TENANT.issuer: {"jwks": json.loads(TENANT.jwks_json)}},
    "awsKeys": {
        AWS_KEY.access_key_id: {
            "secretAccessKey": AWS_KEY.secret,
            "sessionToken": AWS_KEY.session_token,
            "account": AWS_KEY.account,
            "arn": AWS_KEY.arn,
            "userId": AWS_KEY.user_id,
        }
    },
}


def provider_name(provider: str) -> str:
    """The full resource name of one of the world's providers."""
    return f"{POOL}/providers/{provider}"


def id_token(**claims: object) -> str:
    """A token of the plain issuer, valid now."""
    audience = f"https://iam.googleapis.com/{provider_name('oidc')}"
    return ISSUER.sign(ISSUER.claims(now=datetime.now(UTC), aud=audience, **claims))


@dataclass(frozen=True)
class World:
    """The emulator, under enforcement, and its operator."""

    doors: Doors
    operator: Rest

    def grant(self, resource: str, role: str, *members: str, **more: Any) -> None:
        """Make this the one binding on a resource; without members there is none."""
        bindings = [{"role": role, "members": list(members), **more}] if members else []
        path = f"{resource}:setIamPolicy"
        self._done(self.operator.post(path, {"policy": {"bindings": bindings, "version": 3}}))

    def build(self) -> None:
        """Everything but grants."""
        operator = self.operator
        self._done(operator.post("/_wifctl/reset"))
        self._done(operator.patch("/_wifctl/outside", OUTSIDE))
        self._done(operator.post(POOLS, {}, workloadIdentityPoolId="pool"))
        for name, provider in PROVIDERS.items():
            path = f"{POOLS}/pool/providers"
            self._done(operator.post(path, provider, workloadIdentityPoolProviderId=name))
        self._done(operator.post(ACCOUNTS, {"accountId": "deployer"}))
        secret: dict[str, Any] = {"replication": {"automatic": {}}}
        self._done(operator.post(f"/v1/projects/{PROJECT}/secrets", secret, secretId="token"))
        payload = {"payload": {"data": base64.b64encode(PAYLOAD).decode()}}
        self._done(operator.post(f"/v1/{SECRET}:addVersion", payload))

    def open_to_account(self) -> None:
        """The pool may become the account, and the account may read the secret."""
        self.grant(f"{ACCOUNTS}/{EMAIL}", WORKLOAD_USER, EVERYBODY)
        self.grant(f"/v1/{SECRET}", ACCESSOR, f"serviceAccount:{EMAIL}")

    def open_to_pool(self) -> None:
        """The pool may read the secret itself."""
        self.grant(f"/v1/{SECRET}", ACCESSOR, EVERYBODY)

    @staticmethod
    def _done(answer: Answer) -> None:
        assert answer.status == 200, answer.body


@contextmanager
def world() -> Iterator[World]:
    """The world's emulator for the length of a block; `build` it before each test."""
    with emulator(projects={PROJECT: NUMBER}, enforce_iam=True) as doors:
        operator = Rest(doors, "local")
        yield World(doors, operator)
        operator.close()
