"""A SAML identity provider for tests: metadata, Responses and Assertions, really signed."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree
from signxml import algorithms
from signxml.signer import SignatureReference, XMLSigner

from tests.support.keys import (
    NOW,
    VALID_FROM,
    VALID_UNTIL,
    Certified,
    PrivateKey,
    certify,
    distinguished_name,
    rsa_key,
)
from tests.support.tokens import audience_url

P = "urn:oasis:names:tc:SAML:2.0:protocol"
A = "urn:oasis:names:tc:SAML:2.0:assertion"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
ENTITY_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"


def timestamp(moment: datetime) -> str:
    """A moment as SAML writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@functools.cache
def idp_certificate(
    name: str = "idp",
    *,
    not_before: datetime = VALID_FROM,
    not_after: datetime = VALID_UNTIL,
    key: PrivateKey | None = None,
) -> Certified:
    """A self-signed signing certificate, the same for the same arguments; RSA by default."""
    subject = distinguished_name(name)
    return certify(key or rsa_key(name), subject, not_before=not_before, not_after=not_after)


@dataclass(frozen=True)
class SamlContent:
    """What an Assertion says. `None` leaves the field out."""

    now: datetime = NOW
    issuer: str | None = None
    issuer_format: str | None = None
    issue_instant: datetime | None = field(default=None)
    name_id: str | None = "deployer"
    confirmations: int = 1
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    confirmed_until: datetime | None = NOW + timedelta(minutes=5)
    confirmed_from: datetime | None = None
    valid_from: datetime | None = NOW - timedelta(minutes=1)
    valid_until: datetime | None = NOW + timedelta(minutes=5)
    conditions: bool = True
    audiences: Sequence[Sequence[str]] = ((audience_url(),),)
    """One list an AudienceRestriction."""
    sessions: Sequence[datetime | None] = (NOW + timedelta(hours=8),)
    """SessionNotOnOrAfter, one an AuthnStatement."""
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class SamlIdp:
    """An identity provider with its signing certificates; the first one signs."""

    entity_id: str = "https://idp.example.com/saml"
    certificates: tuple[Certified, ...] = field(default_factory=lambda: (idp_certificate(),))

    def metadata(self, *, uses: Sequence[str | None] = ("signing",)) -> str:
        """The metadata document with every certificate once a `use` (None: without one)."""
        keys = "".join(
            f"<md:KeyDescriptor{f' use={use!r}' if use else ''}><ds:KeyInfo><ds:X509Data>"
            f"<ds:X509Certificate>{base64.b64encode(item.der).decode()}</ds:X509Certificate>"
            "</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            for item in self.certificates
            for use in uses
        )
        return (
            f'<md:EntityDescriptor xmlns:md="{MD}" xmlns:ds="{DS}" entityID="{self.entity_id}">'
            f'<md:IDPSSODescriptor protocolSupportEnumeration="{P}">{keys}'
            '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"'
            ' Location="https://idp.example.com/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
        )

    def assertion(self, content: SamlContent | None = None, *, id_: str = "_assertion") -> str:
        """An unsigned Assertion."""
        content = content or SamlContent()
        issuer = self.entity_id if content.issuer is None else content.issuer
        instant = content.issue_instant or content.now
        return (
            f'<saml:Assertion xmlns:saml="{A}" ID="{id_}" Version="2.0"'
            f' IssueInstant="{timestamp(instant)}">'
            f"<saml:Issuer{_attribute('Format', content.issuer_format)}>{issuer}</saml:Issuer>"
            f"{_subject(content)}{_conditions(content)}{_sessions(content)}{_attributes(content)}"
            "</saml:Assertion>"
        )

    def response(
        self,
        assertions: str,
        *,
        now: datetime = NOW,
        status: str = "urn:oasis:names:tc:SAML:2.0:status:Success",
        issuer: str | None = "",
        id_: str = "_response",
    ) -> str:
        """An unsigned Response around these Assertions; `issuer=None` leaves it out."""
        named = "" if issuer is None else f"<saml:Issuer>{issuer or self.entity_id}</saml:Issuer>"
        return (
            f'<samlp:Response xmlns:samlp="{P}" xmlns:saml="{A}" ID="{id_}" Version="2.0"'
            f' IssueInstant="{timestamp(now)}">{named}<samlp:Status>'
            f'<samlp:StatusCode Value="{status}"/></samlp:Status>{assertions}</samlp:Response>'
        )

    def sign(
        self, xml: str, *, certificate: Certified | None = None, id_: str = "", sha: int = 256
    ) -> str:
        """The element with an enveloped signature after its Issuer (`id_`: of a descendant)."""
        certificate = certificate or self.certificates[0]
        root = etree.fromstring(xml)
        target = next(item for item in root.iter() if id_ in ("", item.get("ID")))
        placeholder = etree.Element(f"{{{DS}}}Signature", Id="placeholder", nsmap={"ds": DS})
        issuer = target.find(f"{{{A}}}Issuer")
        target.insert(0 if issuer is None else target.index(issuer) + 1, placeholder)
        elliptic = isinstance(certificate.key, ec.EllipticCurvePrivateKey)
        signer = XMLSigner(
            signature_algorithm=f"{'ecdsa' if elliptic else 'rsa'}-sha{sha}",
            digest_algorithm=f"sha{sha}",
            c14n_algorithm=algorithms.CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        reference = SignatureReference(URI=f"#{target.get('ID')}")
        signed = signer.sign(
            root,
            key=certificate.key,
            cert=[certificate.certificate],
            reference_uri=[reference],
            id_attribute="ID",
        )
        return etree.tostring(signed, encoding="unicode")

    def signed_assertion(self, content: SamlContent | None = None, **signing: object) -> str:
        """A signed Assertion."""
        return self.sign(self.assertion(content), **signing)  # type: ignore[arg-type]

    def token(self, content: SamlContent | None = None, *, now: datetime | None = None) -> str:
        """The usual subject token: a Response with a signed Assertion, valid at `now`."""
        content = at(now, content or SamlContent()) if now else content or SamlContent()
        return encode(self.response(self.signed_assertion(content), now=content.now))


def at(now: datetime, content: SamlContent) -> SamlContent:
    """The same content with every time moved so that it is valid at `now`."""
    shift = now - content.now
    move: Callable[[datetime | None], datetime | None] = lambda t: t + shift if t else None  # noqa: E731
    return replace(
        content,
        now=now,
        issue_instant=move(content.issue_instant),
        confirmed_until=move(content.confirmed_until),
        confirmed_from=move(content.confirmed_from),
        valid_from=move(content.valid_from),
        valid_until=move(content.valid_until),
        sessions=tuple(map(move, content.sessions)),
    )


def encode(xml: str | bytes) -> str:
    """The subject token of a SAML document: base64."""
    return base64.b64encode(xml.encode() if isinstance(xml, str) else xml).decode()


def _attribute(name: str, value: str | datetime | None) -> str:
    if value is None:
        return ""
    return f' {name}="{timestamp(value) if isinstance(value, datetime) else value}"'


def _subject(content: SamlContent) -> str:
    name = "" if content.name_id is None else f"<saml:NameID>{content.name_id}</saml:NameID>"
    confirmation = (
        f'<saml:SubjectConfirmation Method="{content.method}"><saml:SubjectConfirmationData'
        f"{_attribute('NotBefore', content.confirmed_from)}"
        f"{_attribute('NotOnOrAfter', content.confirmed_until)}/></saml:SubjectConfirmation>"
    )
    return f"<saml:Subject>{name}{confirmation * content.confirmations}</saml:Subject>"


def _conditions(content: SamlContent) -> str:
    if not content.conditions:
        return ""
    restrictions = "".join(
        "<saml:AudienceRestriction>"
        + "".join(f"<saml:Audience>{audience}</saml:Audience>" for audience in audiences)
        + "</saml:AudienceRestriction>"
        for audiences in content.audiences
    )
    times = _attribute("NotBefore", content.valid_from) + _attribute(
        "NotOnOrAfter", content.valid_until
    )
    return f"<saml:Conditions{times}>{restrictions}</saml:Conditions>"


def _sessions(content: SamlContent) -> str:
    return "".join(
        f'<saml:AuthnStatement AuthnInstant="{timestamp(content.now)}"'
        f"{_attribute('SessionNotOnOrAfter', until)}><saml:AuthnContext/></saml:AuthnStatement>"
        for until in content.sessions
    )


def _attributes(content: SamlContent) -> str:
    if not content.attributes:
        return ""
    items = "".join(
        f'<saml:Attribute Name="{name}">'
        + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in content.attributes.items()
    )
    return f"<saml:AttributeStatement>{items}</saml:AttributeStatement>"
