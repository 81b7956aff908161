"""The shape of expressions, and where each part stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trust.cel.corpus import Case, conditions
from wifctl.trust.cel.ast import (
    Call,
    Macro,
    Node,
    comparisons,
    conjuncts,
    disjuncts,
    functions,
    literal_of,
    path_of,
    paths,
    walk,
)
from wifctl.trust.cel.compile import Compiled, compile_any
from wifctl.trust.cel.parse import parse
from wifctl.trust.cel.runtime import CONDITION_VARIABLES

TOKENS = (
    *("assertion.a", "google", "'x('", "r'\\'", "1", "-2.5", "true", "null", "[", "]", "(", ")"),
    *(
        "&&",
        "||",
        "!",
        "==",
        "in",
        "?",
        ":",
        ".b",
        "['k']",
        ".size()",
        "has(assertion.c)",
        "// c\n",
    ),
    *(".exists(v, v == 'x')", "{'k': 1}", "+", ",", "<"),
)


def _node(text: str) -> Node:
    compiled = compile_any(text, CONDITION_VARIABLES)
    assert isinstance(compiled, Compiled), compiled
    return parse(compiled)


def _outside_macros(node: Node) -> list[Node]:
    hidden = {
        id(inner)
        for part in walk(node)
        if isinstance(part, Macro) and part.predicate
        for inner in walk(part.predicate)
    }
    return [part for part in walk(node) if id(part) not in hidden]


@pytest.mark.parametrize("case", conditions(), ids=str)
def test_every_part_compiles_by_itself_to_the_same_shape(case: Case) -> None:
    root = _node(case.expr)

    for part in _outside_macros(root):
        again = _node(part.span.text)
        assert type(again) is type(part)
        assert again.span.text == part.span.text


@pytest.mark.parametrize("case", conditions(), ids=str)
def test_every_part_is_found_where_it_says(case: Case) -> None:
    for part in walk(_node(case.expr)):
        lines = case.expr.split("\n")
        line = lines[part.span.line - 1]
        assert case.expr[part.span.start : part.span.end] == part.span.text
        assert line[part.span.column - 1 :].startswith(part.span.text.split("\n")[0])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("assertion.a && assertion.b", ["assertion.a", "assertion.b"]),
        (
            "(assertion.a && assertion.b) && assertion.c",
            ["assertion.a", "assertion.b", "assertion.c"],
        ),
        ("assertion.a || assertion.b", ["assertion.a || assertion.b"]),
        (
            "assertion.a && (assertion.b || assertion.c)",
            ["assertion.a", "assertion.b || assertion.c"],
        ),
        ("!(assertion.a && assertion.b)", ["!(assertion.a && assertion.b)"]),
    ],
)
def test_conjuncts_are_what_must_all_hold(text: str, parts: list[str]) -> None:
    assert [part.span.text for part in conjuncts(_node(text))] == parts


def test_disjuncts_are_what_one_of_must_hold() -> None:
    node = _node("assertion.a == '1' || (assertion.b == '2' || assertion.c == '3')")

    assert len(disjuncts(node)) == 3


def test_long_chains_stay_flat() -> None:
    node = _node(" && ".join(f"assertion.a != '{number}'" for number in range(120)))

    assert len(conjuncts(node)) == 120
    assert conjuncts(node)[119].span.text == "assertion.a != '119'"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("assertion.sub", ("assertion", "sub")),
        ("assertion['a b'].c", ("assertion", "a b", "c")),
        ("assertion.list[0]", ("assertion", "list", 0)),
        ("(assertion.a).b", ("assertion", "a", "b")),
        ("attribute.`a-b`", ("attribute", "a-b")),
        ("has(assertion.a)", None),
        ("assertion.a.lowerAscii()", None),
        ("assertion[assertion.k]", None),
    ],
)
def test_a_path_is_read_from_either_notation(text: str, path: tuple[str | int, ...] | None) -> None:
    assert path_of(_node(text)) == path


def test_all_paths_of_an_expression_are_found_and_no_macro_variable() -> None:
    node = _node(
        "has(assertion.a.b) && assertion.g.exists(x, x.n == attribute.c) && google.subject != ''"
    )

    assert paths(node) == {
        ("assertion", "a", "b"),
        ("assertion", "g"),
        ("attribute", "c"),
        ("google", "subject"),
    }


def test_functions_are_named_and_operators_are_not() -> None:
    node = _node("has(assertion.a) && assertion.b.startsWith('x') || size([1].map(i, i)) == 1")

    assert functions(node) == {"has", "startsWith", "size", "map"}


def test_comparisons_carry_their_literals() -> None:
    node = _node("assertion.a == 'x' && assertion.b in ['y'] && assertion.n >= 2")

    found = [(call.function, literal_of(call.args[1])) for call in comparisons(node)]
    assert found == [("_==_", "x"), ("@in", None), ("_>=_", 2)]


def test_a_member_call_has_its_target() -> None:
    node = _node("assertion.a.startsWith('x')")

    assert isinstance(node, Call)
    assert node.target is not None
    assert (node.function, path_of(node.target)) == ("startsWith", ("assertion", "a"))


@pytest.mark.parametrize(
    "text", ["'a)b' == assertion.x", r'r"\(" == assertion.x', "'''it's (' ''' == assertion.x"]
)
def test_brackets_in_texts_do_not_count(text: str) -> None:
    node = _node(f"({text}) && (assertion.y == ']')")

    assert [part.span.text for part in conjuncts(node)] == [text, "assertion.y == ']'"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(TOKENS), max_size=9).map(" ".join)
    | st.text(alphabet="ab.()[]'\"!=&|<>?: 1{}\\/é\n", max_size=24)
)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    compiled = compile_any(text, CONDITION_VARIABLES)
    if isinstance(compiled, Compiled):
        for part in walk(parse(compiled)):
            assert 0 <= part.span.start <= part.span.end <= len(text)
