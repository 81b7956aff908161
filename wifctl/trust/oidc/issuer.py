"""Issuers: where their discovery document is, and which `iss` it stands for."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

WELL_KNOWN = "/.well-known/openid-configuration"
_ORACLE = re.compile(r"https://[a-z0-9-]+\.identity\.oraclecloud\.com(?::443)?/?")
_MICROSOFT = re.compile(
    r"https://login\.microsoftonline\.com/(?:common|consumers|organizations)/v2\.0"
)
MICROSOFT_TEMPLATE = "https://login.microsoftonline.com/{tenantid}/v2.0"
_TENANT = re.compile(r"https://login\.microsoftonline\.com/([0-9a-fA-F-]{36})/v2\.0")
MAX_DISCOVERY_URI = 2000


def discovery_url(issuer_uri: str, discovery_uri: str = "") -> str:
    """Where the issuer's discovery document is (OpenID Connect Discovery 1.0, §4)."""
    return discovery_uri or issuer_uri.rstrip("/") + WELL_KNOWN


def discovery_problem(issuer_uri: str, discovery_uri: str) -> str:
    """Why this discovery URL may not be used, or "" (iam.v1 discovery, `discoveryUri`)."""
    issuer, url = _split(issuer_uri), _split(discovery_url(issuer_uri, discovery_uri))
    if issuer.scheme != "https" or not issuer.hostname:
        return "the issuer is not an https URL"
    if not discovery_uri:
        return ""
    if len(discovery_uri) > MAX_DISCOVERY_URI:
        return f"it has more than {MAX_DISCOVERY_URI} characters"
    if (url.scheme, url.netloc) != (issuer.scheme, issuer.netloc):
        return "scheme, host and port must be the issuer's"
    path = issuer.path.rstrip("/")
    around = rf"(?:/\.well-known/[^/]+{re.escape(path)}|{re.escape(path)}/\.well-known/[^/]+)"
    if not re.fullmatch(around, url.path):
        return "`/.well-known/NAME` must stand before or after the issuer's path"
    return ""


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def is_multi_tenant_microsoft(issuer_uri: str) -> bool:
    """Whether any Microsoft tenant's tokens come from this issuer."""
    return _MICROSOFT.fullmatch(issuer_uri) is not None


def is_oracle(issuer_uri: str) -> bool:
    """Whether this is an Oracle identity domain, whose document names a common issuer."""
    return _ORACLE.fullmatch(issuer_uri) is not None


def document_fits(issuer_uri: str, published: str) -> bool:
    """Whether a discovery document's `issuer` may stand for the configured one."""
    if published == issuer_uri:
        return True
    if is_multi_tenant_microsoft(issuer_uri):
        return published == MICROSOFT_TEMPLATE or _TENANT.fullmatch(published) is not None
    return is_oracle(issuer_uri) and _is_oracle_issuer(published)


def token_issuer_fits(issuer_uri: str, published: str, iss: object, tenant: object) -> bool:
    """Whether a token's `iss` is the issuer's, with Microsoft's tenant filled in from `tid`."""
    if not isinstance(iss, str):
        return False
    if is_multi_tenant_microsoft(issuer_uri):
        found = _TENANT.fullmatch(iss)
        return found is not None and tenant in (None, found[1])
    if is_oracle(issuer_uri):
        common = iss == published if published else _is_oracle_issuer(iss)
        return iss == issuer_uri or common
    return iss == (published or issuer_uri)


def _is_oracle_issuer(text: str) -> bool:
    return text.rstrip("/") == "https://identity.oraclecloud.com" or is_oracle(text)
