"""Every field of Google's discovery documents is in one class, and wifctl has no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.e2e.fields import (
    Class,
    Sample,
    around,
    class_of,
    documented,
    not_offered,
    put,
    reason_of,
    samples,
    schemas_of,
)
from wifctl.kinds.registry import kind as kind_of
from wifctl.manifest.load import load
from wifctl.manifest.options import LoadOptions
from wifctl.schema import Spec, block_type, item_type

WITHOUT_FIELDS = ("SecretVersion", "ProjectServices", "IamGrant")
WITH_OBJECTS = [kind for kind in schemas_of() if kind not in WITHOUT_FIELDS]


@pytest.mark.parametrize("kind", schemas_of())
def test_a_documented_field_is_in_exactly_one_class(kind: str) -> None:
    classes = {path: class_of(kind, path) for path in documented(kind)}
    assert not {path: found for path, found in classes.items() if len(found) != 1}


def test_a_class_is_what_google_says_or_is_explained() -> None:
    assert not [str(s) for s in samples() if not _as_google_says(s) and not s.why]


def _as_google_says(sample: Sample) -> bool:
    told = documented(sample.kind)[sample.path].says
    if told is None:
        return sample.class_ not in (Class.IMMUTABLE, Class.INPUT_ONLY)
    return told is sample.class_ or {told, sample.class_} == {Class.IMMUTABLE, Class.INPUT_ONLY}


def test_the_tables_name_no_field_that_google_does_not_have() -> None:
    for kind, path in not_offered():
        block = path.removesuffix("*")
        exact = block == path
        assert any(p == path if exact else p.startswith(block) for p in documented(kind)), path
    assert not [str(s) for s in samples() if s.path not in documented(s.kind)]


def spec_paths(spec: type[Spec], prefix: str = "") -> set[str]:
    """Every leaf a manifest may hold, in the spelling of the discovery walk."""
    found: set[str] = set()
    for name, info in spec.model_fields.items():
        path = f"{prefix}{info.alias or name}"
        if block := block_type(info.annotation):
            found |= spec_paths(block, f"{path}.")
        elif item := item_type(info.annotation):
            mark = "{}" if "dict[" in str(info.annotation) else "[]"
            found |= spec_paths(item, f"{path}{mark}.")
        else:
            found.add(path)
    return found


@pytest.mark.parametrize("kind", WITH_OBJECTS)
def test_a_spec_has_the_offered_fields_and_of_googles_no_others(kind: str) -> None:
    offered = {s.path for s in samples() if s.kind == kind}
    has = spec_paths(kind_of(kind).spec) & set(documented(kind))
    not_really = {path for path in has if path not in offered and not path.endswith("{}.id")}
    assert offered <= has
    assert not_really == set()


@pytest.mark.parametrize("kind", WITH_OBJECTS)
def test_every_compared_field_is_one_google_documents(kind: str) -> None:
    plain = {re.sub(r"\[\]|\{\}", "", path) for path in documented(kind)}
    rules = [rule.path for rule in kind_of(kind).rules.values() if not rule.virtual]
    unknown = [r for r in rules if not any(p == r or p.startswith(f"{r}.") for p in plain)]
    assert not unknown


@pytest.mark.parametrize("kind", WITH_OBJECTS)
def test_what_google_says_and_what_is_not_offered_no_manifest_may_hold(
    kind: str, tmp_path: Path
) -> None:
    outside = (Class.OUTPUT_ONLY, Class.NOT_OFFERED)
    paths = [p for p in documented(kind) if set(class_of(kind, p)) <= set(outside)]
    accepted = [path for path in paths if not _refused(kind, path, tmp_path)]
    assert paths
    assert [path for path in accepted if not path.endswith("{}.id")] == []


def _refused(kind: str, path: str, folder: Path) -> bool:
    spec = around(kind)
    put(spec, path, "x")
    file = folder / "one.yaml"
    header = {"apiVersion": "wifctl/v1", "kind": kind, "metadata": {"name": "sampled"}}
    file.write_text(yaml.safe_dump({**header, "spec": spec}))
    found = load([file], LoadOptions(project="acme-ci", folder=folder)).diagnostics
    top = re.split(r"[.\[{]", path)[0]
    return any(d.code == "unknown-field" and d.path.startswith(f"spec.{top}") for d in found)


def test_every_reason_is_a_sentence() -> None:
    assert all(len(reason_of(kind, path.replace("*", "x"))) > 15 for kind, path in not_offered())
