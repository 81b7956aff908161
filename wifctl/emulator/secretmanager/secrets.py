"""The methods of secrets: create, get, list, patch, delete."""

from __future__ import annotations

from wifctl.emulator.clock import format_time
from wifctl.emulator.errors import Json, already_exists, invalid
from wifctl.emulator.filters import parse_filter
from wifctl.emulator.masks import check_mask, masked
from wifctl.emulator.paging import page
from wifctl.emulator.secretmanager import state
from wifctl.emulator.secretmanager.checks import check_aliases, check_metadata
from wifctl.emulator.secretmanager.names import SECRET_ID, parent_of, secret_name
from wifctl.emulator.secretmanager.replication import check_placement, check_same_placement
from wifctl.emulator.secretmanager.schedule import (
    check_delay,
    check_rotation,
    check_topics,
    with_expiry,
)
from wifctl.emulator.service import Context

MAX_PAGE = 25_000
_DEFAULT_PAGE = 25_000
"""What "the server decides" means here: as many as fit."""

_OUTPUT = frozenset({"name", "createTime", "etag", "policyMember"})
_NEVER_RETURNED = frozenset({"tags"})
_MUTABLE = (
    "labels",
    "annotations",
    "topics",
    "rotation",
    "ttl",
    "expireTime",
    "versionAliases",
    "versionDestroyTtl",
    "customerManagedEncryption",
    "replication",
)
_IMMUTABLE = ("secretType", "tags")


def create(context: Context, request: Json) -> Json:
    """A new secret without versions."""
    parent = parent_of(context, request.get("parent", ""), "secretmanager.secrets.create")
    secret_id = request.get("secretId", "")
    if not SECRET_ID.fullmatch(secret_id):
        raise invalid(
            f"The provided Secret ID [{secret_id}] does not match the expected format "
            f"[{SECRET_ID.pattern}]"
        )
    name = f"{parent}/secrets/{secret_id}"
    sent = {k: v for k, v in request.get("secret", {}).items() if k not in _OUTPUT}
    check_placement(parent, sent)
    check_metadata(sent)
    check_delay(sent)
    check_aliases(sent.get("versionAliases", {}), frozenset())
    now = context.clock.now()
    check_rotation(sent, now)
    if state.find_secret(context, name) is not None:
        raise already_exists(f"Secret [{name}] already exists.")
    return _store(context, name, {**with_expiry(sent, now), "createTime": format_time(now)})


def get(context: Context, request: Json) -> Json:
    """One secret."""
    name = secret_name(context, request.get("name", ""), "secretmanager.secrets.get")
    return state.shown(name, state.require_secret(context, name))


def list_(context: Context, request: Json) -> Json:
    """The secrets of a project or of one of its locations, newest first."""
    parent = parent_of(context, request.get("parent", ""), "secretmanager.secrets.list")
    accepts = parse_filter(request.get("filter", ""))
    found = [state.shown(n, s) for n, s in state.secrets_of(context, parent)]
    found = [secret for secret in found if accepts(secret)]
    shown, token = page(
        found, request, default=_DEFAULT_PAGE, maximum=MAX_PAGE, scope=f"{parent}/secrets"
    )
    total = 0 if request.get("filter") else len(found)
    return {"secrets": list(shown), "nextPageToken": token, "totalSize": total}


def patch(context: Context, request: Json) -> Json:
    """Replace what the update mask names."""
    sent = request.get("secret", {})
    name = secret_name(context, sent.get("name", ""), "secretmanager.secrets.update")
    mask = [path for path in request.get("updateMask", []) if path != "etag"]
    if not mask:
        raise invalid("Field [update_mask] is required.")
    check_mask(mask, _MUTABLE, _IMMUTABLE)
    live = state.require_secret(context, name)
    state.check_etag(name, sent.get("etag", ""), live)
    wanted = _merged(live, sent, list(_MUTABLE) if "*" in mask else mask)
    check_same_placement(live, wanted)
    check_placement(name.rpartition("/secrets/")[0], wanted)
    check_metadata(wanted)
    check_delay(wanted)
    versions = frozenset(n.rpartition("/")[2] for n, _v in state.versions_of(context, name))
    if _touches(mask, "versionAliases"):
        check_aliases(wanted.get("versionAliases", {}), versions)
    now = context.clock.now()
    check_topics(wanted)
    if _touches(mask, "rotation"):
        check_rotation(wanted, now)
    expires = _touches(mask, "ttl") or _touches(mask, "expireTime")
    return _store(context, name, with_expiry(wanted, now) if expires else wanted)


def delete(context: Context, request: Json) -> Json:
    """Remove a secret and all it holds; there is no way back."""
    name = secret_name(context, request.get("name", ""), "secretmanager.secrets.delete")
    live = state.require_secret(context, name)
    state.check_etag(name, request.get("etag", ""), live)
    state.remove_secret(context, name)
    return {}


def resolve(context: Context, name: str) -> str:
    """The canonical name of an existing secret, for its policy."""
    found = secret_name(context, name, "secretmanager.secrets.getIamPolicy")
    state.require_secret(context, found)
    return found


def _merged(live: Json, sent: Json, mask: list[str]) -> Json:
    """The live secret with the masked fields. A masked `ttl` speaks of `expireTime`, too."""
    wanted = masked(live, sent, mask)
    if "ttl" in mask and "expireTime" not in mask:
        wanted.pop("expireTime", None)
    return wanted


def _touches(mask: list[str], field: str) -> bool:
    return any(path == "*" or path.split(".")[0] == field for path in mask)


def _store(context: Context, name: str, secret: Json) -> Json:
    kept = {k: v for k, v in secret.items() if k not in _NEVER_RETURNED and v not in ({}, [])}
    stored = {**kept, "etag": state.etag_of(context.clock.micros())}
    context.store.put(state.SECRET, name, stored)
    return state.shown(name, stored)
