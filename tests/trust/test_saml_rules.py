"""Each SAML rule with a really signed token on either side of its boundary."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.keys import NOW, ec_key
from tests.support.saml import ENTITY_FORMAT, SamlContent, SamlIdp, encode, idp_certificate
from tests.support.tokens import PROVIDER, audience_url
from wifctl.trust.provider import JudgeContext, ProviderConfig, ProviderKind
from wifctl.trust.saml.judge import judge_saml
from wifctl.trust.saml.rules import RULES
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
rows = pytest.mark.parametrize(
    ("rule", "accepted", "refused"),
    [pytest.param(rule, good, bad, id=f"{rule} {what}") for rule, what, good, bad in TABLE],
)


@rows
def test_a_token_inside_the_boundary_passes_every_rule(
    rule: str, accepted: Token, refused: Token
) -> None:
    found = judged(accepted())
    assert found[rule].outcome is Outcome.PASS, found[rule]
    assert {item.outcome for item in found.values()} <= {Outcome.PASS, Outcome.SKIPPED}


@rows
def test_a_token_beyond_the_boundary_fails_that_rule(
    rule: str, accepted: Token, refused: Token
) -> None:
    found = judged(refused())
    assert found[rule].outcome is Outcome.FAIL
    refusal = found[rule].refusal
    assert refusal is not None
    assert refusal.error == "invalid_grant"
    assert rule in refusal.description


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        pytest.param(rule, bad, id=f"{rule} {what}")
        for rule, what, _, bad in TABLE
        if rule not in {"SAML-1", "SAML-3"}
    ],
)
def test_the_other_rules_are_judged_all_the_same(rule: str, refused: Token) -> None:
    found = judged(refused())
    others = {name for name, verdict in found.items() if verdict.outcome is Outcome.FAIL} - {rule}
    follows = {"SAML-10": {"SAML-11"}, "SAML-13": {"SAML-14"}}
    assert others <= follows.get(rule, set())
    assert found["SAML-17"].outcome is Outcome.PASS


def test_every_rule_of_the_book_is_in_the_table() -> None:
    assert {rule for rule, *_ in TABLE} | {"SAML-17"} == set(RULES.rules)


def test_every_rule_is_answered_for_whatever_the_token_is() -> None:
    for token in (response(), encode(IDP.signed_assertion()), "", "no base64", encode("<a/>")):
        verdicts, _ = judge_saml(token, provider(), CONTEXT)
        assert [verdict.rule for verdict in verdicts] == list(RULES.rules)


def test_several_failures_are_reported_together() -> None:
    token = response(issuer="https://other.example.com", sessions=[], audiences=[])
    assert failing(token) == ["SAML-7", "SAML-14", "SAML-15"]


def test_a_certificate_serves_until_its_last_second() -> None:
    last = NOW + timedelta(hours=1)
    idp = SamlIdp(certificates=(idp_certificate("short", not_after=last),))
    assert failing(idp.token(now=last), idp, last) == []
    assert failing(idp.token(now=last + SECOND), idp, last + SECOND) == ["SAML-4", "SAML-17"]


def test_a_certificate_serves_from_its_first_second() -> None:
    first = NOW + timedelta(days=3)
    idp = SamlIdp(certificates=(idp_certificate("later", not_before=first),))
    assert failing(idp.token(now=first), idp, first) == []
    before = first - SECOND
    assert failing(idp.token(now=before), idp, before) == ["SAML-4", "SAML-17"]


def test_any_of_the_rotating_certificates_verifies() -> None:
    certificates = tuple(idp_certificate(name) for name in ("one", "two", "three"))
    idp = SamlIdp(certificates=certificates)
    for certificate in certificates:
        signed = idp.signed_assertion(certificate=certificate)
        assert failing(encode(idp.response(signed)), idp) == []


def test_an_expired_certificate_is_skipped_and_named() -> None:
    expired = idp_certificate("old", not_after=NOW - SECOND)
    idp = SamlIdp(certificates=(expired, idp_certificate()))
    token = encode(idp.response(idp.signed_assertion(certificate=idp_certificate())))
    found = judged(token, idp)
    assert found["SAML-4"].outcome is Outcome.PASS
    assert "CN=old is not used" in found["SAML-17"].notes[0]
    old = encode(idp.response(idp.signed_assertion(certificate=expired)))
    assert failing(old, idp) == ["SAML-4"]


def test_a_fourth_certificate_is_not_tried() -> None:
    certificates = tuple(idp_certificate(name) for name in ("one", "two", "three", "four"))
    idp = SamlIdp(certificates=certificates)
    token = encode(idp.response(idp.signed_assertion(certificate=certificates[3])))
    assert "SAML-4" in failing(token, idp)


def test_elliptic_keys_and_longer_digests_verify() -> None:
    elliptic = idp_certificate("elliptic", key=ec_key("saml"))
    idp = SamlIdp(certificates=(elliptic,))
    assert failing(idp.token(), idp) == []
    for sha in (384, 512):
        assert failing(encode(IDP.response(IDP.signed_assertion(sha=sha)))) == []


def test_metadata_that_cannot_be_read_refuses_every_token() -> None:
    broken = replace(provider(), idp_metadata_xml="<EntityDescriptor/>")
    verdicts, assertion = judge_saml(response(), broken, CONTEXT)
    failed = {verdict.rule for verdict in verdicts if verdict.outcome is Outcome.FAIL}
    assert {"SAML-4", "SAML-7", "SAML-17"} <= failed
    assert assertion is None


def test_the_assertion_holds_the_subject_and_lists_of_attributes() -> None:
    token = response(attributes={"groups": ["a", "b"], "mail": ["x@example.com"], "none": []})
    _, assertion = judge_saml(token, provider(), CONTEXT)
    assert assertion == {
        "subject": "deployer",
        "attributes": {"groups": ["a", "b"], "mail": ["x@example.com"], "none": []},
    }


def test_an_expired_but_signed_assertion_is_still_shown_to_the_condition() -> None:
    _, assertion = judge_saml(response(confirmed_until=NOW), provider(), CONTEXT)
    assert assertion is not None
    assert assertion["subject"] == "deployer"


def test_line_breaks_in_the_base64_do_not_matter() -> None:
    token = base64.encodebytes(base64.b64decode(response())).decode()
    assert "\n" in token
    assert failing(token) == []


def test_a_response_may_be_signed_as_a_whole_and_its_assertion_too() -> None:
    whole = IDP.sign(IDP.response(IDP.assertion()))
    both = IDP.sign(IDP.response(IDP.signed_assertion()))
    assert failing(encode(whole)) == []
    assert failing(encode(both)) == []
    assert judged(encode(whole))["SAML-5"].outcome is Outcome.PASS
    assert judged(response())["SAML-5"].outcome is Outcome.SKIPPED


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        ("2026-11-21T12:05:00.5Z", True),
        ("2026-11-21T12:05:00+00:00", True),
        ("2026-11-21T12:05:00", True),
        ("2026-11-21T12:05:00+01:00", False),
        ("2026-11-21T10:05:00-02:00", True),
        ("2026-11-21", False),
        ("20261121T120500Z", False),
        ("tomorrow", False),
        ("9999-12-31T23:59:59-23:59", False),
        ("", False),
    ],
)
def test_times_are_read_as_xml_schema_writes_them(value: str, accepted: bool) -> None:
    usual = 'NotOnOrAfter="2026-11-21T12:05:00Z"/>'
    assertion = IDP.assertion()
    assert usual in assertion
    token = encode(IDP.response(IDP.sign(assertion.replace(usual, f'NotOnOrAfter="{value}"/>'))))
    assert failing(token) == ([] if accepted else ["SAML-11"])


def test_an_encrypted_assertion_is_answered_clearly() -> None:
    encrypted = '<saml:EncryptedAssertion><x xmlns="urn:example"/></saml:EncryptedAssertion>'
    verdicts, assertion = judge_saml(encode(IDP.response(encrypted)), provider(), CONTEXT)
    verdict = next(item for item in verdicts if item.rule == "SAML-3")
    assert verdict.outcome is Outcome.UNKNOWN
    assert "private key" in verdict.notes[0]
    assert "encryption off" in verdict.hint
    assert verdict.refusal is not None
    assert assertion is None


def test_an_encrypted_assertion_beside_a_signed_one_is_refused() -> None:
    encrypted = '<saml:EncryptedAssertion><x xmlns="urn:example"/></saml:EncryptedAssertion>'
    assert failing(encode(IDP.response(IDP.signed_assertion() + encrypted))) == ["SAML-3"]


def test_rules_on_unsigned_content_say_so() -> None:
    found = judged(encode(IDP.response(IDP.assertion())))
    assert "without a good signature" in found["SAML-9"].notes[0]
    assert found["SAML-9"].outcome is Outcome.PASS
