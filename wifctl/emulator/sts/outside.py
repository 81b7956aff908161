"""What lies outside of Google: issuers and their keys, AWS access keys, and how strict STS is.

An emulator contacts nobody beyond this machine, so it must be told. `update` takes

    strictness: documented | observed
    issuers:
      https://issuer.example.com: {jwks: {keys: […]}}           # what it publishes
      https://gitlab.example.com: {from: http://127.0.0.1:8080} # who stands in for it, on loopback
    awsKeys:
      AKIA…: {secretAccessKey: …, account: "111122223333", arn: …, userId: …, sessionToken: …}
    lifetimeExtension: [deployer@acme-ci.iam.gserviceaccount.com]  # service accounts; `*` for all
    packageIndexes: {PYPI: http://127.0.0.1:8080}  # who stands in for an upstream

over what it knows; an issuer or key that is null is forgotten. The API that takes it is described
in `docs/reference/emulator.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.python import indexes
from wifctl.emulator.store import Store
from wifctl.emulator.switches.settings import only
from wifctl.trust.oidc.issuer import discovery_url
from wifctl.trust.provider import AwsCaller
from wifctl.trust.verdict import Strictness

ISSUER, AWS_KEY, SETTINGS = "issuer", "awsKey", "outside"
"""Kinds of the store: `issuers/QUOTED-DISCOVERY-URL`, `awsKeys/ID`, `outside/settings`."""

_SETTINGS = f"{SETTINGS}/settings"
_ISSUER = ("jwks", "from", "issuer", "discoveryUri")
_KEY = ("secretAccessKey", "account", "arn", "userId", "sessionToken")
_LOOPBACK = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


def update(store: Store, settings: Mapping[str, Any]) -> None:
    """Learn settings in addition to those known. Raises INVALID_ARGUMENT."""
    known = ("strictness", "issuers", "awsKeys", "lifetimeExtension", "packageIndexes")
    only(settings, "outside", *known)
    for url, issuer in _mapping(settings, "issuers"):
        _learn_issuer(store, url, issuer)
    for key_id, key in _mapping(settings, "awsKeys"):
        _learn_key(store, key_id, key)
    for upstream, stand_in in _mapping(settings, "packageIndexes"):
        indexes.learn(store, upstream, stand_in)
    kept = store.get(SETTINGS, _SETTINGS) or {}
    changed = {**kept, **_strictness(settings), **_extension(settings)}
    if changed != kept:
        store.put(SETTINGS, _SETTINGS, changed)


def forget(store: Store) -> None:
    """Know nothing of the outside any more."""
    for kind in (ISSUER, AWS_KEY, SETTINGS, indexes.KIND):
        for name, _value in list(store.walk(kind)):
            store.delete(kind, name)


def as_json(store: Store) -> Json:
    """What is known, secrets aside."""
    issuers = (record for _name, record in store.walk(ISSUER))
    keys = store.walk(AWS_KEY)
    return {
        "strictness": strictness(store).value,
        "issuers": {record["url"]: _shown(record) for record in issuers},
        "awsKeys": {name.partition("/")[2]: _without_secrets(key) for name, key in keys},
        "lifetimeExtension": list(extended_accounts(store)),
        "packageIndexes": dict(indexes.known(store)),
    }


def strictness(store: Store) -> Strictness:
    """Whose limits count."""
    settings = store.get(SETTINGS, _SETTINGS) or {}
    return Strictness(settings.get("strictness", Strictness.DOCUMENTED))


def extended_accounts(store: Store) -> Sequence[str]:
    """Service accounts whose tokens may live for up to 12 hours."""
    settings = store.get(SETTINGS, _SETTINGS) or {}
    found: Sequence[str] = settings.get("lifetimeExtension", ())
    return found


def published(store: Store, url: str) -> Json | None:
    """The record of the issuer whose discovery document is at a URL, or None."""
    return store.get(ISSUER, _issuer_name(url))


def aws_caller(store: Store, key_id: str) -> AwsCaller | None:
    """An AWS access key and whose it is, or None when it is not known here."""
    key = store.get(AWS_KEY, f"awsKeys/{key_id}")
    if key is None:
        return None
    account = key.get("account", "")
    return AwsCaller(
        key["secretAccessKey"],
        account,
        key.get("arn") or f"arn:aws:iam::{account}:root",
        key.get("userId") or account,
        key.get("sessionToken", ""),
    )


def _learn_issuer(store: Store, url: str, issuer: Any) -> None:
    if issuer is None:
        store.delete(ISSUER, _issuer_name(discovery_url(url)))
        return
    if not isinstance(issuer, Mapping):
        raise invalid(f"issuers: {url} must be a mapping with jwks or from")
    only(issuer, f"issuers: {url}", *_ISSUER)
    if ("jwks" in issuer) is ("from" in issuer):
        raise invalid(f"issuers: {url} needs either jwks or from")
    if "from" in issuer and not str(issuer["from"]).startswith(_LOOPBACK):
        raise invalid(f"issuers: {url} can be read from http://127.0.0.1:PORT only")
    where = discovery_url(url, str(issuer.get("discoveryUri") or ""))
    record: Json = {"url": url, "issuer": str(issuer.get("issuer") or url)}
    if "from" in issuer:
        record["from"] = str(issuer["from"]).rstrip("/")
    else:
        jwks = issuer["jwks"]
        record["jwks"] = jwks if isinstance(jwks, str) else json.dumps(jwks)
    store.put(ISSUER, _issuer_name(where), record)


def _learn_key(store: Store, key_id: str, key: Any) -> None:
    name = f"awsKeys/{key_id}"
    if key is None:
        store.delete(AWS_KEY, name)
        return
    if not isinstance(key, Mapping) or not key.get("secretAccessKey") or "account" not in key:
        raise invalid(f"awsKeys: {key_id} needs secretAccessKey and account")
    only(key, f"awsKeys: {key_id}", *_KEY)
    store.put(AWS_KEY, name, {field: str(value) for field, value in key.items()})


def _strictness(settings: Mapping[str, Any]) -> Json:
    if "strictness" not in settings:
        return {}
    chosen = settings["strictness"]
    if chosen not in list(Strictness):
        raise invalid(f"strictness: {chosen!r} must be one of {', '.join(Strictness)}")
    return {"strictness": str(chosen)}


def _extension(settings: Mapping[str, Any]) -> Json:
    if "lifetimeExtension" not in settings:
        return {}
    accounts = settings["lifetimeExtension"]
    if not isinstance(accounts, list) or not all(isinstance(item, str) for item in accounts):
        raise invalid("lifetimeExtension: a list of service accounts' e-mails, or of `*`")
    return {"lifetimeExtension": list(accounts)}


def _mapping(settings: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    found = settings.get(key) or {}
    if not isinstance(found, Mapping) or not all(isinstance(name, str) for name in found):
        raise invalid(f"{key}: must be a mapping")
    yield from found.items()


def _shown(record: Json) -> Json:
    return {key: value for key, value in record.items() if key != "url"}


def _without_secrets(key: Json) -> Json:
    return {name: key[name] for name in ("account", "arn", "userId") if name in key}


def _issuer_name(url: str) -> str:
    return f"issuers/{quote(url, safe='')}"
