"""attributeCondition: COND-1, with the tree that says which operand refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wifctl.trust import refusals
from wifctl.trust.cel.compile import Compiled, compile_condition
from wifctl.trust.cel.hints import hints_for
from wifctl.trust.cel.near import Hint
from wifctl.trust.cel.problem import CelProblem, CelUnavailable
from wifctl.trust.cel.tree import Evaluated, causes, evaluate_tree
from wifctl.trust.documents import OTHER_PROVIDERS
from wifctl.trust.provider import ProviderConfig
from wifctl.trust.rulebook import Rulebook
from wifctl.trust.verdict import Verdict

BOOK = Rulebook("credential", OTHER_PROVIDERS, {"COND-1": "the attribute condition is true"})


@dataclass(frozen=True, slots=True)
class Cause:
    """An operand that keeps the condition from being true, its values, and near misses."""

    operand: Evaluated
    hints: tuple[Hint, ...] = ()

    @property
    def described(self) -> str:
        """The operand with the values of its parts, in one line."""
        own = self.operand.result.error or _shown(self.operand.result.value)
        parts = (
            f"{part.text} = {_shown(part.result.value)}"
            for part in self.operand.parts
            if not part.result.failed
        )
        return "; ".join((f"{self.operand.text} is {own}", *parts))


@dataclass(frozen=True, slots=True)
class ConditionReport:
    """The verdict, and the evaluated tree with its causes when the condition could be judged."""

    verdict: Verdict
    tree: Evaluated | None = None
    causes: tuple[Cause, ...] = ()


def judge_condition(
    provider: ProviderConfig,
    assertion: Mapping[str, object],
    variables: Mapping[str, object],
    *,
    explain: bool = True,
) -> ConditionReport:
    """Whether the condition lets these claims in; `variables` holds `google` and `attribute`.

    `explain=False` leaves out the tree of an accepted condition, which costs most of the time.
    """
    text = provider.attribute_condition
    if not text:
        return ConditionReport(BOOK.judge("COND-1", True, found="no condition"))
    compiled = compile_condition(text)
    if isinstance(compiled, CelUnavailable):
        return ConditionReport(BOOK.unknown("COND-1", found=compiled.message))
    if not isinstance(compiled, Compiled):
        return ConditionReport(_broken(compiled))
    data = {"assertion": assertion, **variables}
    accepted = compiled.evaluate(data).accepts
    if accepted and not explain:
        return ConditionReport(BOOK.judge("COND-1", True, found=text))
    return _explained(compiled, data, accepted)


def skipped_condition(why: str) -> ConditionReport:
    """COND-1 where there are no claims to judge."""
    return ConditionReport(BOOK.skipped("COND-1", why))


def _explained(compiled: Compiled, data: Mapping[str, object], accepted: bool) -> ConditionReport:
    tree = evaluate_tree(compiled, data)
    if accepted:
        return ConditionReport(BOOK.judge("COND-1", True, found=compiled.text), tree)
    found = tuple(Cause(cause, hints_for(cause.node, data)) for cause in causes(tree))
    verdict = BOOK.judge(
        "COND-1",
        False,
        found=" | ".join(cause.described for cause in found),
        wanted="true",
        hint=next((hint.message for cause in found for hint in cause.hints), ""),
        refusal=refusals.CONDITION,
    )
    return ConditionReport(verdict, tree, found)


def _broken(problems: list[CelProblem]) -> Verdict:
    found = "; ".join(f"{item.line}:{item.column}: {item.message}" for item in problems)
    if any(not problem.refuses for problem in problems):
        return BOOK.unknown("COND-1", found=found)
    return BOOK.judge("COND-1", False, found=found, refusal=refusals.CONDITION)


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
