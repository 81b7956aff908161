"""A plan as Markdown for a pull request: the summary first, never more than a comment holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wifctl.diagnostics import Diagnostic
from wifctl.plan.model import Action, Plan, Step
from wifctl.render.diagnostics import diagnostics_text
from wifctl.render.escape import printable
from wifctl.render.lines import Line, as_diff
from wifctl.render.sections import (
    Section,
    changes_section,
    nothing_text,
    refusals,
    remarks,
    summary_text,
    unclaimed_section,
    unread_section,
)

BUDGET = 65_000
"""Characters; GitHub takes 65,536 in a comment, and whoever posts it adds a line or two."""
_SHARES = {"refused": 0.3, "unclaimed": 0.4, "changes": 1.0}
_RUN_OF_TICKS = re.compile("`+")


def plan_markdown(plan: Plan, budget: int = BUDGET) -> str:
    """The plan within `budget` characters; what has no room is counted."""
    parts = [_headline(plan), *_alerts(plan)]
    room = budget - sum(len(part) + 2 for part in parts)
    unclaimed = _folded(unclaimed_section(plan), int(room * _SHARES["unclaimed"]), "members", False)
    room -= sum(len(part) + 2 for part in unclaimed)
    unread = _folded(unread_section(plan), int(room * 0.1), "objects", False)
    room -= sum(len(part) + 2 for part in unread)
    changes = _folded(changes_section(plan), room, "changes", True)
    return "\n\n".join([*parts, *changes, *unread, *unclaimed]) + "\n"


def _headline(plan: Plan) -> str:
    if plan.is_empty and not refusals(plan):
        return f"### {nothing_text(plan)}"
    heading = f"### {summary_text(plan.summary)}"
    removed = [step for step in plan.steps if _removes(step)]
    gains = sum(change.gains_access for step in plan.steps for change in step.changes)
    facts = []
    if removed:
        facts.append(f"- **takes away** on {len(removed)} objects: {_names(removed)}")
    if gains:
        facts.append(f"- **lets somebody in**: {gains} switched on again")
    if plan.unclaimed:
        outside = sum(member.is_federated for member in plan.unclaimed)
        facts.append(
            f"- {len(plan.unclaimed)} members no manifest names, {outside} from outside Google"
        )
    if plan.unchanged:
        facts.append(f"- {len(plan.unchanged)} objects unchanged")
    return "\n".join([heading, "", *facts]).rstrip()


def _removes(step: Step) -> bool:
    return step.action.removes or any(m.action is Action.REVOKE for m in step.members)


def _names(steps: list[Step]) -> str:
    shown = ", ".join(_code(str(step.address)) for step in steps[:10])
    return shown if len(steps) <= 10 else f"{shown} and {len(steps) - 10} more"


def _code(text: str) -> str:
    return f"`{printable(text).replace('`', chr(0x2CB))}`"


def _alerts(plan: Plan) -> Iterator[str]:
    if found := refusals(plan):
        yield "**This plan cannot be applied.**"
        yield _findings(found)
    if found := remarks(plan):
        yield _findings(found)


def _findings(found: tuple[Diagnostic, ...]) -> str:
    text = diagnostics_text(found, source=lambda _: ())
    room = int(BUDGET * _SHARES["refused"] / 2)
    if len(text) > room:
        kept = text[:room].rpartition("\n\n")[0]
        text = f"{kept}\n\n… and more, {len(found)} in all"
    return _fenced(text, "text")


def _folded(section: Section | None, room: int, what: str, is_open: bool) -> list[str]:
    if section is None or not section.blocks:
        return []
    title = section.heading or "Changes"
    start = f"<details{' open' if is_open else ''}><summary>{title}</summary>\n\n"
    end = "\n\n</details>"
    text = _fitting(section.blocks, room - len(start) - len(end) - 40, what)
    return [f"{start}{_fenced(text, 'diff')}{end}"]


def _fitting(blocks: Iterable[tuple[Line, ...]], room: int, what: str) -> str:
    kept: list[str] = []
    found = list(blocks)
    for index, block in enumerate(found):
        text = _block(block, room // 2)
        if len(text) + 2 > room:
            kept.append(f"… {len(found) - index} more {what}: see the full plan")
            break
        kept.append(text)
        room -= len(text) + 2
    return "\n\n".join(kept)


def _block(block: tuple[Line, ...], most: int) -> str:
    """One block; a monster loses its tail, so that others have room."""
    text = as_diff(block)
    if len(text) <= most:
        return text
    kept = text[:most].rpartition("\n")[0]
    rest = text.count("\n") - kept.count("\n")
    return f"{kept}\n… {rest} more lines: see the full plan"


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in _RUN_OF_TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
