"""Exchanges recorded against Google's live endpoints, sent to the emulator and compared."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.support.emulator import Rest

RECORDED = Path(__file__).parent / "recorded"
_OPERATION = re.compile(r"(.*/operations/)[^/]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")


def exchanges(name: str) -> list[dict[str, Any]]:
    """The exchanges of one file, in the order in which they happened."""
    found: list[dict[str, Any]] = json.loads((RECORDED / name).read_text())
    return found


def replay(api: Rest, recorded: list[dict[str, Any]]) -> list[str]:
    """Send all; every difference in words.

    Ids of operations and etags are followed, times are ignored.
    Bodies of errors were masked by the recorder and are not compared; fields that the emulator
    answers in addition are allowed.
    """
    ours: dict[str, str] = {}
    problems = []
    for number, item in enumerate(recorded):
        path = _followed(item["path"], ours)
        sent = json.loads(_followed(json.dumps(item.get("sent")), ours))
        answer = api(item["verb"], path, sent, **item["query"])
        where = f"{number}: {item['verb']} {item['path']}"
        if answer.status != item["status"]:
            problems.append(f"{where}: {answer.status} for {item['status']}: {answer.body}")
        elif "answer" in item:
            _learn(item["answer"], answer.body, ours)
            problems += [f"{where}: {p}" for p in _differences(item["answer"], answer.body, "")]
    return problems


def _followed(path: str, ours: dict[str, str]) -> str:
    for recorded, current in ours.items():
        path = path.replace(recorded, current)
    return path


def _learn(recorded: Any, answered: Any, ours: dict[str, str]) -> None:
    if not isinstance(recorded, dict):
        return
    if "/operations/" in str(recorded.get("name")):
        ours[recorded["name"]] = answered["name"]
    if "etag" in recorded and "etag" in answered:
        ours[json.dumps(recorded["etag"])] = json.dumps(answered["etag"])


def _differences(recorded: Any, answered: Any, path: str) -> list[str]:
    if isinstance(recorded, dict) and isinstance(answered, dict):
        found = []
        for key, value in recorded.items():
            if key not in answered:
                found.append(f"{path}.{key} is missing")
            elif key != "etag":
                found += _differences(value, answered[key], f"{path}.{key}")
        return found
    if _normal(recorded) == _normal(answered):
        return []
    return [f"{path} is {answered!r}, recorded was {recorded!r}"]


def _normal(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return _OPERATION.sub(r"\1ID", _TIME.sub("TIME", value))
