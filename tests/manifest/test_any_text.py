"""Whatever is loaded, findings come back, never a traceback."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.manifest.loading import load_text
from tests.support.bad_cases import cases
from wifctl.kinds.registry import MODULES, kind
from wifctl.manifest.places import Origin
from wifctl.manifest.yaml.parse import single

SEEDS = [kind(name).example for name in MODULES] + [
    case.path.read_text()
    for case in cases()
    if case.path.is_file() and not case.name.startswith(("encodings", "aliases"))
]
PIECES = ["{", "}", "[", "]", ":", "- ", "\n", "  ", "'", '"', "#", "&a ", "*a", "!", "{{ a }}"]
WORDS = ["null", "true", "3", "''", "[]", "{}", "projects/a", "a/b", "0x1", "x@y", "{file: x}"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False), st.integers(0, 6))
def test_a_damaged_manifest_gives_findings(text: str, chance: random.Random, times: int) -> None:
    for _ in range(times):
        at = chance.randrange(len(text) + 1)
        until = min(len(text), at + chance.randrange(6))
        text = text[:at] + chance.choice([*PIECES, *WORDS, ""]) + text[until:]
    for found in load_text(text).diagnostics:
        assert found.position is not None
        assert found.code


def replaced(tree: Any, chance: random.Random) -> Any:
    """The tree with one node replaced by a value of another type."""
    strangers = (None, True, 3, "", "text", [], {}, {"file": "x"}, [None], {"a": {}}, "a/b", -1.5)
    if not isinstance(tree, dict | list) or not tree or chance.random() < 0.2:
        return chance.choice(strangers)
    if isinstance(tree, list):
        index = chance.randrange(len(tree))
        return [replaced(x, chance) if i == index else x for i, x in enumerate(tree)]
    key = chance.choice(sorted(tree))
    if chance.random() < 0.2:
        return {k: v for k, v in tree.items() if k != key}
    return {k: replaced(v, chance) if k == key else v for k, v in tree.items()}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(MODULES)), st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_manifest_of_wrong_shape_gives_findings(
    name: str, chance: random.Random, times: int
) -> None:

    tree, _ = single(kind(name).example, Origin("example"))
    for _ in range(times):
        tree = replaced(tree, chance)
    for found in load_text(json.dumps(tree)).diagnostics:
        assert found.position is not None


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="{}%#'\"|()[].,+ abc123\n-", max_size=40))
def test_any_template_gives_a_value_or_a_finding(text: str) -> None:

    quoted = json.dumps("{{" + text + "}}")
    body = f"apiVersion: wifctl/v1\nkind: ServiceAccount\nmetadata: {{name: {quoted}}}\n"
    for found in load_text(body).diagnostics:
        assert found.position is not None
