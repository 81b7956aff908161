"""Real gcloud shows what a scenario applied: the manifest's own values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.gcloud import Gcloud
from tests.e2e.test_scenarios import SCENARIOS
from tests.e2e.world import MANIFESTS, World
from tests.support.gcloud import COMMAND
from wifctl.kinds.base import Facts, nested
from wifctl.manifest.load import load
from wifctl.manifest.options import Loaded, LoadOptions
from wifctl.plan.desire import DesiredState, desire

pytestmark = [
    pytest.mark.gcloud,
    pytest.mark.skipif(COMMAND is None, reason="gcloud is not installed"),
]


def missing(wanted: Any, shown: Any, path: str = "") -> list[str]:
    """What a manifest says and gcloud does not, as paths; sets are compared as sets."""
    if isinstance(wanted, dict):
        inner = shown if isinstance(shown, dict) else {}
        pairs = ((value, inner.get(key), f"{path}.{key}") for key, value in wanted.items())
        return [problem for pair in pairs for problem in missing(*pair)]
    if isinstance(wanted, list):
        items = shown if isinstance(shown, list) else []
        return [f"{path}: {item}" for item in wanted if all(missing(item, s) for s in items)]
    same = wanted == shown or (not wanted and not shown)
    return [] if same else [f"{path}: {wanted!r} is {shown!r}"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_gcloud_describes_the_values_of_the_manifests(
    world: World, name: str, tmp_path: Path
) -> None:
    world.environment["PYPI_TOKEN"] = "pypi-made-up"
    world.wifctl("apply", str(MANIFESTS / name), "--auto-approve").ok()
    wanted = desired_by(load([MANIFESTS / name], LoadOptions(folder=MANIFESTS / name)))
    gcloud = Gcloud.of(world.doors, tmp_path / "gcloud")
    shown = gcloud.objects([desired.address for desired in wanted.objects])
    problems = [
        f"{desired.address}{problem}"
        for desired in wanted.objects
        for problem in missing(nested(desired.raw), shown[desired.address])
    ]
    assert not problems, "\n".join(problems)
    assert_grants(wanted, gcloud)


def desired_by(loaded: Loaded) -> DesiredState:
    """What the manifests want, once each secret has its first version."""
    secrets = {link.address for r in loaded.resources for link in r.links.values()}
    facts = Facts(loaded.settings.projects, newest=dict.fromkeys(secrets, "1"))
    return desire(loaded.resources, facts)


def assert_grants(wanted: DesiredState, gcloud: Gcloud) -> None:
    """Every member is in the policy gcloud shows, of one target of each kind: it is slow."""
    some = {target.kind: target for target in wanted.targets}
    for target, policy in gcloud.policies(list(some.values())).items():
        granted = {(b["role"], m) for b in policy["bindings"] for m in b["members"]}
        assert {(g.role, g.member) for g in wanted.targets[target].grants} <= granted
