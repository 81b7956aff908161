"""Trust rules as text: how many hold, and in full those that do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from wifctl.render.escape import printable
from wifctl.render.palette import Palette, Tone
from wifctl.trust.verdict import Outcome, Verdict

MARKS: Mapping[Outcome, tuple[str, Tone]] = {
    Outcome.PASS: ("✓", Tone.ADDED),
    Outcome.FAIL: ("✗", Tone.ERROR),
    Outcome.UNKNOWN: ("?", Tone.WARNED),
    Outcome.SKIPPED: ("·", Tone.FAINT),
}
"""How an outcome is shown, wherever one is."""

_WORDS = {
    Outcome.PASS: "hold",
    Outcome.FAIL: "fail",
    Outcome.UNKNOWN: "cannot be told",
    Outcome.SKIPPED: "not judged",
}
_SINGULAR = {Outcome.PASS: "holds", Outcome.FAIL: "fails"}
_INDENT = " " * 13


def mark(outcome: Outcome, palette: Palette) -> str:
    """The sign of an outcome, in its colour."""
    sign, tone = MARKS[outcome]
    return palette(tone, sign)


def tally(verdicts: Iterable[Verdict]) -> str:
    """`14 hold, 1 fails`."""
    found = [verdict.outcome for verdict in verdicts]
    counts = [(outcome, found.count(outcome)) for outcome in Outcome]
    return ", ".join(f"{count} {_word(outcome, count)}" for outcome, count in counts if count)


def verdict_lines(
    verdicts: Iterable[Verdict], palette: Palette, *, everything: bool = False
) -> Iterator[str]:
    """Failing and unknown rules with what they found; the others when `everything` is wanted.

    Rules that are unknown for one reason give it once.
    """
    last: tuple[str, ...] = ()
    for verdict in verdicts:
        told = verdict.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
        noted = verdict.outcome is Outcome.PASS and bool(verdict.notes)
        if told or noted or everything:
            yield _head(verdict, palette)
            again = verdict.outcome is Outcome.UNKNOWN and verdict.notes == last
            last = verdict.notes
            if not again:
                yield from _body(verdict, palette, told=told)


def _word(outcome: Outcome, count: int) -> str:
    return _SINGULAR.get(outcome, _WORDS[outcome]) if count == 1 else _WORDS[outcome]


def _head(verdict: Verdict, palette: Palette) -> str:
    return f"  {mark(verdict.outcome, palette)} {verdict.rule:<8} {verdict.summary}"


def _body(verdict: Verdict, palette: Palette, *, told: bool) -> Iterator[str]:
    parts = [("found", verdict.found)]
    if told:
        parts += [("wanted", verdict.wanted), ("change", verdict.hint)]
    parts += [("note", note) for note in verdict.notes]
    for name, text in parts:
        if text:
            yield f"{_INDENT}{palette(Tone.FAINT, f'{name:<6}')} {printable(text)}"
