"""Every kind is registered, has an example that loads, a scenario, and tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.code import ROOT, modules
from wifctl.kinds.base import Kind
from wifctl.kinds.registry import HIDDEN, MODULES, kind, kinds
from wifctl.manifest.load import load
from wifctl.manifest.options import LoadOptions

SETTINGS = "project: acme-ci\nlocation: europe-west1\nprojects: {acme-ci: 123456789012}\n"


def test_every_module_with_a_kind_is_registered() -> None:
    with_kind = {m.name for m in modules() if m.unit == "kinds" and "\nKIND = Kind(" in m.text}
    assert with_kind == {*MODULES.values(), *HIDDEN.values()}


@pytest.mark.parametrize("name", [*MODULES, *HIDDEN])
def test_a_kind_is_registered_under_its_name(name: str) -> None:
    assert kind(name).name == name


@pytest.mark.parametrize("found", kinds(), ids=lambda found: found.name)
def test_an_example_has_no_fault_of_its_own(found: Kind, tmp_path: Path) -> None:
    assert found.example, f"{found.name} has no example"
    (tmp_path / "wifctl.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "example.yaml").write_text(found.example, encoding="utf-8")
    loaded = load([tmp_path / "example.yaml"], LoadOptions())
    # References of an example may lead nowhere: it is one document of many.
    faults = [d for d in loaded.diagnostics if d.code != "unknown-reference"]
    assert not faults, "\n".join(map(str, faults))


@pytest.mark.parametrize("name", MODULES)
def test_a_kind_is_used_in_tests(name: str) -> None:
    tests = (ROOT / "tests").rglob("*")
    texts = (p for p in tests if p.suffix in (".py", ".yaml") and "house" not in p.parts)
    assert any(f"kind: {name}" in path.read_text(encoding="utf-8") for path in texts)
