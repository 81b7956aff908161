"""Manifests of a size: made up, all different, as a platform team would have them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Document = dict[str, Any]
PROJECT, NUMBER = "acme-ci", "123456789012"
CONFIG = f"project: {PROJECT}\nlocation: europe-west1\nprojects: {{{PROJECT}: {NUMBER}}}\n"
PER_FILE = 500


def write(folder: Path, documents: Iterator[Document]) -> int:
    """Write documents and a `wifctl.yaml`; how many there are."""
    (folder / "wifctl.yaml").write_text(CONFIG)
    manifests = folder / "manifests"
    manifests.mkdir()
    texts = [_yaml(document) for document in documents]
    for start in range(0, len(texts), PER_FILE):
        file = manifests / f"part-{start:05}.yaml"
        file.write_text("---\n".join(texts[start : start + PER_FILE]))
    return len(texts)


def fleet(
    pools: int, providers: int, accounts: int, secrets: int, repositories: int
) -> Iterator[Document]:
    """So many pools with so many providers each, accounts of 4 members, secrets of 2."""
    for p in range(pools):
        yield _document("WorkloadIdentityPool", f"pool-{p:04}", {"displayName": f"Pool {p}"})
        for n in range(providers):
            yield _provider(p, n)
    for a in range(accounts):
        yield _account(a, pools)
    for s in range(secrets):
        yield _secret(s)
    for r in range(repositories):
        labels = {"team": f"team-{r % 7}"}
        spec = {"format": "PYTHON", "mode": "STANDARD_REPOSITORY", "labels": labels}
        yield _document("ArtifactRegistryRepository", f"repo-{r:04}", spec)


def _provider(pool: int, number: int) -> Document:
    spec = {
        "pool": f"pool-{pool:04}",
        "oidc": {"issuerUri": f"https://issuer-{pool}-{number}.example.com"},
        "attributeMapping": {
            "google.subject": "assertion.sub",
            "attribute.team": "assertion.team",
        },
        "attributeCondition": f"assertion.org == 'org-{number}'",
    }
    return _document("WorkloadIdentityPoolProvider", f"provider-{pool:04}-{number}", spec)


def _account(number: int, pools: int) -> Document:
    if pools:
        pool = f"pool-{number % pools:04}"
        members: list[Any] = [
            {"pool": pool, "attribute": {"name": "team", "value": f"team-{number}-{m}"}}
            for m in range(4)
        ]
    else:
        members = [f"user:dev-{number}-{m}@example.com" for m in range(4)]
    access = [{"role": "roles/iam.workloadIdentityUser", "members": members}]
    spec = {"displayName": f"Deployer {number}", "access": access}
    return _document("ServiceAccount", f"deployer-{number:05}", spec)


def _secret(number: int) -> Document:
    members = [f"user:reader-{number}-{m}@example.com" for m in range(2)]
    access = [{"role": "roles/secretmanager.secretAccessor", "members": members}]
    spec = {"replication": {"automatic": {}}, "labels": {"n": str(number)}, "access": access}
    return _document("Secret", f"secret-{number:05}", spec)


def _document(kind: str, name: str, spec: Document) -> Document:
    return {"apiVersion": "wifctl/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def _yaml(document: Document) -> str:
    """Block style with JSON leaves, much as a person writes it."""
    return "\n".join(_lines(document, "")) + "\n"


def _lines(value: Document, indent: str) -> Iterator[str]:
    for key, item in value.items():
        if isinstance(item, dict) and len(item) > 1:
            yield f"{indent}{key}:"
            yield from _lines(item, f"{indent}  ")
        else:
            yield f"{indent}{key}: {json.dumps(item)}"
