"""Manifests for measurements: as many documents as are asked for."""

from __future__ import annotations

from pathlib import Path

SETTINGS = "project: acme-ci\nprojects: {acme-ci: 123456789012}\n"
ACCOUNT_FORM = """\
apiVersion: wifctl/v1
kind: ServiceAccount
metadata: {{name: account-{n}}}
spec:
  displayName: Account {n}
  access:
    - role: roles/iam.workloadIdentityUser
      members: [{{pool: github, attribute: {{name: repository_id, value: "{n}"}}}}]
"""
SECRET_FORM = """\
apiVersion: wifctl/v1
kind: Secret
metadata: {{name: secret-{n}}}
spec:
  replication: {{automatic: {{}}}}
  labels: {{team: platform}}
  access:
    - role: roles/secretmanager.secretAccessor
      members: [{{serviceAccount: account-{n}}}]
"""  # noqa: S105 - a manifest
POOL = """\
apiVersion: wifctl/v1
kind: WorkloadIdentityPool
metadata: {name: github}
spec: {displayName: GitHub Actions}
---
apiVersion: wifctl/v1
kind: WorkloadIdentityPoolProvider
metadata: {name: github-actions}
spec:
  pool: github
  oidc: {issuerUri: https://token.actions.githubusercontent.com}
  attributeMapping:
    google.subject: assertion.sub
    attribute.repository_id: assertion.repository_id
  attributeCondition: assertion.repository_owner_id == '1342004'
"""


def write(folder: Path, documents: int) -> None:
    """A pool, its provider, and pairs of an account and a secret, a hundred a file."""
    manifests = folder / "manifests"
    manifests.mkdir()
    (manifests / "wifctl.yaml").write_text(SETTINGS, encoding="utf-8")
    (manifests / "pool.yaml").write_text(POOL, encoding="utf-8")
    pairs = (documents - 2) // 2
    for first in range(0, pairs, 50):
        numbers = range(first, min(first + 50, pairs))
        texts = [form.format(n=n) for n in numbers for form in (ACCOUNT_FORM, SECRET_FORM)]
        (manifests / f"part-{first}.yaml").write_text("---\n".join(texts), encoding="utf-8")
