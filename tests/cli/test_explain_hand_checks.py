"""What people check by hand when a token is refused: each made to fail, and named by `explain`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Runner
from tests.support.emulator import Rest, emulator
from tests.support.keys import NOW
from tests.support.runner import Ran
from tests.support.tokens import JwtIssuer
from wifctl.access.simulation import simulated
from wifctl.emulator.server import Doors
from wifctl.trust.hand_checks import ELSEWHERE, HandCheck
from wifctl.trust.provider import ProviderConfig, ProviderKind

CASES = Path(__file__).parents[1] / "cases" / "explain"
SETTINGS = "project: acme-ci\nprojects: {acme-ci: 123456789012}\n"
NAME = (
    "projects/123456789012/locations/global/workloadIdentityPools/github/providers/github-actions"
)
ISSUER = JwtIssuer("https://token.actions.githubusercontent.com")
ONLY_ELSEWHERE = {HandCheck.CHECKOUT}
"""The order of a workflow's steps: `wifctl workflow` writes it, no token shows it."""


@dataclass(frozen=True)
class Scene:
    """One entry of hand_checks.yaml; the comment there says what the fields mean."""

    name: str
    check: str
    half: str
    says: str
    edit: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    token: str | None = None
    signed: bool = False
    rest: tuple[Any, ...] = ()
    at: int = 0

    def __str__(self) -> str:
        return self.name

    def manifest(self) -> str:
        """The manifests with the mistake in them."""
        text = (CASES / "manifests.yaml").read_text()
        for before, after in self.edit.items():
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        return text

    def source(self) -> list[str]:
        """The options that say what is judged."""
        if self.token is not None:
            Path("token.jwt").write_text(self.token)
            return ["--token-file", "token.jwt"]
        if self.signed:
            config = ProviderConfig(NAME, ProviderKind.OIDC, issuer_uri=ISSUER.issuer)
            Path("token.jwt").write_text(ISSUER.sign(simulated("github", {}, config, NOW)))
            Path("keys.json").write_text(ISSUER.jwks_json)
            return ["--token-file", "token.jwt", "--jwks", "keys.json", "--at", NOW.isoformat()]
        return ["--simulate", "github", *(f"{name}={text}" for name, text in self.values.items())]


SCENES = [Scene(**entry) for entry in yaml.safe_load((CASES / "hand_checks.yaml").read_text())]


@pytest.fixture(scope="module")
def doors() -> Iterator[Doors]:
    with emulator() as opened:
        yield opened


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_the_mistake_is_named_as_the_cause(scene: Scene, wifctl: Runner, doors: Doors) -> None:
    Path("wifctl.yaml").write_text(SETTINGS)
    Path("ci.yaml").write_text(scene.manifest())
    arguments = ["explain", *scene.source(), *scene.arguments, "ci.yaml"]
    if scene.rest:
        _apply(scene, wifctl, doors)
        arguments += ["--endpoint", doors.rest_url]

    ran, told = wifctl(*arguments, "--format", "json"), wifctl(*arguments)

    assert (ran.code, ran.json["failed"]) == _ending(scene), ran.err or told.out
    named = [reason for reason in _told(ran) if reason["check"] == scene.check]
    fitting = [r for r in named if scene.says in f"{r['message']} {r['change']}"]
    assert fitting, json.dumps(_told(ran), indent=1)
    assert scene.says in told.out
    if scene.at:
        assert fitting[0]["source"].startswith(f"ci.yaml:{scene.at}:")
        assert f"ci.yaml:{scene.at}:" in told.out


def test_every_check_has_a_scene_or_is_seen_elsewhere() -> None:
    shown = {HandCheck[scene.check.upper().replace("-", "_")] for scene in SCENES}

    assert shown | ONLY_ELSEWHERE == set(HandCheck)
    assert set(ELSEWHERE) >= ONLY_ELSEWHERE


def test_without_a_mistake_the_token_reaches_its_secret(wifctl: Runner) -> None:
    Path("wifctl.yaml").write_text(SETTINGS)
    Path("ci.yaml").write_text((CASES / "manifests.yaml").read_text())

    ran = wifctl("explain", "--simulate", "github", "ci.yaml", "--format", "json")

    assert (ran.code, ran.json["failed"], ran.json["reasons"]) == (0, None, [])
    assert [(a["role"], a["resource"], a["as"]) for a in ran.json["access"]] == [
        (
            "roles/secretmanager.secretAccessor",
            "projects/acme-ci/secrets/pypi-token",
            "deployer@acme-ci.iam.gserviceaccount.com",
        )
    ]


def _apply(scene: Scene, wifctl: Runner, doors: Doors) -> None:
    client = Rest(doors)
    client.post("/_wifctl/reset")
    applied = wifctl("apply", "--auto-approve", "--endpoint", doors.rest_url, "ci.yaml")
    assert applied.code == 0, applied.err
    for verb, path, body in scene.rest:
        answer = client(verb, path, body)
        assert answer.status == 200, answer.body
    client.close()


def _ending(scene: Scene) -> tuple[int, str | None]:
    return (0, None) if scene.half == "none" else (3, scene.half)


def _told(ran: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [*ran.json["reasons"], *ran.json["notes"]]
    return found
