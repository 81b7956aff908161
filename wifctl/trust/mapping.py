"""attributeMapping: claims → subject, groups and attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wifctl.trust.cel.compile import Compiled, compile_mapping
from wifctl.trust.cel.hints import hints_for
from wifctl.trust.cel.near import Hint
from wifctl.trust.cel.parse import parse
from wifctl.trust.cel.problem import CelProblem, CelResult, CelUnavailable
from wifctl.trust.provider import ProviderConfig, ProviderKind

SUBJECT, GROUPS = "google.subject", "google.groups"
AWS_DEFAULT_MAPPING: Mapping[str, str] = {
    SUBJECT: "assertion.arn",
    "attribute.aws_role": (
        "assertion.arn.contains('assumed-role')"
        " ? assertion.arn.extract('{account_arn}assumed-role/')"
        " + 'assumed-role/'"
        " + assertion.arn.extract('assumed-role/{role_name}/')"
        " : assertion.arn"
    ),
}
"""What an AWS provider without a mapping uses (iam.v1 discovery)."""


@dataclass(frozen=True, slots=True)
class MappedIdentity:
    """Who a token is to Google: what principals and conditions see of it."""

    subject: str
    groups: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    """By their short names, e.g. `repository_id`."""


@dataclass(frozen=True, slots=True)
class MappedValue:
    """One line of the mapping: its expression and what came of it."""

    key: str
    expression: str
    result: CelResult | None
    """None where nothing could be evaluated; `problems` or `unavailable` say why."""
    problems: tuple[CelProblem, ...] = ()
    unavailable: str = ""
    hints: tuple[Hint, ...] = ()

    @property
    def texts(self) -> tuple[str, ...] | None:
        """The strings it gives: one, or a list's for `google.groups`; None for other types."""
        if self.result is None or self.result.failed:
            return None
        value = self.result.value
        if isinstance(value, str) and self.result.type == "STRING":
            return (value,)
        if self.key != GROUPS or not isinstance(value, list):
            return None
        return tuple(value) if all(isinstance(item, str) for item in value) else None

    @property
    def failed(self) -> bool:
        """Whether it has no value at all."""
        return self.result is None or self.result.failed

    @property
    def trouble(self) -> str:
        """Why it has no value, in one line."""
        if self.unavailable or self.result is None:
            return self.unavailable or "; ".join(
                f"{problem.line}:{problem.column}: {problem.message}" for problem in self.problems
            )
        return f"{self.expression}: {self.result.error}"

    @property
    def unknown(self) -> bool:
        """Whether wifctl cannot tell what Google would make of the expression."""
        return bool(self.unavailable) or any(not problem.refuses for problem in self.problems)


@dataclass(frozen=True, slots=True)
class MappingReport:
    """Every mapped value, and the identity they make: None without a subject."""

    values: tuple[MappedValue, ...]
    identity: MappedIdentity | None
    variables: Mapping[str, object]
    """`google` and `attribute` as a condition sees them; what failed is missing."""


def mapping_of(provider: ProviderConfig) -> Mapping[str, str]:
    """The mapping in force: the provider's own, or AWS's default."""
    if provider.kind is ProviderKind.AWS and not provider.attribute_mapping:
        return AWS_DEFAULT_MAPPING
    return provider.attribute_mapping


def map_identity(assertion: Mapping[str, object], provider: ProviderConfig) -> MappingReport:
    """Evaluate the mapping on these claims."""
    expressions = sorted(mapping_of(provider).items())
    values = tuple(_mapped(key, expression, assertion) for key, expression in expressions)
    by_key = {value.key: value for value in values}
    return MappingReport(values, _identity(by_key), _variables(by_key))


def _mapped(key: str, expression: str, assertion: Mapping[str, object]) -> MappedValue:
    compiled = compile_mapping(expression, lists=key == GROUPS)
    if isinstance(compiled, CelUnavailable):
        return MappedValue(key, expression, None, unavailable=compiled.message)
    if not isinstance(compiled, Compiled):
        return MappedValue(key, expression, None, tuple(compiled))
    data = {"assertion": assertion}
    result = compiled.evaluate(data)
    hints = hints_for(parse(compiled), data) if result.failed else ()
    return MappedValue(key, expression, result, hints=hints)


def _identity(values: Mapping[str, MappedValue]) -> MappedIdentity | None:
    subject = text_of(values.get(SUBJECT))
    if not subject:
        return None
    groups = values[GROUPS].texts if GROUPS in values else None
    return MappedIdentity(subject, groups or (), _attributes(values))


def _attributes(values: Mapping[str, MappedValue]) -> dict[str, str]:
    texts = {
        key.removeprefix("attribute."): text_of(value)
        for key, value in values.items()
        if key.startswith("attribute.")
    }
    return {name: text for name, text in texts.items() if text is not None}


def _variables(values: Mapping[str, MappedValue]) -> dict[str, object]:
    google: dict[str, object] = {}
    subject = text_of(values.get(SUBJECT))
    if subject is not None:
        google["subject"] = subject
    groups = values[GROUPS].texts if GROUPS in values else None
    if groups is not None:
        google["groups"] = list(groups)
    return {"google": google, "attribute": _attributes(values)}


def text_of(value: MappedValue | None) -> str | None:
    """The one string a mapping line gives, None when it gives none."""
    texts = value.texts if value else None
    return texts[0] if value and texts and value.key != GROUPS else None
