"""MAP-1 to MAP-5: what Google demands of the values a mapping gives."""

from __future__ import annotations

from wifctl.trust import refusals
from wifctl.trust.documents import PROVIDER, TROUBLESHOOTING
from wifctl.trust.mapping import SUBJECT, MappedValue, MappingReport, text_of
from wifctl.trust.rulebook import Rulebook
from wifctl.trust.verdict import Verdict

SUBJECT_LIMIT = 127
"""Bytes of UTF-8 in google.subject."""
TOTAL_LIMIT = 8192
"""Bytes of UTF-8 in all mapped values together."""

_VALUES = Rulebook(
    "mapped identity",
    TROUBLESHOOTING,
    {
        "MAP-1": "google.subject gets a value",
        "MAP-2": f"google.subject has at most {SUBJECT_LIMIT} bytes",
        "MAP-3": "every mapped attribute is a string; google.groups may be a list of strings",
    },
)
_SIZES = Rulebook(
    "mapped identity",
    PROVIDER,
    {
        "MAP-4": "all mapped values together have at most 8 KB",
        "MAP-5": "every custom attribute gets a value",
    },
)
RULES = tuple(_VALUES.rules) + tuple(_SIZES.rules)


def judge_mapping(report: MappingReport) -> tuple[Verdict, ...]:
    """The MAP rules' verdicts on what a mapping gave."""
    subject = next((value for value in report.values if value.key == SUBJECT), None)
    return (
        _has_subject(subject),
        _subject_length(subject),
        _types(report.values),
        _total(report.values),
        _unset(report.values),
    )


def skipped_mapping(why: str) -> tuple[Verdict, ...]:
    """The MAP rules where there are no claims to map."""
    return (*_VALUES.complete((), why), *_SIZES.complete((), why))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _has_subject(value: MappedValue | None) -> Verdict:
    if value is None:
        hint = "map google.subject, e.g. to assertion.sub"
        return _no_subject("no mapping for google.subject", hint)
    if value.unknown:
        return _VALUES.unknown("MAP-1", found=value.trouble)
    if value.failed:
        return _no_subject(value.trouble, value.hints[0].message if value.hints else "")
    if value.result is not None and value.result.value == "":
        return _no_subject(f"{value.expression} is empty", "map google.subject to a unique claim")
    found = str(value.result.value) if value.result else ""
    return _VALUES.judge("MAP-1", True, found=found)


def _no_subject(found: str, hint: str) -> Verdict:
    return _VALUES.judge("MAP-1", False, found=found, hint=hint, refusal=refusals.NO_SUBJECT)


def _subject_length(value: MappedValue | None) -> Verdict:
    subject = text_of(value)
    if subject is None:
        return _VALUES.skipped("MAP-2", "there is no subject")
    size = _bytes(subject)
    return _VALUES.judge(
        "MAP-2",
        size <= SUBJECT_LIMIT,
        found=f"{size} bytes",
        wanted=f"at most {SUBJECT_LIMIT} bytes",
        hint="map google.subject to an id, or to a part of it with extract() or split()",
        refusal=refusals.SUBJECT_TOO_LONG,
    )


def _types(values: tuple[MappedValue, ...]) -> Verdict:
    wrong = [value for value in values if not value.failed and value.texts is None]
    if not wrong:
        return _VALUES.judge("MAP-3", True)
    first = wrong[0]
    listed = first.result is not None and isinstance(first.result.value, list)
    hint = f"write {first.expression}[0]" if listed else f"write string({first.expression})"
    return _VALUES.judge(
        "MAP-3",
        False,
        found=", ".join(f"{value.key} is {value.result.type}" for value in wrong if value.result),
        wanted="STRING",
        hint=hint,
        refusal=refusals.not_a_string(first.key),
    )


def _total(values: tuple[MappedValue, ...]) -> Verdict:
    size = sum(_bytes(text) for value in values for text in value.texts or ())
    return _SIZES.judge(
        "MAP-4",
        size <= TOTAL_LIMIT,
        found=f"{size} bytes",
        wanted=f"at most {TOTAL_LIMIT} bytes",
        hint="map fewer or shorter claims",
        refusal=refusals.undocumented(
            "invalid_request", "The total size of the mapped attributes exceeds the 8 KB limit."
        ),
    )


def _unset(values: tuple[MappedValue, ...]) -> Verdict:
    """What Google does with a custom attribute that fails is not documented: left unset here."""
    unset = [value for value in values if value.key != SUBJECT and value.failed]
    notes = tuple(f"{value.key} is left unset: {value.trouble}" for value in unset)
    if any(value.unknown for value in unset):
        return _SIZES.unknown("MAP-5", note="; ".join(notes))
    found = ", ".join(value.key for value in unset)
    return _SIZES.judge("MAP-5", True, found=f"unset: {found}" if found else "", notes=notes)
