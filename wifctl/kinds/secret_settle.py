"""Fields of a secret that Google moves on by itself, and what in a replication is a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wifctl.kinds.checks import parse_time, seconds
from wifctl.resource import Fields

if TYPE_CHECKING:
    from wifctl.api import Json


def compared(json: Json) -> Json:
    """Replicas in the order of their locations, which means nothing."""
    replication = json.get("replication") or {}
    if "userManaged" not in replication:
        return json
    places = replication["userManaged"]
    replicas = sorted(places.get("replicas", ()), key=lambda r: str(r.get("location")))
    ordered = {**replication, "userManaged": {**places, "replicas": replicas}}
    return {**json, "replication": ordered}


def same_places(live: Any, desired: Any) -> bool:
    """Whether two replications differ in their keys only, which Google changes for new versions."""
    return bool(live) and bool(desired) and _places(live) == _places(desired)


def _places(replication: Any) -> list[str]:
    replicas = replication.get("userManaged", {}).get("replicas", ())
    return [str(replica.get("location")) for replica in replicas] or sorted(replication)


def settle(desired: Fields, live: Fields) -> Fields:
    """Take the live expiry that a `ttl` led to, and the live time a rotation moved on to."""
    settled = dict(desired)
    if "ttl" in desired and "expireTime" in live:
        settled["expireTime"] = live["expireTime"]
    moved = "rotation.nextRotationTime"
    if moved in desired and _moved_on(desired, live):
        settled[moved] = live[moved]
    return settled


def _moved_on(desired: Fields, live: Fields) -> bool:
    """Whether the live time is the desired one plus whole periods."""
    period = seconds(str(desired.get("rotation.rotationPeriod", "")))
    wanted = parse_time(str(desired["rotation.nextRotationTime"]))
    found = parse_time(str(live.get("rotation.nextRotationTime", "")))
    if not period or wanted is None or found is None:
        return False
    distance = (found - wanted).total_seconds()
    return distance > 0 and distance % period == 0
