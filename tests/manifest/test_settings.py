"""`wifctl.yaml`, the environment, flags, values: who wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifest.loading import load_files, only, pool
from wifctl.manifest.load import load
from wifctl.manifest.options import LoadOptions


@pytest.mark.parametrize(
    ("flag", "environment", "project"),
    [
        ("", {}, "acme-file"),
        ("", {"GOOGLE_CLOUD_PROJECT": "acme-google"}, "acme-google"),
        (
            "",
            {"GOOGLE_CLOUD_PROJECT": "acme-google", "WIFCTL_PROJECT": "acme-wifctl"},
            "acme-wifctl",
        ),
        ("acme-flag", {"WIFCTL_PROJECT": "acme-wifctl"}, "acme-flag"),
    ],
)
def test_flag_over_environment_over_file(
    tmp_path: Path, flag: str, environment: dict[str, str], project: str
) -> None:
    files = {"wifctl.yaml": "project: acme-file\n", "pool.yaml": pool()}
    loaded = load_files(tmp_path, files, project=flag, environment=environment)
    assert only(loaded).address.project == project
    assert loaded.settings.project == project


def test_set_over_values_over_environment_over_file(tmp_path: Path) -> None:
    show = '{displayName: "{{ a }}{{ b }}{{ c }}{{ d }}{{ e }}"}'
    loaded = load_files(
        tmp_path,
        {
            "manifests/wifctl.yaml": "values: {a: 1, b: 1, c: 1, d: 1, e: 1}\n",
            "manifests/pool.yaml": pool(spec=show),
            "one.yaml": "{c: 3, d: 3, e: 3}\n",
            "two.yaml": "{d: 4, e: 4}\n",
        },
        environment={"WIFCTL_PROJECT": "acme-ci", **{f"WIFCTL_VAR_{n}": "2" for n in "bcde"}},
        values_files=(Path("one.yaml"), Path("two.yaml")),
        sets=("e=5", "e=6"),
    )
    assert only(loaded).spec.display_name == "12346"


def test_mappings_of_values_are_merged(tmp_path: Path) -> None:
    files = {
        "wifctl.yaml": "values: {team: {name: red, size: 1}, list: [1]}\n",
        "pool.yaml": pool(spec='{displayName: "{{ team.name }} {{ team.size }} {{ list }}"}'),
    }
    loaded = load_files(tmp_path, files, sets=("team.size=2", "list=[2]"))
    assert only(loaded).spec.display_name == "red 2 [2]"


def test_values_files_are_named_by_the_settings_and_are_no_manifests(tmp_path: Path) -> None:
    files = {
        "wifctl.yaml": "valuesFiles: [values.yaml]\nvalues: {b: over}\n",
        "values.yaml": "{a: from file, b: under}\n",
        "pool.yaml": pool(spec='{displayName: "{{ a }} {{ b }}"}'),
    }
    assert only(load_files(tmp_path, files)).spec.display_name == "from file over"


def test_the_nearest_settings_count_for_each_folder(tmp_path: Path) -> None:
    files = {
        "wifctl.yaml": "project: acme-top\nprojects: {acme-top: 111111}\n",
        "a/pool.yaml": pool(),
        "b/wifctl.yaml": "project: acme-b\nprojects: {acme-b: 222222}\n",
        "b/deep/pool.yaml": pool(),
    }
    loaded = load_files(tmp_path, files, environment={})
    assert [r.address.project for r in loaded.resources] == ["acme-top", "acme-b"]
    assert dict(loaded.settings.projects.numbers) == {"acme-top": "111111", "acme-b": "222222"}


def test_standard_input_takes_the_settings_of_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "wifctl.yaml").write_text("project: acme-here\n")
    loaded = load(["-"], LoadOptions(stdin=pool().encode(), folder=tmp_path))
    assert only(loaded).address.project == "acme-here"


def test_a_project_given_by_number_is_shown_by_its_id(tmp_path: Path) -> None:
    files = {
        "wifctl.yaml": 'project: "123456789012"\nprojects: {acme-ci: 123456789012}\n',
        "pool.yaml": pool(),
    }
    assert only(load_files(tmp_path, files, environment={})).address.project == "acme-ci"


def test_values_given_on_the_command_line_are_no_manifests(tmp_path: Path) -> None:
    files = {"pool.yaml": pool(spec='{displayName: "{{ team }}"}'), "values.yaml": "team: red\n"}
    loaded = load_files(tmp_path, files, values_files=(Path("values.yaml"),))
    assert only(loaded).spec.display_name == "red"
