"""One field's change, as lines."""

from __future__ import annotations

from typing import Any

import pytest

from wifctl.plan.model import Change
from wifctl.render.differences import change_lines
from wifctl.render.lines import as_text
from wifctl.render.palette import PLAIN

LONG = " && ".join(f"assertion.claim_{n} == 'value-{n}'" for n in range(8))


def shown(live: Any, desired: Any, *, is_new: bool = False, **about: bool) -> list[str]:
    """The lines of one change, without indentation of the first."""
    change = Change("field", live, desired, **about)
    return as_text(change_lines([change], 0, is_new=is_new), PLAIN).split("\n")


@pytest.mark.parametrize(
    ("live", "desired", "line"),
    [
        ("a", "b", '~ field  "a" → "b"'),
        (True, False, "~ field  true → false"),
        (None, 5, "+ field  5"),
        ("a", None, '- field  "a" → (unset)'),
        ("true", True, '~ field  "true" → true'),
    ],
)
def test_short_values_stand_on_one_line(live: Any, desired: Any, line: str) -> None:
    assert shown(live, desired) == [line]


def test_a_field_google_never_returns_is_not_shown() -> None:
    assert shown(None, "hidden", observable=False) == ["+ field  (not observable)"]


def test_letting_somebody_in_is_said() -> None:
    assert shown(True, False, gains_access=True) == ["~ field  true → false  lets somebody in"]


def test_a_map_shows_only_keys_that_change() -> None:
    live, desired = {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "4", "d": "5"}
    assert shown(live, desired) == [
        "~ field",
        '    ~ b  "2" → "4"',
        '    + d  "5"',
        '    - c  "3" → (unset)',
        "      … 1 unchanged hidden",
    ]


def test_a_list_shows_what_comes_and_goes() -> None:
    assert shown(["a", "b"], ["b", "c"]) == [
        "~ field",
        '    - "a"',
        '    + "c"',
        "      … 1 unchanged hidden",
    ]


def test_a_list_in_another_order_says_so() -> None:
    assert shown(["a", "b"], ["b", "a"]) == ["~ field", '    ~ order: ["b", "a"]']


def test_a_long_condition_is_compared_by_operand() -> None:
    lines = shown(LONG, LONG.replace("value-4", "other"))
    assert "    - && assertion.claim_4 == 'value-4'" in lines
    assert "    + && assertion.claim_4 == 'other'" in lines
    assert sum(line.lstrip().startswith(("-", "+")) for line in lines) == 2


def test_json_texts_are_compared_as_json() -> None:
    lines = shown('{"keys":[{"kid":"1"}]}' + " " * 80, '{"keys":[{"kid":"2"}]}' + " " * 80)
    assert '    -       "kid": "1"' in lines
    assert '    +       "kid": "2"' in lines


def test_xml_is_compared_by_element() -> None:
    live = "<a><b>1</b><c>" + "x" * 80 + "</c></a>"
    lines = shown(live, live.replace(">1<", ">2<"))
    assert "    - <b>1</b>" in lines


def test_texts_that_differ_in_white_space_only_say_so() -> None:
    lines = shown('{"a": 1}' + " " * 80, '{"a":1}' + " " * 80)
    assert lines[-1].strip() == "~ only white space differs"


def test_a_long_new_text_shows_its_beginning() -> None:
    lines = shown(None, "\n".join(map(str, range(40))), is_new=True)
    assert lines[-1].strip() == "… 28 more lines"
