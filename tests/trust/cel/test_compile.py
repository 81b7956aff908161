"""The traps of the CEL library stay behind its door."""

from __future__ import annotations

import pytest

from wifctl.trust.cel.compile import Compiled, compile_any, compile_condition, compile_mapping
from wifctl.trust.cel.data import MAX_DEPTH, MAX_TEXT
from wifctl.trust.cel.extract import extract
from wifctl.trust.cel.problem import CelResult, CelUnavailable, ProblemKind
from wifctl.trust.cel.runtime import environment


def _condition(text: str) -> Compiled:
    compiled = compile_condition(text)
    assert isinstance(compiled, Compiled), compiled
    return compiled


def _evaluated(text: str, claim: object) -> CelResult:
    return _condition(text).evaluate({"assertion": {"x": claim}})


@pytest.mark.parametrize(
    "claim",
    ["true", "NOT_FOUND: Key not found", 1, 1.0, ["true"], {"a": True}, None, False, "ERROR"],
)
def test_only_the_boolean_true_accepts(claim: object) -> None:
    assert _evaluated("assertion.x", claim).accepts is False
    assert _evaluated("assertion.x", True).accepts is True


def test_a_run_time_error_is_no_value() -> None:
    result = _condition("assertion.none").evaluate({"assertion": {}})

    assert (result.failed, result.accepts, result.value) == (True, False, None)
    assert "none" in result.error


def test_a_missing_variable_is_an_error_and_no_crash() -> None:
    assert _condition("google.subject == 'a'").evaluate({"assertion": {}}).failed


@pytest.mark.parametrize("claim", [2**63, -(2**63) - 1, 10**400, (1, 2), {"a": (1,)}])
def test_values_beyond_cel_are_brought_into_its_range(claim: object) -> None:
    assert _evaluated("assertion.x == assertion.x", claim).type == "BOOL"


@pytest.mark.parametrize("claim", ["\ud800", "a\udfff", ["\udc00"], {"\ud801": 1}])
def test_a_lone_surrogate_in_a_claim_is_refused(claim: object) -> None:
    assert "surrogate" in _evaluated("assertion.x == assertion.x", claim).error


@pytest.mark.parametrize(
    ("text", "accepts"),
    [
        ("assertion.x == 'admin'", False),
        ("assertion.x == 'admin\\000evil'", True),
        ("assertion.x.size() == 10", True),
        ("assertion.x in ['admin']", False),
        ("assertion.x.endsWith('evil')", True),
        ("[assertion.x][0] == 'admin'", False),
        ("assertion.x.extract('{a}') == 'admin'", False),
        ("assertion.x.extract('{a}evil') == 'admin'", False),
        ("assertion.x.extract('in{a}vil') == ''", False),
        ("assertion.x.extract('admin\\000{a}') == 'evil'", True),
        ("assertion.x.split('evil')[0] == 'admin'", False),
    ],
)
def test_a_nul_character_ends_no_text(text: str, accepts: bool) -> None:
    assert _evaluated(text, "admin\0evil").accepts is accepts


def test_a_nul_character_ends_no_list_item_and_no_name() -> None:
    assert not _evaluated("'admin' in assertion.x", ["admin\0evil"]).accepts
    assert "NUL" in _evaluated("assertion.x.admin", {"admin\0evil": True}).error


def test_claims_too_large_are_not_evaluated() -> None:
    assert "may see" in _evaluated("assertion.x != ''", "x" * (MAX_TEXT + 1)).error
    assert _evaluated("assertion.x != ''", "x" * (MAX_TEXT - 99)).accepts


@pytest.mark.parametrize(
    ("text", "largest"),
    [
        ("assertion.x.replace('/', '-').replace(':', '_').replace('.', '') != ''", 100_000),
        ("assertion.x.replace('', assertion.x) != ''", 7_000),
        ("assertion.x.replace('a', assertion.x).replace('a', assertion.x) != ''", 300),
        ("assertion.x.replace('a', '0123456789').replace('0', '0123456789') != ''", 100_000),
        ("assertion.x.split('').join(assertion.x) != ''", 7_000),
        ("assertion.x.split('').join() != ''", 100_000),
    ],
)
def test_claims_are_bounded_by_what_an_expression_can_make_of_them(text: str, largest: int) -> None:
    assert _evaluated(text, "a" * largest).accepts
    assert "may see" in _evaluated(text, "a" * (largest * 2)).error


