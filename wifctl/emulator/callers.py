"""Who calls: the identity behind a bearer token.

Three kinds of token are understood: those issued here (by STS and service account credentials),
which are kept with their identity; the text of a member (`user:dev@example.com`), for tests; and
anything else, which is the operator of the emulator, who may do everything.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from wifctl.emulator.clock import Clock, parse_time
from wifctl.emulator.errors import ApiError
from wifctl.emulator.store import Store
from wifctl.principals import parse_member

TOKEN = "token"  # noqa: S105 - a kind of the store
OPERATOR = "operator"
"""The caller behind an unknown token: the person who runs the emulator."""

_DIRECT = ("user", "group", "serviceAccount", "principal")


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller: the member it is, and the sets it belongs to."""

    member: str
    sets: tuple[str, ...] = ()
    """`principalSet://…` names that include the caller."""

    @property
    def members(self) -> frozenset[str]:
        """Every member text of a binding that means this caller."""
        everyone = {"allUsers", "allAuthenticatedUsers"} if self.member else {"allUsers"}
        return frozenset({self.member, *self.sets, *everyone})


NOBODY = Identity("")


def issue(
    store: Store, clock: Clock, member: str, lifetime: timedelta, sets: tuple[str, ...] = ()
) -> str:
    """A new bearer token for an identity. Only its hash is kept."""
    token = f"ya29.{secrets.token_urlsafe(96)}"
    record = {"member": member, "sets": list(sets), "expireTime": clock.timestamp(lifetime)}
    store.put(TOKEN, _name(token), record)
    return token


def identify(store: Store, clock: Clock, token: str) -> Identity:
    """The identity behind a token; NOBODY without one.

    Raises UNAUTHENTICATED when the token issued here has expired, its account is disabled or
    deleted, or its pool is.
    """
    if not token:
        return NOBODY
    record = store.get(TOKEN, _name(token))
    if record is None:
        member = parse_member(token)
        return Identity(str(member) if member and member.type in _DIRECT else OPERATOR)
    if parse_time(record["expireTime"]) <= clock.now() or _is_cut_off(store, record["member"]):
        raise unauthenticated()
    return Identity(record["member"], tuple(record["sets"]))


def unauthenticated() -> ApiError:
    """Google's answer to a token it does not take."""
    return ApiError(
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )


def _is_cut_off(store: Store, member: str) -> bool:
    kind, _, value = member.partition(":")
    if kind == "serviceAccount":
        entry = store.get("accountEmail", f"emails/{value}")
        account = store.get("account", entry["key"]) if entry else None
        return account is None or bool(account.get("disabled"))
    if kind == "principal":
        pool = store.get(
            "pool", value.removeprefix("//iam.googleapis.com/").partition("/subject/")[0]
        )
        return pool is None or pool["state"] != "ACTIVE" or bool(pool.get("disabled"))
    return False


def _name(token: str) -> str:
    return f"tokens/{hashlib.sha256(token.encode()).hexdigest()}"
