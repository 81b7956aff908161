"""The object a sample is a field of: its document, its address, what must exist around it."""

from __future__ import annotations

import copy
from typing import Any

from tests.e2e.fields import Sample
from tests.e2e.world import World, document

NAME = "sampled"
POOL_PATH = "/v1/projects/acme-ci/locations/global/workloadIdentityPools"
REPOSITORY_PATH = "/v1/projects/acme-ci/locations/europe-west1/repositories"
ADDRESS = {
    "WorkloadIdentityPool": f"WorkloadIdentityPool/acme-ci/{NAME}",
    "WorkloadIdentityPoolProvider": f"WorkloadIdentityPoolProvider/acme-ci/github/{NAME}",
    "ServiceAccount": f"ServiceAccount/acme-ci/{NAME}",
    "Secret": f"Secret/acme-ci/{NAME}",
    "ArtifactRegistryRepository": f"ArtifactRegistryRepository/acme-ci/europe-west1/{NAME}",
}


def address_of(sample: Sample) -> str:
    """Where the object of a sample lives."""
    location = sample.around.get("location")
    found = ADDRESS[sample.kind]
    return found.replace("acme-ci/", f"acme-ci/{location}/") if location else found


def declared(sample: Sample, index: int) -> dict[str, Any]:
    """The document with one of the two values."""
    return document(sample.kind, NAME, sample.spec(index))


def without(sample: Sample) -> dict[str, Any]:
    """The document without the field."""
    return document(sample.kind, NAME, copy.deepcopy(dict(sample.around)))


def prepare(world: World, kind: str) -> None:
    """What the object refers to, made by somebody else."""
    world.environment["PAYLOAD"] = "made-up"
    if kind == "WorkloadIdentityPoolProvider":
        world.rest.post(POOL_PATH, {}, workloadIdentityPoolId="github")
    if kind == "ArtifactRegistryRepository":
        for name in ("upstream-1", "upstream-2"):
            body = {"format": "PYTHON", "mode": "STANDARD_REPOSITORY"}
            world.rest.post(REPOSITORY_PATH, body, repositoryId=name)
