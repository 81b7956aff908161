"""Every documented method is either served or refused by its name; none is unknown."""

from __future__ import annotations

import pytest

from tests.contract.discovery import Documented, methods
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.options import Options
from wifctl.emulator.routing import Match

DOCUMENTS = (
    "iam.v1",
    "secretmanager.v1",
    "artifactregistry.v1",
    "serviceusage.v1",
    "serviceusage.v1beta1",
    "cloudresourcemanager.v1",
    "cloudresourcemanager.v3",
)
SERVED = {"iam.v1": 36}
"""How many methods of the documents that the IAM modules own are served."""


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return Kernel(Options())


def path_of(method: Documented) -> str:
    return method.filled({n: p.replace("*", "some1") for n, p in method.patterns.items()})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_documented_method_is_known(kernel: Kernel, name: str) -> None:
    unknown = [m.id for m in methods(name) if not kernel.router.find(m.verb, path_of(m))]
    assert unknown == []


@pytest.mark.parametrize(("name", "count"), SERVED.items())
def test_as_many_are_served_as_the_emulator_says(kernel: Kernel, name: str, count: int) -> None:
    found = [(m.id, kernel.router.find(m.verb, path_of(m))) for m in methods(name)]
    own = [match.endpoint.method for id_, match in found if match and _id(match) == id_]
    assert sum(method.served for method in own) == count


def _id(match: Match) -> str:
    return match.endpoint.method.id


def test_the_ids_of_iam_are_googles(kernel: Kernel) -> None:
    for method in methods("iam.v1"):
        match = kernel.router.find(method.verb, path_of(method))
        assert match is not None
        if match.endpoint.service.name == "iam.googleapis.com":
            assert match.endpoint.method.id == method.id


def test_no_two_methods_share_an_id(kernel: Kernel) -> None:
    ids = [endpoint.method.id for endpoint in kernel.endpoints]
    assert len(ids) == len(set(ids))
