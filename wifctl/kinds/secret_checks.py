"""What Google refuses of a secret, said before the call (Secret Manager v1 reference)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from wifctl.kinds import checks
from wifctl.kinds.base import Problem
from wifctl.resource import Resource

_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_TOPIC = re.compile(r"projects/[^/]+/topics/[^/]+")
_ALIAS = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
_ANNOTATION = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_HUNDRED_YEARS = 3_153_600_000


def check(resource: Resource) -> Iterable[Problem]:
    """Every problem of one secret's spec."""
    spec = resource.spec
    if not _ID.fullmatch(resource.address.id):
        yield Problem(
            "bad-id",
            "metadata.id",
            f"{resource.address.id!r} is no secret id",
            allowed="1 to 255 of A-Z, a-z, 0-9, _ and -",
            fix="set `metadata.id`, which may differ from the name",
        )
    yield from _where(spec)
    yield from checks.labels(spec.labels, "spec.labels")
    yield from _annotations(spec.annotations or {})
    yield from _expiry(spec)
    yield from _rotation(spec)
    yield from _version(spec.version)
    for index, topic in enumerate(spec.topics or ()):
        if not _TOPIC.fullmatch(topic.name):
            path = f"spec.topics[{index}].name"
            yield _bad_name(path, topic.name, "a topic", "projects/PROJECT/topics/TOPIC")
    for alias in spec.version_aliases or {}:
        if not _ALIAS.fullmatch(alias) or alias in ("latest", "NEW"):
            path = f"spec.versionAliases.{alias}"
            yield _bad_name(path, alias, "an alias", "63 of A-Z a-z 0-9 _ -, a letter first")


def _bad_name(path: str, text: str, what: str, allowed: str) -> Problem:
    return Problem("bad-name", path, f"{text!r} is not {what}", allowed, "spell it so")


def _where(spec: Any) -> Iterable[Problem]:
    if spec.location is None:
        if spec.replication is None:
            yield Problem(
                "missing-field",
                "spec",
                "a global secret without replication",
                allowed="replication with automatic or userManaged",
                fix="add `replication: {automatic: {}}`",
            )
        elif (spec.replication.automatic is None) == (spec.replication.user_managed is None):
            yield checks.one_of("spec.replication", ("automatic", "userManaged"))
        if spec.customer_managed_encryption is not None:
            yield _misplaced("spec.customerManagedEncryption", "replication", "a global secret")
    elif spec.replication is not None:
        yield _misplaced("spec.replication", "location", "a regional secret")


def _misplaced(path: str, instead: str, what: str) -> Problem:
    return Problem(
        "conflicting-fields",
        path,
        f"{what} does not have this field",
        allowed=f"`{instead}` instead",
        fix="remove it, or move the secret",
    )


def _annotations(annotations: dict[str, str | None]) -> Iterable[Problem]:
    for key in annotations:
        if not _ANNOTATION.fullmatch(key):
            allowed = "1 to 63 characters, a letter or digit at both ends, - _ . inside"
            yield _bad_name(f"spec.annotations.{key}", key, "an annotation key", allowed)
    size = sum(len(f"{key}{value or ''}".encode()) for key, value in annotations.items())
    if size >= 16384:
        yield Problem(
            "too-long",
            "spec.annotations",
            f"{size} bytes of annotations",
            allowed="under 16 KiB in all",
            fix="keep the data elsewhere",
        )


def _expiry(spec: Any) -> Iterable[Problem]:
    if spec.ttl is not None and spec.expire_time is not None:
        yield checks.one_of("spec", ("ttl", "expireTime"))
    if spec.ttl is not None:
        yield from checks.duration(spec.ttl, "spec.ttl", 1, _HUNDRED_YEARS)
    if spec.expire_time is not None:
        yield from checks.time(spec.expire_time, "spec.expireTime")
    if spec.version_destroy_ttl is not None:
        path = "spec.versionDestroyTtl"
        yield from checks.duration(spec.version_destroy_ttl, path, 86400, 1000 * 86400)


def _rotation(spec: Any) -> Iterable[Problem]:
    rotation = spec.rotation
    if rotation is None:
        return
    if rotation.rotation_period is not None:
        path = "spec.rotation.rotationPeriod"
        yield from checks.duration(rotation.rotation_period, path, 3600, _HUNDRED_YEARS)
        if rotation.next_rotation_time is None:
            yield _needed("spec.rotation", "rotationPeriod", "nextRotationTime")
    if rotation.next_rotation_time is not None:
        yield from checks.time(rotation.next_rotation_time, "spec.rotation.nextRotationTime")
    if not spec.topics:
        yield _needed("spec", "rotation", "topics")


def _needed(path: str, field: str, other: str) -> Problem:
    return Problem(
        "missing-field",
        path,
        f"{field} without {other}",
        allowed="both",
        fix=f"add `{other}`",
    )


def _version(version: Any) -> Iterable[Problem]:
    if version is None:
        return
    source = version.from_
    given = [source.env is not None, source.file is not None, source.stdin is not None]
    if sum(given) != 1:
        yield checks.one_of("spec.version.from", ("env", "file", "stdin"))
    if source.stdin is False:
        yield Problem("wrong-value", "spec.version.from.stdin", "false", "true", "remove the line")
