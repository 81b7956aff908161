"""Each documented field is echoed, filled by the server, left out or refused: one table.

`fields.txt` is that table. A line that changes is a change of behaviour: look it up in the
documents, then run this module as a script to write the table anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.fields import Subject, fields_of, observed
from tests.support.emulator import ACCOUNTS, POOLS, PROJECT, Rest, rest
from tests.support.saml import SamlIdp, idp_certificate
from tests.support.tokens import X509Authority

TABLE = Path(__file__).parent / "fields.txt"
SUBJECT = {"google.subject": "assertion.sub"}
POOL = "projects/acme-ci/locations/global/workloadIdentityPools/pool-1"
PROVIDER = ("iam.v1", "WorkloadIdentityPoolProvider", f"{POOLS}/pool-1/providers")
PROVIDER_ID = "workloadIdentityPoolProviderId"
METADATA = SamlIdp().metadata()
ROTATED = SamlIdp(certificates=(idp_certificate(), idp_certificate("next"))).metadata()


def anchor(name: str) -> dict[str, str]:
    """A certificate of an authority, as trust stores hold them."""
    return {"pemCertificate": X509Authority.root(name).pem}


SAMPLES = {
    "attributeMapping": {"google.subject": "assertion.other"},
    "attributeCondition": "assertion.sub == 'x'",
    "actorProviders": [f"{POOL}/providers/other"],
    "oidc": {"issuerUri": "https://two.example.com"},
    "oidc.issuerUri": "https://two.example.com",
    "oidc.jwksJson": '{"keys": [{"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB"}]}',
    "oidc.discoveryUri": "https://issuer.example.com/.well-known/other",
    "aws": {"accountId": "210987654321"},
    "aws.accountId": "210987654321",
    "saml": {"idpMetadataXml": ROTATED},
    "saml.idpMetadataXml": ROTATED,
    "x509": {"trustStore": {"trustAnchors": [anchor("two")]}},
    "x509.trustStore": {"trustAnchors": [anchor("two")]},
    "x509.trustStore.trustAnchors": [anchor("two")],
    "x509.trustStore.intermediateCas": [
        {"pemCertificate": X509Authority.root("one").intermediate("middle").pem}
    ],
}

LOGIN = "remoteRepositoryConfig.upstreamCredentials.usernamePasswordCredentials"
VERSION = "projects/acme-ci/secrets/token/versions/1"
REMOTE = {
    "remoteRepositoryConfig.upstreamCredentials": {
        "usernamePasswordCredentials": {"username": "x", "passwordSecretVersion": VERSION}
    },
    LOGIN: {"username": "x", "passwordSecretVersion": VERSION},
    f"{LOGIN}.passwordSecretVersion": VERSION,
    "remoteRepositoryConfig.pythonRepository.customRepository.uri": "https://pypi.example.com",
}

SUBJECTS = [
    Subject("pool", "iam.v1", "WorkloadIdentityPool", POOLS, "workloadIdentityPoolId", {}, {
        "inlineCertificateIssuanceConfig": {"useDefaultSharedCa": True},
        "inlineCertificateIssuanceConfig.caPools": {"europe-west1": "projects/1/caPools/x"},
    }),
    Subject("oidc provider", *PROVIDER, PROVIDER_ID, {
        "oidc": {"issuerUri": "https://issuer.example.com"}, "attributeMapping": SUBJECT,
    }, SAMPLES),
    Subject("aws provider", *PROVIDER, PROVIDER_ID, {"aws": {"accountId": "123456789012"}},
            SAMPLES, only="a"),
    Subject("saml provider", *PROVIDER, PROVIDER_ID, {
        "saml": {"idpMetadataXml": METADATA}, "attributeMapping": SUBJECT,
    }, SAMPLES),
    Subject("x509 provider", *PROVIDER, PROVIDER_ID, {
        "x509": {"trustStore": {"trustAnchors": [anchor("one")]}}, "attributeMapping": SUBJECT,
    }, SAMPLES),
    Subject("certificate pool", "iam.v1", "WorkloadIdentityPool", POOLS, "workloadIdentityPoolId",
            {"inlineCertificateIssuanceConfig": {"useDefaultSharedCa": True}},
            {"inlineCertificateIssuanceConfig.caPools": {"europe-west1": "projects/1/caPools/x"}},
            only="inlineCertificateIssuanceConfig."),
    Subject("service account", "iam.v1", "ServiceAccount", ACCOUNTS, "accountId", {},
            envelope="serviceAccount"),
    Subject("secret", "secretmanager.v1", "Secret", f"/v1/projects/{PROJECT}/secrets", "secretId",
            {"replication": {"automatic": {}}},
            {"topics": [{"name": "projects/acme-ci/topics/t"}], "ttl": "90000s"}),
    Subject("repository", "artifactregistry.v1", "Repository",
            f"/v1/projects/{PROJECT}/locations/europe-west1/repositories", "repositoryId",
            {"format": "PYTHON"}, {"mode": "STANDARD_REPOSITORY", "satisfiesPzi": False}),
    Subject("remote repository", "artifactregistry.v1", "Repository",
            f"/v1/projects/{PROJECT}/locations/europe-west1/repositories", "repositoryId",
            {"format": "PYTHON", "mode": "REMOTE_REPOSITORY",
             "remoteRepositoryConfig": {"pythonRepository": {"publicRepository": "PYPI"}}},
            REMOTE, only="remoteRepositoryConfig."),
    Subject("virtual repository", "artifactregistry.v1", "Repository",
            f"/v1/projects/{PROJECT}/locations/europe-west1/repositories", "repositoryId",
            {"format": "PYTHON", "mode": "VIRTUAL_REPOSITORY"},
            {"virtualRepositoryConfig.upstreamPolicies": []}, only="virtualRepositoryConfig."),
]  # fmt: skip


def lines(api: Rest, subject: Subject) -> list[str]:
    """The subject's part of the table."""
    return [f"{subject.title} | {p} | {what}" for p, what in observed(api, subject).items()]


def prepare(api: Rest) -> None:
    """What the subjects need to exist."""
    api.post(POOLS, {}, workloadIdentityPoolId="pool-1")
    other = {"aws": {"accountId": "123456789012"}}
    api.post(f"{POOLS}/pool-1/providers", other, workloadIdentityPoolProviderId="other")


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.title)
def test_every_field_behaves_as_the_table_says(subject: Subject) -> None:
    wanted = [x for x in TABLE.read_text().splitlines() if x.startswith(f"{subject.title} |")]
    with rest() as api:
        prepare(api)
        assert lines(api, subject) == wanted


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.title)
def test_the_table_does_not_contradict_the_documents(subject: Subject) -> None:
    rows = [line.split(" | ") for line in TABLE.read_text().splitlines()]
    table = {path: what.split(" / ") for title, path, what in rows if title == subject.title}
    for leaf in fields_of(subject):
        created, patched = table[leaf.path]
        if leaf.output_only:
            assert "echoed" not in (created, patched), leaf.path
        if leaf.immutable:
            assert patched != "echoed", leaf.path


if __name__ == "__main__":
    with rest() as client:
        prepare(client)
        text = [line for subject in SUBJECTS for line in lines(client, subject)]
    TABLE.write_text("resource | field | on create / on patch\n" + "\n".join(text) + "\n")
