"""JSON as people and `jq` read it, and as terminals bear it."""

from __future__ import annotations

import json
from typing import Any

from wifctl.render.escape import safe_json


def json_text(value: Any) -> str:
    """Indented; letters of all languages as they are, what would act on a terminal escaped."""
    return safe_json(json.dumps(value, indent=2, ensure_ascii=False))
