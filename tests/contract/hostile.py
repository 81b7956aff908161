"""Requests made from the discovery documents: valid, nearly valid and hostile ones."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from tests.contract.discovery import Documented, document, methods
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.options import Options
from wifctl.emulator.routing import Router

NAMES = ["iam.v1", "secretmanager.v1", "artifactregistry.v1", "serviceusage.v1",
         "serviceusage.v1beta1", "cloudresourcemanager.v1", "cloudresourcemanager.v3"]  # fmt: skip
_SEGMENTS = {
    "projects": ["acme-ci", "123456789012", "-", "other", "acme-ci:x", "0" * 40],
    "locations": ["global", "europe-west1", "us", "-", "nowhere"],
    "workloadIdentityPools": ["pool-1", "pool-2", "gcp-x", "a" * 40],
    "providers": ["prov-1", "prov-2", ""],
    "serviceAccounts": ["deployer@acme-ci.iam.gserviceaccount.com", "1", "x@y", "-"],
    "secrets": ["secret-1", "secret-2", "ü", "a" * 300],
    "versions": ["1", "latest", "NEW", "999999999999999999999", "alias"],
    "repositories": ["pypi", "pypi-2", "UPPER"],
    "services": ["iam.googleapis.com", "nope.googleapis.com", "x"],
    "operations": ["op", "b" * 32],
}
_TEXTS = ["", "x", "pool-1", "a" * 300, "ü€😀", "\x00", "{{7*7}}", "' OR 1=1 --", "../../etc",
          "\ud800", "%2e%2e", "projects/acme-ci/secrets/secret-1/versions/1",
          "https://issuer.example.com", "assertion.sub", "2030-01-01T00:00:00Z", "3600s", "1",
          "roles/viewer", "user:a@example.com", "*", "NaN"]  # fmt: skip
_GOOD: dict[str, Any] = {
    "accountId": "deployer", "issuerUri": "https://issuer.example.com", "jwksJson": "",
    "idpMetadataXml": "", "role": "roles/viewer", "members": ["user:a@example.com", "allUsers"],
    "etag": "", "attributeMapping": {"google.subject": "assertion.sub"}, "discoveryUri": "",
    "attributeCondition": "assertion.sub == 'x'", "actorProviders": [], "format": "PYTHON",
    "mode": "", "replication": {"automatic": {}}, "data": "eA==", "dataCrc32c": None, "ttl": "",
    "expireTime": None, "rotation": None, "topics": [], "customerManagedEncryption": None,
    "serviceIds": ["iam.googleapis.com"], "aws": None, "saml": None, "x509": None,
    "version": 1, "auditConfigs": [], "condition": None, "bindings": None, "labels": {"a": "b"},
    "remoteRepositoryConfig": None, "virtualRepositoryConfig": None, "kmsKeyName": "",
    "inlineCertificateIssuanceConfig": None, "inlineTrustConfig": None, "tags": {},
    "cleanupPolicies": {}, "permissions": ["iam.serviceAccounts.get"], "displayName": "x",
    "description": "y", "updateMask": "displayName", "secretType": None, "versionAliases": None,
}  # fmt: skip
"""What a tame request holds under these keys."""
_ODD: list[Any] = [None, True, 0, -1, 2**31, 2**63, 2**70, 1.5, 1e308, [], {}, [[]], [None],
                   {"a": {}}, "x", "", [{}]]  # fmt: skip
_RAW = [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":' * 3000, b"{}" * 2, b'{"\xff": 1}']


@dataclass(frozen=True, slots=True)
class Attack:
    """One request."""

    verb: str
    target: str
    body: bytes | None


def attacks(seed: int, count: int) -> Iterator[Attack]:
    """So many requests, the same for the same seed; nine of ten for methods that are served."""
    chance = random.Random(seed)
    known = [(name, m) for name in NAMES for m in methods(name)]
    router = Kernel(Options()).router
    served = [(n, m) for n, m in known if _is_served(router, m)]
    schemas = {name: document(name)["schemas"] for name in NAMES}
    for _ in range(count):
        name, method = chance.choice(served if chance.random() < 0.9 else known)
        yield _attack(chance, method, schemas[name])


def _is_served(router: Router, method: Documented) -> bool:
    path = method.filled({n: p.replace("*", "some1") for n, p in method.patterns.items()})
    match = router.find(method.verb, path)
    return match is not None and match.endpoint.method.served


def _attack(chance: random.Random, method: Documented, schemas: dict[str, Any]) -> Attack:
    tame = chance.random() < 0.5
    values = {n: _path(chance, pattern, tame) for n, pattern in method.patterns.items()}
    query = _query(chance, method, tame)
    target = method.filled(values)
    if query:
        target += "?" + urlencode(query, errors="replace")
    body = None
    if method.request and chance.random() < 0.95:
        make = _tame(schemas, method.request) if tame else None
        made = make if make is not None else _object(chance, schemas, method.request, 0)
        body = json.dumps(made).encode()
    if not tame and chance.random() < 0.1:
        body = chance.choice(_RAW)
    return Attack(method.verb, target, body)


def _path(chance: random.Random, pattern: str, tame: bool) -> str:
    parts, before = [], ""
    for part in pattern.split("/"):
        if part == "*":
            part = chance.choice(_SEGMENTS.get(before, ["x", "pool-1"])[: chance.choice([1, 2, 9])])
            if tame:
                part = _SEGMENTS.get(before, ["x"])[0]
            elif chance.random() < 0.05:
                part = chance.choice(_TEXTS).encode("utf-8", "replace").decode()
            part = quote(part, safe="@:" if chance.random() < 0.9 else "@:/.")
        parts.append(part)
        before = part
    return "/".join(parts)


def _query(chance: random.Random, method: Documented, tame: bool) -> dict[str, str]:
    found = {}
    if tame:
        known = {"Id": ["pool-1", "prov-1", "secret-1", "pypi"], "Mask": ["displayName", "labels"]}
        wanted = [(n, n[-2:] if n.endswith("Id") else n[-4:]) for n in method.parameters]
        return {name: chance.choice(known[end]) for name, end in wanted if end in known}
    for name, parameter in method.parameters.items():
        if parameter["location"] == "query" and chance.random() < 0.6:
            found[name] = _parameter(chance, name, parameter)
    if chance.random() < 0.05:
        found[chance.choice(["nope", "$alt", "a.b.c", "", "pageSize"])] = "x"
    return found


def _parameter(chance: random.Random, name: str, parameter: dict[str, Any]) -> str:
    if name.endswith("Id") and chance.random() < 0.8:
        return chance.choice(["pool-1", "pool-2", "prov-1", "secret-1", "pypi", "key-1"])
    if name == "updateMask":
        return chance.choice(["displayName", "disabled", "labels", "oidc", "oidc.issuerUri", "*",
                              "attributeMapping", "labels.a", "a.b.c", "", ",", "ttl,expireTime",
                              "version_aliases", "etag", "name", "description"])  # fmt: skip
    if parameter.get("type") in ("integer", "boolean") and chance.random() < 0.7:
        return chance.choice(["0", "1", "5", "True", "false", "-1", "99999999999"])
    return chance.choice(_TEXTS)


def _tame(schemas: dict[str, Any], name: str) -> Any:
    properties = schemas[name].get("properties", {})
    made = {k: _GOOD[k] for k in properties if _GOOD.get(k) not in (None, "")}
    for key in ("oidc", "policy", "serviceAccount", "payload", "options"):
        if "$ref" in properties.get(key, {}):
            made[key] = _tame(schemas, properties[key]["$ref"])
    if name == "Policy":
        made["bindings"] = [{"role": _GOOD["role"], "members": _GOOD["members"]}]
    return made


def _object(chance: random.Random, schemas: dict[str, Any], name: str, depth: int) -> Any:
    if depth > 5:
        return {}
    made: dict[str, Any] = {}
    for key, schema in schemas[name].get("properties", {}).items():
        if chance.random() < (0.5 if depth < 2 else 0.35):
            made[key] = _value(chance, schemas, schema, depth + 1)
    if chance.random() < 0.02:
        made["nope"] = chance.choice(_ODD)
    return made


def _value(
    chance: random.Random, schemas: dict[str, Any], schema: dict[str, Any], depth: int
) -> Any:
    if chance.random() < 0.04:
        return chance.choice(_ODD)
    if "$ref" in schema:
        return _object(chance, schemas, schema["$ref"], depth)
    kind = schema.get("type")
    if kind == "array":
        return [
            _value(chance, schemas, schema["items"], depth) for _ in range(chance.randint(0, 2))
        ]
    if kind == "object":
        inner = schema.get("additionalProperties", {"type": "string"})
        keys = ["google.subject", "attribute.a", "a", "A b", "", "k" * 70]
        return {chance.choice(keys): _value(chance, schemas, inner, depth)
                for _ in range(chance.randint(0, 2))}  # fmt: skip
    if kind == "boolean":
        return chance.choice([True, False])
    if kind in ("integer", "number"):
        return chance.choice([0, 1, 3, 50, -1, 2**31 - 1])
    return chance.choice([*schema.get("enum", []), *_TEXTS] if "enum" in schema else _TEXTS)
