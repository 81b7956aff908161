"""XML signatures, held so that only what was signed is ever read.

One direct child Signature an element, one Reference to that very element, the transforms and
algorithms SAML allows, certificates from the provider only. Whatever KeyInfo says is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from wifctl.trust.saml.document import ASSERTION, SIGNATURE, children, parser, tag
from wifctl.trust.saml.metadata import SigningCertificate

METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
TRANSFORMS = frozenset(
    {
        f"{SIGNATURE}enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    }
)
"""All that SAML core 5.4.4 lets a Reference use."""

_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_UNREADABLE = (
    SignXMLException,
    etree.LxmlError,
    InvalidSignature,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)
"""What signxml lets out on a malformed signature besides its own exceptions."""


@dataclass(frozen=True, slots=True)
class SignedPart:
    """What one element's signature says. `content` is the only thing to read from."""

    present: bool
    content: etree._Element | None = None
    problem: str = ""
    certificate: str = ""
    """The subject of the certificate that verified it."""


def verify(
    element: etree._Element, certificates: Iterable[SigningCertificate], now: datetime
) -> SignedPart:
    """Verify the signature of the root element, or of an Assertion directly below it."""
    signatures = children(element, SIGNATURE, "Signature")
    if not signatures:
        return SignedPart(present=False)
    problem = "it has several signatures" if len(signatures) > 1 else _shape(signatures[0], element)
    if problem:
        return SignedPart(present=True, problem=problem)
    problems = ["there is no certificate to verify it with"]
    for certificate in certificates:
        found = _verify_with(element, certificate, now)
        if not isinstance(found, str):
            return SignedPart(present=True, content=found, certificate=certificate.subject)
        problems.append(found)
    return SignedPart(present=True, problem=_CHANGED if _CHANGED in problems else problems[-1])


def stray_signatures(root: etree._Element, allowed: Iterable[etree._Element]) -> bool:
    """Whether a Signature stands anywhere but directly in one of the allowed elements."""
    parents = list(allowed)
    return any(
        all(signature.getparent() is not parent for parent in parents)
        for signature in root.iter(tag(SIGNATURE, "Signature"))
    )


def _shape(signature: etree._Element, element: etree._Element) -> str:
    """Why this signature is not over its parent and nothing else, or ""."""
    references = list(signature.iter(tag(SIGNATURE, "Reference")))
    name = element.get("ID") or ""
    if not _NAME.fullmatch(name):
        return "the signed element has no proper ID"
    if len(references) != 1:
        return f"the signature has {len(references)} references, not one"
    if references[0].get("URI") != f"#{name}":
        return "the signature refers to another element than the one it stands in"
    transforms = [item.get("Algorithm") for item in references[0].iter(tag(SIGNATURE, "Transform"))]
    if not set(transforms) <= TRANSFORMS:
        return "the signature uses a transform that SAML does not allow"
    return ""


_CHANGED = "the content was changed after it was signed"


def _verify_with(
    element: etree._Element, certificate: SigningCertificate, now: datetime
) -> etree._Element | str:
    """The signed content as the verifier returns it, or why it is not accepted."""
    nested = element.getparent() is not None
    config = SignatureConfiguration(
        location=f"./{tag(ASSERTION, 'Assertion')}/" if nested else "./",
        expect_references=1,
        signature_methods=METHODS,
        digest_algorithms=DIGESTS,
        ignore_ambiguous_key_info=True,
        verification_time=now,
    )
    try:
        result = XMLVerifier().verify(
            element.getroottree().getroot(),
            x509_cert=certificate.certificate,
            parser=parser(),
            id_attribute="ID",
            expect_config=config,
        )
    except InvalidDigest:
        return _CHANGED
    except InvalidSignature:
        return "none of the provider's usable certificates verifies it"
    except _UNREADABLE as error:
        return f"the signature cannot be used: {_first_line(error)}"
    content = None if isinstance(result, list) else result.signed_xml
    if content is None or content.tag != element.tag or content.get("ID") != element.get("ID"):
        return "the signature covers something else"
    return content


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
