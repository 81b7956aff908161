"""Figures beside their budgets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether it keeps its budget; one without a budget always does."""
        if self.budget is None:
            return True
        return self.value >= self.budget if self.more_is_better else self.value <= self.budget

    def __str__(self) -> str:
        verdict = "" if self.budget is None else ("ok  " if self.holds else "OVER")
        bound = (
            ""
            if self.budget is None
            else f"{'≥' if self.more_is_better else '≤'} {_n(self.budget)}"
        )
        shown = f"{_n(self.value)} {self.unit}"
        return f"{verdict:4} {self.what:58} {shown:>18}  {bound:10} {self.note}".rstrip()


def _n(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
