"""Templates: scalars keep their types and positions, whole files lead back to their lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.manifest.loading import codes, document, load_files, load_text, only, pool


def rendered(expression: str, **options: Any) -> Any:
    spec = f"{{provider: {PROVIDER}, cases: [{{name: a, expect: deny, claims: {expression}}}]}}"
    loaded = load_text(document("TrustTest", "test", spec), **options)
    assert loaded.diagnostics == ()
    return loaded.resources[0].spec.cases[0].claims


PROVIDER = "projects/acme-ci/locations/global/workloadIdentityPools/github/providers/github-actions"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("{{ 3 }}", 3),
        ("  {{ 3 }}  ", 3),
        ("{{ 1 == 1 }}", True),
        ("{{ none }}", None),
        ("{{ [1, 'a'] }}", [1, "a"]),
        ("{{ (1, 2) }}", [1, 2]),
        ("{{ {'a': 1} }}", {"a": 1}),
        ("{{ range(3) }}", [0, 1, 2]),
        ("{{ '}}' }}", "}}"),
        ("{{ 3 }}{{ 4 }}", "34"),
        ("n={{ 3 }}", "n=3"),
        ("{{ '{{' }} stays", "{{ stays"),
        ("{{ 'a' | upper }}", "A"),
        ("{{ missing | default('x') }}", "x"),
        ("{% if true %}{{ 1 }}{% endif %}", "1"),
        ("{{ project }} in {{ location | default('nowhere', true) }}", "acme-ci in nowhere"),
        ("no template", "no template"),
        ("{{ 'a' * 3 }}", "aaa"),
        ("{{ 2 ** 10 }}", 1024),
        ("{{ '%05d' % 7 }}", "00007"),
    ],
)
def test_an_expression_gives_its_value(expression: str, value: object) -> None:
    quoted = expression.replace("'", "''")
    found = rendered(f"{{x: '{quoted}'}}")["x"]
    assert found == value
    assert type(found) is type(value)


def test_values_are_seen_by_name_and_together() -> None:
    found = rendered(
        "{a: '{{ team.name }}', b: '{{ values.team.size }}'}",
        sets=("team.name=red", "team.size=3"),
    )
    assert found == {"a": "red", "b": 3}


@pytest.mark.parametrize(
    "expression",
    [
        "{{ ''.__class__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ 'a' * 100000000 }}",
        "{{ [0] * 100000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ 'x' ** 2 }}",
        "{{ '%0999999999d' % 1 }}",
        "{{ '%*d' % (999999999, 1) }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ range(10000000) }}",
        "{{ 9 ** 4000 * 9 ** 4000 }}",
        "{% include 'a' %}{{ 1 }}",
        "{% import 'a' as b %}{{ 1 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_the_sandbox_refuses(expression: str) -> None:
    quoted = expression.replace("'", "''")
    assert codes(load_text(pool(spec=f"{{displayName: '{quoted}'}}")).diagnostics) == [
        "template-refused"
    ]


@pytest.mark.parametrize("name", ["environ", "open", "os", "lipsum", "config", "request"])
def test_nothing_of_the_machine_is_in_sight(name: str) -> None:
    assert codes(load_text(pool(spec=f'{{displayName: "{{{{ {name} }}}}"}}')).diagnostics) == [
        "unknown-value"
    ]


def test_nothing_random_is_offered() -> None:
    text = pool(spec='{displayName: "{{ [1, 2] | random }}"}')
    assert codes(load_text(text).diagnostics) == ["template-syntax"]


WHOLE = """\
{# Two pools. #}
{% for team in teams -%}
---
apiVersion: wifctl/v1
kind: WorkloadIdentityPool
metadata: {name: "{{ team }}-pool"}
spec:
  displayName: {{ team }}
{% endfor %}
"""


def test_a_whole_file_is_rendered_and_its_lines_lead_back(tmp_path: Path) -> None:
    loaded = load_files(tmp_path, {"pools.yaml.j2": WHOLE}, sets=("teams=[red, blue]",))
    assert loaded.diagnostics == ()
    assert [r.name for r in loaded.resources] == ["red-pool", "blue-pool"]
    for resource in loaded.resources:
        assert str(resource.position) == "pools.yaml.j2:4:1"
        assert str(resource.position_of("spec.displayName")) == "pools.yaml.j2:8:1"


def test_rendered_text_is_not_rendered_again(tmp_path: Path) -> None:
    text = pool(spec="{displayName: \"{{ '{{ 1 }}' }}\"}").replace("---\n", "")
    loaded = load_files(tmp_path, {"pool.yaml.j2": text})
    assert only(loaded).spec.display_name == "{{ 1 }}"


def test_lines_survive_captured_text_that_is_compared(tmp_path: Path) -> None:
    text = (
        "{% set x %}a{% endset %}{% if x == 'a' %}" + WHOLE.replace("teams", "[1]") + "{% endif %}"
    )
    loaded = load_files(tmp_path, {"pools.yaml.j2": text.replace("displayName", "desription")})
    (found,) = loaded.diagnostics
    assert found.position is not None
    assert found.position.line == 1
    assert "rendered" in found.message


def test_values_parsed_from_yaml_keep_their_types(tmp_path: Path) -> None:
    files = {"wifctl.yaml": "values: {off: true, names: [a]}\n", "pool.yaml": ""}
    files["pool.yaml"] = pool(spec='{disabled: "{{ off }}", displayName: "{{ names[0] }}"}')
    found = only(load_files(tmp_path, files)).spec
    assert (found.disabled, found.display_name) == (True, "a")
