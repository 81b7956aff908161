"""The blocks of a repository's spec."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from wifctl.schema import Compared, Immutable, InputOnly, MayHide, Reference, Shape, Spec

UPSTREAM_STAYS = "declare a repository with a new id: Google changes credentials in place, no more"


def _version_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class SecretVersionForm(Spec):
    """A version of a secret: by reference, or by its full name."""

    secret: Annotated[str | None, Reference(("Secret",))] = Field(
        None, description="The secret, by name or full resource name."
    )
    version: Annotated[
        str | None,
        BeforeValidator(_version_text),
        Field(pattern=r"^(?:newest|[0-9]+)$"),
        WithJsonSchema(
            {
                "anyOf": [
                    {"const": "newest"},
                    {"type": "integer", "minimum": 1},
                    {"type": "string", "pattern": "^[0-9]+$"},
                ]
            }
        ),
    ] = Field(None, description="A number, or `newest`: the highest enabled one.")
    name: str | None = Field(
        None, pattern=r"^projects/[^/]+/secrets/[^/]+/versions/[^/]+$", description="The full name."
    )


class OrFullName:
    """The block may also be given as one text: its full name."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return {"anyOf": [handler(schema), {"type": "string"}]}


def _from_name(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class UpstreamCredentials(Spec):
    """User name and password for the upstream."""

    username: str = Field(description="For PyPI: `__token__`.")
    password_secret_version: Annotated[
        SecretVersionForm,
        BeforeValidator(_from_name),
        OrFullName(),
    ] = Field(description="The secret version that holds the password or token.")


class UpstreamPolicyForm(Spec):
    """One repository a virtual one serves."""

    id: str = Field(min_length=1, description="An id of your choice.")
    repository: Annotated[str, Reference(("ArtifactRegistryRepository",))] = Field(
        description="The repository, by name or full resource name."
    )
    priority: int = Field(description="The highest one wins.")


class CustomRepository(Spec):
    """An upstream of your own."""

    uri: str = Field(description="https.")


class PythonUpstream(Spec):
    """What a Python remote repository fetches from."""

    public_repository: Annotated[Literal["PYPI"] | None, Immutable(UPSTREAM_STAYS)] = Field(
        None, description="PYPI."
    )
    custom_repository: Annotated[
        CustomRepository | None, Compared(Shape.JSON), Immutable(UPSTREAM_STAYS)
    ] = Field(None, description="Deprecated by Google for commonRepository.")


class CommonUpstream(Spec):
    """Any upstream, by URI."""

    uri: Annotated[str, Immutable(UPSTREAM_STAYS)] = Field(description="https.")


class UsernamePassword(Spec):
    """Google's own form of credentials."""

    username: Annotated[str, MayHide()] = Field(description="For PyPI: `__token__`.")
    password_secret_version: Annotated[str, Compared(Shape.NAME), MayHide()] = Field(
        pattern=r"^projects/[^/]+/secrets/[^/]+/versions/[^/]+$",
        description="projects/P/secrets/S/versions/N",
    )


class Credentials(Spec):
    """Google's own form of credentials."""

    username_password_credentials: UsernamePassword = Field(description="The only form.")


class RemoteConfig(Spec):
    """Google's RemoteRepositoryConfig."""

    description: Annotated[str | None, Immutable(UPSTREAM_STAYS)] = Field(
        None, description="Of the upstream; cannot change."
    )
    python_repository: PythonUpstream | None = Field(None, description="PyPI.")
    common_repository: CommonUpstream | None = Field(None, description="Any upstream by URI.")
    upstream_credentials: Credentials | None = Field(None, description="How it signs in.")
    disable_upstream_validation: Annotated[bool | None, InputOnly()] = Field(
        None, description="`true`: Google does not try the upstream at creation."
    )


class UpstreamPolicy(Spec):
    """Google's UpstreamPolicy."""

    id: str = Field(min_length=1, description="An id of your choice.")
    repository: str = Field(description="projects/P/locations/L/repositories/R")
    priority: int = Field(description="The highest one wins.")


class VirtualConfig(Spec):
    """Google's VirtualRepositoryConfig."""

    upstream_policies: Annotated[list[UpstreamPolicy] | None, Compared(Shape.SET)] = Field(
        None, description="What the repository serves."
    )


class CleanupCondition(Spec):
    """Which versions a cleanup policy means."""

    tag_state: Literal["TAGGED", "UNTAGGED", "ANY"] | None = Field(
        None, description="Default: ANY."
    )
    tag_prefixes: list[str] | None = Field(None, description="Any of these tag prefixes.")
    version_name_prefixes: list[str] | None = Field(None, description="Any version prefix.")
    package_name_prefixes: list[str] | None = Field(None, description="Any package prefix.")
    older_than: str | None = Field(None, description="A duration: `2592000s`, `30d`.")
    newer_than: str | None = Field(None, description="A duration: `2592000s`, `30d`.")


class MostRecent(Spec):
    """The newest versions."""

    package_name_prefixes: list[str] | None = Field(None, description="Any package prefix.")
    keep_count: int | None = Field(None, ge=1, description="How many are kept.")


class CleanupPolicy(Spec):
    """When versions are deleted or kept."""

    id: str | None = Field(None, description="Repeats the key; may be left out.")
    action: Literal["DELETE", "KEEP"] = Field(description="KEEP wins over DELETE.")
    condition: CleanupCondition | None = Field(None, description="Which versions.")
    most_recent_versions: MostRecent | None = Field(None, description="With KEEP only.")
