"""Results of trust tests: as a diff for people, as JSON, and as JUnit for pipelines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from wifctl.access.case_results import CaseOutcome, CaseResult
from wifctl.render.escape import printable
from wifctl.render.palette import PLAIN, Palette, Tone

FORMAT_VERSION = "1.0"
_MARKS = {
    CaseOutcome.PASSED: ("✓", Tone.ADDED),
    CaseOutcome.FAILED: ("✗", Tone.ERROR),
    CaseOutcome.UNKNOWN: ("?", Tone.WARNED),
}


def cases_text(results: Sequence[CaseResult], palette: Palette = PLAIN) -> str:
    """Tests that pass in one line each, every other case in full, the counts last."""
    blocks = []
    for test, found in groupby(results, key=lambda result: result.test):
        blocks.append("\n".join(_test(test, list(found), palette)))
    return "\n".join([*blocks, "", _summary(results, palette)])


def cases_json(results: Sequence[CaseResult]) -> dict[str, Any]:
    """All results; `docs/reference/formats.md` documents the shape."""
    return {
        "format_version": FORMAT_VERSION,
        "summary": {each.value: _count(results, each) for each in CaseOutcome},
        "cases": [_case_json(result) for result in results],
    }


def cases_junit(results: Sequence[CaseResult]) -> str:
    """JUnit XML: one suite a TrustTest, one case each."""
    counts = f'tests="{len(results)}" failures="{_count(results, CaseOutcome.FAILED)}"'
    unknown = _count(results, CaseOutcome.UNKNOWN)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="wifctl" {counts} errors="{unknown}">',
    ]
    for test, found in groupby(results, key=lambda result: result.test):
        lines += _suite(test, list(found))
    return "\n".join([*lines, "</testsuites>"])


def _count(results: Iterable[CaseResult], outcome: CaseOutcome) -> int:
    return sum(result.outcome is outcome for result in results)


def _test(name: str, results: Sequence[CaseResult], palette: Palette) -> Iterator[str]:
    passed = _count(results, CaseOutcome.PASSED)
    sign, tone = _MARKS[_worst(results)]
    behind = palette(Tone.FAINT, f"   {passed} of {len(results)}")
    yield f"{palette(tone, sign)} {printable(name)}{behind}"
    for result in results:
        if result.outcome is not CaseOutcome.PASSED:
            yield from _case(result, palette)


def _worst(results: Iterable[CaseResult]) -> CaseOutcome:
    found = {result.outcome for result in results}
    order = (CaseOutcome.FAILED, CaseOutcome.UNKNOWN)
    return next((each for each in order if each in found), CaseOutcome.PASSED)


def _case(result: CaseResult, palette: Palette) -> Iterator[str]:
    sign, tone = _MARKS[result.outcome]
    where = palette(Tone.FAINT, f"   {result.position or ''}")
    yield f"  {palette(tone, sign)} {printable(result.case)}{where}"
    for each in result.differences:
        yield "      " + palette(Tone.REMOVED, f"- {each.field}: {printable(each.wanted)}")
        yield "      " + palette(Tone.ADDED, f"+ {each.field}: {printable(each.found)}")
    for because in result.because:
        yield f"      {printable(because)}"
    if result.unknown:
        yield f"      cannot be judged here: {', '.join(result.unknown)}"


def _summary(results: Sequence[CaseResult], palette: Palette) -> str:
    counts = ", ".join(
        f"{count} {each.value}" for each in CaseOutcome if (count := _count(results, each))
    )
    tone = _MARKS[_worst(results)][1]
    seconds = sum(result.seconds for result in results)
    return f"{palette(tone, counts)}{palette(Tone.FAINT, f' in {seconds:.2f} s')}"


def _case_json(result: CaseResult) -> dict[str, Any]:
    found: dict[str, Any] = {
        "test": result.test,
        "case": result.case,
        "outcome": result.outcome.value,
        "differences": [
            {"field": each.field, "wanted": each.wanted, "found": each.found}
            for each in result.differences
        ],
        "because": list(result.because),
        "unknown": list(result.unknown),
        "seconds": round(result.seconds, 6),
    }
    if result.position:
        start = {"line": result.position.line, "column": result.position.column}
        found["range"] = {"filename": result.position.file, "start": start}
    return found


def _suite(name: str, results: Sequence[CaseResult]) -> Iterator[str]:
    failures = _count(results, CaseOutcome.FAILED)
    seconds = sum(result.seconds for result in results)
    yield (
        f'  <testsuite name={_quoted(name)} tests="{len(results)}" failures="{failures}" '
        f'errors="{_count(results, CaseOutcome.UNKNOWN)}" time="{seconds:.6f}">'
    )
    for result in results:
        yield from _testcase(result)
    yield "  </testsuite>"


def _testcase(result: CaseResult) -> Iterator[str]:
    place = result.position
    where = f' file={_quoted(place.file)} line="{place.line}"' if place else ""
    head = (
        f"    <testcase classname={_quoted(result.test)} name={_quoted(result.case)}"
        f'{where} time="{result.seconds:.6f}"'
    )
    if result.outcome is CaseOutcome.PASSED:
        yield f"{head}/>"
        return
    element = "failure" if result.outcome is CaseOutcome.FAILED else "error"
    lines = [line.strip() for line in _case(result, PLAIN)]
    text = escape(_clean("\n".join(lines)))
    yield f"{head}>"
    yield f"      <{element} message={_quoted(lines[1])}>{text}</{element}>"
    yield "    </testcase>"


def _quoted(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """XML has no place for control characters; they are written out."""
    return "\n".join(map(printable, text.split("\n")))
