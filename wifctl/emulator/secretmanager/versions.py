"""The methods of secret versions: add, get, list, access, enable, disable, destroy."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from wifctl.emulator.clock import format_time
from wifctl.emulator.durations import parse_duration
from wifctl.emulator.errors import ApiError, Json, invalid, not_found, precondition
from wifctl.emulator.filters import parse_filter
from wifctl.emulator.paging import page
from wifctl.emulator.secretmanager import state
from wifctl.emulator.secretmanager.names import Version, secret_name, version_name
from wifctl.emulator.secretmanager.payloads import checked_payload
from wifctl.emulator.secretmanager.replication import replication_status
from wifctl.emulator.secretmanager.secrets import MAX_PAGE
from wifctl.emulator.service import Context

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[0-9]+")
_PERMISSION = "secretmanager.versions."


def add(context: Context, request: Json) -> Json:
    """A new version, enabled, with the next number; numbers are never used again."""
    secret = secret_name(context, request.get("parent", ""), f"{_PERMISSION}add")
    holder = state.require_secret(context, secret)
    payload = checked_payload(request)
    number = len(context.store.list(state.VERSION, f"{secret}/versions")) + 1
    micros = context.clock.micros()
    version: Json = {
        "createTime": format_time(_EPOCH + timedelta(microseconds=micros)),
        "state": "ENABLED",
        **replication_status(holder),
        "etag": state.etag_of(micros),
        "clientSpecifiedPayloadChecksum": "dataCrc32c" in request["payload"],
        "payload": payload,
    }
    return _store(context, f"{secret}/versions/{number}", version)


def get(context: Context, request: Json) -> Json:
    """One version, by number, alias or `latest`."""
    asked = version_name(context, request.get("name", ""), f"{_PERMISSION}get")
    name, version = _resolved(context, asked)
    return state.shown(name, version)


def list_(context: Context, request: Json) -> Json:
    """The versions of a secret, newest first, destroyed ones included."""
    secret = secret_name(context, request.get("parent", ""), f"{_PERMISSION}list")
    state.require_secret(context, secret)
    accepts = parse_filter(request.get("filter", ""))
    found = [state.shown(n, v) for n, v in state.versions_of(context, secret)]
    found = [version for version in found if accepts(version)]
    shown, token = page(
        found, request, default=MAX_PAGE, maximum=MAX_PAGE, scope=f"{secret}/versions"
    )
    total = 0 if request.get("filter") else len(found)
    return {"versions": list(shown), "nextPageToken": token, "totalSize": total}


def access(context: Context, request: Json) -> Json:
    """The payload of an enabled version. `latest` never falls back to an older one."""
    asked = version_name(context, request.get("name", ""), f"{_PERMISSION}access")
    name, version = _resolved(context, asked)
    if version["state"] != "ENABLED":
        raise _wrong_state(name, version)
    return {"name": name, "payload": version["payload"]}


def enable(context: Context, request: Json) -> Json:
    """DISABLED → ENABLED; a destruction not yet due is called off."""
    return _switch(context, request, "enable", "ENABLED")


def disable(context: Context, request: Json) -> Json:
    """ENABLED → DISABLED; a destruction not yet due is called off."""
    return _switch(context, request, "disable", "DISABLED")


def destroy(context: Context, request: Json) -> Json:
    """→ DESTROYED at once, or DISABLED and due later where the secret has a destruction delay."""
    name, version = _addressed(context, request, "destroy")
    holder = state.require_secret(context, name.rpartition("/versions/")[0])
    etag = state.etag_of(context.clock.micros())
    delay = parse_duration(holder.get("versionDestroyTtl", "0s"))
    if not delay:
        return _store(context, name, state.destroyed(version, _nanoseconds(context), etag))
    if "scheduledDestroyTime" in version:
        return state.shown(name, version)
    due = {"scheduledDestroyTime": context.clock.timestamp(delay)}
    return _store(context, name, {**version, "state": "DISABLED", **due, "etag": etag})


def _switch(context: Context, request: Json, verb: str, wanted: str) -> Json:
    name, version = _addressed(context, request, verb)
    if version["state"] == wanted and "scheduledDestroyTime" not in version:
        return state.shown(name, version)
    kept = {k: v for k, v in version.items() if k != "scheduledDestroyTime"}
    etag = state.etag_of(context.clock.micros())
    return _store(context, name, {**kept, "state": wanted, "etag": etag})


def _addressed(context: Context, request: Json, verb: str) -> tuple[str, Json]:
    """The version to change: by number only, under a fresh etag, not destroyed."""
    asked = version_name(context, request.get("name", ""), f"{_PERMISSION}{verb}")
    if not _NUMBER.fullmatch(asked.version):
        raise invalid(f"Resource ID [{asked}] is not in a valid format.")
    name, version = _resolved(context, asked)
    state.check_etag(name, request.get("etag", ""), version)
    if version["state"] == "DESTROYED":
        raise _wrong_state(name, version)
    return name, version


def _resolved(context: Context, asked: Version) -> tuple[str, Json]:
    """The name and stored form of the version a number, an alias or `latest` stands for."""
    secret = state.find_secret(context, asked.secret)
    name = str(asked)
    if asked.version == "latest":
        newest = state.versions_of(context, asked.secret)[:1] if secret else []
        if not newest:
            raise not_found(f"Secret [{asked.secret}] not found or has no versions.")
        return newest[0]
    if secret and not _NUMBER.fullmatch(asked.version):
        number = secret.get("versionAliases", {}).get(asked.version, "")
        name = str(Version(asked.secret, number or asked.version))
    version = state.find_version(context, name) if secret else None
    if version is None:
        raise not_found(f"Secret Version [{name}] not found.")
    return name, version


def _wrong_state(name: str, version: Json) -> ApiError:
    return precondition(f"Secret Version [{name}] is in {version['state']} state.")


def _nanoseconds(context: Context) -> str:
    """Now with nine digits, as the live service gives a destroyTime."""
    micros = context.clock.micros()
    moment = _EPOCH + timedelta(microseconds=micros)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}{micros % 1000:03d}Z"


def _store(context: Context, name: str, version: Json) -> Json:
    context.store.put(state.VERSION, name, version)
    return state.shown(name, version)
