"""Whole exchanges of SAML, AWS and X.509 tokens, with what the issuer catalogue recommends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.support.keys import NOW
from tests.support.saml import SamlContent, SamlIdp, idp_certificate
from tests.support.tokens import (
    PROVIDER,
    AwsKey,
    X509Authority,
    aws_request,
    aws_token,
    x509_token,
)
from wifctl.trust.exchange import Judgement, judge
from wifctl.trust.issuers.simulate import recommended_condition, recommended_mapping
from wifctl.trust.provider import AwsCaller, JudgeContext, ProviderConfig, ProviderKind
from wifctl.trust.request import TokenRequest
from wifctl.trust.verdict import Outcome

KEY = AwsKey(arn="arn:aws:sts::111122223333:assumed-role/ci-deploy/i-0abc")
IDP = SamlIdp()
ROOT = X509Authority.root()
URI = "spiffe://example.org/ns/deploy/sa/publisher"
TYPES = {
    "aws": "urn:ietf:params:aws:token-type:aws4_request",
    "saml": "urn:ietf:params:oauth:token-type:saml2",
    "x509": "urn:ietf:params:oauth:token-type:mtls",
}


def provider(name: str) -> ProviderConfig:
    return ProviderConfig(
        PROVIDER,
        ProviderKind(name),
        attribute_mapping=recommended_mapping(name),
        attribute_condition=recommended_condition(name),
        aws_account_id="111122223333",
        idp_metadata_xml=IDP.metadata(),
        trust_anchors=(ROOT.pem,),
    )


def exchange(name: str, token: str, config: ProviderConfig | None = None) -> Judgement:
    caller = AwsCaller(KEY.secret, KEY.account, KEY.arn, KEY.user_id)
    now = datetime.now(UTC) if name == "aws" else NOW
    request = TokenRequest(
        token, audience=f"//iam.googleapis.com/{PROVIDER}", subject_token_type=TYPES[name]
    )
    context = JudgeContext(now, aws_caller={KEY.access_key_id: caller}.get)
    return judge(request, config or provider(name), context)


def saml_token(name_id: str = "10042", department: str = "platform") -> str:
    return IDP.token(SamlContent(name_id=name_id, attributes={"department": [department]}))


def leaf_token(uri: str = URI) -> str:
    return x509_token(ROOT.leaf("publisher", uri=[uri]))


GOOD = {
    "aws": lambda: aws_token(aws_request(KEY)),
    "saml": saml_token,
    "x509": leaf_token,
}
SUBJECTS = {"aws": KEY.arn, "saml": "10042", "x509": "publisher"}


@pytest.mark.parametrize("name", GOOD)
def test_the_intended_workload_gets_a_token(name: str) -> None:
    judgement = exchange(name, GOOD[name]())
    failed = [item for item in judgement.verdicts if item.outcome is Outcome.FAIL]
    assert failed == []
    assert judgement.outcome is Outcome.PASS
    assert judgement.identity is not None
    assert judgement.identity.subject == SUBJECTS[name]
    assert judgement.expires_in == 3600


def test_attributes_are_mapped_from_each_kind() -> None:
    aws = exchange("aws", GOOD["aws"]()).identity
    assert aws is not None
    assert aws.attributes == {"aws_role": "ci-deploy", "aws_ec2_instance": "i-0abc"}
    saml = exchange("saml", saml_token()).identity
    assert saml is not None
    assert saml.attributes == {"department": "platform"}
    chain = exchange("x509", leaf_token()).identity
    assert chain is not None
    assert chain.attributes == {"spiffe_id": URI}


def test_aws_without_a_mapping_uses_googles_default() -> None:
    config = replace(provider("aws"), attribute_mapping={})
    identity = exchange("aws", GOOD["aws"](), config).identity
    assert identity is not None
    assert identity.subject == KEY.arn
    assert identity.attributes == {"aws_role": "arn:aws:sts::111122223333:assumed-role/ci-deploy"}


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("saml", lambda: saml_token(department="sales")),
        ("saml", lambda: saml_token(name_id="10043")),
        ("x509", lambda: leaf_token(URI + "-2")),
    ],
)
def test_another_workload_is_refused_by_the_condition_alone(name: str, token: object) -> None:
    judgement = exchange(name, token())  # type: ignore[operator]
    failed = [item.rule for item in judgement.verdicts if item.outcome is Outcome.FAIL]
    assert failed == ["COND-1"]
    assert judgement.refusal is not None
    assert judgement.refusal.error == "unauthorized_client"


@pytest.mark.parametrize("name", GOOD)
def test_a_token_of_another_kind_is_refused(name: str) -> None:
    other = next(kind for kind in GOOD if kind != name)
    judgement = exchange(name, GOOD[other]())
    assert judgement.outcome is Outcome.FAIL
    assert judgement.identity is None


def test_an_assertion_of_a_stranger_gives_nobody_an_identity() -> None:
    metadata = SamlIdp(certificates=(idp_certificate("another"),)).metadata()
    judgement = exchange("saml", saml_token(), replace(provider("saml"), idp_metadata_xml=metadata))
    assert judgement.identity is None
    assert judgement.outcome is Outcome.FAIL
