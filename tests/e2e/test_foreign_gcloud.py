"""What an operator did with gcloud beforehand is still there after apply."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.gcloud import Gcloud
from tests.e2e.test_foreign_state import ALICE, BOB, TARGETS, grant, make_targets, rest_policy
from tests.e2e.test_undelete import DOCUMENTS, EMAIL, assert_back
from tests.e2e.world import World, addresses, steps
from tests.support.gcloud import COMMAND
from wifctl.resource import Address

pytestmark = [
    pytest.mark.gcloud,
    pytest.mark.skipif(COMMAND is None, reason="gcloud is not installed"),
]
ADDRESSES = {
    "Project": ("acme-ci",),
    "WorkloadIdentityPool": ("acme-ci", "github"),
    "ServiceAccount": ("acme-ci", "deployer"),
    "Secret": ("acme-ci", "token"),
    "ArtifactRegistryRepository": ("acme-ci", "europe-west1", "pypi"),
}
WITH_CONDITIONS = ("Project", "Secret", "ServiceAccount")


def test_bindings_and_conditions_of_gcloud_survive(world: World, tmp_path: Path) -> None:
    make_targets(world)
    gcloud = Gcloud.of(world.doors, tmp_path / "gcloud")
    for kind, path in ADDRESSES.items():
        role = TARGETS[kind][2]
        gcloud.add_binding(Address(kind, path), role, BOB, conditional=kind in WITH_CONDITIONS)
    before = {kind: rest_policy(world, kind)["bindings"] for kind in TARGETS}
    world.write(*(grant(kind, ALICE) for kind in TARGETS))
    world.apply()
    for kind in TARGETS:
        after = rest_policy(world, kind)["bindings"]
        merged = [m for b in after for m in b["members"]]
        assert merged.count(BOB) == 1
        assert merged.count(ALICE) == 1
        conditional = [b for b in before[kind] if "condition" in b]
        assert [b for b in after if "condition" in b] == conditional
        assert bool(conditional) == (kind in WITH_CONDITIONS)
    world.assert_settled()


def test_what_gcloud_deleted_comes_back(world: World, tmp_path: Path) -> None:
    world.write(*DOCUMENTS)
    world.apply()
    gcloud = Gcloud.of(world.doors, tmp_path / "gcloud")
    pools = "iam workload-identity-pools"
    where = "--location=global --project=acme-ci"
    gcloud(f"{pools} providers delete actions --workload-identity-pool=github {where}")
    gcloud(f"{pools} delete github {where}")
    gcloud(f"iam service-accounts delete {EMAIL}")
    found = addresses(steps(world.plan(), "undelete"))
    assert found == {
        "WorkloadIdentityPool/acme-ci/github",
        "WorkloadIdentityPoolProvider/acme-ci/github/actions",
        "ServiceAccount/acme-ci/deployer",
    }
    world.apply()
    assert_back(world)
    shown = gcloud(f"{pools} providers describe actions --workload-identity-pool=github {where}")
    assert shown["state"] == "ACTIVE"
