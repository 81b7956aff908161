"""The page of fields: what becomes of every field Google documents."""

from __future__ import annotations

from collections.abc import Iterator

from tests.e2e.fields import Class, Sample, documented, not_offered, reason_of, samples, schemas_of
from wifctl.kinds.registry import kind as kind_of

INTRODUCTION = """\
Every field that Google's discovery documents have for an object wifctl manages. The end-to-end
tests walk the documents and hold each field to its class, so this page has no gaps.

| class | means |
|---|---|
| mutable | a change in the manifest is shown and made in place |
| immutable | Google does not change it in place: the plan refuses, and says what to do |
| input-only | sent at creation, never returned: shown as `(not observable)` |
| grant | part of a policy: a change grants anew, what was there before is listed as unclaimed |
| payload | comes from where `version.from` says, never shown |
| service | enabled by its name |
| output-only | Google's to say; no manifest has it, no comparison sees it |
| not offered | no manifest has it, for the reason given |"""


def fields_page() -> str:
    """Markdown of all fields."""
    parts = ["# Fields", "", INTRODUCTION]
    for kind, schema in schemas_of().items():
        parts += ["", f"## {kind}", "", f"`{schema.partition('/')[2]}` of `{_document(schema)}`."]
        parts += ["", "| field | class | why |", "|---|---|---|"]
        parts += _rows(kind)
    return "\n".join(parts) + "\n"


def _document(schema: str) -> str:
    return schema.partition("/")[0]


def _rows(kind: str) -> Iterator[str]:
    offered = {sample.path: sample for sample in samples() if sample.kind == kind}
    for path in sorted(documented(kind)):
        if path in offered:
            yield _row(path, offered[path].class_, _about(offered[path]))
        elif not reason_of(kind, path):
            yield _row(path, Class.OUTPUT_ONLY, "")
    for (other, path), why in not_offered().items():
        if other == kind:
            yield _row(path, Class.NOT_OFFERED, why)


def _about(sample: Sample) -> str:
    if sample.why:
        return sample.why
    kind = kind_of(sample.kind)
    rule = kind.rules.get(sample.shows)
    return rule.immutable if rule and sample.class_ is Class.IMMUTABLE else ""


def _row(path: str, class_: Class, why: str) -> str:
    return f"| `{path}` | {class_} | {why.replace('|', chr(92) + '|')} |"
