"""`/v1/introspect`: what a token issued by STS is, as RFC 7662 asks."""

from __future__ import annotations

from wifctl.emulator.callers import dead, find_token
from wifctl.emulator.clock import parse_time
from wifctl.emulator.errors import Json
from wifctl.emulator.service import Context
from wifctl.emulator.sts.refusals import OAuthRefusalError
from wifctl.trust.verdict import Refusal

ISSUER = "https://sts.googleapis.com/"
_NO_TOKEN = Refusal("invalid_request", "Missing required parameter: token.", documented=False)


def introspect(context: Context, body: Json) -> Json:
    """`active`, and whose token it is; a token of another origin is just not active."""
    token = body.get("token")
    if not isinstance(token, str) or not token:
        raise OAuthRefusalError(_NO_TOKEN)
    record = find_token(context.store, token)
    if record is None or record["account"] or dead(context.store, context.clock, record):
        return {"active": False}
    return {
        "active": True,
        "iss": ISSUER,
        "sub": record["member"],
        "username": record["member"],
        "scope": record["scope"],
        "iat": int(parse_time(record["issueTime"]).timestamp()),
        "exp": int(parse_time(record["expireTime"]).timestamp()),
    }
