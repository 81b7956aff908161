"""`spec` → the kind's model; every error of pydantic's in words, with its position."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError, create_model

from wifctl.kinds.base import Kind
from wifctl.manifest import spec_errors
from wifctl.manifest.documents import Document
from wifctl.manifest.files import FileTexts
from wifctl.manifest.mending import mended
from wifctl.schema import Spec

NEEDS_WHOLE_SPEC = frozenset({"ProjectServices"})
"""Kinds with objects of which the identity alone does not say what is to be removed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A spec, or what could be saved of it."""

    spec: Any
    """None when nothing could be saved."""
    touched: frozenset[str] = frozenset()
    """Paths below the document that were wrong, and now hold made-up values."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Field path below `spec` → text of the file named there."""


def read_spec(kind: Kind, document: Document) -> Reading:
    """Validate the spec of a document; everything wrong is reported.

    Where other checks can still say something, a mended spec comes back, so that all findings
    appear in one run.
    """
    model = relaxed(kind.spec) if _is_relaxed(kind, document) else kind.spec
    files = FileTexts(document.report, document.folder, document.settings.folder or document.folder)
    data = with_defaults(kind, document, files.replaced(document.spec, kind.spec))
    try:
        return Reading(model.model_validate(data), files=files.texts)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=True)
    for found in errors:
        spec_errors.report(document.report, model, found)
    spec = mended(model, data, errors)
    touched = frozenset(spec_errors.path_of(found["loc"]) for found in errors)
    return Reading(spec, touched, files.texts)


def _is_relaxed(kind: Kind, document: Document) -> bool:
    """Whether only what locates the object is needed."""
    return document.is_absent and kind.remote is not None and kind.name not in NEEDS_WHOLE_SPEC


def with_defaults(kind: Kind, document: Document, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The spec with the default labels put under its own."""
    defaults = document.settings.labels
    if not defaults or document.is_absent or "labels" not in kind.spec.model_fields:
        return spec
    own = spec.get("labels", {})
    return {**spec, "labels": {**defaults, **own}} if isinstance(own, dict) else spec


@functools.cache
def relaxed(model: type[Spec]) -> type[Spec]:
    """The same spec with nothing required: for documents that ask for a removal."""
    optional: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if info.is_required():
            changed = copy.copy(info)
            changed.default = None
            annotation: Any = info.annotation
            optional[name] = (annotation | None, changed)
    return create_model(model.__name__, __base__=model, **optional)
