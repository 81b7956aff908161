"""Which principals an identity is, which grants name it, and why the others do not."""

from __future__ import annotations

import datetime
import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wifctl.names import PoolName, is_project_number
from wifctl.principals import PoolPrincipal, Selector, parse_pool_principal
from wifctl.trust.cel.near import Hint, HintKind, differences
from wifctl.trust.grants import Grant
from wifctl.trust.iam_condition import judge_iam_condition
from wifctl.trust.mapping import MappedIdentity
from wifctl.trust.verdict import Outcome


class Miss(enum.StrEnum):
    """Why a grant does not name an identity."""

    NOT_FEDERATED = "not-federated"
    MALFORMED = "malformed"
    PROJECT_ID = "project-id"
    OTHER_PROJECT = "other-project"
    OTHER_POOL = "other-pool"
    UNMAPPED = "unmapped"
    VALUE = "value"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class GrantMatch:
    """Whether one grant names the identity, and if not, why."""

    grant: Grant
    outcome: Outcome
    reason: str
    miss: Miss | None = None
    hints: tuple[Hint, ...] = ()

    @property
    def near(self) -> bool:
        """Whether somebody seems to have meant this identity: the grant is worth a line."""
        if self.outcome is not Outcome.FAIL:
            return True
        far = (Miss.NOT_FEDERATED, Miss.VALUE)
        return bool(self.hints) or self.miss not in far


def principals_of(identity: MappedIdentity, pool: PoolName) -> tuple[PoolPrincipal, ...]:
    """Every `principal://` and `principalSet://` that names the identity, narrowest first."""
    at = (pool.project, pool.pool)
    return (
        PoolPrincipal(*at, Selector.SUBJECT, identity.subject),
        *(PoolPrincipal(*at, Selector.GROUP, group) for group in identity.groups),
        *(
            PoolPrincipal(*at, Selector.ATTRIBUTE, value, name)
            for name, value in sorted(identity.attributes.items())
        ),
        PoolPrincipal(*at, Selector.ALL),
    )


