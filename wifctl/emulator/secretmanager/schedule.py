"""When a secret expires and when it rotates: what may be asked for, what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from wifctl.emulator.clock import format_time, parse_time
from wifctl.emulator.durations import parse_duration
from wifctl.emulator.errors import Json
from wifctl.emulator.secretmanager.checks import refuse

HUNDRED_YEARS = timedelta(seconds=3_153_600_000)
MIN_LEAD = timedelta(seconds=300)
"""How far ahead the next rotation must lie."""
MIN_PERIOD = timedelta(seconds=3600)


def with_expiry(secret: Json, now: datetime) -> Json:
    """The secret with `ttl`, which is never kept, turned into `expireTime`."""
    kept = {k: v for k, v in secret.items() if k != "ttl"}
    if "ttl" in secret:
        life = parse_duration(secret["ttl"])
        if not timedelta() < life <= HUNDRED_YEARS:
            raise refuse("ttl", "it must be positive and at most 3153600000s")
        kept["expireTime"] = format_time(now + life)
    elif "expireTime" in secret and not now < parse_time(secret["expireTime"]):
        raise refuse("expire_time", "it must be in the future")
    return kept


def check_delay(secret: Json) -> None:
    """Refuse a destruction delay that is negative or never ends; zero means none."""
    delay = parse_duration(secret.get("versionDestroyTtl", "0s"))
    if not timedelta() <= delay <= HUNDRED_YEARS:
        raise refuse("version_destroy_ttl", "it must be 0s to 3153600000s")


def check_rotation(secret: Json, now: datetime) -> None:
    """Refuse a rotation without a first time or a topic, or outside its limits."""
    rotation = secret.get("rotation")
    if not rotation:
        return
    if "rotationPeriod" in rotation:
        period = parse_duration(rotation["rotationPeriod"])
        if not MIN_PERIOD <= period <= HUNDRED_YEARS:
            raise refuse("rotation.rotation_period", "it must be 3600s to 3153600000s")
    if "nextRotationTime" not in rotation:
        raise refuse("rotation.next_rotation_time", "it is required with a rotation")
    ahead = parse_time(rotation["nextRotationTime"]) - now
    if not MIN_LEAD <= ahead <= HUNDRED_YEARS:
        raise refuse("rotation.next_rotation_time", "it must be 300s to 3153600000s ahead")
    check_topics(secret)


def check_topics(secret: Json) -> None:
    """Refuse a rotation that nobody would hear of."""
    if secret.get("rotation") and not secret.get("topics"):
        raise refuse("topics", "a rotation needs at least one topic")
