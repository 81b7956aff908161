"""The rules on one Assertion element, and what conditions and mappings see of it.

Every rule here takes the element it may read: after a good signature that is the signed content.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from wifctl.trust.saml.document import ASSERTION, child, children, instant, text_of
from wifctl.trust.saml.rules import BEARER, ENTITY_FORMAT, MAX_AGE, RULES
from wifctl.trust.verdict import Verdict

_CLOCK = "Compare the clocks of the identity provider and this machine; send a fresh assertion"


@dataclass(frozen=True, slots=True)
class Expected:
    """What an Assertion is held against."""

    entity_id: str
    audiences: tuple[str, ...]
    """The forms of the provider's resource name that are accepted; the documented one first."""
    now: datetime


def judge_assertion(assertion: etree._Element, expected: Expected) -> list[Verdict]:
    """SAML-7 to SAML-16."""
    return [
        issuer_verdict("SAML-7", assertion, expected.entity_id),
        age_verdict("SAML-8", assertion, expected.now),
        *_subject_verdicts(assertion, expected.now),
        *_condition_verdicts(assertion, expected),
        *_statement_verdicts(assertion, expected.now),
    ]


def issuer_verdict(rule: str, element: etree._Element, entity_id: str) -> Verdict:
    """Whether the element's Issuer is the entity ID, in the format that is for entities."""
    issuer = child(element, ASSERTION, "Issuer")
    found = text_of(issuer)
    form = "" if issuer is None else issuer.get("Format") or ENTITY_FORMAT
    passed = bool(found) and found == entity_id and form == ENTITY_FORMAT
    shown = found if form in ("", ENTITY_FORMAT) else f"{found} with the Format {form}"
    hint = "Upload this identity provider's metadata, or send its own assertion"
    return RULES.judge(rule, passed, found=shown or "none", wanted=entity_id, hint=hint)


def age_verdict(rule: str, element: etree._Element, now: datetime) -> Verdict:
    """Whether the element was issued in the last hour, and not in the future."""
    value = element.get("IssueInstant")
    issued = instant(value)
    passed = issued is not None and issued <= now and now - issued < MAX_AGE
    wanted = f"after {_text(now - MAX_AGE)}, not after {_text(now)}"
    return RULES.judge(rule, passed, found=value or "none", wanted=wanted, hint=_CLOCK)


def _subject_verdicts(assertion: etree._Element, now: datetime) -> list[Verdict]:
    subject = child(assertion, ASSERTION, "Subject")
    confirmations = [] if subject is None else children(subject, ASSERTION, "SubjectConfirmation")
    methods = [item.get("Method") or "none" for item in confirmations]
    return [
        _name_verdict(subject),
        RULES.judge(
            "SAML-10", methods == [BEARER], found=", ".join(methods) or "none", wanted=BEARER
        ),
        *_confirmation_verdicts(confirmations, now),
    ]


def _name_verdict(subject: etree._Element | None) -> Verdict:
    name = "" if subject is None else text_of(child(subject, ASSERTION, "NameID"))
    encrypted = subject is not None and child(subject, ASSERTION, "EncryptedID") is not None
    found = name or ("an EncryptedID" if encrypted else "none")
    hint = "Let the identity provider send an unencrypted NameID"
    return RULES.judge("SAML-9", bool(name), found=found, hint=hint)


def _confirmation_verdicts(confirmations: list[etree._Element], now: datetime) -> list[Verdict]:
    data = [
        found
        for item in confirmations
        for found in children(item, ASSERTION, "SubjectConfirmationData")
    ]
    ends = [item.get("NotOnOrAfter") for item in data]
    starts = [item.get("NotBefore") for item in data]
    return [
        RULES.judge(
            "SAML-11",
            bool(ends) and all(_future(value, now) for value in ends),
            found=_list(ends),
            wanted=f"after {_text(now)}",
            hint=_CLOCK,
        ),
        RULES.judge("SAML-12", not any(starts), found=_list(starts), wanted="none"),
    ]


def _condition_verdicts(assertion: etree._Element, expected: Expected) -> list[Verdict]:
    conditions = children(assertion, ASSERTION, "Conditions")
    restrictions = [
        found for item in conditions for found in children(item, ASSERTION, "AudienceRestriction")
    ]
    audiences = [
        [text_of(audience) for audience in children(item, ASSERTION, "Audience")]
        for item in restrictions
    ]
    named = all(set(names) & set(expected.audiences) for names in audiences)
    return [
        _period_verdict(conditions, expected.now),
        RULES.judge(
            "SAML-14",
            bool(audiences) and named,
            found="; ".join(", ".join(names) or "none" for names in audiences) or "none",
            wanted=expected.audiences[0],
            hint="Set the relying party's audience to the provider's resource name",
        ),
    ]


def _period_verdict(conditions: list[etree._Element], now: datetime) -> Verdict:
    starts = [item.get("NotBefore") for item in conditions]
    ends = [item.get("NotOnOrAfter") for item in conditions]
    started = all(value is None or _past(value, now) for value in starts)
    running = all(value is None or _future(value, now) for value in ends)
    return RULES.judge(
        "SAML-13",
        bool(conditions) and started and running,
        found=f"from {_list(starts)} until {_list(ends)}" if conditions else "no Conditions",
        wanted=f"around {_text(now)}",
        hint=_CLOCK,
    )


def _statement_verdicts(assertion: etree._Element, now: datetime) -> list[Verdict]:
    statements = children(assertion, ASSERTION, "AuthnStatement")
    ends = [item.get("SessionNotOnOrAfter") for item in statements]
    return [
        RULES.judge("SAML-15", bool(statements), found=str(len(statements)), wanted="at least 1"),
        RULES.judge(
            "SAML-16",
            all(value is None or _future(value, now) for value in ends),
            found=_list(ends),
            wanted=f"after {_text(now)}",
            hint=_CLOCK,
        ),
    ]


def claims(assertion: etree._Element) -> dict[str, object]:
    """What `assertion` is to CEL: the subject, and every attribute as a list of strings."""
    attributes: dict[str, list[str]] = {}
    for statement in children(assertion, ASSERTION, "AttributeStatement"):
        for attribute in children(statement, ASSERTION, "Attribute"):
            values = children(attribute, ASSERTION, "AttributeValue")
            attributes.setdefault(attribute.get("Name") or "", []).extend(map(text_of, values))
    subject = child(assertion, ASSERTION, "Subject")
    name_id = None if subject is None else child(subject, ASSERTION, "NameID")
    found: dict[str, object] = {"attributes": attributes}
    return found if name_id is None else {"subject": text_of(name_id), **found}


def _future(value: str | None, now: datetime) -> bool:
    moment = instant(value)
    return moment is not None and now < moment


def _past(value: str | None, now: datetime) -> bool:
    moment = instant(value)
    return moment is not None and moment <= now


def _list(values: Iterable[str | None]) -> str:
    return ", ".join(value for value in values if value) or "none"


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
