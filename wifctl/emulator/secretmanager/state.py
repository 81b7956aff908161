"""Secrets and versions as stored, and what the clock makes of them: expiry, rotation, destruction.

A stored secret is the resource without `name`. A stored version is the resource without `name`,
plus `payload` until it is destroyed. Nothing runs in the background: what is due happens when the
object is next looked at.
"""

from __future__ import annotations

from datetime import timedelta

from wifctl.emulator.clock import format_time, parse_time
from wifctl.emulator.durations import parse_duration
from wifctl.emulator.errors import Json, not_found, precondition
from wifctl.emulator.service import Context

SECRET = "secret"  # noqa: S105 - the name of a kind
VERSION = "secretVersion"


def find_secret(context: Context, name: str) -> Json | None:
    """A stored secret by canonical name; one that has expired is removed and not found."""
    secret = context.store.get(SECRET, name)
    if secret is None or not _is_past(context, secret.get("expireTime")):
        return _rotated(context, secret) if secret else None
    remove_secret(context, name)
    return None


def require_secret(context: Context, name: str) -> Json:
    """A stored secret, or NOT_FOUND in Secret Manager's words."""
    secret = find_secret(context, name)
    if secret is None:
        raise not_found(f"Secret [{name}] not found.")
    return secret


def remove_secret(context: Context, name: str) -> None:
    """Remove a secret with its versions and its policy; its id is free at once."""
    context.store.delete_below(VERSION, name)
    context.store.delete(SECRET, name)
    context.policies.drop(name)


def secrets_of(context: Context, parent: str) -> list[tuple[str, Json]]:
    """The secrets of a canonical parent, newest first."""
    stored = context.store.list(SECRET, f"{parent}/secrets")
    found = [(name, find_secret(context, name)) for name, _secret in reversed(stored)]
    return [(name, secret) for name, secret in found if secret is not None]


def find_version(context: Context, name: str) -> Json | None:
    """A stored version by canonical name, destroyed when its delay has run out."""
    version = context.store.get(VERSION, name)
    if version is None or not _is_past(context, version.get("scheduledDestroyTime")):
        return version
    done = destroyed(version, version["scheduledDestroyTime"], etag_of(context.clock.micros()))
    context.store.put(VERSION, name, done)
    return done


def versions_of(context: Context, secret: str) -> list[tuple[str, Json]]:
    """The versions of a secret, newest first, destroyed ones included."""
    stored = context.store.list(VERSION, f"{secret}/versions")
    found = [(name, find_version(context, name)) for name, _version in reversed(stored)]
    return [(name, version) for name, version in found if version is not None]


def destroyed(version: Json, moment: str, etag: str) -> Json:
    """A version after its destruction: the payload is gone for good."""
    kept = {k: v for k, v in version.items() if k not in ("payload", "scheduledDestroyTime")}
    return {**kept, "state": "DESTROYED", "destroyTime": moment, "etag": etag}


def etag_of(micros: int) -> str:
    """The etag of an object changed at this moment (microseconds since 1970), quotes included."""
    return f'"1{micros:x}"'


def check_etag(name: str, sent: str, live: Json) -> None:
    """Refuse a stale etag. The code is a choice: documents name none (ABORTED is the other)."""
    if sent and sent != live["etag"]:
        raise precondition(
            f"The etag provided in the request does not match the current etag of [{name}]."
        )


def shown(name: str, stored: Json) -> Json:
    """The resource as answered: named, never with a payload."""
    return {"name": name, **{k: v for k, v in stored.items() if k != "payload"}}


def _is_past(context: Context, moment: str | None) -> bool:
    return moment is not None and parse_time(moment) <= context.clock.now()


def _rotated(context: Context, secret: Json) -> Json:
    """The next rotation moves on by its period once a notification is due."""
    rotation = secret.get("rotation", {})
    due, period = rotation.get("nextRotationTime"), rotation.get("rotationPeriod")
    if not (due and period and _is_past(context, due)):
        return secret
    step, moment = parse_duration(period), parse_time(due)
    missed = (context.clock.now() - moment) // step + 1 if step > timedelta() else 0
    following = format_time(moment + missed * step)
    return {**secret, "rotation": {**rotation, "nextRotationTime": following}}
