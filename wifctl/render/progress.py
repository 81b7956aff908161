"""What happens while a plan is applied, a line for each thing that ended."""

from __future__ import annotations

from collections.abc import Mapping

from wifctl.diagnostics import Diagnostic
from wifctl.plan.model import Action, Plan, Step
from wifctl.progress import Event, Finished, Outcome, Waiting
from wifctl.render.escape import printable
from wifctl.render.palette import PLAIN, Palette, Tone
from wifctl.resource import IAM_POLICY, policy_target

_DONE = {
    Action.ENABLE: "enabled",
    Action.DISABLE: "disabled",
    Action.CREATE: "created",
    Action.UNDELETE: "undeleted",
    Action.UPDATE: "updated",
    Action.POLICY: "written",
    Action.DELETE: "deleted",
}
_DOING = {
    Action.ENABLE: "enabling",
    Action.DISABLE: "disabling",
    Action.CREATE: "creating",
    Action.UNDELETE: "undeleting",
    Action.UPDATE: "updating",
    Action.POLICY: "writing",
    Action.DELETE: "deleting",
}
_SIGNS = {
    Outcome.DONE: ("✓", Tone.ADDED),
    Outcome.ALREADY: ("=", Tone.FAINT),
    Outcome.FAILED: ("✗", Tone.ERROR),
    Outcome.SKIPPED: ("·", Tone.FAINT),
    Outcome.NOT_STARTED: ("·", Tone.FAINT),
}


def steps_by_key(plan: Plan) -> dict[str, Step]:
    """For lines about events, which carry keys only."""
    return {step.key: step for step in plan.steps}


def step_name(step: Step) -> str:
    """What a step works on, in words."""
    address = step.address
    name = f"IAM of {policy_target(address)}" if address.kind == IAM_POLICY else str(address)
    return printable(f"{name} ({step.part})" if step.part else name)


def doing_text(step: Step) -> str:
    """What goes on right now."""
    return f"{step_name(step)} {_DOING.get(step.action, step.action.value)}"


def event_line(event: Event, steps: Mapping[str, Step], palette: Palette = PLAIN) -> str:
    """One line about something that ended or waits; nothing for what only begins."""
    step = steps.get(event.key)
    if step is None:
        return ""
    match event:
        case Finished():
            return _finished(event, step, steps, palette)
        case Waiting():
            text = f"{step_name(step)} waits {event.seconds:.0f} s: {printable(event.why)}"
            return f"{palette(Tone.CHANGED, '…')} {text}"
        case _:
            return ""


def _finished(event: Finished, step: Step, steps: Mapping[str, Step], palette: Palette) -> str:
    sign, tone = _SIGNS[event.outcome]
    aside = "  ".join(part for part in (printable(event.detail), _time(event.seconds)) if part)
    words = f"{step_name(step)} {_words(event, step, steps)}"
    return f"{palette(tone, sign)} {words}{palette(Tone.FAINT, f'  {aside}' if aside else '')}"


def _words(event: Finished, step: Step, steps: Mapping[str, Step]) -> str:
    match event.outcome:
        case Outcome.DONE:
            return _DONE.get(step.action, "done")
        case Outcome.FAILED:
            return f"failed: {_message(event)}"
        case Outcome.SKIPPED:
            cause = steps.get(event.cause)
            return f"skipped: it needs {step_name(cause)}" if cause else "skipped"
        case _:
            return event.outcome.value


def _message(event: Finished) -> str:
    error = event.error
    if error is None:
        return "no reason given"
    found = error if isinstance(error, Diagnostic) else error.diagnostics[0]
    return printable(found.message)


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.05 else ""


def bar_text(done: int, total: int, width: int = 30) -> str:
    """How far it is: `━━━━━━━━────── 8 of 14`."""
    filled = width * done // total if total else width
    return f"{'━' * filled}{'─' * (width - filled)} {done} of {total}"
