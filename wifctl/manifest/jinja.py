"""Jinja2 in its sandbox, with bounds: no environment, no files, no network, nothing random.

Import this module only when a template is in sight: Jinja2 costs a command's start dearly.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from jinja2 import DictLoader, StrictUndefined
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

MOST_TEXT = 16 * 1024 * 1024 - 1
"""Characters one rendering may give."""
MOST_STEPS = 100_000
"""Items one `range` may count."""
_MOST_DIGITS = 4_000
MARK_START, MARK_END = "\ue000", "\ue001"
"""Around the template's line number, in marked renderings only."""

FAILURES: Final = (
    TemplateError,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    RecursionError,
    MemoryError,
)
"""What rendering a template of somebody else's may raise."""

_WIDE = re.compile(r"%[-+ #0]*(?:\*|[0-9]{4,})|%[^%a-zA-Z]*\.(?:\*|[0-9]{4,})")
_PADDING = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map"})
_RANDOM_OR_WIDE = ("random", "center", "indent", "format", "wordwrap", "filesizeformat")


class Sandbox(SandboxedEnvironment):
    """The sandbox, also against texts and numbers that would eat all memory."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse results that would be huge."""
        if operator == "*":
            _refuse_long(left, right)
            _refuse_long(right, left)
        elif operator == "**" and not _is_small_power(left, right):
            raise SecurityError("a power that large")
        elif operator == "%" and isinstance(left, str) and _WIDE.search(left):
            raise SecurityError("a field that wide")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Also refuse methods of texts that pad to any width."""
        if isinstance(obj, str) and attr in _PADDING:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Refuse `str.format`, whose fields can be as wide as memory."""
        if super().wrap_str_format(value) is not None:
            raise SecurityError("str.format; write {{ a }}-{{ b }}, or use %")
        return None


def _refuse_long(text: Any, times: Any) -> None:
    if not isinstance(times, int):
        return
    if isinstance(text, str | list | tuple) and len(text) * times > MOST_TEXT:
        raise SecurityError("a result that long")
    if isinstance(text, int) and text.bit_length() + times.bit_length() > _MOST_DIGITS:
        raise SecurityError("a number that large")


def _is_small_power(base: Any, exponent: Any) -> bool:
    if not isinstance(base, int | float) or not isinstance(exponent, int | float):
        return False
    return abs(exponent) <= _MOST_DIGITS and abs(base) <= 1_000_000


def _steps(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > MOST_STEPS:
        raise OverflowError(f"a range of more than {MOST_STEPS} items")
    return found


class _Marking(Extension):
    """Puts the template's line number before every piece of its own text."""

    def filter_stream(self, stream: TokenStream) -> TokenStream | Iterable[Token]:
        """Mark data tokens; whitespace control has been done before."""
        return self._marked(stream)

    def _marked(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type != "data" or not token.value:
                yield token
                continue
            pieces = token.value.split("\n")
            marked = (f"{MARK_START}{token.lineno + i}{MARK_END}{p}" for i, p in enumerate(pieces))
            yield Token(token.lineno, token.type, "\n".join(marked))


@functools.cache
def environment(*, marking: bool = False) -> Sandbox:
    """The one environment of all templates; `marking` adds line numbers to its output."""
    found = Sandbox(
        undefined=StrictUndefined,
        loader=DictLoader({}),
        autoescape=False,
        keep_trailing_newline=True,
        extensions=[_Marking] if marking else [],
    )
    found.globals["range"] = _steps
    found.globals.pop("lipsum", None)
    for name in _RANDOM_OR_WIDE:
        found.filters.pop(name, None)
    return found
