"""Why an audience does not name a provider: pool instead of provider, id instead of number, …"""

from __future__ import annotations

import re

from wifctl.names import PoolName, ProviderName, is_project_number, parse_name
from wifctl.trust.provider import ProviderConfig

_HOST = "//iam.googleapis.com/"
_FULL = re.compile(
    r"//iam\.googleapis\.com/projects/[0-9]+/locations/global/workloadIdentityPools/[^/]+"
    r"/providers/[^/]+"
)


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


def why_not(audience: str, provider: ProviderConfig) -> str:
    """What is wrong with an audience meant for this provider, in one sentence; "" if unknown."""
    found, wanted = audience_name(audience), provider.parts
    if audience.rstrip("/") != audience and audience_name(audience.rstrip("/")):
        return "it ends with a slash"
    if isinstance(found, PoolName):
        return "it names the pool, not the provider"
    if found is None or wanted is None:
        return ""
    if not is_project_number(found.project):
        return f"it holds the project id {found.project!r}; the project's number is needed"
    if found == wanted:
        return "" if audience.startswith(("//", "https://")) else "it lacks //iam.googleapis.com/"
    return _other(found, wanted)


def _other(found: ProviderName, wanted: ProviderName) -> str:
    if str(found).casefold() == str(wanted).casefold():
        return "only upper and lower case differ"
    if found.project != wanted.project and is_project_number(wanted.project):
        return f"it names a provider of project {found.project}, not {wanted.project}"
    if found.pool != wanted.pool:
        return f"it names a provider of the pool {found.pool!r}, not {wanted.pool!r}"
    return f"it names the provider {found.provider!r}, not {wanted.provider!r}"
