"""Virtual repositories: the policies that say which other repositories they serve."""

from __future__ import annotations

from wifctl.emulator.artifactregistry import state
from wifctl.emulator.artifactregistry.names import Name, name_of
from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.service import Context


def checked_virtual(context: Context, name: Name, config: Json, format_: str) -> Json:
    """The configuration as kept; every upstream must be there when it is named.

    That an upstream may be deleted later is recorded of the live service; what it answers to one
    that never was is not, so INVALID_ARGUMENT is a choice.
    """
    policies = config.get("upstreamPolicies", [])
    ids = [policy.get("id", "") for policy in policies]
    if not all(ids) or len(set(ids)) < len(ids):
        raise invalid("Every upstream policy needs an id of its own.")
    for policy in policies:
        _check_upstream(context, name, policy.get("repository", ""), format_)
    return config


def _check_upstream(context: Context, name: Name, upstream: str, format_: str) -> None:
    found = name_of(context, upstream, "artifactregistry.repositories.get")
    stored = context.store.get(state.KIND, found.canonical)
    if stored is None or found.canonical == name.canonical:
        raise invalid(f"The upstream repository {upstream} does not exist.")
    if stored["format"] != format_:
        raise invalid(
            f"The upstream repository {upstream} has the format {stored['format']}, not {format_}."
        )
