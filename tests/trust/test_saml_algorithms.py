"""Signatures with algorithms, references or transforms that SAML or Google do not allow."""

from __future__ import annotations

import pytest
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod
from signxml.signer import SignatureReference, XMLSigner

from tests.support.saml import DS
from tests.trust.saml_cases import IDP, assert_refused, judge_xml, signed
from wifctl.trust.verdict import Outcome


def sign_with(method: str, digest: str, c14n: CanonicalizationMethod) -> str:
    """An Assertion signed with algorithms that the usual signer would not choose."""
    signer = XMLSigner(signature_algorithm=method, digest_algorithm=digest, c14n_algorithm=c14n)
    signer.check_deprecated_methods = lambda: None  # type: ignore[method-assign]
    return etree.tostring(
        signer.sign(
            etree.fromstring(IDP.assertion()),
            key=b"secret" if method.startswith("hmac") else IDP.certificates[0].key,
            cert=None if method.startswith("hmac") else [IDP.certificates[0].certificate],
            reference_uri=[SignatureReference(URI="#_assertion")],
            id_attribute="ID",
        ),
        encoding="unicode",
    )


EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
INCLUSIVE = CanonicalizationMethod.CANONICAL_XML_1_1


@pytest.mark.parametrize(
    ("method", "digest", "c14n"),
    [
        ("hmac-sha256", "sha256", EXCLUSIVE),
        ("rsa-sha224", "sha256", EXCLUSIVE),
        ("rsa-sha256", "sha224", EXCLUSIVE),
        ("sha256-rsa-MGF1", "sha256", EXCLUSIVE),
    ],
    ids=["hmac", "short signature digest", "short digest", "pss"],
)
def test_other_algorithms_are_refused(
    method: str, digest: str, c14n: CanonicalizationMethod
) -> None:
    assert_refused(IDP.response(sign_with(method, digest, c14n)), "SAML-4")


def test_the_same_signer_with_allowed_algorithms_is_accepted() -> None:
    found, _ = judge_xml(IDP.response(sign_with("rsa-sha256", "sha256", EXCLUSIVE)))
    assert found["SAML-4"].outcome is Outcome.PASS


def test_other_transforms_are_refused() -> None:
    verdict = assert_refused(sign_with("rsa-sha256", "sha256", INCLUSIVE), "SAML-6")
    assert "transform that SAML does not allow" in verdict.found


def test_sha1_is_refused() -> None:
    sha1 = signed().replace("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha1")
    assert_refused(IDP.response(sha1), "SAML-4")
    real = signed().replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", f"{DS}rsa-sha1")
    assert_refused(IDP.response(real), "SAML-4")


def test_a_signature_over_two_elements_is_refused() -> None:
    root = etree.fromstring(IDP.response(IDP.assertion()))
    signer = XMLSigner(method=SignatureConstructionMethod.enveloped, c14n_algorithm=EXCLUSIVE)
    both = signer.sign(
        root,
        key=IDP.certificates[0].key,
        cert=[IDP.certificates[0].certificate],
        reference_uri=["_response", "_assertion"],
        id_attribute="ID",
    )
    assert "2 references" in assert_refused(etree.tostring(both), "SAML-4").found


def test_a_signature_over_the_whole_document_is_refused() -> None:
    signer = XMLSigner(c14n_algorithm=EXCLUSIVE)
    whole = signer.sign(
        etree.fromstring(IDP.assertion().replace(' ID="_assertion"', "")),
        key=IDP.certificates[0].key,
        cert=[IDP.certificates[0].certificate],
    )
    xml = etree.tostring(whole)
    assert b'URI=""' in xml
    assert "no proper ID" in assert_refused(xml, "SAML-6").found
