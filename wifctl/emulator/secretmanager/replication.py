"""Where a secret's payloads are kept: the replication of a global secret, the key of a regional."""

from __future__ import annotations

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.locations import REGIONS
from wifctl.emulator.secretmanager.checks import check_encryption, refuse
from wifctl.emulator.secretmanager.names import is_regional

_ENCRYPTION = "customerManagedEncryption"


def check_placement(parent: str, secret: Json) -> None:
    """Refuse a global secret without a replication, and a regional one with any."""
    encryption = secret.get(_ENCRYPTION)
    if is_regional(parent):
        if "replication" in secret:
            raise refuse("replication", "a regional secret has none")
        check_encryption("", encryption, parent.rpartition("/")[2])
        return
    if encryption is not None:
        raise refuse("customer_managed_encryption", "only a regional secret has it here")
    _check_replication(secret.get("replication", {}))


def check_same_placement(live: Json, wanted: Json) -> None:
    """Refuse any change of the replication but that of its keys."""
    if _places(live.get("replication", {})) != _places(wanted.get("replication", {})):
        raise refuse("replication", "the replication of a secret cannot be changed")


def replication_status(secret: Json) -> Json:
    """The part of a new version that says where its payload went."""
    if "replication" not in secret:
        key = _used_key(secret)
        return {_ENCRYPTION: key} if key else {}
    replication = secret["replication"]
    if "automatic" in replication:
        return {"replicationStatus": {"automatic": _status(replication["automatic"])}}
    replicas = [_status(r) for r in replication["userManaged"]["replicas"]]
    return {"replicationStatus": {"userManaged": {"replicas": replicas}}}


def _check_replication(replication: Json) -> None:
    if "automatic" in replication:
        key = replication["automatic"].get(_ENCRYPTION)
        check_encryption("replication.automatic", key, "global")
        return
    if "userManaged" not in replication:
        raise invalid("Field [secret.replication] is required.")
    replicas = replication["userManaged"].get("replicas", [])
    locations = [r.get("location", "") for r in replicas]
    if not replicas:
        raise refuse("replication.user_managed.replicas", "it cannot be empty")
    for replica, location in zip(replicas, locations, strict=True):
        if location not in REGIONS or locations.count(location) > 1:
            raise refuse(
                "replication.user_managed.replicas", f"the location [{location}] is not valid"
            )
        check_encryption("replication.user_managed", replica.get(_ENCRYPTION), location)


def _places(replication: Json) -> list[str]:
    if "userManaged" not in replication:
        return sorted(replication)
    return [r.get("location", "") for r in replication["userManaged"].get("replicas", [])]


def _status(place: Json) -> Json:
    kept = {"location": place["location"]} if "location" in place else {}
    key = _used_key(place)
    return {**kept, _ENCRYPTION: key} if key else kept


def _used_key(place: Json) -> Json:
    """Which version of a key encrypted the payload: without a KMS here, always the first."""
    name = place.get(_ENCRYPTION, {}).get("kmsKeyName")
    return {"kmsKeyVersionName": f"{name}/cryptoKeyVersions/1"} if name else {}
