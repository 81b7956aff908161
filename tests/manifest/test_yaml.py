"""YAML: values by the 1.2 core schema, positions of keys and values, limits, no surprises."""

from __future__ import annotations

import datetime
import json
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wifctl.manifest.places import Origin, Positions
from wifctl.manifest.yaml.document import Stream
from wifctl.manifest.yaml.parse import parse
from wifctl.manifest.yaml.text import checked, decoded


def stream(text: str) -> Stream:
    return parse(text, Origin("m.yaml", text=text))


def data(text: str) -> Any:
    found = stream(text)
    assert not found.diagnostics
    return found.documents[0].data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("12:30:45", "12:30:45"),
        ("2026-11-21", "2026-11-21"),
        ("1_000", "1_000"),
        ("1.2.3", "1.2.3"),
        (".inf", ".inf"),
        ("+", "+"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("! plain", "plain"),
        ("9" * 101, "9" * 101),
    ],
)
def test_plain_values_follow_the_core_schema(text: str, value: object) -> None:
    found = data(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


def test_on_as_a_key_is_a_text() -> None:
    assert data("on: 1\nyes: 2\n3: 4\n") == {"on": 1, "yes": 2, "3": 4}


def test_keys_and_values_have_positions() -> None:
    found = stream("a:\n  - b: 1\n    c: é\n  -  2\n").documents[0].places
    positions = Positions(found)
    assert [str(positions[path]) for path in ("a", "a[0].b", "a[0].c", "a[1]")] == [
        "m.yaml:2:3",
        "m.yaml:2:8",
        "m.yaml:3:8",
        "m.yaml:4:6",
    ]
    assert str(found.origin.position(found.key("a[0].c"))) == "m.yaml:3:5"
    assert len(positions) == 5
    assert set(positions) == {"a", "a[0]", "a[0].b", "a[0].c", "a[1]"}


def test_an_unknown_path_stands_where_its_longest_prefix_does() -> None:
    places = stream("a: {b: [1]}\n").documents[0].places
    assert places.known("a.b[3].c") == "a.b"
    assert places.value("x.y") == places.start


def test_documents_start_at_their_first_line() -> None:
    found = stream("# a comment\n---\n\na: 1\n---\nb: 2\n")
    assert [str(raw.places.position) for raw in found.documents] == ["m.yaml:4:1", "m.yaml:6:1"]


def test_aliases_and_merge_keys_share_values_and_explicit_keys_win() -> None:
    text = "base: &base {a: 1, b: 2}\nuse:\n  b: 3\n  <<: *base\nmany:\n  <<: [*base, {c: 4}]\n"
    found = data(text)
    assert found["use"] == {"b": 3, "a": 1}
    assert found["many"] == {"a": 1, "b": 2, "c": 4}


def test_after_a_syntax_error_the_next_document_is_read() -> None:
    found = stream("a: [1\n---\nb: 'x' y\n---\nc: 3\n")
    assert [raw.data for raw in found.documents] == [{"c": 3}]
    assert [str(d.position) for d in found.diagnostics] == ["m.yaml:1:4", "m.yaml:3:8"]
    assert not found.complete


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_megabytes_of_nesting_are_refused_at_once(opening: str) -> None:
    started = time.monotonic()
    found = stream(opening * 1_000_000)
    assert "yaml-depth" in [d.code for d in found.diagnostics]
    assert time.monotonic() - started < 5


def test_a_byte_order_mark_at_the_start_does_not_count() -> None:
    assert decoded(b"\xef\xbb\xbfa: 1", "m.yaml") == "a: 1"


def test_the_pure_parser_gives_the_same_data_and_positions() -> None:
    text = "a: &x [1, 'b', {c: \"d\"}]\ne: *x\n# comment\nf: |\n  g\n  h\n---\ni: {j: k} # l\n"
    fast, slow = (
        parse(text, Origin("m.yaml"), loader) for loader in (yaml.CSafeLoader, yaml.SafeLoader)
    )
    assert [raw.data for raw in fast.documents] == [raw.data for raw in slow.documents]
    assert [raw.places.packed for raw in fast.documents] == [
        raw.places.packed for raw in slow.documents
    ]


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])),
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(alphabet="abc.-", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(alphabet="abc", min_size=1, max_size=5), trees, min_size=1))
def test_json_is_read_as_it_is(tree: dict[str, Any]) -> None:
    text = checked(json.dumps(tree, ensure_ascii=False), "m.yaml")
    assert isinstance(text, str)
    assert data(text) == tree


@given(st.text(max_size=300))
def test_any_text_gives_data_or_findings_with_positions(text: str) -> None:
    safe = checked(text, "m.yaml")
    if isinstance(safe, str):
        for found in stream(safe).diagnostics:
            assert found.position is not None


@given(st.text(alphabet="{}[]&*!|>'\"%@`#-:?, \tab<\n", max_size=60))
def test_any_mixture_of_indicators_is_survived(text: str) -> None:
    for found in stream(text).diagnostics:
        assert found.code.startswith("yaml-")
        assert found.position is not None
        assert found.position.line <= text.count("\n") + 2


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_finding(raw: bytes) -> None:
    found = decoded(raw, "m.yaml")
    assert isinstance(found, str) or found.position is not None


def test_dates_stay_texts() -> None:
    assert not isinstance(data("a: 2026-11-21T10:00:00Z")["a"], datetime.datetime)
