"""The STS door of an emulator, set up for one provider at one moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.support.emulator import Answer, Rest
from tests.support.keys import NOW
from tests.support.tokens import PROVIDER
from tests.trust.saml_cases import IDP
from tests.trust.x509_cases import ROOT
from wifctl.emulator.clock import format_time
from wifctl.emulator.server import Doors
from wifctl.trust.provider import Discovery
from wifctl.trust.request import TokenRequest

POOL = PROVIDER.rpartition("/providers/")[0]
AUDIENCE = f"//iam.googleapis.com/{PROVIDER}"
WELL_KNOWN = "/.well-known/openid-configuration"
SAML_PROVIDER = {
    "saml": {"idpMetadataXml": IDP.metadata()},
    "attributeMapping": {"google.subject": "assertion.subject"},
}
AWS_PROVIDER = {"aws": {"accountId": "111122223333"}}
X509_PROVIDER = {
    "x509": {"trustStore": {"trustAnchors": [{"pemCertificate": ROOT.pem}]}},
    "attributeMapping": {"google.subject": "assertion.subject.dn.cn"},
}
_JSON = {
    "subject_token": "subjectToken",
    "audience": "audience",
    "subject_token_type": "subjectTokenType",
    "grant_type": "grantType",
    "requested_token_type": "requestedTokenType",
    "scope": "scope",
    "options": "options",
}


def form_of(request: TokenRequest) -> dict[str, str]:
    """The request's fields as a form spells them."""
    return {name: getattr(request, name) for name in _JSON}


def json_of(request: TokenRequest) -> dict[str, str]:
    """The same in JSON, as curl sends it."""
    return {spelled: getattr(request, name) for name, spelled in _JSON.items()}


def issuers(discovered: Mapping[str, Discovery]) -> dict[str, Any]:
    """What an emulator must be told so that it discovers the same."""
    return {
        url.removesuffix(WELL_KNOWN): {"issuer": found.issuer, "jwks": found.jwks_json}
        for url, found in discovered.items()
    }


class StsDoor:
    """An emulator that knows one provider, and a client of its `/v1/token`."""

    def __init__(self, doors: Doors) -> None:
        self.url = doors.rest_url
        self.rest = Rest(doors)

    def provide(
        self, provider: Mapping[str, Any], pool: Mapping[str, Any] | None = None, **outside: Any
    ) -> None:
        """Start anew with this provider, put in as it is, however little IAM would take it."""
        held = {
            "pool": {POOL: {"name": POOL, "state": "ACTIVE", **(pool or {})}},
            "provider": {PROVIDER: {"name": PROVIDER, "state": "ACTIVE", **provider}},
        }
        state = json.dumps({"version": 1, "objects": held}).encode()
        for verb, path, body in (
            ("PUT", "/_wifctl/state", state),
            ("PATCH", "/_wifctl/outside", outside),
        ):
            answer = self.rest(verb, path, body)
            assert answer.status == 200, answer.body

    def at(self, moment: datetime = NOW) -> None:
        """Set the clock: the next second is whole."""
        self.rest.post("/_wifctl/clock", {"set": format_time(moment)})

    def exchange(self, request: TokenRequest, moment: datetime | None = NOW) -> Answer:
        """Ask for a token in JSON; `None` leaves the clock as it is."""
        if moment:
            self.at(moment)
        return self.rest.post("/v1/token", json_of(request))
