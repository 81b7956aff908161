"""Every way from outside: who can become which service account, or reach which resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from wifctl.access.phrases import phrase
from wifctl.access.picture import KnownProvider, Picture
from wifctl.principals import PoolPrincipal, Selector, normal_member, parse_pool_principal
from wifctl.trust.grants import Grant, Target
from wifctl.trust.iam_condition import judge_iam_condition
from wifctl.trust.pins import Demands, demands_of
from wifctl.trust.reach import World
from wifctl.trust.verdict import Outcome

EVERYBODY = {
    "allUsers": "everybody on the internet",
    "allAuthenticatedUsers": "everybody with a Google account",
}


Way = tuple[str, str, str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Opening:
    """One way: somebody, what they get, and how."""

    who: str
    """In words, e.g. `repository 123 of owner 456 on any branch`."""
    provider: str
    """`pool/provider` that lets them in; "" where none is needed."""
    member: str
    """The principal of the first grant."""
    target: Target
    role: str
    """The role that is held on the target; an impersonation role for a service account."""
    becomes: bool
    """Whether the target is a service account whose tokens can be had."""
    through: tuple[str, ...] = ()
    """E-mails of the service accounts on the way."""
    condition: str = ""
    """IAM conditions on the way that only Google can judge."""
    source: str = ""
    """Where the last grant is written."""
    demands: Demands | None = None
    """What the token must say; None where no known provider lets them in."""

    @property
    def way(self) -> Way:
        """The grants that are followed, whoever they mean."""
        return (self.member, self.provider, self.target.name, self.role, self.through)

    @property
    def key(self) -> tuple[str, str, str, tuple[str, ...], str]:
        """What makes two openings of two pictures the same."""
        return (self.who, self.target.name, self.role, self.through, self.condition)


def openings(picture: Picture, now: datetime) -> tuple[Opening, ...]:
    """All ways from outside, in the order of the targets. Disabled providers let nobody in."""
    index = _Index(picture, now)
    found = dict.fromkeys(
        opening
        for grant in picture.grants
        for people in _people(grant, picture)
        for opening in index.follow(grant, people)
    )
    return tuple(sorted(found, key=lambda o: (not o.becomes, o.target, o.through, o.who, o.role)))


@dataclass(frozen=True, slots=True)
class _People:
    """Whom a grant means through one provider."""

    who: str
    provider: str = ""
    demands: Demands | None = None


def _people(grant: Grant, picture: Picture) -> Iterator[_People]:
    """Whom from outside a grant names, once for each provider that lets some of them in."""
    if grant.member in EVERYBODY:
        yield _People(EVERYBODY[grant.member])
        return
    principal = parse_pool_principal(grant.member)
    if principal is None:
        return
    pool = [known for known in picture.providers if _is_in(known, principal, picture)]
    if not pool:
        yield _People(_unknown(principal))
    for known in pool:
        demands = None if known.config.unusable else demands_of(known.config, principal)
        if demands is not None:
            parts = known.config.parts
            name = f"{parts.pool}/{parts.provider}" if parts else known.name
            yield _People(phrase(known.config, demands), name, demands)


def _is_in(known: KnownProvider, principal: PoolPrincipal, picture: Picture) -> bool:
    same_project = known.project == picture.projects.canonical(principal.project)
    return same_project and known.pool_id == principal.pool


def _unknown(principal: PoolPrincipal) -> str:
    what = {
        Selector.ALL: "every identity",
        Selector.SUBJECT: f"subject {principal.value}",
        Selector.GROUP: f"group {principal.value}",
        Selector.ATTRIBUTE: f"identities with {principal.attribute} {principal.value}",
    }[principal.selector]
    return f"{what} of the pool {principal.pool} of project {principal.project}"


class _Index:
    """Grants by their member, so that following an account does not read all of them again."""

    def __init__(self, picture: Picture, now: datetime) -> None:
        self.world: World = picture.world(now)
        self.now = now
        self.held: dict[str, list[Grant]] = {}
        for grant in picture.grants:
            self.held.setdefault(normal_member(grant.member), []).append(grant)

    def follow(self, grant: Grant, people: _People) -> Iterator[Opening]:
        """What a grant opens, one account through another."""
        first = Opening(
            people.who,
            people.provider,
            grant.member,
            grant.target,
            grant.role,
            becomes=False,
            demands=people.demands,
        )
        queue = list(self._step(first, grant))
        seen: set[str] = set()
        while queue:
            opening = queue.pop(0)
            email = opening.target.email
            if opening.becomes and (email in seen or opening.target.disabled):
                continue
            yield opening
            if opening.becomes:
                seen.add(email)
                member = normal_member(f"serviceAccount:{email}")
                way = replace(opening, through=(*opening.through, email))
                for further in self.held.get(member, ()):
                    queue += self._step(way, further)

    def _step(self, way: Opening, grant: Grant) -> Iterable[Opening]:
        """The openings of one more grant; none where its condition is false now."""
        condition = way.condition
        if grant.condition is not None:
            outcome = judge_iam_condition(grant.condition.expression, self.now)
            if outcome is Outcome.FAIL:
                return
            if outcome is Outcome.UNKNOWN:
                condition = " && ".join(filter(None, (condition, grant.condition.expression)))
        step = replace(way, role=grant.role, condition=condition, source=grant.source)
        opened = self.world.opened(grant)
        for account in opened:
            yield replace(step, target=account, becomes=True)
        if not opened:
            yield replace(step, target=grant.target, becomes=False)
