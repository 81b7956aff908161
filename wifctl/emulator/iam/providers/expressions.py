"""CEL of a provider: lengths, and whether it compiles; only real refusals count."""

from __future__ import annotations

from wifctl.emulator.errors import ApiError, invalid

MAX_EXPRESSION = 2048
"""Characters of one attributeMapping expression."""
MAX_CONDITION = 4096
"""Characters of an attributeCondition."""


def check_mapping_expression(key: str, text: str) -> None:
    """Refuse a mapping expression that is empty, too long or does not compile.

    The type of its result is not looked at: the live service was seen to take `true` as a subject.
    """
    if not text:
        raise invalid(f'The attribute mapping for "{key}" is empty.')
    if len(text) > MAX_EXPRESSION:
        raise invalid(f'The attribute mapping for "{key}" exceeds {MAX_EXPRESSION} characters.')
    # Compiled at the first provider only: the CEL library is not needed to start.
    from wifctl.trust.cel.compile import compile_any
    from wifctl.trust.cel.runtime import MAPPING_VARIABLES

    _check(compile_any(text, MAPPING_VARIABLES), f'attribute mapping "{key}"')


def check_condition(text: str) -> None:
    """Refuse a condition that is too long, does not compile or is no boolean."""
    if len(text) > MAX_CONDITION:
        raise invalid(f"The attribute condition exceeds {MAX_CONDITION} characters.")
    from wifctl.trust.cel.compile import compile_condition

    _check(compile_condition(text), "attribute condition")


def _check(compiled: object, what: str) -> None:
    problems = [p for p in compiled if p.refuses] if isinstance(compiled, list) else []
    if problems:
        raise _refusal(what, [f"{p.line}:{p.column}: {p.message}" for p in problems])


def _refusal(what: str, problems: list[str]) -> ApiError:
    return invalid(f"Error compiling the {what}: " + "; ".join(problems))
