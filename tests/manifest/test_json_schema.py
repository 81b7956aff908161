"""JSON Schema: committed, valid, and of one mind with the loader about good manifests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.support.bad_cases import cases
from wifctl.kinds.registry import MODULES, kind
from wifctl.manifest.json_schema import all_schemas, document_schema, kind_schema
from wifctl.manifest.places import Origin
from wifctl.manifest.yaml.parse import parse

ROOT = Path(__file__).parents[2]
SCHEMA = document_schema()
VALIDATOR = Draft7Validator(SCHEMA)
SHAPES = ("wrong-types", "unknown-keys", "api-version")
"""Classes of bad manifests whose faults a schema can see."""


def documents(text: str) -> list[Any]:
    return [raw.data for raw in parse(text, Origin("m.yaml")).documents]


def messages(data: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(data)]


@pytest.mark.parametrize("file", sorted(all_schemas()))
def test_a_committed_schema_is_the_generated_one(file: str) -> None:
    path = ROOT / "schemas" / file
    if os.environ.get("WIFCTL_UPDATE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(all_schemas()[file])
    assert path.read_text() == all_schemas()[file]


def test_schemas_are_valid_schemas() -> None:
    Draft7Validator.check_schema(SCHEMA)
    for name in MODULES:
        Draft7Validator.check_schema(kind_schema(name))


@pytest.mark.parametrize("name", list(MODULES))
def test_the_example_of_a_kind_is_valid(name: str) -> None:
    for data in documents(kind(name).example):
        assert messages(data) == []
        assert list(Draft7Validator(kind_schema(name)).iter_errors(data)) == []


def test_every_plain_manifest_of_the_scenarios_is_valid() -> None:
    files = [
        file
        for file in (ROOT / "manifests").rglob("*.yaml")
        if file.name not in ("wifctl.yaml", "values.yaml")
    ]
    assert files
    for file in files:
        for data in documents(file.read_text()):
            assert messages(data) == [], file


@pytest.mark.parametrize(
    "case", [c for c in cases() if c.name.startswith(SHAPES)], ids=lambda case: case.name
)
def test_faults_of_shape_are_seen_by_the_schema(case: Any) -> None:
    found = documents(case.path.read_text())
    assert any(messages(data) for data in found)


@pytest.mark.parametrize(
    "text",
    [
        "spec: {disabled: '{{ off }}', mode: '{{ mode }}', access: '{{ access }}'}",
        "lifecycle: {state: absent}",
        "spec: {displayName: null, disabled: null}",
        "spec: {access: [{role: roles/viewer, members: ['allUsers', {user: a@example.com}]}]}",
    ],
)
def test_templates_removals_nulls_and_short_forms_are_valid(text: str) -> None:
    head = "apiVersion: wifctl/v1\nkind: WorkloadIdentityPool\nmetadata: {name: github}\n"
    assert [messages(data) for data in documents(head + text)] == [[]]


def test_required_fields_are_needed_unless_the_document_is_a_removal() -> None:
    head = "apiVersion: wifctl/v1\nkind: WorkloadIdentityPoolProvider\nmetadata: {name: a}\n"
    assert any("pool" in m or "spec" in m for m in messages(documents(head)[0]))
    assert messages(documents(f"{head}spec: {{}}\nlifecycle: {{state: absent}}\n")[0]) == []


def test_every_field_is_described() -> None:
    bare = [
        f"{name}.{field}"
        for name, block in SCHEMA["definitions"].items()
        for field, about in block.get("properties", {}).items()
        if not about.get("description")
    ]
    assert bare == []


def test_no_definition_is_left_over_or_missing() -> None:
    text = str(SCHEMA)
    for name in SCHEMA["definitions"]:
        assert f"#/definitions/{name}'" in text, name
    assert "$defs" not in text
