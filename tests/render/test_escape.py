"""Text from outside cannot move the cursor, hide or reorder."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wifctl.render.escape import printable, printable_lines
from wifctl.render.json_text import json_text

ANY = st.text(st.characters())


@given(ANY)
def test_nothing_that_acts_is_left(text: str) -> None:
    left = {unicodedata.category(character) for character in printable(text)}
    assert not left & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(printable(text)) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\ufeff")


@given(ANY.filter(lambda text: text.isprintable()))
def test_printable_text_stays(text: str) -> None:
    assert printable(text) == text


def test_line_breaks_divide_long_texts_only() -> None:
    assert printable("a\nb") == "a\\nb"
    assert printable_lines("a\nb\x1b") == ["a", "b\\x1b"]


@given(ANY.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_json_says_the_same_and_acts_no_more(text: str) -> None:
    shown = json_text([text])
    assert json.loads(shown) == [text]
    assert not any(printable(line) != line for line in shown.split("\n"))
