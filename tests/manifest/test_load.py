"""Good manifests: what they become."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifest.loading import (
    PROJECT,
    codes,
    document,
    load_files,
    load_text,
    only,
    pool,
    provider,
)
from wifctl.diagnostics import Position
from wifctl.kinds.registry import MODULES, kind
from wifctl.manifest.load import load
from wifctl.manifest.options import LoadOptions
from wifctl.resource import Address, Lifecycle, Link, OnDeleted, State

SCENARIOS = sorted(p for p in (Path(__file__).parents[2] / "manifests").iterdir() if p.is_dir())


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda path: path.name)
def test_every_scenario_loads_without_findings(folder: Path) -> None:
    loaded = load([folder], LoadOptions())
    assert loaded.diagnostics == ()
    assert loaded.resources


def test_a_pool_becomes_a_resource_with_positions() -> None:
    found = only(load_text(pool(spec="{displayName: GitHub}")))
    assert found.address == Address("WorkloadIdentityPool", ("acme-ci", "github"))
    assert found.name == "github"
    assert found.spec.display_name == "GitHub"
    assert found.position == Position("<stdin>", 1, 1)
    assert found.positions["spec.displayName"] == Position("<stdin>", 4, 21)
    assert found.position_of("spec.description") == Position("<stdin>", 4, 7)
    assert found.lifecycle == Lifecycle()


def test_the_id_may_differ_from_the_name() -> None:
    found = only(load_text(pool(metadata="id: github-actions, project: acme-other")))
    assert found.address.path == ("acme-other", "github-actions")


def test_a_provider_belongs_to_the_project_of_its_pool() -> None:
    text = pool(metadata="project: acme-pools") + provider(pool="acme-pools/github")
    found = {r.name: r for r in load_text(text).resources}["github-actions"]
    assert found.address.path == ("acme-pools", "github", "github-actions")
    assert found.links["pool"] == Link(Address("WorkloadIdentityPool", ("acme-pools", "github")))


def test_a_lifecycle_is_read() -> None:
    rest = "lifecycle: {state: present, onDeleted: fail, preventDestroy: true}\n"
    found = only(load_text(pool(rest=rest)))
    assert found.lifecycle == Lifecycle(State.PRESENT, OnDeleted.FAIL, prevent_destroy=True)


def test_identity_fields_are_enough_for_a_removal() -> None:
    gone = "lifecycle: {state: absent}\n"
    text = (
        document("WorkloadIdentityPoolProvider", "old", "{pool: github}", rest=gone)
        + document("ArtifactRegistryRepository", "pypi", "{location: europe-west1}", rest=gone)
        + document("ServiceAccount", "deployer", rest=gone)
        + document("Secret", "token", rest=gone)
        + pool()
    )
    loaded = load_text(text)
    assert loaded.diagnostics == ()
    assert [str(r.address) for r in loaded.resources] == [
        "WorkloadIdentityPoolProvider/acme-ci/github/old",
        "ArtifactRegistryRepository/acme-ci/europe-west1/pypi",
        "ServiceAccount/acme-ci/deployer",
        "Secret/acme-ci/token",
        "WorkloadIdentityPool/acme-ci/github",
    ]


def test_default_labels_lie_under_the_documents_own(tmp_path: Path) -> None:
    secret = "{replication: {automatic: {}}, labels: {team: red, old: null}}"
    loaded = load_files(
        tmp_path,
        {
            "wifctl.yaml": "project: acme-ci\nlabels: {team: blue, cost-centre: a1}\n",
            "secret.yaml": document("Secret", "token", secret),
        },
    )
    assert only(loaded).spec.labels == {"team": "red", "cost-centre": "a1", "old": None}


def test_the_default_location_is_used_where_a_kind_needs_one(tmp_path: Path) -> None:
    repository = document(
        "ArtifactRegistryRepository", "own", "{format: PYTHON, mode: STANDARD_REPOSITORY}"
    )
    secret = document("Secret", "token", "{replication: {automatic: {}}}")
    loaded = load_files(
        tmp_path,
        {"wifctl.yaml": "location: europe-west1\n", "all.yaml": repository + secret},
    )
    assert [r.address.path for r in loaded.resources] == [
        ("acme-ci", "europe-west1", "own"),
        ("acme-ci", "token"),
    ]


def test_a_file_takes_the_place_of_its_text(tmp_path: Path) -> None:
    jwks = '{"keys": []}'
    text = provider().replace(
        "issuer.example.com}", "issuer.example.com, jwksJson: {file: k.json}}"
    )
    loaded = load_files(tmp_path, {"a.yaml": pool() + text, "k.json": jwks})
    found = loaded.resources[1]
    assert found.spec.oidc.jwks_json == jwks
    assert found.files == {"oidc.jwksJson": jwks}


def test_hidden_files_and_wifctl_yaml_are_no_manifests(tmp_path: Path) -> None:
    files = {
        "wifctl.yaml": "project: acme-ci\n",
        ".hidden.yaml": "nonsense",
        ".folder/a.yaml": "nonsense",
        "notes.txt": "nonsense",
        "deep/er/pool.yml": pool(),
    }
    assert only(load_files(tmp_path, files)).name == "github"


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "pool.yaml").write_text(pool())
    paths = [Path("pool.yaml"), Path(), Path("./pool.yaml")]
    only(load(paths, LoadOptions(folder=tmp_path, environment=PROJECT)))


def test_findings_come_in_the_order_of_their_places(tmp_path: Path) -> None:
    bad = pool(spec="{b: 1, a: 2}")
    loaded = load_files(tmp_path, {"b.yaml": bad, "a.yaml": bad.replace("github", "gitlab")})
    assert [str(d.position) for d in loaded.diagnostics] == [
        "a.yaml:4:8",
        "a.yaml:4:14",
        "b.yaml:4:8",
        "b.yaml:4:14",
    ]


def test_an_unreadable_document_hides_no_reference_errors_it_may_explain() -> None:
    broken = "apiVersion: wifctl/v1\nkind: Pool\nmetadata: {name: github}\n---\n"
    assert codes(load_text(broken + provider()).diagnostics) == ["unknown-kind"]


def test_documents_are_kept_as_they_were_written() -> None:
    loaded = load_text(pool(spec='{displayName: "{{ 1 + 1 }} of us"}'))
    (written,) = loaded.documents
    assert (written.kind, written.name, written.text_file) == (
        "WorkloadIdentityPool",
        "github",
        "<stdin>",
    )
    assert written.data["spec"] == {"displayName": "2 of us"}


@pytest.mark.parametrize("name", list(MODULES))
def test_the_example_of_every_kind_has_no_faults_but_missing_neighbours(name: str) -> None:
    found = codes(load_text(kind(name).example).diagnostics)
    assert set(found) <= {"unknown-reference"}
