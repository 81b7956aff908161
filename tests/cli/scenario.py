"""A small scenario for tests of commands: one account, one secret, one grant."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """\
project: acme-ci
location: europe-west1
projects: {acme-ci: 123456789012}
"""
ACCOUNT = """\
apiVersion: wifctl/v1
kind: ServiceAccount
metadata: {name: deployer}
spec: {displayName: Deploys}
"""
SECRET = """\
apiVersion: wifctl/v1
kind: Secret
metadata: {name: pypi-token}
spec:
  replication: {automatic: {}}
  version: {from: {env: PYPI_TOKEN}, when: missing}
  access:
    - {role: roles/secretmanager.secretAccessor, members: [{serviceAccount: deployer}]}
"""


def write(folder: Path, **files: str) -> None:
    """Put manifests into an empty `manifests/`; by default the whole scenario."""
    manifests = folder / "manifests"
    manifests.mkdir(exist_ok=True)
    for former in manifests.iterdir():
        former.unlink()
    found = files or {"account": ACCOUNT, "secret": SECRET}
    for name, text in {"wifctl": SETTINGS, **found}.items():
        (manifests / f"{name}.yaml").write_text(text, encoding="utf-8")
