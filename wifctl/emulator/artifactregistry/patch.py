"""`repositories.patch`: synchronous, unlike create and delete."""

from __future__ import annotations

from wifctl.emulator.artifactregistry import state
from wifctl.emulator.artifactregistry.fields import checked
from wifctl.emulator.artifactregistry.names import name_of
from wifctl.emulator.artifactregistry.remote import CREDENTIALS
from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.masks import check_mask, masked
from wifctl.emulator.service import Context

_REMOTE = "remoteRepositoryConfig"
_PLAIN = (
    "description",
    "labels",
    "cleanupPolicies",
    "cleanupPolicyDryRun",
    "virtualRepositoryConfig",
    "dockerConfig",
    "vulnerabilityScanningConfig",
    "platformLogsConfig",
    "disallowUnspecifiedMode",
)
_MUTABLE = (*_PLAIN, f"{_REMOTE}.{CREDENTIALS}", f"{_REMOTE}.disableUpstreamValidation")
_IMMUTABLE = ("format", "mode", "kmsKeyName", "mavenConfig", _REMOTE)


def patch(context: Context, request: Json) -> Json:
    """Replace what the mask names; without a mask, what the body holds."""
    sent = request.get("repository", {})
    name = name_of(context, sent.get("name", ""), "artifactregistry.repositories.update")
    live = state.require(context, name)
    mask = request.get("updateMask") or _implied(live, sent)
    check_mask(mask, _MUTABLE, _IMMUTABLE)
    wanted = masked(live, sent, _MUTABLE if "*" in mask else mask)
    if _fixed(wanted) != _fixed(live):
        raise invalid("Attempted to update an immutable field.")
    touched = {path.split(".")[0] for path in (_MUTABLE if "*" in mask else mask)}
    stored = checked(context, name, wanted, touched)
    stored = {**stored, "updateTime": context.clock.timestamp()}
    context.store.put(state.KIND, name.canonical, stored)
    return state.shown(name, stored)


def _implied(live: Json, sent: Json) -> list[str]:
    """The mask of a request without one: every field that is set and can be changed."""
    mask = [field for field in _PLAIN if field in sent]
    remote = sent.get(_REMOTE, {})
    if CREDENTIALS in remote:
        mask.append(f"{_REMOTE}.{CREDENTIALS}")
    fixed = {**_fixed(sent), **{f: sent[f] for f in _IMMUTABLE[:-1] if f in sent}}
    if any(value != (live | _fixed(live)).get(field) for field, value in fixed.items()):
        raise invalid("Attempted to update an immutable field.")
    return mask


def _fixed(repository: Json) -> Json:
    """The parts of the remote configuration that are settled at creation."""
    remote = repository.get(_REMOTE, {})
    free = (CREDENTIALS, "disableUpstreamValidation")
    return {f"{_REMOTE}.{k}": v for k, v in remote.items() if k not in free}
