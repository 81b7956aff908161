"""A catalogue file → an entry. Strict, so that a test finds every slip in the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from wifctl.trust.issuers.model import (
    Audience,
    AudienceChoice,
    Choice,
    Claim,
    ClaimType,
    Issuer,
    Parameter,
    SubjectForm,
    Template,
    Tenancy,
    Values,
)
from wifctl.trust.provider import ProviderKind

_T = TypeVar("_T")


class CatalogueError(ValueError):
    """A catalogue file that does not follow the schema."""


class _Fields:
    """A mapping read field by field; whatever nobody asked for is an error in the end."""

    def __init__(self, path: str, content: object) -> None:
        if not isinstance(content, Mapping):
            raise CatalogueError(f"{path}: a mapping is needed, found {type(content).__name__}")
        self.path = path
        self.left = {str(key): value for key, value in content.items()}

    def text(self, name: str, default: str | None = None) -> str:
        return str(self._take(name, str, default))

    def flag(self, name: str, default: bool | None = None) -> bool:
        return bool(self._take(name, bool, default))

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(_text(f"{self.path}.{name}", item) for item in self.items(name))

    def items(self, name: str) -> Sequence[object]:
        found = self._take(name, list, [])
        return found if isinstance(found, list) else []

    def mapping(self, name: str) -> Mapping[str, object]:
        found = self._take(name, dict, {})
        return found if isinstance(found, dict) else {}

    def values(self, name: str) -> Values:
        path = f"{self.path}.{name}"
        return {str(key): _text(path, value) for key, value in self.mapping(name).items()}

    def any(self, name: str) -> object:
        return self.left.pop(name, None)

    def done(self, value: _T) -> _T:
        if self.left:
            raise CatalogueError(f"{self.path}: unknown fields {', '.join(sorted(self.left))}")
        return value

    def _take(self, name: str, kind: type, default: object) -> object:
        value = self.left.pop(name, default)
        if not isinstance(value, kind):
            raise CatalogueError(f"{self.path}.{name}: {kind.__name__} needed, found {value!r}")
        return value


def load_issuer(content: object) -> Issuer:
    """The entry in a parsed file. Raises CatalogueError."""
    fields = _Fields("issuer", content)
    return fields.done(
        Issuer(
            name=fields.text("name"),
            title=fields.text("title"),
            kind=ProviderKind(fields.text("kind")),
            issuer=fields.text("issuer", ""),
            aliases=fields.texts("aliases"),
            matchable=fields.flag("matchable", True),
            tenancy=Tenancy(fields.text("tenancy")),
            verified=fields.flag("verified"),
            audience=_audience(fields.any("audience")),
            parameters=_named(fields.mapping("parameters"), _parameter),
            subject=tuple(_subject(item) for item in fields.items("subject")),
            claims=_named(fields.mapping("claims"), _claim),
            tenancy_claims=fields.texts("tenancyClaims"),
            not_tenancy=fields.texts("notTenancy"),
            mapping=fields.values("mapping"),
            condition=fields.text("condition"),
            notes=fields.texts("notes"),
            documents=fields.texts("documents"),
        )
    )


def _named(content: Mapping[str, object], read: Callable[[str, object], _T]) -> tuple[_T, ...]:
    return tuple(read(name, value) for name, value in content.items())


def _audience(content: object) -> Audience:
    fields = _Fields("audience", content)
    return fields.done(
        Audience(
            fields.text("default", ""),
            AudienceChoice(fields.text("chosenBy")),
            fields.texts("allowed"),
            fields.text("note", ""),
        )
    )


def _parameter(name: str, content: object) -> Parameter:
    if isinstance(content, str):
        return Parameter(name, (Choice(content),))
    fields = _Fields(f"parameters.{name}", content)
    other, parts = fields.any("other"), fields.texts("parts")
    return fields.done(
        Parameter(
            name,
            _choices(f"parameters.{name}", fields.any("value")),
            None if other is None else _text(f"parameters.{name}.other", other),
            fields.text("note", ""),
            fields.texts("aliases"),
            (parts[0], parts[1]) if parts else None,
        )
    )


def _choices(path: str, content: object) -> tuple[Choice, ...]:
    if not isinstance(content, list):
        return (Choice(_text(path, content)),)
    return tuple(_choice(path, item) for item in content)


def _choice(path: str, content: object) -> Choice:
    fields = _Fields(path, content)
    return fields.done(Choice(fields.text("value"), fields.values("when")))


def _subject(content: object) -> SubjectForm:
    fields = _Fields("subject", content)
    form = SubjectForm(
        fields.text("grammar"),
        fields.text("example"),
        fields.values("values"),
        fields.text("note", ""),
    )
    return fields.done(form)


def _claim(name: str, content: object) -> Claim:
    fields = _Fields(f"claims.{name}", content or {})
    return fields.done(
        Claim(
            name,
            ClaimType(fields.text("type", "string")),
            fields.flag("immutable", False),
            fields.flag("optional", False),
            fields.text("note", ""),
            _template(f"claims.{name}.value", fields.any("value")),
        )
    )


def _template(path: str, content: object) -> Template:
    if content is None:
        return ""
    if isinstance(content, list):
        return tuple(_template(path, item) for item in content)
    if isinstance(content, Mapping):
        return {str(key): _template(f"{path}.{key}", item) for key, item in content.items()}
    return _text(path, content)


def _text(path: str, content: object) -> str:
    if not isinstance(content, str):
        raise CatalogueError(f"{path}: text is needed, found {content!r}; quote it")
    return content
