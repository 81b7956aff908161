"""A plan as text: the face of the product. Details first, the summary last."""

from __future__ import annotations

from collections.abc import Iterator

from wifctl.plan.model import Plan
from wifctl.render.diagnostics import diagnostics_text
from wifctl.render.lines import as_text
from wifctl.render.palette import PLAIN, Palette, Tone
from wifctl.render.sections import (
    Section,
    changes_section,
    hidden_text,
    nothing_text,
    refusals,
    remarks,
    summary_text,
    unclaimed_section,
    unread_section,
)

REFUSED = "This plan cannot be applied:"


def plan_text(plan: Plan, palette: Palette = PLAIN) -> str:
    """The whole plan, parts separated by blank lines."""
    return "\n\n".join(_parts(plan, palette))


def _parts(plan: Plan, palette: Palette) -> Iterator[str]:
    sections = (changes_section(plan), unread_section(plan), unclaimed_section(plan))
    for section in sections:
        if section is not None:
            yield from _section(section, palette)
    if found := remarks(plan):
        yield diagnostics_text(found, palette)
    if found := refusals(plan):
        yield palette(Tone.ERROR, REFUSED)
        yield diagnostics_text(found, palette)
    if plan.is_empty and not refusals(plan):
        yield palette(Tone.STRONG, nothing_text(plan))
        return
    if hidden := hidden_text(plan):
        yield palette(Tone.FAINT, hidden)
    yield palette(Tone.STRONG, summary_text(plan.summary))


def _section(section: Section, palette: Palette) -> Iterator[str]:
    if section.heading:
        yield palette(Tone.STRONG, section.heading)
    for block in section.blocks:
        yield as_text(block, palette)
