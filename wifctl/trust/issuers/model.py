"""An entry of the issuer catalogue: what an outside issuer puts into its tokens, as data."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wifctl.trust.provider import ProviderKind

Values = Mapping[str, str]
Template = str | tuple["Template", ...] | Mapping[str, "Template"]
"""Text with `{parameter}` in it, or lists and maps of such; leaves without a value are left out."""


class Tenancy(enum.StrEnum):
    """Whether the provider's own configuration already keeps other customers out."""

    SHARED = "shared"
    """One issuer for every customer: only a condition keeps the others out."""
    PER_TENANT = "perTenant"
    """The issuer URL, account, metadata or trust store is one customer's own."""


class AudienceChoice(enum.StrEnum):
    """Who decides what `aud` says. Chosen by the workload it is no boundary at all."""

    WORKLOAD = "workload"
    ISSUER = "issuer"
    RELYING_PARTY = "relyingParty"
    UNKNOWN = "unknown"
    NONE = "none"
    """Tokens of this kind have no audience that a provider lists."""


class ClaimType(enum.StrEnum):
    """The JSON type of a claim."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIST = "list"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of an issuer's tokens."""

    name: str
    type: ClaimType = ClaimType.STRING
    immutable: bool = False
    """Never given to anybody else: safe to pin, unlike a name that can be released."""
    optional: bool = False
    """Absent from some tokens; a condition must ask `has()` first."""
    note: str = ""
    value: Template = ""
    """How a simulated token fills it; "" leaves it out."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that holds when every named parameter matches its pattern (as in a shell)."""

    value: str
    when: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of the workload that tokens, mapping and condition are made from."""

    name: str
    choices: tuple[Choice, ...]
    """The first that holds is the default: what the intended workload has."""
    other: str | None = None
    """What another tenant's workload has instead."""
    note: str = ""
    aliases: tuple[str, ...] = ()
    parts: tuple[str, str] | None = None
    """Two parameters that `A/B` given for this one is taken apart into, at the last slash."""


@dataclass(frozen=True, slots=True)
class Audience:
    """What `aud` says and who decides it."""

    default: str = ""
    """As the issuer fills it when nobody asks for anything; may hold parameters."""
    chosen_by: AudienceChoice = AudienceChoice.UNKNOWN
    allowed: tuple[str, ...] = ()
    """The allowedAudiences the provider needs; none where tokens can carry the default of STS."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SubjectForm:
    """One shape that `sub` (a NameID, an ARN, a common name) takes, with an example."""

    grammar: str
    example: str
    values: Values = field(default_factory=dict)
    """The parameters that give the example."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Everything known of one issuer."""

    name: str
    title: str
    kind: ProviderKind
    issuer: str
    """The `iss` claim or entity ID, with `{parameter}` where it differs by customer."""
    aliases: tuple[str, ...]
    """Further issuer URLs under which the same entry is found, whatever `matchable` says."""
    matchable: bool
    """Whether an issuer URL tells that it is this one; not so where only the host differs."""
    tenancy: Tenancy
    verified: bool
    """False where part of it was not found in the issuer's own documentation; notes say what."""
    audience: Audience
    parameters: tuple[Parameter, ...]
    subject: tuple[SubjectForm, ...]
    claims: tuple[Claim, ...]
    tenancy_claims: tuple[str, ...]
    """Pinning any one of these with `==` keeps other tenants out."""
    not_tenancy: tuple[str, ...]
    """Look like a boundary and are none."""
    mapping: Values
    condition: str
    """The recommended attributeCondition, with `{parameter}` for the workload's values."""
    notes: tuple[str, ...]
    documents: tuple[str, ...]

    @property
    def multi_tenant(self) -> bool:
        """Whether strangers' tokens carry the same issuer."""
        return self.tenancy is Tenancy.SHARED

    @property
    def recommended_condition(self) -> str:
        """The condition for people to fill in: `assertion.repository_owner_id == 'OWNER_ID' …`."""
        names = {parameter.name for parameter in self.parameters}
        return re.sub(
            r"\{([a-z_0-9]+)\}",
            lambda found: found[1].upper() if found[1] in names else found[0],
            self.condition,
        )

    def claim(self, name: str) -> Claim | None:
        """The claim of that name, if the issuer has one."""
        return next((claim for claim in self.claims if claim.name == name), None)
