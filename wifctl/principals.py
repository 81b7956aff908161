"""IAM members and workload identity principals: text ↔ parts, and their one normal form.

Which values ignore case follows Google's "Principal identifiers" page: e-mail-like members do,
`principal:`, `principalSet:` and the two `all…` members do not.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

EMAIL_TYPES = frozenset({"user", "group", "serviceAccount", "domain"})
CONVENIENCE_TYPES = frozenset({"projectOwner", "projectEditor", "projectViewer"})
URL_TYPES = frozenset({"principal", "principalSet", "principalHierarchy"})
EVERYONE = frozenset({"allUsers", "allAuthenticatedUsers"})
MEMBER_TYPES = EMAIL_TYPES | CONVENIENCE_TYPES | URL_TYPES


class Selector(enum.StrEnum):
    """Which identities of a pool a principal names."""

    SUBJECT = "subject"
    GROUP = "group"
    ATTRIBUTE = "attribute"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an IAM binding in its normal form; `deleted:` members keep their unique id."""

    type: str
    value: str = ""
    deleted: bool = False
    unique_id: str = ""

    @property
    def is_federated(self) -> bool:
        """Whether somebody from outside Google is meant."""
        return self.type in ("principal", "principalSet")

    @property
    def is_service_agent(self) -> bool:
        """Whether a Google-managed service agent is meant; those are never revoked."""
        return self.type == "serviceAccount" and is_service_agent(self.value)

    def __str__(self) -> str:
        if self.type in EVERYONE:
            return self.type
        text = f"{self.type}:{self.value}"
        if not self.deleted:
            return text
        return f"deleted:{text}?uid={self.unique_id}" if self.unique_id else f"deleted:{text}"


@dataclass(frozen=True, slots=True)
class PoolPrincipal:
    """Identities of one workload identity pool; the project is the *number*."""

    project: str
    pool: str
    selector: Selector
    value: str = ""
    attribute: str = ""

    def __str__(self) -> str:
        pool = f"projects/{self.project}/locations/global/workloadIdentityPools/{self.pool}"
        scheme = "principal" if self.selector is Selector.SUBJECT else "principalSet"
        return f"{scheme}://iam.googleapis.com/{pool}/{self._suffix}"

    @property
    def _suffix(self) -> str:
        match self.selector:
            case Selector.ALL:
                return "*"
            case Selector.ATTRIBUTE:
                return f"attribute.{self.attribute}/{self.value}"
            case _:
                return f"{self.selector.value}/{self.value}"


_AGENT = re.compile(
    r"(?:service-[0-9]+@(?:gcp-sa-[a-z0-9-]+|[a-z0-9-]+)\.iam\.gserviceaccount\.com"
    r"|[0-9]+@cloudservices\.gserviceaccount\.com"
    r"|[0-9]+@cloudbuild\.gserviceaccount\.com)"
)


def is_service_agent(email: str) -> bool:
    """Whether an e-mail is a Google-managed service agent's."""
    return _AGENT.fullmatch(email) is not None


_POOL_PRINCIPAL = re.compile(
    r"(principal|principalSet)://iam\.googleapis\.com/projects/([^/]+)/locations/global"
    r"/workloadIdentityPools/([^/]+)/(?:(subject|group)/(.+)|attribute\.([^/]+)/(.+)|(\*))"
)


def parse_pool_principal(text: str) -> PoolPrincipal | None:
    """The parts of a pool's `principal://` or `principalSet://`, or None."""
    found = _POOL_PRINCIPAL.fullmatch(text)
    if not found:
        return None
    scheme, project, pool, selector, value, attribute, attribute_value, star = found.groups()
    if (scheme == "principal") is not (selector == "subject"):
        return None
    if star:
        return PoolPrincipal(project, pool, Selector.ALL)
    if attribute:
        return PoolPrincipal(project, pool, Selector.ATTRIBUTE, attribute_value, attribute)
    return PoolPrincipal(project, pool, Selector(selector), value)


def parse_member(text: str) -> Member | None:
    """A member in its normal form, or None when Google would call it of an unknown type."""
    if text in EVERYONE:
        return Member(text)
    deleted = text.startswith("deleted:")
    kind, separator, value = text.removeprefix("deleted:").partition(":")
    if not separator or not value or kind not in MEMBER_TYPES:
        return None
    unique_id = ""
    if deleted:
        value, _, query = value.partition("?")
        unique_id = query.removeprefix("uid=")
    if kind in EMAIL_TYPES:
        value = value.lower()
    return Member(kind, value, deleted, unique_id)


def normal_member(text: str) -> str:
    """The form in which two spellings of one member are equal; unknown forms stay as given."""
    member = parse_member(text)
    return str(member) if member else text
