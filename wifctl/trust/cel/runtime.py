"""The CEL library, loaded on first use: its environments and how to hold its answers.

The library answers a run-time error with a *truthy* value of type ERROR, so nothing outside this
module ever sees its values: `evaluate` turns them into a CelResult.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING

from wifctl.trust.cel.data import MAX_TEXT, UnfitClaimsError, failure, plain
from wifctl.trust.cel.extract import extract
from wifctl.trust.cel.problem import CelResult

if TYPE_CHECKING:
    from cel_expr_python import cel

MAPPING_VARIABLES = ("assertion",)
CONDITION_VARIABLES = ("assertion", "google", "attribute")
IAM_VARIABLES = ("request", "resource")
"""What the IAM condition of a binding sees, as far as it can be told without the request."""


@functools.cache
def environment(variables: tuple[str, ...]) -> cel.Env:
    """The environment that knows these variables, the strings extension and `extract`.

    Raises ImportError where the library has no wheel.
    """
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_strings

    text = cel.Type.STRING
    types = {
        "assertion": cel.Type.DYN,
        "google": cel.Type.Map(text, cel.Type.DYN),
        "attribute": cel.Type.Map(text, text),
        "request": cel.Type.Map(text, cel.Type.TIMESTAMP),
        "resource": cel.Type.Map(text, text),
    }
    overload = cel.Overload(
        "string_extract_string",
        return_type=text,
        parameters=[text, text],
        is_member=True,
        impl=extract,
    )
    return cel.NewEnv(
        variables={name: types[name] for name in variables},
        extensions=[ext_strings.ExtStrings()],
        functions=[cel.FunctionDecl("extract", [overload])],
    )


def evaluate(
    expression: cel.Expression, data: Mapping[str, object], most: int = MAX_TEXT
) -> CelResult:
    """What an expression makes of variables with at most that many code points; never raises."""
    try:
        value = expression.eval(data=plain(data, most))
        kind = str(value.type())
        if kind == "ERROR":
            return failure(str(value.value()))
        return CelResult(kind, value.plain_value())
    except UnfitClaimsError as error:
        return failure(str(error))
    except RuntimeError as error:
        return failure(str(error))
    except MemoryError:
        return failure("the expression needs more memory than there is")
