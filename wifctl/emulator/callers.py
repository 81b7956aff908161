"""Who calls: the identity behind a bearer token, or why there is none.

Four kinds of token are understood: those issued here (by STS and the Service Account Credentials
API); the text of a member (`user:dev@example.com`), for tests; `local`, which is the operator of
the emulator, who may do everything; and, unless IAM is enforced, any other text, which is the
operator too.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from wifctl.emulator.clock import Clock, parse_time
from wifctl.emulator.errors import ApiError, Json, error_info
from wifctl.emulator.store import Store
from wifctl.principals import parse_member

TOKEN = "token"  # noqa: S105 - a kind of the store
PREFIX = "ya29.wifctl."
"""Every token issued here starts so: one that is not known here is never taken for another kind."""
OPERATOR = "operator"
"""The caller behind the operator's token."""
OPERATOR_TOKEN = "local"  # noqa: S105 - no secret: it opens an emulator on this machine
"""What `wifctl emulator env` exports, and wifctl itself sends."""
PRUNED = 8
"""How many expired tokens are forgotten with each one issued."""

_DIRECT = ("user", "group", "serviceAccount", "principal")
_GOOGLE = ("user", "group", "serviceAccount")


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller: the member it is, the sets it belongs to, and what its token is good for."""

    member: str
    sets: tuple[str, ...] = ()
    """`principalSet://…` names that include the caller."""
    scopes: tuple[str, ...] | None = None
    """The OAuth scopes of the token; None: not limited by any."""
    bounded: bool = False
    """Whether the token carries a Credential Access Boundary."""

    @property
    def members(self) -> frozenset[str]:
        """Every member text of a binding that means this caller."""
        return frozenset(self._members())

    def _members(self) -> Iterator[str]:
        yield "allUsers"
        if self.member:
            yield self.member
        yield from self.sets
        kind, _, value = self.member.partition(":")
        if kind in _GOOGLE:
            yield "allAuthenticatedUsers"  # Google accounts only, no federated identities
        if kind == "user":
            yield f"domain:{value.rpartition('@')[2]}"


NOBODY = Identity("")


def issue(
    store: Store,
    clock: Clock,
    identity: Identity,
    lifetime: timedelta,
    *,
    account: str = "",
    scope: str = "",
) -> str:
    """A new bearer token for an identity; only its hash is kept.

    `account` is the store key of the service account it stands for; `scope` what was asked for.
    """
    _prune(store, clock)
    token = PREFIX + secrets.token_urlsafe(96)
    record = {
        "member": identity.member,
        "sets": list(identity.sets),
        "scopes": None if identity.scopes is None else list(identity.scopes),
        "bounded": identity.bounded,
        "account": account,
        "scope": scope,
        "issueTime": clock.timestamp(),
        "expireTime": clock.timestamp(lifetime),
    }
    store.put(TOKEN, _name(token), record)
    return token


def find_token(store: Store, token: str) -> Json | None:
    """The record of a token issued here, an expired one too."""
    return store.get(TOKEN, _name(token)) if token.startswith(PREFIX) else None


def dead(store: Store, clock: Clock, record: Json) -> str:
    """Why a token issued here is of no use any more, as an ErrorInfo reason; "" when it is."""
    if parse_time(record["expireTime"]) <= clock.now():
        return "ACCESS_TOKEN_EXPIRED"
    return "ACCOUNT_STATE_INVALID" if _is_cut_off(store, record) else ""


def identify(store: Store, clock: Clock, token: str, *, strict: bool = False) -> Identity:
    """The identity behind a token; NOBODY without one.

    `strict` takes no other text than the kinds above. Raises UNAUTHENTICATED when a token issued
    here has expired or is unknown, when its account is disabled or deleted, or its pool is.
    """
    if not token:
        return NOBODY
    if token.startswith(PREFIX):
        return _issued(store, clock, token)
    if token == OPERATOR_TOKEN:
        return Identity(OPERATOR)
    member = parse_member(token)
    if member and member.type in _DIRECT and not member.deleted:
        return Identity(str(member))
    if strict:
        raise unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED")
    return Identity(OPERATOR)


def unauthenticated(reason: str, service: str = "") -> ApiError:
    """Google's answer to a token it does not take, or to none (CREDENTIALS_MISSING)."""
    what = "is missing required" if reason == "CREDENTIALS_MISSING" else "had invalid"
    noun = "credential" if reason == "CREDENTIALS_MISSING" else "credentials"
    metadata = {"service": service} if service else {}
    return ApiError(
        "UNAUTHENTICATED",
        f"Request {what} authentication {noun}. Expected OAuth 2 access token, login cookie or "
        "other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project.",
        details=(error_info(reason, "googleapis.com", metadata),),
    )


def _issued(store: Store, clock: Clock, token: str) -> Identity:
    record = find_token(store, token)
    if record is None:
        raise unauthenticated("ACCESS_TOKEN_EXPIRED")
    if reason := dead(store, clock, record):
        raise unauthenticated(reason)
    scopes = record["scopes"]
    return Identity(
        record["member"],
        tuple(record["sets"]),
        None if scopes is None else tuple(scopes),
        record["bounded"],
    )


def _is_cut_off(store: Store, record: Json) -> bool:
    if record["account"]:
        account = store.get("account", record["account"])
        return account is None or "deleteTime" in account or bool(account.get("disabled"))
    kind, _, value = record["member"].partition(":")
    if kind == "principal":
        pool = store.get(
            "pool", value.removeprefix("//iam.googleapis.com/").partition("/subject/")[0]
        )
        return pool is None or pool["state"] != "ACTIVE" or bool(pool.get("disabled"))
    return False


def _prune(store: Store, clock: Clock) -> None:
    """Forget some that have expired: the oldest ones stand first."""
    now = clock.now()
    for name, record in islice(store.walk(TOKEN), PRUNED):
        if parse_time(record["expireTime"]) <= now:
            store.delete(TOKEN, name)


def _name(token: str) -> str:
    return f"tokens/{hashlib.sha256(token.encode()).hexdigest()}"
