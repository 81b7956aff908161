"""Stacks: a few values become the documents of a template."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifest.loading import codes, document, load_files, load_text
from wifctl.manifest.stacks.catalogue import shipped, shipped_stacks, stack_names
from wifctl.manifest.stacks.definition import StackTemplate

VALUES = {
    "github-actions": '{ownerId: "1", repositoryId: "2", roles: [roles/run.developer]}',
    "gitlab": '{namespaceId: "1", projectId: "2", protectedOnly: false}',
    "pypi-remote": '{location: europe-west1, readers: ["group:all@example.com"]}',
}


def stack(template: str, values: str, name: str = "shop", metadata: str = "") -> str:
    return document("Stack", name, f"{{template: {template}, values: {values}}}", metadata)


@pytest.mark.parametrize("name", stack_names())
def test_every_stack_that_travels_with_wifctl_expands_without_findings(name: str) -> None:
    loaded = load_text(stack(name, VALUES[name]))
    assert [str(found) for found in loaded.diagnostics] == []
    assert len(loaded.resources) >= 4
    assert {written.stack for written in loaded.documents} == {"shop"}


@pytest.mark.parametrize("name", stack_names())
def test_every_stack_describes_itself_and_its_values(name: str) -> None:
    found = shipped(name)
    assert isinstance(found, StackTemplate)
    assert found.name == name
    assert found.description
    assert all(value.description for value in found.values.values())


def test_the_catalogue_lists_what_is_there() -> None:
    assert {template.name for template in shipped_stacks()} == set(VALUES)


def test_documents_of_a_stack_point_at_the_stack() -> None:
    loaded = load_text("# a comment\n" + stack("gitlab", VALUES["gitlab"]))
    assert {str(r.position) for r in loaded.resources} == {"<stdin>:2:1"}


def test_the_project_of_a_stack_is_that_of_its_documents() -> None:
    loaded = load_text(stack("gitlab", VALUES["gitlab"], metadata="project: acme-other"))
    assert {r.address.project for r in loaded.resources} == {"acme-other"}


def test_two_stacks_of_one_project_share_the_services() -> None:
    second = VALUES["pypi-remote"].replace("{", "{enableServices: false, ", 1)
    text = stack("gitlab", VALUES["gitlab"]) + stack("pypi-remote", second, "python")
    assert codes(load_text(text).diagnostics) == []


def test_a_stack_of_ones_own_lies_beside_the_manifests(tmp_path: Path) -> None:
    inner = document("WorkloadIdentityPool", "{{ name }}-{{ size }}").removesuffix("---\n")
    files = {
        "main.yaml": stack("./.pools/team", "{size: small}"),
        ".pools/team/stack.yaml": (
            "name: team\ndescription: A pool\nvalues:\n  size: {choices: [small, large]}\n"
        ),
        ".pools/team/pool.yaml.j2": inner.replace("{name: ", '{name: "').replace(
            "size }}", 'size }}"'
        ),
    }
    loaded = load_files(tmp_path, files)
    assert loaded.diagnostics == ()
    assert [r.name for r in loaded.resources] == ["shop-small"]
