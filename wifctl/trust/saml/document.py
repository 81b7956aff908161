"""SAML text → an XML tree that holds no entity, comment or instruction; and names to look it up.

The policy: UTF-8 only, no DOCTYPE at all, nothing resolved or fetched, no huge trees.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from lxml import etree

ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"

_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_ENCODING = re.compile(r"\A\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([^\"']*)[\"']")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)


class DocumentError(ValueError):
    """An XML text that is not even looked at, and why."""


def parser() -> etree.XMLParser:
    """A parser that resolves, fetches and keeps nothing beyond elements, attributes and text."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )


def parse(document: bytes) -> etree._Element:
    """The root element of a document. Raises DocumentError."""
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("the document is not UTF-8") from error
    if _DECLARATION.search(text):
        raise DocumentError("the document declares a document type or an entity")
    declared = _ENCODING.match(text)
    if declared and declared[1].lower() not in ("utf-8", "us-ascii"):
        raise DocumentError(f"the document is encoded as {declared[1]}, not UTF-8")
    try:
        return etree.fromstring(text.encode(), parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"the document is not well-formed XML: {error}") from error


def tag(namespace: str, name: str) -> str:
    """A qualified name as lxml writes it."""
    return f"{{{namespace}}}{name}"


def children(element: etree._Element, namespace: str, name: str) -> list[etree._Element]:
    """The direct children of that name."""
    return element.findall(tag(namespace, name))


def child(element: etree._Element, namespace: str, name: str) -> etree._Element | None:
    """The first direct child of that name."""
    return element.find(tag(namespace, name))


def text_of(element: etree._Element | None) -> str:
    """All the text inside an element, trimmed as Google's Java libraries do; "" without one."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def instant(value: str | None) -> datetime | None:
    """An xs:dateTime; without a zone it is UTC, as SAML demands. None when it is none."""
    text = (value or "").strip()
    if not _INSTANT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def repeated_ids(root: etree._Element) -> list[str]:
    """The identifiers that more than one element carries, under any spelling of `ID`."""
    seen: dict[str, int] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            if etree.QName(name).localname.lower() == "id":
                seen[str(value)] = seen.get(str(value), 0) + 1
    return [value for value, count in seen.items() if count > 1]
