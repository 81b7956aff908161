"""What IAM refuses in a provider: mapping, condition, and exactly one kind of trust."""

from __future__ import annotations

import re
from datetime import datetime

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.iam.common import check_texts
from wifctl.emulator.iam.providers.expressions import check_condition, check_mapping_expression
from wifctl.emulator.iam.providers.kinds import check_kind, kind_of

MAX_CUSTOM_ATTRIBUTES = 50
MAX_KEY = 100
"""Characters of the name after `attribute.`."""
MAX_ACTORS = 3
CONDITION_NEEDED = (
    "The attribute condition must reference one of the provider's claims. For more information, "
    "see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines"
    "#conditions"
)
MULTI_TENANT_ISSUERS = frozenset(
    {
        "https://token.actions.githubusercontent.com",
        "https://gitlab.com",
        "https://app.terraform.io",
    }
)
"""Issuers that sign for everybody: only a condition on a claim tells tenants apart."""

_STRING = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_CLAIM = re.compile(r"(?<![\w.])(?:assertion|attribute|google)\s*[.\[]")
_CUSTOM = re.compile(r"attribute\.[a-z0-9_]+")


def check_provider(provider: Json, live: Json | None, now: datetime) -> None:
    """Raise INVALID_ARGUMENT for whatever create or patch must refuse.

    `live` is the provider before a patch: its kind cannot change, and SAML metadata must overlap.
    """
    check_texts(provider)
    kind = kind_of(provider)
    if live is not None and kind != kind_of(live):
        raise invalid(f"The {kind_of(live)} configuration is required: the type of a provider "
                      "cannot change.")  # fmt: skip
    check_kind(kind, provider, live, now)
    _check_mapping(kind, provider.get("attributeMapping", {}))
    _check_condition(kind, provider)
    _check_actors(provider)


def _check_mapping(kind: str, mapping: Json) -> None:
    if not mapping and kind == "aws":
        return
    if "google.subject" not in mapping:
        raise invalid('The attribute mapping must contain a mapping for "google.subject".')
    custom = [key for key in mapping if key.startswith("attribute.")]
    if len(custom) > MAX_CUSTOM_ATTRIBUTES:
        raise invalid(f"At most {MAX_CUSTOM_ATTRIBUTES} custom attributes can be mapped.")
    for key, expression in mapping.items():
        _check_key(key)
        check_mapping_expression(key, expression)


def _check_key(key: str) -> None:
    if key in ("google.subject", "google.groups"):
        return
    if not _CUSTOM.fullmatch(key) or len(key.removeprefix("attribute.")) > MAX_KEY:
        raise invalid(
            f'Invalid attribute mapping key "{key}": it must be google.subject, google.groups or '
            f"attribute.NAME, NAME having at most {MAX_KEY} characters of [a-z0-9_]."
        )


def _check_condition(kind: str, provider: Json) -> None:
    condition = provider.get("attributeCondition", "")
    if condition:
        check_condition(condition)
    issuer = provider.get("oidc", {}).get("issuerUri", "") if kind == "oidc" else ""
    if issuer.rstrip("/") in MULTI_TENANT_ISSUERS and not _names_claim(condition):
        raise invalid(CONDITION_NEEDED)


def _names_claim(condition: str) -> bool:
    return _CLAIM.search(_STRING.sub("''", condition)) is not None


def _check_actors(provider: Json) -> None:
    actors = provider.get("actorProviders", [])
    if len(actors) > MAX_ACTORS:
        raise invalid(f"At most {MAX_ACTORS} actor providers can be set.")
    pool = provider.get("name", "").rpartition("/providers/")[0].partition("/locations/")[2]
    for actor in actors:
        if actor.rpartition("/providers/")[0].partition("/locations/")[2] != pool:
            raise invalid(f"The actor provider {actor} is not in the same pool.")
