"""What Secret Manager refuses in a secret's fields: labels, annotations, topics, aliases, keys.

Limits are those of the discovery document; the label pattern, cut short there, is the one of
Terraform's provider.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from wifctl.emulator.errors import ApiError, Json, invalid

MAX_LABELS = 64
MAX_TOPICS = 10
MAX_ALIASES = 50
MAX_ANNOTATION_BYTES = 16 * 1024
_LABEL_CHARACTERS = 63
_BYTES = 128

_ANNOTATION_KEY = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?")
_TOPIC = re.compile(r"projects/[^/]+/topics/[^/]+")
_ALIAS = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
_RESERVED_ALIASES = frozenset({"latest", "NEW"})
_KEY = re.compile(r"projects/[^/]+/locations/([^/]+)/keyRings/[^/]+/cryptoKeys/[^/]+")


def refuse(field: str, why: str) -> ApiError:
    """INVALID_ARGUMENT about one field of the secret."""
    return invalid(f"Field [secret.{field}] is invalid: {why}.")


def check_metadata(secret: Json) -> None:
    """Refuse labels, annotations and topics beyond their limits."""
    check_labels(secret.get("labels", {}))
    _check_annotations(secret.get("annotations", {}))
    topics = secret.get("topics", [])
    if len(topics) > MAX_TOPICS:
        raise refuse("topics", f"at most {MAX_TOPICS} topics are allowed")
    for topic in topics:
        if not _TOPIC.fullmatch(topic.get("name", "")):
            raise refuse("topics", "a topic must be named projects/*/topics/*")


def check_labels(labels: Mapping[str, str]) -> None:
    """Refuse labels beyond 64, or with a key or value that does not fit."""
    if len(labels) > MAX_LABELS:
        raise refuse("labels", f"at most {MAX_LABELS} labels are allowed")
    for key, value in labels.items():
        if not key or not _is_lower(key[0]) or not _is_label(key):
            raise refuse("labels", f"the key [{key}] is not valid")
        if not _is_label(value):
            raise refuse("labels", f"the value of [{key}] is not valid")


def check_aliases(aliases: Mapping[str, str], versions: frozenset[str]) -> None:
    """Refuse aliases that are no aliases, or stand for a version that was never made."""
    if len(aliases) > MAX_ALIASES:
        raise refuse("version_aliases", f"at most {MAX_ALIASES} aliases are allowed")
    for alias, version in aliases.items():
        if alias in _RESERVED_ALIASES or not _ALIAS.fullmatch(alias):
            raise refuse("version_aliases", f"the alias [{alias}] is not valid")
        if version not in versions:
            raise refuse("version_aliases", f"the version [{version}] does not exist")


def check_encryption(field: str, encryption: Json | None, location: str) -> None:
    """Refuse a key that is none, or does not lie where the payload does."""
    if encryption is None:
        return
    found = _KEY.fullmatch(encryption.get("kmsKeyName", ""))
    if not found:
        raise refuse(
            f"{field}.customer_managed_encryption.kms_key_name",
            "it must be named projects/*/locations/*/keyRings/*/cryptoKeys/*",
        )
    if found[1] != location:
        raise refuse(
            f"{field}.customer_managed_encryption.kms_key_name", f"the key must be in {location}"
        )


def _check_annotations(annotations: Mapping[str, str]) -> None:
    for key in annotations:
        if not _ANNOTATION_KEY.fullmatch(key):
            raise refuse("annotations", f"the key [{key}] is not valid")
    size = sum(len(k.encode()) + len(v.encode()) for k, v in annotations.items())
    if size >= MAX_ANNOTATION_BYTES:
        raise refuse("annotations", "keys and values must be less than 16 KiB together")


def _is_lower(character: str) -> bool:
    return unicodedata.category(character) in ("Ll", "Lo")


def _is_label(text: str) -> bool:
    fits = len(text) <= _LABEL_CHARACTERS and len(text.encode()) <= _BYTES
    return fits and all(
        c in "_-" or _is_lower(c) or unicodedata.category(c).startswith("N") for c in text
    )