@dataclass(frozen=True, slots=True)
class Matcher:
    """One identity of one pool at one time, ready to be compared with many grants."""

    identity: MappedIdentity
    pool: PoolName
    now: datetime.datetime
    numbers: Mapping[str, str]
    """Project id → number, as far as known."""

    def matches(self, grants: Iterable[Grant]) -> tuple[GrantMatch, ...]:
        """The answer for every grant, in the order given."""
        return tuple(map(self.match, grants))

    def match(self, grant: Grant) -> GrantMatch:
        """Whether a grant names this identity, its IAM condition included."""
        if grant.member == "allUsers":
            return self._conditional(grant, "allUsers names everyone")
        if grant.member.partition(":")[0] not in ("principal", "principalSet"):
            return _miss(grant, Miss.NOT_FEDERATED, _not_federated(grant.member))
        principal = parse_pool_principal(grant.member)
        if principal is None:
            return _miss(grant, Miss.MALFORMED, _malformed(grant.member))
        return self._elsewhere(grant, principal) or self._selected(grant, principal)

    def _elsewhere(self, grant: Grant, principal: PoolPrincipal) -> GrantMatch | None:
        if not is_project_number(principal.project):
            number = self.numbers.get(principal.project, "NUMBER")
            reason = f"it holds the project id {principal.project!r}; Google needs {number}"
            return _miss(grant, Miss.PROJECT_ID, reason)
        own = self.numbers.get(self.pool.project, self.pool.project)
        if is_project_number(own) and principal.project != own:
            reason = f"it names a pool of project {principal.project}, the token enters {own}"
            return _miss(grant, Miss.OTHER_PROJECT, reason)
        if principal.pool != self.pool.pool:
            case = principal.pool.casefold() == self.pool.pool.casefold()
            reason = f"it names the pool {principal.pool!r}, the token enters {self.pool.pool!r}"
            hints = differences(principal.pool, self.pool.pool) if case else ()
            return _miss(grant, Miss.OTHER_POOL, reason, hints)
        if not is_project_number(own):
            reason = f"the number of the project {own!r} is not known here"
            return GrantMatch(grant, Outcome.UNKNOWN, reason)
        return None

    def _selected(self, grant: Grant, principal: PoolPrincipal) -> GrantMatch:
        match principal.selector:
            case Selector.ALL:
                return self._conditional(grant, "it names every identity of the pool")
            case Selector.SUBJECT:
                return self._compared(grant, "the subject", (self.identity.subject,), principal)
            case Selector.GROUP:
                if not self.identity.groups:
                    return _miss(grant, Miss.UNMAPPED, "the identity has no google.groups")
                return self._compared(grant, "a group", self.identity.groups, principal)
            case Selector.ATTRIBUTE:
                return self._attribute(grant, principal)

    def _attribute(self, grant: Grant, principal: PoolPrincipal) -> GrantMatch:
        name, found = principal.attribute, self.identity.attributes.get(principal.attribute)
        if found is None:
            mapped = ", ".join(sorted(self.identity.attributes)) or "none"
            reason = f"no mapping gives attribute.{name} a value (mapped: {mapped})"
            return _miss(grant, Miss.UNMAPPED, reason)
        return self._compared(grant, f"attribute.{name}", (found,), principal)

    def _compared(
        self, grant: Grant, what: str, found: tuple[str, ...], principal: PoolPrincipal
    ) -> GrantMatch:
        if principal.value in found:
            return self._conditional(grant, f"{what} is {principal.value!r}")
        shown = ", ".join(map(repr, found))
        hints = [hint for text in found for hint in differences(text, principal.value)]
        hints += self._composed(principal) + self._other_attribute(principal)
        reason = f"it names {principal.value!r}, {what} is {shown}"
        return _miss(grant, Miss.VALUE, reason, tuple(hints))

    def _composed(self, principal: PoolPrincipal) -> list[Hint]:
        if not re.search(r"/(?:attribute\.|group/|subject/)", principal.value):
            return []
        message = "one principal holds one selector: map both values into one attribute"
        return [Hint(HintKind.UNMAPPED, message)]

    def _other_attribute(self, principal: PoolPrincipal) -> list[Hint]:
        values = {"google.subject": self.identity.subject} | {
            f"attribute.{name}": value for name, value in self.identity.attributes.items()
        }
        same = sorted(key for key, value in values.items() if value == principal.value)
        return [Hint(HintKind.ID_OR_NAME, f"{same[0]} has that value")] if same else []

    def _conditional(self, grant: Grant, reason: str) -> GrantMatch:
        if grant.condition is None:
            return GrantMatch(grant, Outcome.PASS, reason)
        outcome = judge_iam_condition(grant.condition.expression, self.now)
        title = grant.condition.title or grant.condition.expression
        words = {
            Outcome.PASS: "is true now",
            Outcome.FAIL: "is false now",
            Outcome.UNKNOWN: "cannot be told here",
        }
        miss = Miss.CONDITION if outcome is Outcome.FAIL else None
        return GrantMatch(
            grant, outcome, f"{reason}; its condition {title!r} {words[outcome]}", miss
        )


def _miss(grant: Grant, miss: Miss, reason: str, hints: tuple[Hint, ...] = ()) -> GrantMatch:
    return GrantMatch(grant, Outcome.FAIL, reason, miss, hints)


def _not_federated(member: str) -> str:
    if member == "allAuthenticatedUsers":
        return "allAuthenticatedUsers does not include federated identities"
    return "it names somebody inside Google Cloud, not a federated identity"


def _malformed(member: str) -> str:
    scheme, _, rest = member.partition("://")
    if scheme == "principal" and "/subject/" not in rest:
        return "principal:// names one subject only; sets need principalSet://"
    if scheme == "principalSet" and "/subject/" in rest:
        return "principalSet:// names no subject; that needs principal://"
    if "/providers/" in rest:
        return "it names a provider; principals name the pool"
    if not rest.startswith("iam.googleapis.com/"):
        return "it belongs to another universe than googleapis.com, or lacks the host"
    return "it is no principal of a workload identity pool"
