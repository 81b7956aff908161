"""REST and gRPC answer the same: every method that both serve, told as one story through each."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.doors import Outcome, channel_to, over_grpc, over_rest
from tests.support.emulator import NUMBER, PROJECT, Rest, emulator
from wifctl.emulator.endpoint import Endpoint
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.options import Options

Ask = Callable[[Endpoint, dict[str, Any]], Outcome]
STEPS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("doors.yaml").read_text())
BOTH = {
    e.method.id: e
    for e in Kernel(Options()).endpoints
    if e.method.served and e.method.rpc and e.method.routes
}


def method_of(step: dict[str, Any]) -> str:
    return next(key for key in step if key not in ("save", "status"))


def told(ask: Ask) -> list[Outcome]:
    """The answers of the story, through one door of an emulator of its own."""
    saved: dict[str, str] = {}
    outcomes = []
    for step in STEPS:
        method = method_of(step)
        request = yaml.safe_load(
            re.sub(r"\$(\w+)", lambda m: saved[m[1]], yaml.safe_dump(step[method]))
        )
        outcomes.append(ask(BOTH[method], request))
        for name, field in step.get("save", {}).items():
            saved[name] = str(outcomes[-1].body[field])
    return outcomes


@pytest.fixture(scope="module")
def rest_story() -> list[Outcome]:
    with emulator(projects={PROJECT: NUMBER}) as doors:
        api = Rest(doors)
        return told(lambda endpoint, request: over_rest(api, endpoint, request))


@pytest.fixture(scope="module")
def grpc_story() -> list[Outcome]:
    with emulator(projects={PROJECT: NUMBER}) as doors, channel_to(doors) as channel:
        return told(lambda endpoint, request: over_grpc(channel, endpoint, request))


def test_the_story_goes_as_it_says(rest_story: list[Outcome]) -> None:
    wrong = [
        (method_of(step), outcome)
        for step, outcome in zip(STEPS, rest_story, strict=True)
        if outcome.status != step.get("status", "OK")
    ]
    assert not wrong


@pytest.mark.parametrize("method", BOTH)
def test_both_doors_answer_the_same(
    rest_story: list[Outcome], grpc_story: list[Outcome], method: str
) -> None:
    pairs = [
        (rest.normal, rpc.normal)
        for step, rest, rpc in zip(STEPS, rest_story, grpc_story, strict=True)
        if method_of(step) == method
    ]
    assert any(rest[0] == "OK" for rest, _ in pairs), "the story does not tell of it"
    for rest, rpc in pairs:
        assert rest == rpc


@pytest.mark.parametrize("project", [PROJECT, "other-project"])
def test_both_doors_refuse_what_is_not_there_alike(project: str) -> None:
    requests = {e.method.id: nowhere(e, project) for e in BOTH.values()}
    with emulator(projects={PROJECT: NUMBER}) as doors:
        api = Rest(doors)
        rest = {m: over_rest(api, BOTH[m], request).normal for m, request in requests.items()}
    with emulator(projects={PROJECT: NUMBER}) as doors, channel_to(doors) as channel:
        rpc = {m: over_grpc(channel, BOTH[m], request).normal for m, request in requests.items()}
    assert rest == rpc


def nowhere(endpoint: Endpoint, project: str) -> dict[str, Any]:
    """A request that names nothing that exists."""
    found: dict[str, Any] = {}
    for name, pattern in re.findall(r"\{([\w.]+)=([^}]*)\}", endpoint.method.routes[0].template):
        value = pattern.replace("**", "*").replace("projects/*", f"projects/{project}")
        value = value.replace("*/*/", f"projects/{project}/").replace("*", "nowhere")
        here = found
        keys = [re.sub(r"_([a-z])", lambda m: m[1].upper(), key) for key in name.split(".")]
        for key in keys[:-1]:
            here = here.setdefault(key, {})
        here[keys[-1]] = value
    return found
