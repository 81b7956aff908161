"""What attackers do to SAML: wrapping, entities, comments and foreign keys."""

from __future__ import annotations

import base64

import pytest
from lxml import etree

from tests.support.saml import DS, A, P, SamlContent, idp_certificate
from tests.trust.saml_cases import CONTEXT, IDP, assert_refused, judge_xml, provider, signed
from wifctl.trust.saml.document import parse
from wifctl.trust.saml.judge import judge_saml
from wifctl.trust.verdict import Outcome

EVIL = SamlContent(name_id="admin")


def evil(id_: str = "_evil") -> str:
    return IDP.assertion(EVIL, id_=id_)


def signature_of(assertion: str) -> str:
    element = etree.fromstring(assertion).find(f"{{{DS}}}Signature")
    return etree.tostring(element, encoding="unicode")


def without_signature(assertion: str) -> str:
    root = etree.fromstring(assertion)
    element = root.find(f"{{{DS}}}Signature")
    assert element is not None
    root.remove(element)
    return etree.tostring(root, encoding="unicode")


def put_in(outer: str, inner: str, tag: str = "Advice") -> str:
    """The outer Assertion with the inner one (and its good signature) in a child."""
    return outer.replace("</saml:Assertion>", f"<saml:{tag}>{inner}</saml:{tag}></saml:Assertion>")


WRAPPINGS = {
    "evil first, signed second": lambda: IDP.response(evil() + signed()),
    "signed first, evil second": lambda: IDP.response(signed() + evil()),
    "signed inside the evil one": lambda: IDP.response(put_in(evil(), signed())),
    "evil inside the signed one": lambda: IDP.response(put_in(signed(), evil())),
    "signed hidden in Extensions": lambda: IDP.response(evil()).replace(
        "<samlp:Status>", f"<samlp:Extensions>{signed()}</samlp:Extensions><samlp:Status>"
    ),
    "signed hidden in an Object of the signature": lambda: IDP.response(
        evil("_assertion").replace(
            "<saml:Subject>",
            signature_of(signed()).replace(
                "</ds:Signature>",
                f"<ds:Object>{without_signature(signed())}</ds:Object></ds:Signature>",
            )
            + "<saml:Subject>",
        )
    ),
    "evil with the good signature moved in": lambda: IDP.response(
        evil().replace("<saml:Subject>", signature_of(signed()) + "<saml:Subject>")
    ),
    "evil that takes the signed one's ID": lambda: IDP.response(
        evil("_assertion").replace("<saml:Subject>", signature_of(signed()) + "<saml:Subject>")
    ),
    "a whole signed Response in Extensions": lambda: IDP.response(evil(), id_="_outer").replace(
        "<samlp:Status>",
        f"<samlp:Extensions>{IDP.sign(IDP.response(IDP.assertion()))}</samlp:Extensions>"
        "<samlp:Status>",
    ),
    "signature beside the Assertion": lambda: IDP.response(
        signature_of(signed()) + without_signature(signed())
    ),
}


@pytest.mark.parametrize("name", WRAPPINGS)
def test_wrapped_signatures_are_refused(name: str) -> None:
    found, assertion = judge_xml(WRAPPINGS[name]())
    assert {"SAML-3", "SAML-4"} & {
        rule for rule, verdict in found.items() if verdict.outcome is Outcome.FAIL
    }
    assert assertion is None


@pytest.mark.parametrize("name", WRAPPINGS)
def test_wrapped_signatures_do_not_help_a_lone_assertion(name: str) -> None:
    root = etree.fromstring(WRAPPINGS[name]())
    for element in root.findall(f"{{{A}}}Assertion"):
        text = etree.tostring(element, encoding="unicode", with_tail=False)
        _, assertion = judge_xml(text)
        assert assertion is None or assertion["subject"] == "deployer"


def test_one_identifier_for_two_elements_is_refused() -> None:
    xml = IDP.response(signed(), id_="_assertion")
    assert "more than once" in assert_refused(xml, "SAML-4").found


@pytest.mark.parametrize("spelling", ["Id", "id", "xml:id"])
def test_an_identifier_is_one_however_it_is_spelled(spelling: str) -> None:
    xml = IDP.response(signed()).replace(
        "<samlp:Status>", f'<samlp:Status {spelling}="_assertion">'
    )
    assert "more than once" in assert_refused(xml, "SAML-4").found


def test_a_signature_over_another_element_is_named() -> None:
    moved = evil().replace("<saml:Subject>", signature_of(signed()) + "<saml:Subject>")
    assert "another element" in assert_refused(IDP.response(moved), "SAML-4").found


def test_an_idle_signature_elsewhere_is_refused() -> None:
    idle = signature_of(IDP.sign(IDP.assertion(id_="_other")))
    xml = IDP.response(signed()).replace(
        "<samlp:Status>", f"<samlp:Extensions>{idle}</samlp:Extensions><samlp:Status>"
    )
    assert "outside" in assert_refused(xml, "SAML-4").found


def test_the_only_assertion_must_stand_directly_in_the_response() -> None:
    xml = IDP.response(f"<samlp:Extensions>{signed()}</samlp:Extensions>")
    assert_refused(xml, "SAML-3")


