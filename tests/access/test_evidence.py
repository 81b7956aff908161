"""Tokens in the spellings people have them in, and claims made for a provider."""

from __future__ import annotations

import base64
import json
import urllib.parse

import pytest

from tests.support.keys import NOW
from tests.support.tokens import X509Authority
from wifctl.access.evidence import Evidence, subject_token
from wifctl.access.simulation import simulated
from wifctl.diagnostics import WifctlError
from wifctl.trust.provider import ProviderConfig, ProviderKind

NAME = "projects/123456789012/locations/global/workloadIdentityPools/pool/providers/provider"
URL = f"https://iam.googleapis.com/{NAME}"


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("a.b.c\n", "a.b.c"),
        ('{"value": "a.b.c", "count": 1}', "a.b.c"),
        ('{"version": 1, "success": true, "id_token": "a.b.c"}', "a.b.c"),
        ('{"access_token": "a.b.c"}', "a.b.c"),
        ('{"other": 1}', '{"other": 1}'),
        ('{"value": 1}', '{"value": 1}'),
        ("{broken", "{broken"),
    ],
)
def test_a_jwt_is_found_in_the_answers_of_issuers(text: str, token: str) -> None:
    assert subject_token(text, ProviderKind.OIDC) == token


def test_an_assertion_in_xml_is_encoded() -> None:
    encoded = subject_token("<Response/>", ProviderKind.SAML)

    assert base64.b64decode(encoded) == b"<Response/>"
    assert subject_token(encoded, ProviderKind.SAML) == encoded


def test_an_aws_request_in_json_is_quoted() -> None:
    text = '{"url": "https://sts.amazonaws.com?a=b", "method": "POST"}'
    quoted = subject_token(text, ProviderKind.AWS)

    assert urllib.parse.unquote(quoted) == text
    assert subject_token(quoted, ProviderKind.AWS) == quoted


def test_certificates_in_pem_become_a_list_of_der() -> None:
    root = X509Authority.root("root")
    leaf = root.leaf()

    found = json.loads(subject_token(leaf.pem + root.pem, ProviderKind.X509))

    assert [base64.b64decode(part) for part in found] == [leaf.der, root.certified.der]
    assert subject_token(json.dumps(found), ProviderKind.X509) == json.dumps(found)


def test_a_token_does_not_stand_in_a_traceback() -> None:
    assert "planted" not in repr(Evidence("x", token="planted"))


def config(issuer: str, *audiences: str) -> ProviderConfig:
    """A provider that trusts an issuer."""
    return ProviderConfig(NAME, ProviderKind.OIDC, issuer_uri=issuer, allowed_audiences=audiences)


def test_the_audience_is_the_one_the_provider_wants() -> None:
    github = "https://token.actions.githubusercontent.com"

    assert simulated("github", {}, config(github), NOW)["aud"] == URL
    assert simulated("github", {}, config(github, "a", "b"), NOW)["aud"] == "a"
    assert simulated("github", {"aud": "x"}, config(github), NOW)["aud"] == "x"


def test_an_audience_the_issuer_sets_stays() -> None:
    spacelift = config("https://acme.app.spacelift.io")

    assert simulated("spacelift", {}, spacelift, NOW)["aud"] == "acme.app.spacelift.io"


def test_the_customer_is_the_providers_own() -> None:
    tenant = "7f1c5c0e-3b1d-4a43-9a0e-2f7d0c1b5a11"
    entra = config(f"https://sts.windows.net/{tenant}/")

    assert simulated("entra-v1", {}, entra, NOW)["tid"] == tenant
    assert simulated("entra-v1", {"tenant": "x"}, entra, NOW)["tid"] == "x"


def test_an_aws_account_is_the_providers_own() -> None:
    aws = ProviderConfig(NAME, ProviderKind.AWS, aws_account_id="999988887777")

    assert simulated("aws", {}, aws, NOW)["account"] == "999988887777"
    assert simulated("aws", {"account": "1"}, aws, NOW)["account"] == "1"


def test_a_token_of_another_issuer_keeps_its_own_name() -> None:
    github = config("https://token.actions.githubusercontent.com")

    assert simulated("gitlab", {}, github, NOW)["iss"] == "https://gitlab.com"


def test_times_are_those_of_now() -> None:
    found = simulated("github", {}, config("https://token.actions.githubusercontent.com"), NOW)

    assert found["iat"] == int(NOW.timestamp())


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(WifctlError, match="no parameter or claim brnch"):
        simulated("github", {"brnch": "x"}, config("https://x.example.com"), NOW)
