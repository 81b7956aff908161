"""An explanation as text: what was found, step by step; what to change and the verdict last."""

from __future__ import annotations

from collections.abc import Iterator

from wifctl.access.explained import Report
from wifctl.render.condition import condition_lines, one_line, value_text
from wifctl.render.escape import printable
from wifctl.render.outcome import outcome_lines, reason_lines
from wifctl.render.palette import PLAIN, Palette, Tone
from wifctl.render.reached import grant_lines, reach_lines
from wifctl.render.verdicts import mark, tally, verdict_lines
from wifctl.trust.mapping import SUBJECT, MappedValue
from wifctl.trust.mapping_rules import SUBJECT_LIMIT
from wifctl.trust.verdict import Outcome


def explanation_text(report: Report, palette: Palette = PLAIN, *, everything: bool = False) -> str:
    """The whole answer. `everything`: rules that hold and grants for others too."""
    sections = (
        _introduction(report, palette),
        _rules(report, palette, everything),
        mapping_lines(report, palette),
        _condition(report, palette),
        _principals(report, palette),
        _grants(report, palette, everything),
        _reach(report, palette),
        reason_lines(report.explanation, palette),
        outcome_lines(report, palette),
    )
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section)))


def _title(text: str, behind: str, palette: Palette) -> str:
    return f"{palette(Tone.STRONG, text)}{palette(Tone.FAINT, f'   {behind}') if behind else ''}"


def _where(report: Report, path: str) -> str:
    return str(report.provider.position(path) or "")


def _introduction(report: Report, palette: Palette) -> Iterator[str]:
    known = report.provider
    yield f"{palette(Tone.STRONG, 'Judged')}    {printable(report.about)}"
    yield f"{palette(Tone.STRONG, 'Provider')}  {printable(known.config.name)}"
    where = "as it is live" if report.live else _where(report, "")
    if where:
        yield palette(Tone.FAINT, f"          {where}")


def _rules(report: Report, palette: Palette, everything: bool) -> Iterator[str]:
    judgement = report.judgement
    verdicts = (*judgement.request, *judgement.protocol, *judgement.lifetime)
    yield _title("Token rules", tally(verdicts), palette)
    yield from verdict_lines(verdicts, palette, everything=everything)


def mapping_lines(report: Report, palette: Palette) -> Iterator[str]:
    """What the mapping makes of the claims, and the rules about it that do not hold."""
    mapping = report.judgement.mapping
    if mapping is None:
        return
    yield _title("Mapping", _where(report, "spec.attributeMapping"), palette)
    width = max((len(value.key) for value in mapping.values), default=0)
    for value in sorted(mapping.values, key=lambda value: (value.key != SUBJECT, value.key)):
        yield f"  {value.key:<{width}}  {_mapped(value, palette)}"
    broken = (verdict for verdict in report.judgement.mapped if verdict.outcome is not Outcome.PASS)
    yield from verdict_lines(broken, palette)


def _mapped(value: MappedValue, palette: Palette) -> str:
    if value.texts is None:
        return palette(Tone.WARNED, f"no value: {printable(_trouble(value))}")
    text = printable(", ".join(value.texts)) or '""'
    if value.key != SUBJECT:
        return text
    size = len("".join(value.texts).encode("utf-8", "surrogatepass"))
    return f"{text}{palette(Tone.FAINT, f'   {size} of {SUBJECT_LIMIT} bytes')}"


def _trouble(value: MappedValue) -> str:
    if value.result is None:
        return one_line(value.trouble)
    if not value.result.failed:
        return f"{value.expression} is of type {value.result.type}"
    return f"{one_line(value.expression)} is {value_text(value.result)}"


def _condition(report: Report, palette: Palette) -> Iterator[str]:
    found = report.judgement.condition
    if found.verdict.outcome is Outcome.SKIPPED:
        return
    if not report.provider.config.attribute_condition:
        yield _title("Condition", "none: every token that gets so far is let in", palette)
        return
    yield _title("Condition", _where(report, "spec.attributeCondition"), palette)
    if found.tree is not None:
        yield from condition_lines(found.tree, palette)
    else:
        sign = mark(found.verdict.outcome, palette)
        yield f"  {sign} {printable(one_line(report.provider.config.attribute_condition))}"
        yield f"      {printable(found.verdict.found)}"


def _principals(report: Report, palette: Palette) -> Iterator[str]:
    found = report.explanation.principals
    if not found:
        return
    admitted = report.judgement.outcome is Outcome.PASS
    yield _title("Principals", "" if admitted else "would it be let in", palette)
    for principal in found:
        yield f"  {printable(str(principal))}"


def _grants(report: Report, palette: Palette, everything: bool) -> Iterator[str]:
    if report.explanation.principals:
        yield _title("Grants", "", palette)
        found = report.explanation.matches
        yield from grant_lines(found, palette, everything=everything)
        if not found:
            yield palette(Tone.FAINT, "  none")


def _reach(report: Report, palette: Palette) -> Iterator[str]:
    if report.explanation.principals:
        admitted = report.judgement.outcome is Outcome.PASS
        yield _title("Reaches", "" if admitted else "would it be let in", palette)
        yield from reach_lines(report.explanation.reach, palette)
