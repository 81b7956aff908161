"""Every field of every kind does what its class says, from the manifest to the emulator."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.fields import Class, Sample, put, samples
from tests.e2e.recorder import created
from tests.e2e.sample_world import address_of, declared, prepare, without
from tests.e2e.world import World, document, steps
from wifctl.kinds.body import at
from wifctl.kinds.registry import kind as kind_of

SECRETS = "/v1/projects/acme-ci/secrets"


def of(*classes: Class) -> Callable[[Any], Any]:
    chosen = [sample for sample in samples() if sample.class_ in classes]
    return pytest.mark.parametrize("sample", chosen, ids=str)


def only_change(plan: dict[str, Any], sample: Sample) -> dict[str, Any]:
    """The change of the one field, in the one step of a plan."""
    (step,) = steps(plan)
    assert (step["action"], step["address"]) == ("update", address_of(sample))
    assert sorted(c["path"] for c in step["changes"]) == sorted((sample.shows, *sample.also))
    found: dict[str, Any] = next(c for c in step["changes"] if c["path"] == sample.shows)
    return found


def shown_in(value: Any, shown: Any, sample: Sample) -> bool:
    """Whether the value, or each part of it, stands in what is shown; defaults are unset."""
    if shown is None:
        return not value or value == kind_of(sample.kind).rules[sample.shows].default
    if isinstance(value, str) and value[:1] in "{<":
        return bool(shown)
    if isinstance(value, list | dict):
        items = value.values() if isinstance(value, dict) else value
        return all(shown_in(item, shown, sample) for item in items)
    text = json.dumps(shown)
    return not value or json.dumps(value) in text or json.dumps(str(value)) in text


@of(Class.MUTABLE)
def test_a_changed_field_is_the_only_change_and_is_gone_after_apply(
    world: World, sample: Sample
) -> None:
    prepare(world, sample.kind)
    world.write(declared(sample, 0))
    world.apply()
    world.assert_settled()
    world.write(declared(sample, 1))
    change = only_change(world.plan(), sample)
    assert change["live"] != change["desired"]
    assert shown_in(sample.values[0], change["live"], sample)
    assert shown_in(sample.values[1], change["desired"], sample)
    world.apply()
    world.assert_settled()


REMOVABLE = [s for s in samples() if s.class_ is Class.MUTABLE and not s.required]
LEFT_ALONE = ("disabled", "labels", "annotations", "versionAliases")


@pytest.mark.parametrize("sample", REMOVABLE, ids=str)
def test_a_field_taken_out_goes_back_to_googles_default(world: World, sample: Sample) -> None:
    prepare(world, sample.kind)
    world.write(declared(sample, 0))
    world.apply()
    world.write(without(sample))
    if sample.path in LEFT_ALONE:
        world.assert_settled()
        return
    assert only_change(world.plan(), sample)["desired"] is None
    world.apply()
    world.assert_settled()


KEYED = [s for s in samples() if s.path in ("labels", "annotations")]


@pytest.mark.parametrize("sample", KEYED, ids=str)
def test_keys_of_others_stay_and_null_removes_one(world: World, sample: Sample) -> None:
    prepare(world, sample.kind)
    (key,) = sample.values[0]
    world.write(declared(sample, 0))
    world.apply()
    path = live_path(sample)
    theirs = {key: sample.values[0][key], "theirs": "kept"}
    assert world.rest.patch(path, {sample.path: theirs}, updateMask=sample.path).status == 200
    world.assert_settled()
    spec = sample.spec(0)
    spec[sample.path] = {key: None}
    world.write(document(sample.kind, "sampled", spec))
    assert only_change(world.plan(), sample)["desired"] == {"theirs": "kept"}
    world.apply()
    assert world.rest.get(path).body[sample.path] == {"theirs": "kept"}
    world.assert_settled()


def live_path(sample: Sample) -> str:
    if sample.kind == "Secret":
        return f"{SECRETS}/sampled"
    return "/v1/projects/acme-ci/locations/europe-west1/repositories/sampled"


@of(Class.IMMUTABLE)
def test_a_field_that_cannot_change_is_refused_with_a_way_out(world: World, sample: Sample) -> None:
    prepare(world, sample.kind)
    world.write(declared(sample, 0))
    world.apply()
    world.write(declared(sample, 1))
    if sample.path == "format":
        assert "PYTHON" in world.wifctl("validate", "manifests").err
        return
    ran = world.wifctl("plan", "--format", "json")
    assert ran.code == 1
    found = [d for d in ran.json["diagnostics"] if d["code"] == "immutable-field"]
    assert {d["address"] for d in found} == {address_of(sample)}
    assert any(d["summary"].startswith(f"{sample.shows} is ") for d in found)
    assert all("does not change it in place" in d["summary"] and d["fix"] for d in found)
    assert world.wifctl("apply", "--auto-approve").code == 1
    world.write(declared(sample, 0))
    world.assert_settled()


@of(Class.INPUT_ONLY)
def test_a_field_google_never_returns_is_sent_and_not_observable(
    world: World, sample: Sample
) -> None:
    prepare(world, sample.kind)
    world.write(declared(sample, 0))
    text = world.plan_text()
    (line,) = [line for line in text.splitlines() if line.split()[:1] == [sample.path]]
    assert "(not observable)" in line
    assert at(created(world.folder, world.doors), sample.path) == sample.values[0]
    world.apply()
    world.assert_settled()
    world.write(declared(sample, 1))
    world.assert_settled()
    world.write(without(sample))
    if not sample.leaves:
        world.assert_settled()
        return
    (step,) = steps(world.plan())
    assert [(c["path"], c["desired"]) for c in step["changes"]] == [(sample.leaves, None)]


@of(Class.PAYLOAD)
def test_a_payload_is_sent_and_not_observable(world: World, sample: Sample) -> None:
    spec = {"replication": {"automatic": {}}, "version": {"from": {"env": "PAYLOAD"}}}
    world.write(document("Secret", "token", spec))
    world.environment["PAYLOAD"] = sample.values[0]
    assert "payload  (not observable)" in world.plan_text()
    world.apply()
    version = f"{SECRETS}/token/versions/1:access"
    assert world.rest.get(version).body["payload"]["data"] == encoded(sample.values[0])
    world.environment["PAYLOAD"] = sample.values[1]
    world.assert_settled()
    spec["version"] = {"from": {"env": "PAYLOAD"}, "when": "changed"}
    world.write(document("Secret", "token", spec))
    (step,) = steps(world.plan())
    assert (step["action"], step["reason"]) == ("create", "payload-differs")
    world.apply()
    newest = world.rest.get(version.replace("/1:", "/2:"))
    assert newest.body["payload"]["data"] == encoded(sample.values[1])
    world.assert_settled()


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@of(Class.SERVICE)
def test_a_service_is_enabled_by_its_name_and_disabled_when_absent(
    world: World, sample: Sample
) -> None:
    assert (sample.kind, sample.path) == ("ProjectServices", "state")
    names = ["secretmanager.googleapis.com", "artifactregistry.googleapis.com"]
    world.write(document("ProjectServices", "services", {"services": names[:1]}))
    world.apply()
    world.write(document("ProjectServices", "services", {"services": names}))
    (step,) = steps(world.plan())
    assert [c["path"] for c in step["changes"]] == names[1:]
    world.apply()
    world.assert_settled()
    gone = document("ProjectServices", "s", {"services": names[1:]}, lifecycle={"state": "absent"})
    world.write(gone)
    (step,) = steps(world.plan(), "disable")
    assert [c["path"] for c in step["changes"]] == names[1:]
    world.apply()
    state = world.rest.get(f"/v1/projects/acme-ci/services/{names[1]}").body["state"]
    assert state == "DISABLED"
    world.assert_settled()


@of(Class.GRANT)
def test_a_changed_part_of_a_grant_grants_anew_and_lists_what_was(
    world: World, sample: Sample
) -> None:
    world.write(granted(sample, 0))
    world.apply()
    world.assert_settled()
    world.write(granted(sample, 1))
    plan = world.plan()
    (step,) = steps(plan)
    (line,) = step["members"]
    assert (step["action"], line["action"]) == ("policy", "grant")
    assert shown_in_line(sample.values[1], line)
    world.apply()
    world.assert_settled()
    if not sample.path.endswith("role"):
        (stays,) = world.plan()["unclaimed"]
        assert stays["role"] == "roles/browser"


def granted(sample: Sample, index: int) -> dict[str, Any]:
    """A grant with one of two values at a field of its binding."""
    spec = copy.deepcopy(dict(sample.around))
    put(spec, sample.path.removeprefix("bindings[]."), sample.values[index])
    return document("IamGrant", "sampled", spec)


def shown_in_line(value: Any, line: dict[str, Any]) -> bool:
    wanted = value[0] if isinstance(value, list) else value
    return wanted in (line["role"], line["member"], *(line["condition"] or {}).values())
