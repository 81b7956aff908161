"""Identity provider metadata: its entity id and signing certificates, and Google's limits."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from lxml import etree

from wifctl.trust.rulebook import Problem
from wifctl.trust.saml.document import METADATA, SIGNATURE, DocumentError, children, parse, tag
from wifctl.trust.x509.certificates import load_certificate, name_of

METADATA_LIMIT = 128 * 1024
"""Characters of idpMetadataXml (iam.v1 discovery)."""
CERTIFICATE_LIMIT = 3
EARLIEST_START = timedelta(days=7)
"""How far ahead a signing certificate's validity may begin (iam.v1 discovery)."""
LATEST_END_YEARS = 25


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """A certificate of the identity provider; times are aware."""

    fingerprint: str
    """SHA-256 of the DER, in lower-case hex."""
    subject: str
    not_before: datetime
    not_after: datetime
    certificate: x509.Certificate = field(repr=False, compare=False)

    def usable(self, now: datetime) -> bool:
        """Whether a signature is tried with it at this time."""
        return self.not_before <= now <= self.not_after


@dataclass(frozen=True, slots=True)
class IdpMetadata:
    """What a SAML provider knows of its identity provider."""

    entity_id: str
    certificates: tuple[SigningCertificate, ...]

    def usable(self, now: datetime) -> tuple[SigningCertificate, ...]:
        """The certificates that signatures are tried with; no more than Google keeps."""
        usable = (item for item in self.certificates if item.usable(now))
        return tuple(usable)[:CERTIFICATE_LIMIT]


def parse_metadata(xml: str) -> IdpMetadata | list[Problem]:
    """The metadata document's content, or every reason why it has none. The clock plays no part."""
    if len(xml) > METADATA_LIMIT:
        return [Problem(f"the metadata has {len(xml)} characters, Google takes {METADATA_LIMIT}")]
    try:
        root = parse(xml.encode("utf-8", "surrogatepass"))
    except DocumentError as error:
        return [Problem(str(error), "Upload the metadata document as the identity provider serves")]
    if root.tag != tag(METADATA, "EntityDescriptor"):
        name = etree.QName(root).localname
        return [Problem(f"the root element is {name}, not EntityDescriptor", _ONE_ENTITY)]
    return _content(root)


_ONE_ENTITY = "Upload the EntityDescriptor of the one identity provider"
_NO_KEY = "Upload metadata whose IDPSSODescriptor has a signing KeyDescriptor with a certificate"


def _content(root: etree._Element) -> IdpMetadata | list[Problem]:
    problems = []
    entity_id = (root.get("entityID") or "").strip()
    if not entity_id:
        problems.append(Problem("the EntityDescriptor has no entityID", _ONE_ENTITY))
    certificates: dict[str, SigningCertificate] = {}
    for text in _certificate_texts(root):
        found = _certificate(text)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            certificates.setdefault(found.fingerprint, found)
    if not certificates and not problems:
        problems.append(Problem("the metadata has no signing certificate", _NO_KEY))
    return problems or IdpMetadata(entity_id, tuple(certificates.values()))


def _certificate_texts(root: etree._Element) -> Iterator[str]:
    """A KeyDescriptor without `use` signs and encrypts (SAML metadata, 2.4.1.1)."""
    for role in children(root, METADATA, "IDPSSODescriptor"):
        for key in children(role, METADATA, "KeyDescriptor"):
            if key.get("use") in (None, "signing"):
                for found in key.iter(tag(SIGNATURE, "X509Certificate")):
                    yield "".join("".join(map(str, found.itertext())).split())


def _certificate(text: str) -> SigningCertificate | Problem:
    try:
        der = base64.b64decode(text, validate=True)
    except ValueError:
        return Problem("an X509Certificate is not base64", _NO_KEY)
    certificate = load_certificate(der)
    if isinstance(certificate, str):
        return Problem(f"an X509Certificate is {certificate}", _NO_KEY)
    return SigningCertificate(
        hashlib.sha256(der).hexdigest(),
        name_of(certificate),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        certificate,
    )


def date_problems(metadata: IdpMetadata, now: datetime) -> list[Problem]:
    """What Google refuses in well-formed metadata: too many keys, or validity at the wrong time."""
    problems = []
    count = len(metadata.certificates)
    if count > CERTIFICATE_LIMIT:
        text = f"the metadata has {count} signing certificates, Google takes {CERTIFICATE_LIMIT}"
        problems.append(Problem(text, "Remove certificates the identity provider no longer uses"))
    if all(item.not_after < now for item in metadata.certificates):
        text = "every signing certificate of the metadata has expired"
        problems.append(Problem(text, "Upload the identity provider's current metadata"))
    for item in metadata.certificates:
        problems.extend(_period_problems(item, now))
    return problems


def _period_problems(item: SigningCertificate, now: datetime) -> Iterator[Problem]:
    if item.not_before > now + EARLIEST_START:
        text = f"the certificate {item.subject} is valid from {item.not_before:%Y-%m-%d} only"
        yield Problem(text, f"Add it at most {EARLIEST_START.days} days before that day")
    if item.not_after > _years_later(now, LATEST_END_YEARS):
        text = f"the certificate {item.subject} is valid until {item.not_after:%Y-%m-%d}"
        yield Problem(text, f"Use a certificate that ends within {LATEST_END_YEARS} years")


def _years_later(moment: datetime, years: int) -> datetime:
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return moment.replace(year=moment.year + years, day=day)


def check_metadata(xml: str, now: datetime) -> tuple[Problem, ...]:
    """Every reason why Google would refuse this idpMetadataXml at this time."""
    parsed = parse_metadata(xml)
    return tuple(parsed if isinstance(parsed, list) else date_problems(parsed, now))


def overlap_problem(desired: IdpMetadata, live: IdpMetadata, now: datetime) -> Problem | None:
    """Why an update is refused: it must keep one unexpired certificate, if there is any left."""
    kept = {item.fingerprint for item in desired.certificates}
    unexpired = {item.fingerprint for item in live.certificates if item.not_after >= now}
    if not unexpired or kept & unexpired:
        return None
    return Problem(
        "the new metadata keeps none of the live unexpired signing certificates",
        "Upload metadata with the old and the new certificate first, the new one alone later",
    )
