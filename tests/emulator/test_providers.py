"""Providers of a pool: the four kinds, mappings and conditions, limits, deletion, keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.emulator import NUMBER, POOLS, Rest
from wifctl.emulator.iam.providers.checks import CONDITION_NEEDED

PROVIDERS = f"{POOLS}/pool-1/providers"
NAME = f"projects/{NUMBER}/locations/global/workloadIdentityPools/pool-1/providers"
SUBJECT = {"google.subject": "assertion.sub"}
OIDC: dict[str, Any] = {
    "oidc": {"issuerUri": "https://issuer.example.com"},
    "attributeMapping": SUBJECT,
}
AWS: dict[str, Any] = {"aws": {"accountId": "123456789012"}}
GITHUB = "https://token.actions.githubusercontent.com"


@pytest.fixture(autouse=True)
def _pool(api: Rest) -> None:
    api.post(POOLS, {}, workloadIdentityPoolId="pool-1")


def create(api: Rest, provider: dict[str, Any], provider_id: str = "prov-1") -> Any:
    return api.post(PROVIDERS, provider, workloadIdentityPoolProviderId=provider_id)


def oidc(**changes: Any) -> dict[str, Any]:
    parts = {k: v for k, v in changes.items() if k in OIDC_FIELDS}
    others = {k: v for k, v in changes.items() if k not in OIDC_FIELDS}
    return {**OIDC, "oidc": {**OIDC["oidc"], **parts}, **others}


OIDC_FIELDS = ("issuerUri", "allowedAudiences", "jwksJson", "discoveryUri")


def jwks(*keys: dict[str, Any]) -> str:
    return json.dumps({"keys": list(keys)})


RSA_KEY = {"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB", "alg": "RS256", "use": "sig"}


def test_a_provider_is_returned_as_sent_with_the_number_and_its_state(api: Rest) -> None:
    sent = oidc(issuerUri="https://example.com/", allowedAudiences=["b", "a"])
    operation = create(api, {**sent, "disabled": False, "name": "projects/x"}).body
    assert operation["name"].startswith(f"{NAME}/prov-1/operations/")
    assert api.get(f"/v1/{operation['name']}").body == {**operation, "done": True}
    found = api.get(f"{PROVIDERS}/prov-1").body
    assert found == {**sent, "name": f"{NAME}/prov-1", "state": "ACTIVE"}
    assert api.get(PROVIDERS).body == {"workloadIdentityPoolProviders": [found]}


def condition(text: str, issuer: str = GITHUB) -> dict[str, Any]:
    return oidc(issuerUri=issuer, attributeCondition=text)


ACCEPTED: list[dict[str, Any]] = [
    AWS,
    {**AWS, "attributeMapping": {"google.subject": "assertion.arn"}},
    {**OIDC, "attributeMapping": {"google.subject": "true"}},
    {**OIDC, "attributeMapping": {**SUBJECT, **{f"attribute.a{i}": "'x'" for i in range(50)}}},
    {**OIDC, "attributeMapping": {**SUBJECT, "attribute." + "a" * 100: "assertion.x"}},
    {**OIDC, "attributeMapping": {**SUBJECT, "google.groups": "assertion.groups"}},
    {**OIDC, "attributeMapping": {"google.subject": "'" + "a" * 2046 + "'"}},
    oidc(allowedAudiences=["a" * 256] * 10),
    oidc(discoveryUri="https://issuer.example.com/.well-known/other"),
    oidc(jwksJson=jwks(RSA_KEY)),
    oidc(attributeCondition="assertion.sub == '" + "a" * 4077 + "'"),
    condition("assertion.repository_owner_id == '1'"),
    condition("attribute.owner == '1'", "https://gitlab.com"),
    condition("assertion['terraform_organization_id'] == 'x'", "https://app.terraform.io"),
]  # fmt: skip


@pytest.mark.parametrize("provider", ACCEPTED, ids=lambda p: json.dumps(p)[:60])
def test_what_is_allowed_is_created(api: Rest, provider: dict[str, Any]) -> None:
    answer = create(api, provider)
    assert answer.status == 200, answer.body


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "Exactly one"),
    ({"attributeMapping": SUBJECT}, "Exactly one"),
    ({**OIDC, **AWS}, "oneof"),
    ({"oidc": {}, "attributeMapping": SUBJECT}, "issuer URI is required"),
    (oidc(issuerUri="http://issuer.example.com"), "https"),
    (oidc(issuerUri="https://"), "https"),
    ({"oidc": OIDC["oidc"]}, "google.subject"),
    ({**OIDC, "attributeMapping": {"attribute.x": "assertion.x"}}, "google.subject"),
    ({**AWS, "attributeMapping": {"attribute.x": "assertion.arn"}}, "google.subject"),
    ({**OIDC, "attributeMapping": {**SUBJECT, "google.other": "assertion.x"}}, "google.other"),
    ({**OIDC, "attributeMapping": {**SUBJECT, "attribute.Big": "assertion.x"}}, "attribute.Big"),
    ({**OIDC, "attributeMapping": {**SUBJECT, "attribute." + "a" * 101: "'x'"}}, "100 characters"),
    ({**OIDC, "attributeMapping": {**SUBJECT, **{f"attribute.a{i}": "'x'" for i in range(51)}}},
     "50 custom"),
    ({**OIDC, "attributeMapping": {"google.subject": "'" + "a" * 2047 + "'"}}, "2048"),
    ({**OIDC, "attributeMapping": {"google.subject": ""}}, "empty"),
    ({**OIDC, "attributeMapping": {"google.subject": "assertion.sub +"}}, "Syntax error"),
    ({**OIDC, "attributeMapping": {"google.subject": "nonsense.sub"}}, "nonsense"),
    (oidc(attributeCondition="assertion.sub =="), "Syntax error"),
    (oidc(attributeCondition="'text'"), "boolean"),
    (oidc(attributeCondition="assertion.sub == '" + "a" * 4078 + "'"), "4096"),
    (oidc(allowedAudiences=["a"] * 11), "10 allowed audiences"),
    (oidc(allowedAudiences=["a" * 257]), "256"),
    (oidc(allowedAudiences=[""]), "256"),
    (oidc(discoveryUri="https://elsewhere.example.com/.well-known/x"), "discovery URI"),
    (oidc(jwksJson="{"), "not in a valid json format"),
    (oidc(jwksJson=jwks({**RSA_KEY, "x5c": []})), "not in a valid json format"),
    (oidc(jwksJson=jwks({"kty": "oct", "kid": "a"})), "Only RSA, EC key types"),
    (oidc(jwksJson=jwks(*[RSA_KEY] * 9)), "8"),
    ({"aws": {}}, "account id is required"),
    ({"aws": {"accountId": "12345678901"}}, "12 digits"),
    ({"aws": {"accountId": "1234567890123"}}, "12 digits"),
    ({"saml": {}, "attributeMapping": SUBJECT}, "metadata document is required"),
    ({"saml": {"idpMetadataXml": "<x/>"}, "attributeMapping": SUBJECT}, "Invalid SAML metadata"),
    ({"x509": {}, "attributeMapping": SUBJECT}, "trust store is required"),
    ({"x509": {"trustStore": {"trustAnchors": [{"pemCertificate": "x"}]}},
      "attributeMapping": SUBJECT}, "Invalid trust store"),
    ({**OIDC, "displayName": "a" * 33}, "32 characters"),
    ({**OIDC, "actorProviders": [f"{NAME}/p{i}" for i in range(4)]}, "3 actor providers"),
    ({**OIDC, "actorProviders": [f"{NAME}/p1".replace("pool-1", "pool-2")]}, "same pool"),
    (condition(""), CONDITION_NEEDED),
    (condition("true"), CONDITION_NEEDED),
    (condition("'assertion.x' == 'assertion.x'"), CONDITION_NEEDED),
    (condition("", f"{GITHUB}/"), CONDITION_NEEDED),
    (condition("1 < 2", "https://gitlab.com"), CONDITION_NEEDED),
    (condition("", "https://app.terraform.io"), CONDITION_NEEDED),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "text"), REFUSED, ids=lambda p: json.dumps(p)[:60])
def test_what_is_not_allowed_is_refused(api: Rest, provider: dict[str, Any], text: str) -> None:
    answer = create(api, provider)
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")
    assert text in answer.message
    assert api.get(f"{PROVIDERS}/prov-1").status == 404


@pytest.mark.parametrize("provider_id", ["abc", "a" * 33, "Abcd", "gcp-prov", ""])
def test_a_bad_provider_id_is_refused(api: Rest, provider_id: str) -> None:
    assert create(api, OIDC, provider_id).status == 400


def patch(api: Rest, mask: str, sent: dict[str, Any]) -> Any:
    return api.patch(f"{PROVIDERS}/prov-1", sent, updateMask=mask)


def test_both_spellings_of_a_mask_change_single_oidc_fields(api: Rest) -> None:
    create(api, oidc(allowedAudiences=["a"]))
    sent = {"oidc": {"issuerUri": "https://two.example.com", "allowedAudiences": ["x", "y"]}}
    assert patch(api, "oidc.allowed_audiences", sent).status == 200
    found = api.get(f"{PROVIDERS}/prov-1").body["oidc"]
    assert found == {"issuerUri": "https://issuer.example.com", "allowedAudiences": ["x", "y"]}
    assert patch(api, "oidc.issuerUri", sent).status == 200
    assert api.get(f"{PROVIDERS}/prov-1").body["oidc"] == sent["oidc"]


BAD_PATCHES: list[tuple[str, dict[str, Any], str]] = [
    ("", {}, "updateMask"),
    ("aws", AWS, "Exactly one"),
    ("oidc,aws", AWS, "type of a provider cannot change"),
    ("oidc.nonsense", {}, "nonsense"),
    ("oidc.issuerUri", {"oidc": {}}, "issuer URI is required"),
    ("attributeMapping", {}, "google.subject"),
    ("oidc.issuerUri", {"oidc": {"issuerUri": GITHUB}}, CONDITION_NEEDED),
]


@pytest.mark.parametrize(("mask", "sent", "text"), BAD_PATCHES)
def test_a_patch_is_checked_like_a_create(
    api: Rest, mask: str, sent: dict[str, Any], text: str
) -> None:
    create(api, OIDC)
    before = api.get(f"{PROVIDERS}/prov-1").body
    answer = patch(api, mask, sent)
    assert answer.code == "INVALID_ARGUMENT"
    assert text in answer.message
    assert api.get(f"{PROVIDERS}/prov-1").body == before


def test_a_condition_may_not_be_taken_from_a_multi_tenant_issuer(api: Rest) -> None:
    create(api, condition("assertion.repository_owner_id == '1'"))
    assert patch(api, "attributeCondition", {}).message == CONDITION_NEEDED


def test_a_deleted_provider_keeps_its_id_and_comes_back_unchanged(api: Rest) -> None:
    create(api, AWS)
    before = api.get(f"{PROVIDERS}/prov-1").body
    assert api.delete(f"{PROVIDERS}/prov-1").status == 200
    assert api.get(f"{PROVIDERS}/prov-1").body["state"] == "DELETED"
    assert api.get(PROVIDERS).body == {}
    assert create(api, OIDC).code == "ALREADY_EXISTS"
    assert patch(api, "disabled", {"disabled": True}).code == "FAILED_PRECONDITION"
    assert api.post(f"{PROVIDERS}/prov-1:undelete").status == 200
    assert api.get(f"{PROVIDERS}/prov-1").body == before


def test_a_deleted_pool_closes_its_providers_until_it_is_back(api: Rest) -> None:
    create(api, AWS)
    api.delete(f"{POOLS}/pool-1")
    assert create(api, OIDC, "prov-2").code == "FAILED_PRECONDITION"
    assert patch(api, "disabled", {"disabled": True}).code == "FAILED_PRECONDITION"
    api.post(f"{POOLS}/pool-1:undelete")
    assert api.get(f"{PROVIDERS}/prov-1").body["state"] == "ACTIVE"
    assert create(api, OIDC, "prov-2").status == 200


def test_a_missing_pool_has_no_providers(api: Rest) -> None:
    path = PROVIDERS.replace("pool-1", "pool-2")
    assert api.get(path).status == 404
    assert api.post(path, OIDC, workloadIdentityPoolProviderId="prov-1").status == 404


def test_a_trust_domain_pool_has_no_providers(api: Rest) -> None:
    api.post(POOLS, {"mode": "TRUST_DOMAIN"}, workloadIdentityPoolId="trust")
    path = f"{POOLS}/trust/providers"
    assert api.get(path).status == 400
    assert api.post(path, OIDC, workloadIdentityPoolProviderId="prov-1").status == 400


def test_lists_of_providers_are_cut_at_a_hundred(api: Rest) -> None:
    for i in range(105):
        create(api, AWS, f"prov-{i:03}")
    assert len(api.get(PROVIDERS).body["workloadIdentityPoolProviders"]) == 50
    found = api.get(PROVIDERS, pageSize="1000").body
    assert len(found["workloadIdentityPoolProviders"]) == 100


def metadata(*ends: int) -> str:
    """SAML metadata with certificates that end so many days from now."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    entries = []
    for days in ends:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"idp {days}")])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
        now = datetime.now(UTC)
        certificate = (
            builder.public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=days))
            .sign(key, hashes.SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
        text = "".join(pem.splitlines()[1:-1])
        entries.append(
            f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data>'
            f"<ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
            "</md:KeyDescriptor>"
        )
    keys = "".join(entries)
    protocol = "urn:oasis:names:tc:SAML:2.0:protocol"
    return (
        f'<md:EntityDescriptor xmlns:md="{MD}" entityID="https://idp.example.com">'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{protocol}">{keys}'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"


def saml(xml: str) -> dict[str, Any]:
    return {"saml": {"idpMetadataXml": xml}, "attributeMapping": SUBJECT}


def test_saml_metadata_needs_a_certificate_that_has_not_expired(api: Rest) -> None:
    assert create(api, saml(metadata(-1))).status == 400
    assert create(api, saml(metadata(100, 200, 300, 400))).status == 400
    assert create(api, saml(metadata(-1, 100))).status == 200


def test_new_saml_metadata_must_overlap_with_the_old(api: Rest) -> None:
    create(api, saml(metadata(100)))
    answer = patch(api, "saml.idpMetadataXml", saml(metadata(100)))
    assert answer.status == 400
    assert "unexpired" in answer.message


def test_keys_belong_to_saml_providers_and_are_made_by_the_server(api: Rest) -> None:
    create(api, saml(metadata(100)))
    keys = f"{PROVIDERS}/prov-1/keys"
    sent = {"use": "ENCRYPTION", "keyData": {"keySpec": "RSA_2048"}}
    assert api.post(keys, sent, workloadIdentityPoolProviderKeyId="key-1").status == 200
    found = api.get(f"{keys}/key-1").body
    assert found["name"] == f"{NAME}/prov-1/keys/key-1"
    assert found["keyData"]["key"].startswith("-----BEGIN CERTIFICATE-----")
    assert found["keyData"]["format"] == "RSA_X509_PEM"
    assert api.get(keys).body == {"workloadIdentityPoolProviderKeys": [found]}
    assert api.delete(f"{keys}/key-1").status == 200
    assert api.get(keys).body == {}
    assert api.post(f"{keys}/key-1:undelete").status == 200
    assert api.get(f"{keys}/key-1").body == found


BAD_KEYS = [
    ({"keyData": {"keySpec": "RSA_2048"}}, "use"),
    ({"use": "ENCRYPTION"}, "key spec"),
    ({"use": "ENCRYPTION", "keyData": {"keySpec": "RSA_1024"}}, "key_spec"),
]


@pytest.mark.parametrize(("sent", "text"), BAD_KEYS)
def test_a_bad_key_is_refused(api: Rest, sent: dict[str, Any], text: str) -> None:
    create(api, saml(metadata(100)))
    answer = api.post(f"{PROVIDERS}/prov-1/keys", sent, workloadIdentityPoolProviderKeyId="key-1")
    assert answer.status == 400
    assert text in answer.message


def test_other_providers_have_no_keys(api: Rest) -> None:
    create(api, AWS)
    sent = {"use": "ENCRYPTION", "keyData": {"keySpec": "RSA_2048"}}
    answer = api.post(f"{PROVIDERS}/prov-1/keys", sent, workloadIdentityPoolProviderKeyId="key-1")
    assert answer.status == 400
