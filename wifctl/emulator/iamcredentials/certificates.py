"""The public keys Google publishes at www.googleapis.com, for whoever verifies signatures."""

from __future__ import annotations

from wifctl.emulator.errors import Json, not_found
from wifctl.emulator.iamcredentials.keys import GOOGLE, SigningKey, google_jwks, signing_key
from wifctl.emulator.service import Context, Method, Route, Service

_ACCOUNT_KEYS = "/service_accounts/v1/metadata"


def _google_jwks(context: Context, _request: Json) -> Json:
    return google_jwks(context.store)


def _google_certificates(context: Context, _request: Json) -> Json:
    key = signing_key(context.store, GOOGLE)
    certificate = key.certificate_pem("federated-signon.system.gserviceaccount.com", context.clock)
    return {key.key_id: certificate}


def _jwk(context: Context, request: Json) -> Json:
    return {"keys": [dict(_key(context, request).jwk)]}


def _raw(context: Context, request: Json) -> Json:
    key = _key(context, request)
    return {key.key_id: key.public_pem()}


def _x509(context: Context, request: Json) -> Json:
    key = _key(context, request)
    return {key.key_id: key.certificate_pem(request["email"], context.clock)}


def _key(context: Context, request: Json) -> SigningKey:
    entry = context.store.get("accountEmail", f"emails/{request['email'].lower()}")
    record = context.store.get("account", entry["key"]) if entry else None
    if record is None:
        raise not_found()
    return signing_key(context.store, record["uniqueId"])


SERVICE = Service(
    name="www.googleapis.com",
    methods=tuple(
        Method(name, (Route("GET", path),), handler, response="", public=True)
        for name, path, handler in (
            ("oauth2.v3.certs", "/oauth2/v3/certs", _google_jwks),
            ("oauth2.v1.certs", "/oauth2/v1/certs", _google_certificates),
            ("serviceAccounts.jwk", f"{_ACCOUNT_KEYS}/jwk/{{email}}", _jwk),
            ("serviceAccounts.raw", f"{_ACCOUNT_KEYS}/raw/{{email}}", _raw),
            ("serviceAccounts.x509", f"{_ACCOUNT_KEYS}/x509/{{email}}", _x509),
        )
    ),
)