def test_claims_too_deep_are_not_evaluated() -> None:
    deep: object = "end"
    for _ in range(MAX_DEPTH):
        deep = [deep]

    assert "deep" in _evaluated("assertion.x != ''", deep).error


def test_an_endless_comprehension_is_stopped() -> None:
    text = "assertion.x.all(a, assertion.x.all(b, assertion.x.all(c, true)))"

    assert "budget" in _evaluated(text, list(range(30))).error


def test_a_pattern_that_explodes_elsewhere_is_harmless() -> None:
    assert _evaluated("assertion.x.matches('(a+)+$')", "a" * 50_000 + "b").value is False


def test_a_template_without_a_name_is_an_error_value() -> None:
    assert "template" in _evaluated("assertion.x.extract('a') == ''", "b").error


@pytest.mark.parametrize(
    ("text", "template", "value"),
    [
        ("a/b/c", "a/{x}/", "b"),
        ("a/b/c", "{x}/", "a"),
        ("a/b/c", "b/{x}", "c"),
        ("a/b/c", "{x}", "a/b/c"),
        ("a/b/c", "z/{x}", ""),
        ("a/b/c", "a/{x}z", ""),
        ("a/a/a", "a{x}a", "/"),
        ("", "{x}", ""),
        ("line\nbreak", "line\n{x}", "break"),
    ],
)
def test_extract_takes_what_the_name_stands_for(text: str, template: str, value: str) -> None:
    assert extract(text, template) == value


@pytest.mark.parametrize("template", ["", "x", "{}", "{a}{b}", "{a", "a}", "{{a}}"])
def test_extract_needs_exactly_one_name(template: str) -> None:
    with pytest.raises(ValueError, match="template"):
        extract("x", template)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 33 + "true" + ")" * 33,
        " + ".join(["'a'"] * 40) + " == 'a'",
        "assertion" + ".a" * 40 + " == 'a'",
        "true && " * 20_000 + "true",
    ],
)
def test_an_expression_too_deep_or_long_is_not_judged(text: str) -> None:
    problems = compile_condition(text)

    assert isinstance(problems, list)
    assert {problem.kind for problem in problems} == {ProblemKind.LIMIT}
    assert not any(problem.refuses for problem in problems)
    assert problems[0].message.startswith("wifctl cannot judge")


def test_a_long_flat_condition_is_judged() -> None:
    text = " || ".join(f"assertion.x == '{number}'" for number in range(150))

    assert _evaluated(text, "149").accepts


def test_several_problems_are_told_at_once() -> None:
    problems = compile_condition("nobody == 1 || attribute.a == 2")

    assert isinstance(problems, list)
    assert [problem.kind for problem in problems] == [ProblemKind.REFERENCE, ProblemKind.TYPE]


@pytest.mark.parametrize("text", ["\ud800", "'\ud800' == 'a'"])
def test_a_text_that_is_no_unicode_is_a_problem(text: str) -> None:
    problems = compile_condition(text)

    assert isinstance(problems, list)
    assert problems[0].kind is ProblemKind.INPUT


def test_groups_may_be_a_list_and_a_subject_may_not() -> None:
    assert isinstance(compile_mapping("assertion.a.split(',')", lists=True), Compiled)
    assert isinstance(compile_mapping("assertion.a.split(',')"), list)


def test_a_mapping_does_not_see_what_a_condition_sees() -> None:
    assert isinstance(compile_any("google.subject", ("assertion", "google")), Compiled)
    assert isinstance(compile_mapping("google.subject"), list)


def test_without_the_library_nothing_is_checked_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "cel_expr_python", None)
    try:
        answer = compile_condition("assertion.only_here == 'without the library'")
    finally:
        environment.cache_clear()

    assert isinstance(answer, CelUnavailable)
    assert "not checked" in answer.message
