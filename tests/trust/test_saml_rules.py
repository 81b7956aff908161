"""Each SAML rule with a really signed token on either side of its boundary."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.keys import NOW, ec_key
from tests.support.saml import SamlIdp, encode, idp_certificate
from tests.trust.saml_cases import (
    CONTEXT,
    IDP,
    SECOND,
    TABLE,
    Token,
    failing,
    judged,
    provider,
    response,
)
from wifctl.trust.saml.judge import judge_saml
from wifctl.trust.saml.rules import RULES
from wifctl.trust.verdict import Outcome

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
    verdicts, assertion = judge_saml(response(issuer=""), broken, CONTEXT)
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
