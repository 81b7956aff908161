"""The command line inside this process: arguments in, exit code and both streams out."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wifctl.cli.program import run


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stands on stdout, parsed."""
        return json.loads(self.out)


def run_wifctl(
    *arguments: object, stdin: bytes = b"", environment: Mapping[str, str] | None = None
) -> Ran:
    """Run one command line. Nothing of this process's environment reaches it."""
    out, err = io.StringIO(), io.StringIO()
    with _stdin(stdin), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments], dict(environment or {}))
    return Ran(int(code), out.getvalue(), err.getvalue())


@contextlib.contextmanager
def _stdin(content: bytes) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before
