"""What became of an apply: what failed and why, what was left, and the last line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wifctl.api import ApiError
from wifctl.diagnostics import Diagnostic
from wifctl.plan.model import Plan
from wifctl.progress import Finished, Outcome, Result
from wifctl.render.diagnostics import diagnostics_text
from wifctl.render.diagnostics_json import diagnostic_json
from wifctl.render.palette import PLAIN, Palette, Tone
from wifctl.render.progress import step_name, steps_by_key

_WORDS = {
    "create": "added",
    "update": "changed",
    "delete": "deleted",
    "undelete": "undeleted",
    "enable": "enabled",
    "disable": "disabled",
    "grant": "granted",
    "revoke": "revoked",
}
_ALWAYS = ("create", "update", "delete")


def result_text(plan: Plan, result: Result, palette: Palette = PLAIN) -> str:
    """The end of an apply; every cause is told once."""
    return "\n\n".join(_parts(plan, result, palette))


def result_json(plan: Plan, result: Result) -> dict[str, Any]:
    """The same for programs."""
    steps = steps_by_key(plan)
    return {
        "complete": result.is_complete,
        "interrupted": result.interrupted,
        "steps": [
            {
                "key": finished.key,
                "action": steps[finished.key].action.value,
                "outcome": finished.outcome.name.lower().replace("_", "-"),
                "seconds": round(finished.seconds, 3),
                "detail": finished.detail,
                "cause": finished.cause,
                "error": [diagnostic_json(d) for d in _found(finished)],
            }
            for finished in result.finished
        ],
    }


def failed_diagnostics(plan: Plan, result: Result) -> tuple[Diagnostic, ...]:
    """What failed, with the object it failed on."""
    del plan
    failed = (f for f in result.finished if f.outcome is Outcome.FAILED)
    return tuple(diagnostic for finished in failed for diagnostic in _found(finished))


def _parts(plan: Plan, result: Result, palette: Palette) -> Iterator[str]:
    if found := failed_diagnostics(plan, result):
        yield diagnostics_text(found, palette)
    if left := _left(plan, result):
        yield left
    if result.is_complete:
        yield palette(Tone.ADDED, f"Apply complete: {_done(plan, result.finished)}.")
        return
    total = len(result.finished)
    done = result.count(Outcome.DONE) + result.count(Outcome.ALREADY)
    why = "interrupted" if result.interrupted else f"{result.count(Outcome.FAILED)} failed"
    yield palette(
        Tone.ERROR,
        f"Apply incomplete: {done} of {total} steps done, {why}. "
        f"Done so far: {_done(plan, result.finished)}.",
    )
    yield "What is done stays done; run it again to finish."


def _left(plan: Plan, result: Result) -> str:
    steps = steps_by_key(plan)
    waiting = (Outcome.SKIPPED, Outcome.NOT_STARTED)
    left = [step_name(steps[f.key]) for f in result.finished if f.outcome in waiting]
    return "\n".join(["Not done:", *(f"  {name}" for name in left)]) if left else ""


def _done(plan: Plan, finished: Iterable[Finished]) -> str:
    done = {f.key for f in finished if f.outcome is Outcome.DONE}
    already = sum(f.outcome is Outcome.ALREADY for f in finished)
    summary = Plan(steps=tuple(step for step in plan.steps if step.key in done)).summary
    counts = [(getattr(summary, name), name, word) for name, word in _WORDS.items()]
    shown = [f"{n} {word}" for n, name, word in counts if n or name in _ALWAYS]
    if already:
        shown.append(f"{already} already so")
    return ", ".join(shown)


def _found(finished: Finished) -> tuple[Diagnostic, ...]:
    error = finished.error
    if isinstance(error, ApiError):
        return error.diagnostics
    return (error,) if error is not None else ()
