"""`options` of a token request: a JSON object in a text, with limits of its own."""

from __future__ import annotations

import json
from urllib.parse import unquote

MAX_OPTIONS = 4 * 1024 * 1024
"""Bytes of `options` (sts.v1 discovery)."""
MAX_USER_PROJECT = 32
MAX_BOUNDARY_RULES = 10
MAX_BOUNDARY = 2048
"""Characters of `options.accessBoundary`."""


def options_problem(text: str) -> str:
    """What is wrong with the options; client libraries send the JSON percent-encoded."""
    if not text:
        return ""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_OPTIONS:
        return f"options has more than {MAX_OPTIONS} bytes"
    try:
        options = json.loads(text if text.lstrip().startswith("{") else unquote(text))
    except (ValueError, RecursionError):
        return "options is not JSON"
    if not isinstance(options, dict):
        return "options is not a JSON object"
    if len(str(options.get("userProject") or "")) > MAX_USER_PROJECT:
        return f"options.userProject has more than {MAX_USER_PROJECT} characters"
    return _boundary_problem(options.get("accessBoundary"))


def _boundary_problem(boundary: object) -> str:
    if boundary is None:
        return ""
    if not isinstance(boundary, dict):
        return "options.accessBoundary is not a JSON object"
    rules = boundary.get("accessBoundaryRules")
    if isinstance(rules, list) and len(rules) > MAX_BOUNDARY_RULES:
        return f"options.accessBoundary has more than {MAX_BOUNDARY_RULES} rules"
    if len(json.dumps(boundary, separators=(",", ":"), ensure_ascii=False)) > MAX_BOUNDARY:
        return f"options.accessBoundary has more than {MAX_BOUNDARY} characters"
    return ""
