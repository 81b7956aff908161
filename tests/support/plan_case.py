"""One planner case: manifests + live → plan text + calls, through the real loader and executor.

A case folder holds `manifest.yaml`, and where needed `live.yaml` (objects, policies, versions,
services, caller, deleted_accounts) and `options.yaml` (destroy, existing_only, target, allow,
environment). `plan.txt` and `calls.txt` are what must come of it; `again.txt` is the plan after the
apply where that is not empty. Setting WIFCTL_UPDATE rewrites them, for a
human to read the difference.
"""

from __future__ import annotations

import asyncio
import fnmatch
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.fake_api import FakeApi
from wifctl.api import Binding
from wifctl.apply.execute import Execution, execute
from wifctl.apply.patience import LOCAL
from wifctl.diagnostics import failures
from wifctl.live.read import Reading, read_live
from wifctl.manifest.load import load
from wifctl.manifest.options import LoadOptions
from wifctl.names import SecretName, parse_name
from wifctl.payloads import Source
from wifctl.plan.guards import Allowances
from wifctl.plan.make import Options, make_plan
from wifctl.plan.model import Plan
from wifctl.render.text import plan_text
from wifctl.resource import Condition


@dataclass(frozen=True, slots=True)
class MadeUpPayloads:
    """Payloads from a mapping that stands for the environment."""

    environment: Mapping[str, str] = field(default_factory=dict)

    def available(self, source: Source) -> bool:
        return source.get("env") in self.environment

    def read(self, source: Source) -> bytes:
        return self.environment[source["env"]].encode()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case."""

    plan: str
    calls: str
    again: str


def run_case(folder: Path) -> Outcome:
    """Plan, apply if nothing refuses, plan again."""
    return asyncio.run(_run(folder))


async def _run(folder: Path) -> Outcome:
    said = _yaml(folder / "options.yaml")
    options = LoadOptions(project="acme-ci", folder=folder)
    loaded = load([folder / "manifest.yaml"], options)
    assert not failures(loaded.diagnostics), loaded.diagnostics
    said_live = _yaml(folder / "live.yaml")
    fake = world(said_live)
    for text in said_live.get("deleted_accounts", ()):
        await fake.api.accounts.delete(_name(text))
    payloads = MadeUpPayloads(said.get("environment", {}))
    reading = Reading(loaded.settings.projects, payloads, 4)

    async def plan() -> tuple[Plan, Any]:
        live = await read_live(loaded.resources, fake.api, reading)
        return make_plan(loaded.resources, live, _options(said)), live

    first, live = await plan()
    fake.forget_calls()
    if failures(first.diagnostics):
        return Outcome(_text(first, folder), "", "")
    execution = Execution(payloads, patience=LOCAL, width=1)
    result = await execute(first, live, fake.api, execution)
    assert result.is_complete, result.finished
    calls = "".join(f"{call}\n" for call in fake.writes)
    again, _ = await plan()
    return Outcome(_text(first, folder), calls, "" if again.is_empty else _text(again, folder))


def _text(plan: Plan, folder: Path) -> str:
    text = plan_text(plan).replace(f"{folder}{os.sep}", "")
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _yaml(path: Path) -> dict[str, Any]:
    return (yaml.safe_load(path.read_text()) or {}) if path.exists() else {}


def _options(said: Mapping[str, Any]) -> Options:
    glob = said.get("target")
    return Options(
        destroy=said.get("destroy", False),
        existing_only=said.get("existing_only", False),
        selects=(lambda address: fnmatch.fnmatchcase(str(address), glob)) if glob else None,
        allow=Allowances(**said.get("allow", {})),
    )


def world(live: Mapping[str, Any]) -> FakeApi:
    """A made-up Google with what a `live.yaml` says."""
    fake = FakeApi(
        {"acme-ci": "123456789012", "acme-sec": "210987654321"}, caller=live.get("caller", "")
    )
    for text, body in live.get("objects", {}).items():
        fake.put(_name(text), body)
    for text, versions in live.get("versions", {}).items():
        secret = _name(text)
        assert isinstance(secret, SecretName)
        for version in versions:
            fake.put_version(secret, version.get("payload", "x").encode(), version["state"])
    for text, policy in live.get("policies", {}).items():
        fake.put_policy(_name(text), *map(_binding, policy))
    for project, services in live.get("services", {}).items():
        fake.enable(project, services)
    return fake


def _name(text: str) -> Any:
    found = parse_name(text)
    assert found is not None, text
    return found


def _binding(binding: Mapping[str, Any]) -> Binding:
    condition = binding.get("condition")
    members = tuple(binding["members"])
    return Binding(binding["role"], members, Condition(**condition) if condition else None)
