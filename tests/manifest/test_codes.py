"""Diagnostic codes: every one is explained, and every one of the loader's is hit by a case."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.bad_cases import cases
from wifctl.codes import CODES

PACKAGE = Path(__file__).parents[2] / "wifctl"
CODE = re.compile(r"[a-z]+(?:-[a-z0-9]+)*")
CONSTRUCTORS = {"Diagnostic", "Problem", "Finding"}
ONLY_ELSEWHERE = {"not-checked"}
"""Needs a machine without the CEL library."""


def constants(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*.py"):
        if file.name == "codes.py":
            continue
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def constructed(folder: Path) -> Iterator[tuple[str, str]]:
    for file in folder.rglob("*.py"):
        for node in ast.walk(parsed(file)):
            match node:
                case ast.Call(ast.Name(name), [ast.Constant(str(code)), *_]):
                    if name in CONSTRUCTORS and CODE.fullmatch(code):
                        yield code, file.name


def test_every_code_that_is_given_is_explained() -> None:
    missing = {(code, file) for code, file in constructed(PACKAGE) if code not in CODES}
    assert not missing


def test_every_explained_code_is_given_somewhere() -> None:
    assert set(CODES) <= set(constants(PACKAGE))


def test_every_code_of_loader_and_kinds_is_hit_by_a_bad_manifest() -> None:
    here = {*constants(PACKAGE / "manifest"), *constants(PACKAGE / "kinds")} & set(CODES)
    hit = {found.code for case in cases() for found in case.load().diagnostics}
    assert here - hit - ONLY_ELSEWHERE == set()


def test_explanations_are_short_sentences() -> None:
    for code, meaning in CODES.items():
        assert 10 < len(meaning) < 100, code
        assert not meaning.endswith("."), code
