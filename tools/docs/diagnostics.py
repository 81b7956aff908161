"""The page of diagnostic codes."""

from __future__ import annotations

from wifctl.codes import CODES

INTRODUCTION = """\
Every finding carries a code. `validate`, `plan` and `apply` print it behind the message, JSON and
SARIF output has it as a field."""


def diagnostics_page() -> str:
    """Markdown of all codes."""
    rows = [f"| `{code}` | {about} |" for code, about in sorted(CODES.items())]
    table = ["| code | means |", "|---|---|", *rows]
    return "\n".join(["# Diagnostics", "", INTRODUCTION, "", *table]) + "\n"
