"""A plan as sections of lines: what changes, who has access unasked, what stands in the way."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wifctl.diagnostics import Diagnostic, Severity
from wifctl.plan.model import Action, Change, MemberChange, Plan, Reason, Step, Summary, Unclaimed
from wifctl.render.differences import change_lines
from wifctl.render.escape import printable
from wifctl.render.lines import Line, Piece, line
from wifctl.render.palette import Tone
from wifctl.resource import IAM_POLICY, Address, Condition, policy_target

WIDEST_MEMBER = 80
_SILENT = (Reason.DIFFERS, Reason.NOT_GRANTED)
"""Reasons the sign already says."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a view; `blocks` are kept whole when room is short."""

    heading: str
    blocks: tuple[tuple[Line, ...], ...]


def changes_section(plan: Plan) -> Section:
    """One block a step, in the order of the plan."""
    return Section("", tuple(tuple(step_lines(step)) for step in plan.steps))


def step_lines(step: Step) -> Iterator[Line]:
    """One step: its head, its fields or members, its notes."""
    glyph = "?" if step.undecided else step.action.glyph
    yield line(1, glyph, Piece(_head(step), Tone.STRONG), *_asides(step))
    if step.action is Action.POLICY:
        yield from _member_lines(step.members)
    elif step.action in (Action.ENABLE, Action.DISABLE):
        yield from (line(3, glyph, printable(change.path)) for change in step.changes)
    else:
        is_new = step.action is Action.CREATE and not step.undecided
        yield from change_lines(_shown(step), 3, is_new=is_new)
    for note in step.notes:
        yield line(3, " ", Piece("note: ", Tone.WARNED), printable(note))


def unclaimed_section(plan: Plan) -> Section | None:
    """Live members no manifest names, those from outside first."""
    if not plan.unclaimed:
        return None
    blocks = []
    for is_federated, heading in ((True, "from outside Google"), (False, "inside Google")):
        found = [u for u in plan.unclaimed if u.is_federated is is_federated]
        if found:
            blocks.append(tuple(_unclaimed_lines(heading, found)))
    return Section("Access no manifest names, left as it is", tuple(blocks))


def unread_section(plan: Plan) -> Section | None:
    """Objects nobody could read yet."""
    if not plan.unread:
        return None
    lines = tuple(line(1, "?", str(address)) for address in plan.unread)
    return Section("Not read yet: the service is enabled first, then these are compared", (lines,))


def refusals(plan: Plan) -> tuple[Diagnostic, ...]:
    """What keeps the plan from being applied."""
    return tuple(d for d in plan.diagnostics if d.severity is Severity.ERROR)


def remarks(plan: Plan) -> tuple[Diagnostic, ...]:
    """What a reviewer should know all the same."""
    return tuple(d for d in plan.diagnostics if d.severity is not Severity.ERROR)


def summary_text(summary: Summary) -> str:
    """The last line: `Plan: 3 to add, 0 to change, 0 to delete, 2 to grant.`"""
    always = (("add", summary.create), ("change", summary.update), ("delete", summary.delete))
    where_any = (
        ("undelete", summary.undelete),
        ("enable", summary.enable),
        ("disable", summary.disable),
        ("grant", summary.grant),
        ("revoke", summary.revoke),
        ("decide at apply", summary.undecided),
    )
    counts = [*always, *((name, count) for name, count in where_any if count)]
    return f"Plan: {', '.join(f'{count} to {name}' for name, count in counts)}."


def nothing_text(plan: Plan) -> str:
    """What a plan without changes says."""
    count, undecided = len(plan.unchanged), plan.summary.undecided
    what = "1 object is" if count == 1 else f"{count} objects are"
    text = f"No changes. {what} as the manifests say."
    return f"{text} {undecided} to decide at apply." if undecided else text


def hidden_text(plan: Plan) -> str:
    """`12 unchanged hidden`, or nothing."""
    return f"{len(plan.unchanged)} unchanged hidden." if plan.unchanged else ""


def _head(step: Step) -> str:
    name = f"IAM of {policy_target(step.address)}" if _is_policy(step.address) else step.address
    return printable(f"{name} ({step.part})" if step.part else str(name))


def _is_policy(address: Address) -> bool:
    return address.kind == IAM_POLICY


def _asides(step: Step) -> Iterator[Piece]:
    if step.undecided:
        yield Piece("  version if different", Tone.WARNED)
    elif step.reason not in _SILENT and step.action is not Action.POLICY:
        yield Piece(f"  {step.reason.value}", Tone.FAINT)
    if step.origin:
        yield Piece(f"  {printable(step.origin)}", Tone.FAINT)


def _shown(step: Step) -> Iterable[Change]:
    if step.changes or step.action is not Action.CREATE:
        return step.changes
    return [Change(path, None, value) for path, value in step.fields.items()]


def _member_lines(members: Iterable[MemberChange]) -> Iterator[Line]:
    found = list(members)
    width = min(max((len(_member(m)) for m in found), default=0), WIDEST_MEMBER)
    for (role, condition), group in itertools.groupby(found, key=lambda m: (m.role, m.condition)):
        yield from _role_lines(role, condition)
        for change in group:
            yield _member_line(change, width)


def _role_lines(role: str, condition: Condition | None) -> Iterator[Line]:
    yield line(3, " ", printable(role))
    if condition is not None:
        named = f"when {condition.title}: " if condition.title else "when "
        when, what = Piece(printable(named), Tone.FAINT), printable(condition.expression)
        yield line(4, " ", when, what)


def _member_line(change: MemberChange, width: int) -> Line:
    gains = change.action is Action.GRANT
    reason = "" if change.reason in _SILENT else change.reason.value
    aside = "  ".join(part for part in (reason, printable(change.origin)) if part)
    text = f"{_member(change):<{width}}" if aside else _member(change)
    tone = Tone.ADDED if gains else Tone.REMOVED
    return line(4, change.action.glyph, Piece(text, tone), Piece(f"  {aside}", Tone.FAINT))


def _member(change: MemberChange) -> str:
    return printable(str(change.member))


def _unclaimed_lines(heading: str, found: Iterable[Unclaimed]) -> Iterator[Line]:
    yield line(1, " ", Piece(heading, Tone.FAINT))
    for target, of_target in itertools.groupby(found, key=lambda u: u.target):
        yield line(2, " ", Piece(str(target), Tone.STRONG))
        by_role = itertools.groupby(
            of_target, key=lambda u: (u.role, u.condition_title, u.condition_expression)
        )
        for (role, name, expression), members in by_role:
            yield from _role_lines(role, Condition(expression, name) if expression else None)
            for member in members:
                yield line(4, "!", Piece(printable(member.member), Tone.WARNED))
