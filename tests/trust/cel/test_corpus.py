"""Typical expressions against values written by hand."""

from __future__ import annotations

import pytest

from tests.trust.cel.corpus import Case, cases, conditions
from wifctl.trust.cel.compile import Compiled, compile_condition, compile_mapping
from wifctl.trust.cel.hints import hints_for
from wifctl.trust.cel.problem import ProblemKind
from wifctl.trust.cel.tree import causes, evaluate_tree


def _compiled(case: Case) -> Compiled:
    compiled = compile_condition(case.expr)
    assert isinstance(compiled, Compiled), compiled
    return compiled


def test_the_corpus_is_large_enough() -> None:
    assert len(conditions()) + len(cases("mappings")) >= 150


@pytest.mark.parametrize("case", conditions(), ids=str)
def test_a_condition_has_the_value_written_by_hand(case: Case) -> None:
    result = _compiled(case).evaluate(case.data)

    wanted = case.expect["is"]
    assert (("error" if result.failed else result.value) == wanted) is True
    assert result.accepts is (wanted is True)


@pytest.mark.parametrize("case", conditions(), ids=str)
def test_a_refusing_condition_names_its_operands(case: Case) -> None:
    tree = evaluate_tree(_compiled(case), case.data)
    named = [cause.text for cause in causes(tree)]

    if case.expect["is"] is True:
        assert named == []
    else:
        whole = case.expr if not case.expr.startswith("//") else named[0]
        assert named == case.expect.get("because", [whole])


@pytest.mark.parametrize("case", [case for case in conditions() if "hint" in case.expect], ids=str)
def test_a_near_miss_is_told(case: Case) -> None:
    tree = evaluate_tree(_compiled(case), case.data)

    kinds = [hint.kind.value for cause in causes(tree) for hint in hints_for(cause.node, case.data)]
    assert case.expect["hint"] in kinds


@pytest.mark.parametrize("case", cases("mappings"), ids=str)
def test_a_mapping_gives_the_value_written_by_hand(case: Case) -> None:
    compiled = compile_mapping(case.expr, lists=case.expect.get("lists", False))
    assert isinstance(compiled, Compiled), compiled
    result = compiled.evaluate(case.data)

    if "gives" in case.expect:
        assert result.value == case.expect["gives"]
    else:
        assert result.type != case.expect["refused"]


@pytest.mark.parametrize("case", cases("invalid"), ids=str)
def test_a_broken_expression_is_refused_at_its_place(case: Case) -> None:
    mapping = case.expect.get("mapping", False)
    problems = compile_mapping(case.expr) if mapping else compile_condition(case.expr)

    assert isinstance(problems, list)
    first = problems[0]
    place = [first.line, first.column]
    assert (first.kind, place) == (ProblemKind(case.expect["kind"]), case.expect["at"])
    assert case.expect.get("says", "") in first.message
