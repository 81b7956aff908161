"""Why an audience does not name a provider: pool instead of provider, id instead of number, …"""

from __future__ import annotations

import enum
import re

from wifctl.names import PoolName, ProviderName, is_project_number, parse_name
from wifctl.trust.provider import ProviderConfig

_HOST = "//iam.googleapis.com/"
_FULL = re.compile(
    r"//iam\.googleapis\.com/projects/[0-9]+/locations/global/workloadIdentityPools/[^/]+"
    r"/providers/[^/]+"
)
_UNIVERSE = re.compile(r"(?:https:)?//iam\.(?!googleapis\.com/)[a-z0-9.-]+/")


class AudienceFault(enum.Enum):
    """What is wrong with an audience that was meant for a provider."""

    POOL = "it names the pool, not the provider"
    PROJECT_ID = "it holds the project id {found.project!r}; the project's number is needed"
    OTHER_PROJECT = "it names a provider of project {found.project}, not {wanted.project}"
    OTHER_POOL = "it names a provider of the pool {found.pool!r}, not {wanted.pool!r}"
    OTHER_PROVIDER = "it names the provider {found.provider!r}, not {wanted.provider!r}"
    CASE = "only upper and lower case differ from {wanted}"
    SLASH = "it ends with a slash"
    HOST = "it lacks //iam.googleapis.com/ in front"
    UNIVERSE = "it belongs to another universe than googleapis.com"


def is_full_audience(audience: str) -> bool:
    """Whether STS would take this as a provider's full resource name (STS-R4)."""
    return _FULL.fullmatch(audience) is not None


def audience_name(audience: str) -> PoolName | ProviderName | None:
    """The pool or provider an audience names, whatever is in front of it."""
    path = audience.removeprefix("https:").removeprefix("http:")
    parsed = parse_name(path) if path.startswith((_HOST, "projects/")) else None
    return parsed if isinstance(parsed, PoolName | ProviderName) else None


def only_the_project_differs(audience: str, provider: ProviderConfig) -> bool:
    """Whether an audience names this provider, but one of the two has a project id in it."""
    found, wanted = audience_name(audience), provider.parts
    if not isinstance(found, ProviderName) or wanted is None:
        return False
    same = (found.pool, found.provider) == (wanted.pool, wanted.provider)
    return same and is_project_number(found.project) is not is_project_number(wanted.project)


def audience_fault(audience: str, provider: ProviderConfig) -> AudienceFault | None:
    """What keeps an audience from naming this provider; None when it does, or nobody can tell."""
    found, wanted = audience_name(audience), provider.parts
    if _UNIVERSE.match(audience):
        return AudienceFault.UNIVERSE
    if audience.endswith("/") and audience_name(audience.rstrip("/")):
        return AudienceFault.SLASH
    if found is None or wanted is None:
        return None
    if isinstance(found, PoolName):
        return AudienceFault.POOL
    if not is_project_number(found.project):
        return AudienceFault.PROJECT_ID
    if found == wanted:
        return None if audience.startswith(("//", "https://")) else AudienceFault.HOST
    return _other(found, wanted)


def why_not(audience: str, provider: ProviderConfig) -> str:
    """The fault of an audience in one sentence; "" without one."""
    fault = audience_fault(audience, provider)
    if fault is None:
        return ""
    return fault.value.format(found=audience_name(audience), wanted=provider.parts)


def _other(found: ProviderName, wanted: ProviderName) -> AudienceFault | None:
    if str(found).casefold() == str(wanted).casefold():
        return AudienceFault.CASE
    if found.project != wanted.project and is_project_number(wanted.project):
        return AudienceFault.OTHER_PROJECT
    if found.pool != wanted.pool:
        return AudienceFault.OTHER_POOL
    return AudienceFault.OTHER_PROVIDER if found.provider != wanted.provider else None
