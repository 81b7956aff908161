"""A SAML subject token against a provider: every SAML rule, and what CEL then sees of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import UTC

from lxml import etree

from wifctl.trust.provider import JudgeContext, ProviderConfig
from wifctl.trust.saml.assertion import (
    Expected,
    age_verdict,
    claims,
    issuer_verdict,
    judge_assertion,
)
from wifctl.trust.saml.document import (
    ASSERTION,
    PROTOCOL,
    DocumentError,
    children,
    parse,
    repeated_ids,
    tag,
)
from wifctl.trust.saml.metadata import IdpMetadata, parse_metadata
from wifctl.trust.saml.rules import RULES, SUCCESS
from wifctl.trust.saml.signature import SignedPart, stray_signatures, verify
from wifctl.trust.verdict import Verdict

Judged = tuple[tuple[Verdict, ...], dict[str, object] | None]
_UNSIGNED = "read from content without a good signature"
_ABSENT = SignedPart(present=False)
_METADATA_HINT = "Upload the metadata with the certificate the identity provider signs with"


def judge_saml(token: str, provider: ProviderConfig, context: JudgeContext) -> Judged:
    """Every SAML rule on the token, and the assertion for CEL when its signature verifies.

    Never raises. The assertion is None unless it was read from signed content; it may still have
    expired or be for somebody else, as the verdicts say.
    """
    metadata = parse_metadata(provider.idp_metadata_xml)
    if isinstance(metadata, list):
        problem = "; ".join(item.message for item in metadata)
        metadata = IdpMetadata("", ())
    else:
        problem = ""
    certificates = _certificate_verdict(metadata, problem, context)
    try:
        root = _decode(token)
    except DocumentError as error:
        hint = "Send the base64 of the Response or Assertion, exactly as the provider signed it"
        refused = RULES.judge("SAML-1", False, found=str(error), hint=hint)
        return RULES.complete([refused, certificates], "the token cannot be read"), None
    found = RULES.judge("SAML-1", True, found=etree.QName(root).localname)
    case = _Case(root, metadata, provider, context)
    verdicts, assertion = _judge_document(case)
    why = f"not for {etree.QName(root).localname}s"
    return RULES.complete([found, *verdicts, certificates], why), assertion


def _decode(token: str) -> etree._Element:
    try:
        document = base64.b64decode("".join(token.split()), validate=True)
    except ValueError as error:
        raise DocumentError("the token is not base64") from error
    root = parse(document)
    if root.tag not in (tag(PROTOCOL, "Response"), tag(ASSERTION, "Assertion")):
        name = etree.QName(root)
        raise DocumentError(f"the root element is {name.localname} of {name.namespace}")
    return root


@dataclass(frozen=True, slots=True)
class _Case:
    """One document before its provider."""

    root: etree._Element
    metadata: IdpMetadata
    provider: ProviderConfig
    context: JudgeContext

    @property
    def is_response(self) -> bool:
        return str(self.root.tag) == tag(PROTOCOL, "Response")

    @property
    def expected(self) -> Expected:
        audiences = (self.provider.audience_url, self.provider.audience)
        return Expected(self.metadata.entity_id, audiences, self.context.now.astimezone(UTC))

    def verify(self, element: etree._Element) -> SignedPart:
        now = self.context.now
        return verify(element, self.metadata.usable(now), now)


def _judge_document(case: _Case) -> tuple[list[Verdict], dict[str, object] | None]:
    count, only = _only_assertion(case.root)
    encrypted = any(True for _ in case.root.iter(tag(ASSERTION, "EncryptedAssertion")))
    if only is None:
        unread = _encrypted_verdict() if encrypted and not count else _count_verdict(count)
        return [*_response_verdicts(case, _ABSENT), unread], None
    signed, content, response = _judge_signatures(case, only)
    of_response = _response_verdicts(case, response)
    counted = _count_verdict(count, passed=not encrypted)
    if content is None:
        judged = [
            replace(item, notes=(_UNSIGNED,)) for item in judge_assertion(only, case.expected)
        ]
        return [*of_response, counted, signed, *judged], None
    judged = judge_assertion(content, case.expected)
    return [*of_response, counted, signed, *judged], claims(content)


def _only_assertion(root: etree._Element) -> tuple[int, etree._Element | None]:
    """How many Assertions there are anywhere, and the one to judge when it is the only one."""
    found = list(root.iter(tag(ASSERTION, "Assertion")))
    if len(found) != 1:
        return len(found), None
    only = found[0]
    return 1, only if only is root or only.getparent() is root else None


def _count_verdict(count: int, *, passed: bool = False) -> Verdict:
    found = str(count) if passed or count != 1 else "1, but not where it belongs or not alone"
    return RULES.judge("SAML-3", passed, found=found, wanted="1")


def _encrypted_verdict() -> Verdict:
    return RULES.unknown(
        "SAML-3",
        found="an EncryptedAssertion",
        note="only Google holds the private key of the provider's encryption key",
        hint="Turn assertion encryption off at the identity provider, or try it with Google itself",
    )


def _response_verdicts(case: _Case, response: SignedPart) -> list[Verdict]:
    """SAML-2, SAML-5 and SAML-5b; nothing of an Assertion sent alone."""
    if not case.is_response:
        return []
    source = case.root if response.content is None else response.content
    codes = [
        code.get("Value") or "none"
        for status in children(source, PROTOCOL, "Status")
        for code in children(status, PROTOCOL, "StatusCode")
    ]
    verdicts = [
        RULES.judge("SAML-2", codes == [SUCCESS], found=", ".join(codes) or "none", wanted=SUCCESS),
        age_verdict("SAML-5b", source, case.context.now.astimezone(UTC)),
    ]
    if not response.present:
        return [*verdicts, RULES.skipped("SAML-5", "the Response itself is not signed")]
    return [*verdicts, issuer_verdict("SAML-5", source, case.metadata.entity_id)]


def _judge_signatures(
    case: _Case, only: etree._Element
) -> tuple[Verdict, etree._Element | None, SignedPart]:
    """SAML-4 or SAML-6, the Assertion as it was signed, and the Response's own signature."""
    rule = "SAML-4" if case.is_response else "SAML-6"
    problem = _structure_problem(case.root, only)
    if problem:
        return RULES.judge(rule, False, found=problem, hint=_METADATA_HINT), None, _ABSENT
    response = case.verify(case.root) if case.is_response else _ABSENT
    own = case.verify(only)
    parts = [("Response: ", response), ("Assertion: ", own)]
    broken = [f"{name}{part.problem}" for name, part in parts if part.problem]
    good = [f"{name}signed by {part.certificate}" for name, part in parts if part.certificate]
    content = None if broken else _inside(response.content) if own.content is None else own.content
    found = "; ".join(broken or good) or "no signature"
    verdict = RULES.judge(rule, content is not None, found=found, hint=_METADATA_HINT)
    return verdict, content, response


def _structure_problem(root: etree._Element, only: etree._Element) -> str:
    """Why no signature of this document is looked at, or ""."""
    if repeated_ids(root):
        return f"the identifier {repeated_ids(root)[0]} occurs more than once"
    if stray_signatures(root, (root, only)):
        return "there is a signature outside the Response and the Assertion"
    return ""


def _inside(response: etree._Element | None) -> etree._Element | None:
    """The Assertion within signed Response content, again only when it is the only one."""
    return None if response is None else _only_assertion(response)[1]


def _certificate_verdict(metadata: IdpMetadata, problem: str, context: JudgeContext) -> Verdict:
    usable = metadata.usable(context.now)
    unusable = [item for item in metadata.certificates if item not in usable]
    notes = tuple(
        f"{item.subject} is not used: valid {item.not_before:%Y-%m-%d} to {item.not_after:%Y-%m-%d}"
        for item in unusable
    )
    found = problem or f"{len(usable)} of {len(metadata.certificates)} can be used"
    hint = "Upload the identity provider's current metadata"
    return RULES.judge("SAML-17", bool(usable), found=found, notes=notes, hint=hint)
