"""Really signed SAML tokens for the tests of the rules, and a table with both sides of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from tests.support.keys import NOW
from tests.support.saml import ENTITY_FORMAT, SamlContent, SamlIdp, encode, idp_certificate
from tests.support.tokens import PROVIDER, audience_url
from wifctl.trust.provider import JudgeContext, ProviderConfig, ProviderKind
from wifctl.trust.saml.judge import judge_saml
from wifctl.trust.verdict import Outcome, Verdict

IDP = SamlIdp()
SECOND = timedelta(seconds=1)
CONTEXT = JudgeContext(now=NOW)


def provider(idp: SamlIdp = IDP) -> ProviderConfig:
    return ProviderConfig(PROVIDER, ProviderKind.SAML, idp_metadata_xml=idp.metadata())


def judged(token: str, idp: SamlIdp = IDP, now: datetime = NOW) -> dict[str, Verdict]:
    verdicts, _ = judge_saml(token, provider(idp), JudgeContext(now=now))
    return {verdict.rule: verdict for verdict in verdicts}


def failing(token: str, idp: SamlIdp = IDP, now: datetime = NOW) -> list[str]:
    found = judged(token, idp, now)
    return [rule for rule, verdict in found.items() if verdict.outcome is Outcome.FAIL]


def content(**changes: object) -> SamlContent:
    return replace(SamlContent(), **changes)  # type: ignore[arg-type]


def response(**changes: object) -> str:
    """A Response with a signed Assertion."""
    return IDP.token(content(**changes))


def response_of(assertion: str, **changes: object) -> str:
    return encode(IDP.sign(IDP.response(assertion, **changes)))  # type: ignore[arg-type]


Token = Callable[[], str]
HOUR = timedelta(hours=1)
TABLE: list[tuple[str, str, Token, Token]] = [
    (
        "SAML-1",
        "what the base64 holds",
        response,
        lambda: encode('<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>'),
    ),
    ("SAML-1", "base64 at all", response, lambda: response() + "!"),
    (
        "SAML-2",
        "the status",
        lambda: response_of(IDP.signed_assertion()),
        lambda: response_of(
            IDP.signed_assertion(), status="urn:oasis:names:tc:SAML:2.0:status:Responder"
        ),
    ),
    (
        "SAML-3",
        "one Assertion or two",
        lambda: response_of(IDP.assertion()),
        lambda: response_of(IDP.assertion() + IDP.assertion(id_="_other")),
    ),
    ("SAML-3", "one Assertion or none", response, lambda: response_of("")),
    ("SAML-4", "signed", response, lambda: encode(IDP.response(IDP.assertion()))),
    (
        "SAML-4",
        "by a known certificate",
        lambda: response_of(IDP.assertion()),
        lambda: encode(IDP.response(IDP.signed_assertion(certificate=idp_certificate("evil")))),
    ),
    (
        "SAML-5",
        "the Response's Issuer",
        lambda: response_of(IDP.assertion()),
        lambda: response_of(IDP.assertion(), issuer="https://other.example.com"),
    ),
    (
        "SAML-5",
        "there being one",
        lambda: response_of(IDP.assertion()),
        lambda: response_of(IDP.assertion(), issuer=None),
    ),
    (
        "SAML-5b",
        "59:59 old or an hour",
        lambda: response_of(IDP.assertion(), now=NOW - HOUR + SECOND),
        lambda: response_of(IDP.assertion(), now=NOW - HOUR),
    ),
    (
        "SAML-5b",
        "now or in a second",
        lambda: response_of(IDP.assertion(), now=NOW),
        lambda: response_of(IDP.assertion(), now=NOW + SECOND),
    ),
    (
        "SAML-6",
        "a lone Assertion signed",
        lambda: encode(IDP.signed_assertion()),
        lambda: encode(IDP.assertion()),
    ),
    ("SAML-7", "the Issuer", response, lambda: response(issuer=IDP.entity_id + "/")),
    (
        "SAML-7",
        "its Format",
        lambda: response(issuer_format=ENTITY_FORMAT),
        lambda: response(issuer_format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
    ),
    (
        "SAML-8",
        "59:59 old or an hour",
        lambda: response(issue_instant=NOW - HOUR + SECOND),
        lambda: response(issue_instant=NOW - HOUR),
    ),
    (
        "SAML-8",
        "now or in a second",
        lambda: response(issue_instant=NOW),
        lambda: response(issue_instant=NOW + SECOND),
    ),
    ("SAML-9", "a NameID", response, lambda: response(name_id=None)),
    ("SAML-9", "with content", response, lambda: response(name_id="  ")),
    ("SAML-10", "one SubjectConfirmation", response, lambda: response(confirmations=2)),
    ("SAML-10", "or none", response, lambda: response(confirmations=0)),
    (
        "SAML-10",
        "the Method",
        response,
        lambda: response(method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"),
    ),
    (
        "SAML-11",
        "a second later or now",
        lambda: response(confirmed_until=NOW + SECOND),
        lambda: response(confirmed_until=NOW),
    ),
    ("SAML-11", "present", response, lambda: response(confirmed_until=None)),
    (
        "SAML-12",
        "no NotBefore, even a past one",
        response,
        lambda: response(confirmed_from=NOW - HOUR),
    ),
    ("SAML-13", "Conditions", response, lambda: response(conditions=False)),
    (
        "SAML-13",
        "NotBefore now or in a second",
        lambda: response(valid_from=NOW),
        lambda: response(valid_from=NOW + SECOND),
    ),
    (
        "SAML-13",
        "NotOnOrAfter in a second or now",
        lambda: response(valid_until=NOW + SECOND),
        lambda: response(valid_until=NOW),
    ),
    (
        "SAML-14",
        "an AudienceRestriction",
        lambda: response(audiences=[["https://other.example.com", audience_url()]]),
        lambda: response(audiences=[]),
    ),
    (
        "SAML-14",
        "every one names the provider",
        lambda: response(audiences=[[audience_url()], [audience_url()]]),
        lambda: response(audiences=[[audience_url()], ["https://other.example.com"]]),
    ),
    (
        "SAML-14",
        "the whole name",
        lambda: response(audiences=[[f"//iam.googleapis.com/{PROVIDER}"]]),
        lambda: response(audiences=[[audience_url() + "-2"]]),
    ),
    ("SAML-15", "an AuthnStatement", response, lambda: response(sessions=[])),
    (
        "SAML-16",
        "every session in the future",
        lambda: response(sessions=[None, NOW + SECOND]),
        lambda: response(sessions=[NOW + HOUR, NOW]),
    ),
]


def judge_xml(xml: str | bytes) -> tuple[dict[str, Verdict], dict[str, object] | None]:
    verdicts, assertion = judge_saml(encode(xml), provider(), CONTEXT)
    return {verdict.rule: verdict for verdict in verdicts}, assertion


def assert_refused(xml: str | bytes, rule: str) -> Verdict:
    found, assertion = judge_xml(xml)
    assert found[rule].outcome is Outcome.FAIL, found[rule]
    assert assertion is None
    return found[rule]


def signed() -> str:
    return IDP.signed_assertion()
