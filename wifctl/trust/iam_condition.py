"""The IAM condition of a binding: true, false, or not to be told without the request itself."""

from __future__ import annotations

import datetime

from wifctl.trust.cel.compile import Compiled, compile_any
from wifctl.trust.cel.runtime import IAM_VARIABLES
from wifctl.trust.verdict import Outcome


def judge_iam_condition(expression: str, now: datetime.datetime) -> Outcome:
    """Whether a binding's condition holds at that time.

    Only `request.time` is known here; a condition that hangs on the resource is unknown, unless
    the rest of it decides.
    """
    compiled = compile_any(expression, IAM_VARIABLES)
    if not isinstance(compiled, Compiled):
        return Outcome.UNKNOWN
    result = compiled.evaluate({"request": {"time": now}, "resource": {}})
    if result.type != "BOOL":
        return Outcome.UNKNOWN
    return Outcome.PASS if result.accepts else Outcome.FAIL
