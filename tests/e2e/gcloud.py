"""What the real gcloud shows of live objects, in Google's REST JSON; one command a collection."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.gcloud import COMMAND, environment
from wifctl.emulator.server import Doors
from wifctl.resource import Address

Shown = dict[Address, dict[str, Any]]

CONDITION = """\
title: until-2030
description: of the operators
expression: request.time < timestamp('2030-01-01T00:00:00Z')
"""
_LISTS = {
    "ProjectServices": "services list --enabled --project={0}",
    "WorkloadIdentityPool": "iam workload-identity-pools list --location=global --project={0}",
    "WorkloadIdentityPoolProvider": "iam workload-identity-pools providers list "
    "--location=global --project={0} --workload-identity-pool={1}",
    "ServiceAccount": "iam service-accounts list --project={0}",
    "Secret": "secrets list --project={0}",
    "ArtifactRegistryRepository": "artifacts repositories list --project={0} --location={1}",
}
_POLICIES = {
    "Project": "projects get-iam-policy {0}",
    "WorkloadIdentityPool": "iam workload-identity-pools get-iam-policy {1} --project={0} "
    "--location=global",
    "ServiceAccount": "iam service-accounts get-iam-policy {1}@{0}.iam.gserviceaccount.com",
    "Secret": "secrets get-iam-policy {1} --project={0}",
    "ArtifactRegistryRepository": "artifacts repositories get-iam-policy {2} --project={0} "
    "--location={1}",
}


@dataclass(frozen=True, slots=True)
class Gcloud:
    """gcloud with a configuration of its own, led to one emulator."""

    environ: Mapping[str, str]

    @classmethod
    def of(cls, doors: Doors, folder: Path) -> Gcloud:
        """Ready to run."""
        folder.mkdir(exist_ok=True)
        return cls(environment(doors, "acme-ci", folder))

    def __call__(self, arguments: str, stdin: str = "") -> Any:
        """The JSON one command prints; it must go well."""
        given = [COMMAND or "gcloud", *arguments.split(), "--format=json"]
        ran = subprocess.run(
            given, env=self.environ, input=stdin, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, f"{arguments}\n{ran.stderr}"
        return json.loads(ran.stdout or "null")

    def objects(self, addresses: list[Address]) -> Shown:
        """The live objects of the collections these addresses belong to."""
        collections = {(a.kind, _parent(a)) for a in addresses}
        with ThreadPoolExecutor(2) as pool:
            pages = pool.map(lambda c: list(self._collection(*c)), sorted(collections))
            return {address: shown for page in pages for address, shown in page}

    def policies(self, targets: list[Address]) -> Shown:
        """The IAM policies of some targets."""
        with ThreadPoolExecutor(2) as pool:
            asked = (_POLICIES[target.kind].format(*target.path) for target in targets)
            return dict(zip(targets, pool.map(self, asked), strict=True))

    def add_binding(
        self, target: Address, role: str, member: str, *, conditional: bool = False
    ) -> None:
        """`add-iam-policy-binding`, as an operator would."""
        where = _POLICIES[target.kind].format(*target.path)
        command = where.replace("get-iam-policy", "add-iam-policy-binding")
        condition = f"--condition-from-file={self._condition()}" if conditional else ""
        self(f"{command} --role={role} --member={member} {condition}")

    def _condition(self) -> Path:
        file = Path(self.environ["CLOUDSDK_CONFIG"]) / "condition.yaml"
        file.write_text(CONDITION, encoding="utf-8")
        return file

    def _collection(
        self, kind: str, parent: tuple[str, ...]
    ) -> Iterator[tuple[Address, dict[str, Any]]]:
        found = self(_LISTS[kind].format(*parent))
        if kind == "ProjectServices":
            services = [item["config"]["name"] for item in found]
            yield Address(kind, parent), {"services": services}
            return
        for item in found:
            name = item["name"].rpartition("/")[2].partition("@")[0]
            yield Address(kind, (*parent, name)), item


def _parent(address: Address) -> tuple[str, ...]:
    return address.path if address.kind == "ProjectServices" else address.path[:-1]
