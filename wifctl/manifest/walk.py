"""What a spec refers to: its references and members, found fast even in many documents."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wifctl.kinds.forms import MemberForm
from wifctl.schema import Reference, ReferenceUse, Spec, block_type, item_type, marker


@dataclass(slots=True)
class Mentions:
    """What a spec mentions, with paths below `spec`."""

    references: list[ReferenceUse] = field(default_factory=list)
    members: list[tuple[str, MemberForm]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    alias: str
    kinds: tuple[str, ...]
    """The kinds a reference here may lead to; empty for a field to look into."""


@functools.cache
def _fields(spec: type[Spec]) -> tuple[_Field, ...]:
    """The fields of a spec class that are references or may hold some."""
    return tuple(_interesting(spec, frozenset()))


def _interesting(spec: type[Spec], seen: frozenset[type[Spec]]) -> Iterator[_Field]:
    for name, info in spec.model_fields.items():
        alias = info.alias or name
        reference = marker(info.metadata, Reference)
        if reference is not None:
            yield _Field(name, alias, reference.kinds)
            continue
        inner = block_type(info.annotation) or item_type(info.annotation)
        if inner is None or inner in seen:
            continue
        if inner is MemberForm or any(_interesting(inner, seen | {inner})):
            yield _Field(name, alias, ())


def mentions(spec: Spec) -> Mentions:
    """Every reference and every member of a spec."""
    found = Mentions()
    _walk(found, spec, "")
    return found


def _walk(found: Mentions, spec: Spec, prefix: str) -> None:
    values = spec.__dict__
    for info in _fields(type(spec)):
        value = values.get(info.name)
        if value is None:
            continue
        path = f"{prefix}{info.alias}"
        if not info.kinds:
            _inside(found, value, path)
        elif isinstance(value, str):
            found.references.append(ReferenceUse(path, info.kinds, value))
        elif isinstance(value, list):
            found.references += [
                ReferenceUse(f"{path}[{index}]", info.kinds, item)
                for index, item in enumerate(value)
            ]


def _inside(found: Mentions, value: Any, path: str) -> None:
    if isinstance(value, Spec):
        if isinstance(value, MemberForm):
            found.members.append((path, value))
        _walk(found, value, f"{path}.")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _inside(found, item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            _inside(found, item, f"{path}.{key}")
