"""signBlob and signJwt, with the key Google manages for each service account."""

from __future__ import annotations

import base64
import json
from typing import Any

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.iamcredentials.chain import authorized
from wifctl.emulator.iamcredentials.keys import signing_key
from wifctl.emulator.service import Context

MAX_AHEAD = 12 * 3600
"""Seconds that `exp` of a JWT to sign may lie ahead."""


def sign_blob(context: Context, request: Json) -> Json:
    """The signature over any bytes."""
    payload = base64.b64decode(request.get("payload", ""))
    if not payload:
        raise invalid("Payload is required.")
    account = authorized(context, request, "iam.serviceAccounts.signBlob")
    key = signing_key(context.store, account.unique_id)
    return {"keyId": key.key_id, "signedBlob": base64.b64encode(key.sign(payload)).decode()}


def sign_jwt(context: Context, request: Json) -> Json:
    """A JWT over a claims set as it is written, under a header made here."""
    payload = request.get("payload", "")
    _check_claims(payload, context.clock.now().timestamp())
    account = authorized(context, request, "iam.serviceAccounts.signJwt")
    key = signing_key(context.store, account.unique_id)
    return {"keyId": key.key_id, "signedJwt": key.sign_jwt(payload)}


def _check_claims(payload: str, now: float) -> None:
    try:
        claims: Any = json.loads(payload)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise invalid("Payload is required: a serialized JSON object with a JWT Claims Set.")
    expires = claims.get("exp")
    if "exp" not in claims:
        return
    if not isinstance(expires, int) or isinstance(expires, bool):
        raise invalid("The exp claim must be an integer timestamp.")
    if not now <= expires <= now + MAX_AHEAD:
        raise invalid("The exp claim must not be in the past, nor more than 12 hours ahead.")
