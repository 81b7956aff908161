"""generateAccessToken and generateIdToken."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from wifctl.emulator.callers import issue
from wifctl.emulator.clock import format_time
from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.iamcredentials.chain import authorized
from wifctl.emulator.iamcredentials.keys import GOOGLE, signing_key
from wifctl.emulator.service import Context
from wifctl.emulator.store import Store
from wifctl.emulator.sts.outside import extended_accounts

MAX_LIFETIME = 3600.0
"""Seconds, and the default."""
MAX_EXTENDED = 43200.0
"""Seconds, for accounts in the constraint."""
ID_TOKEN_LIFETIME = timedelta(hours=1)
ISSUER = "https://accounts.google.com"
CONSTRAINT = "constraints/iam.allowServiceAccountCredentialLifetimeExtension"


def generate_access_token(context: Context, request: Json) -> Json:
    """An access token of the account; refuses lifetimes out of bounds and requests for no scope."""
    scopes = tuple(request.get("scope", []))
    if not any(scopes):
        raise invalid("Scope is required: at least one value.")
    seconds = _seconds(request)
    if seconds <= 0:
        raise invalid("Lifetime of access token must be larger then zero.")
    account = authorized(context, request, "iam.serviceAccounts.getAccessToken")
    _check_lifetime(context.store, account.email, seconds)
    lifetime = timedelta(seconds=seconds)
    token = issue(
        context.store,
        context.clock,
        replace(account.identity, scopes=scopes),
        lifetime,
        account=account.key,
        scope=" ".join(scopes),
    )
    expires = (context.clock.now() + lifetime).replace(microsecond=0)
    return {"accessToken": token, "expireTime": format_time(expires)}


def generate_id_token(context: Context, request: Json) -> Json:
    """An OpenID Connect token of Google's about the account."""
    audience = request.get("audience", "")
    if not audience:
        raise invalid("Audience is required.")
    account = authorized(context, request, "iam.serviceAccounts.getOpenIdToken")
    now = context.clock.now()
    claims: Json = {
        "aud": audience,
        "azp": account.unique_id,
        "exp": int((now + ID_TOKEN_LIFETIME).timestamp()),
        "iat": int(now.timestamp()),
        "iss": ISSUER,
        "sub": account.unique_id,
    }
    if request.get("includeEmail"):
        claims |= {"email": account.email, "email_verified": True}
    if request.get("organizationNumberIncluded"):
        claims["google"] = {"organization_number": None}  # projects here have no organization
    return {"token": signing_key(context.store, GOOGLE).sign_jwt(json.dumps(claims))}


def _seconds(request: Json) -> float:
    text = request.get("lifetime")
    return MAX_LIFETIME if text is None else float(text.removesuffix("s"))


def _check_lifetime(store: Store, email: str, seconds: float) -> None:
    extended = {"*", email}.intersection(extended_accounts(store))
    longest = MAX_EXTENDED if extended else MAX_LIFETIME
    if seconds > longest:
        raise invalid(
            f"The lifetime of the access token must not exceed {longest:.0f} seconds. Up to "
            f"{MAX_EXTENDED:.0f} seconds are for service accounts that {CONSTRAINT} lists."
        )