@pytest.mark.parametrize("inside", ["bob<!-- -->@x", "bob<?p?>@x", "bob<!-- a --><?p?>@x"])
def test_text_is_whole_in_every_document(inside: str) -> None:
    root = parse(f"<a>{inside}</a>".encode())
    assert root.text == "bob@x"
    assert len(root) == 0


def test_changed_content_is_refused_and_named() -> None:
    xml = IDP.response(signed()).replace(">deployer<", ">admin<")
    assert "changed after it was signed" in assert_refused(xml, "SAML-4").found


def test_one_bad_signature_of_two_is_enough() -> None:
    whole = IDP.sign(IDP.response(IDP.signed_assertion(certificate=idp_certificate("evil"))))
    assert_refused(whole, "SAML-4")
    stranger = IDP.sign(IDP.response(signed()), certificate=idp_certificate("evil"))
    assert_refused(stranger, "SAML-4")


def test_the_certificate_in_the_key_info_counts_for_nothing() -> None:
    xml = IDP.response(IDP.signed_assertion(certificate=idp_certificate("evil")))
    assert "X509Certificate" in xml
    assert_refused(xml, "SAML-4")


def test_a_signature_without_key_info_verifies() -> None:
    root = etree.fromstring(IDP.response(signed()))
    for key in root.iter(f"{{{DS}}}KeyInfo"):
        key.getparent().remove(key)  # type: ignore[union-attr]
    found, assertion = judge_xml(etree.tostring(root))
    assert found["SAML-4"].outcome is Outcome.PASS
    assert assertion is not None


def test_a_comment_cannot_cut_a_name_in_two() -> None:
    honest = IDP.signed_assertion(SamlContent(name_id="bob@corp.evil"))
    xml = IDP.response(honest.replace("bob@corp.evil", "bob@corp<!-- -->.evil"))
    _, assertion = judge_xml(xml)
    assert assertion is not None
    assert assertion["subject"] == "bob@corp.evil"


def test_a_processing_instruction_cannot_cut_a_name_in_two() -> None:
    honest = IDP.signed_assertion(SamlContent(name_id="bob@corp.evil"))
    _, assertion = judge_xml(IDP.response(honest.replace("bob@corp.evil", "bob@corp<?x?>.evil")))
    assert assertion is None or assertion["subject"] == "bob@corp.evil"


LEVELS = zip("abcdefgh", "bcdefghi", strict=True)
BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{}]>'.format(
    "".join(f'<!ENTITY {upper} "{f"&{lower};" * 10}">' for lower, upper in LEVELS)
)


@pytest.mark.parametrize(
    "prefix",
    [
        BOMB,
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!doctype r>",
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
    ids=["bomb", "remote", "file", "lower case", "parameter entity"],
)
def test_a_document_type_is_refused_before_parsing(prefix: str) -> None:
    verdict = assert_refused(prefix + IDP.response(signed()), "SAML-1")
    assert "document type or an entity" in verdict.found


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7"])
def test_other_encodings_cannot_hide_a_document_type(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{BOMB}{IDP.response(signed())}'
    assert_refused(xml.encode(encoding), "SAML-1")


def test_another_declared_encoding_is_refused() -> None:
    xml = '<?xml version="1.0" encoding="iso-8859-1"?>' + IDP.response(signed())
    assert "iso-8859-1" in assert_refused(xml, "SAML-1").found


def test_utf8_with_a_byte_order_mark_is_read() -> None:
    found, assertion = judge_xml(b"\xef\xbb\xbf" + IDP.response(signed()).encode())
    assert found["SAML-4"].outcome is Outcome.PASS
    assert assertion is not None


def test_nesting_beyond_all_measure_is_refused() -> None:
    assert_refused(IDP.response("<a>" * 5000 + "</a>" * 5000), "SAML-1")


def test_two_signatures_in_one_element_are_refused() -> None:
    double = signed().replace("<saml:Subject>", signature_of(signed()) + "<saml:Subject>")
    assert "several signatures" in assert_refused(IDP.response(double), "SAML-4").found


@pytest.mark.parametrize("name", ["", "#", "1abc", "a b", "#_assertion"])
def test_an_element_without_a_proper_identifier_is_refused(name: str) -> None:
    xml = IDP.response(signed()).replace('ID="_assertion"', f'ID="{name}"')
    assert_refused(xml, "SAML-4")


def test_names_of_another_namespace_are_not_saml() -> None:
    xml = IDP.response(signed()).replace(P, "urn:example:protocol")
    assert_refused(xml, "SAML-1")
    found, assertion = judge_xml(IDP.response(IDP.assertion().replace(A, "urn:example:assertion")))
    assert found["SAML-3"].outcome is Outcome.FAIL
    assert assertion is None


@pytest.mark.parametrize("token", ["", "=", "AAAA", "%%%", base64.b64encode(b"\xff\xfe").decode()])
def test_rubbish_is_refused_in_words(token: str) -> None:
    verdicts, assertion = judge_saml(token, provider(), CONTEXT)
    assert verdicts[0].outcome is Outcome.FAIL
    assert verdicts[0].found
    assert assertion is None
