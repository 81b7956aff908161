"""Fields of a secret that Google moves on by itself, so that they are no difference."""

from __future__ import annotations

from wifctl.kinds.checks import parse_time, seconds
from wifctl.resource import Fields


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
