"""Claims of a token of the workload somebody thinks of, made for one provider."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from wifctl.trust.issuers.catalogue import issuer
from wifctl.trust.issuers.model import AudienceChoice, Issuer
from wifctl.trust.issuers.simulate import simulate
from wifctl.trust.provider import ProviderConfig, ProviderKind

_PLACE = re.compile(r"\\\{([a-z_0-9]+)\\\}")


def simulated(
    name: str, values: Mapping[str, object], provider: ProviderConfig, now: datetime
) -> dict[str, object]:
    """The claims an issuer would make for this provider. Raises WifctlError for unknown values.

    The customer's part of the issuer's URL is taken from the provider, and the audience is what
    the provider asks for unless the issuer alone decides it; given values win over both.
    """
    entry = issuer(name)
    own = {**_customer(entry, provider), **values}
    claims = simulate(name, now=now, **own)
    if "aud" not in values and _asks_audience(entry, provider):
        claims["aud"] = next(iter(provider.allowed_audiences), provider.audience_url)
    return claims


def _asks_audience(entry: Issuer, provider: ProviderConfig) -> bool:
    own = (AudienceChoice.ISSUER, AudienceChoice.NONE)
    return provider.kind is ProviderKind.OIDC and entry.audience.chosen_by not in own


def _customer(entry: Issuer, provider: ProviderConfig) -> dict[str, object]:
    """The customer as the provider names it: an AWS account, or parts of the issuer's URL."""
    if provider.kind is not entry.kind:
        return {}
    if provider.kind is ProviderKind.AWS:
        return {"account": provider.aws_account_id}
    pattern = _PLACE.sub(r"(?P<\1>[^/]+)", re.escape(entry.issuer.rstrip("/")))
    try:
        found = re.fullmatch(pattern, provider.issuer_uri.rstrip("/"))
    except re.error:  # a pattern that names one parameter twice says nothing of the customer
        return {}
    return dict(found.groupdict()) if found else {}
