"""Ways from outside, followed from account to account; and what two pictures differ in."""

from __future__ import annotations

from dataclasses import replace

from tests.support.keys import NOW
from wifctl.access.changes import changes
from wifctl.access.openings import Opening, openings
from wifctl.access.picture import KnownProvider, Picture
from wifctl.api import Condition
from wifctl.resource import Projects
from wifctl.trust.grants import Grant, Target, TargetKind
from wifctl.trust.provider import ProviderConfig, ProviderKind

NAME = "projects/123456789012/locations/global/workloadIdentityPools/github/providers/actions"
ALL = f"principalSet://iam.googleapis.com/{NAME.partition('/providers/')[0]}/*"
USER, CREATOR = "roles/iam.workloadIdentityUser", "roles/iam.serviceAccountTokenCreator"
READER = "roles/secretmanager.secretAccessor"
CONFIG = ProviderConfig(NAME, ProviderKind.OIDC, issuer_uri="https://issuer.example.com")
SECRET = Target(TargetKind.SECRET, "projects/acme-ci/secrets/token")


def account(name: str, *, disabled: bool = False) -> Target:
    """A service account of acme-ci."""
    email = f"{name}@acme-ci.iam.gserviceaccount.com"
    return Target(TargetKind.SERVICE_ACCOUNT, f"projects/acme-ci/serviceAccounts/{email}", disabled)


A, B, C = account("first"), account("second"), account("third")


def picture(
    *grants: Grant, config: ProviderConfig = CONFIG, accounts: tuple[Target, ...] = (A, B, C)
) -> Picture:
    """One provider, three accounts and some grants."""
    known = KnownProvider(config, "acme-ci", "actions")
    return Picture((known,), grants, accounts, Projects({"acme-ci": "123456789012"}))


def reached(*grants: Grant, **more: object) -> list[tuple[str, tuple[str, ...]]]:
    """The ends of the ways, and the accounts in between, by their short names."""
    found = openings(picture(*grants, **more), NOW)  # type: ignore[arg-type]
    return [(_short(o.target.name), tuple(map(_short, o.through))) for o in found]


def _short(name: str) -> str:
    return name.rpartition("/")[2].partition("@")[0]


def as_account(target: Target) -> str:
    """The member a service account is."""
    return f"serviceAccount:{target.email}"


def test_one_account_leads_to_another_and_to_a_secret() -> None:
    assert reached(
        Grant(A, USER, ALL), Grant(B, CREATOR, as_account(A)), Grant(SECRET, READER, as_account(B))
    ) == [("first", ()), ("second", ("first",)), ("token", ("first", "second"))]


def test_accounts_that_open_each_other_end() -> None:
    grants = (
        Grant(A, USER, ALL),
        Grant(B, CREATOR, as_account(A)),
        Grant(A, CREATOR, as_account(B)),
    )

    assert reached(*grants) == [("first", ()), ("second", ("first",))]


def test_a_disabled_account_leads_nowhere() -> None:
    off = replace(A, disabled=True)

    assert reached(Grant(A, USER, ALL), Grant(SECRET, READER, as_account(A)), accounts=(off,)) == []


def test_a_disabled_provider_lets_nobody_in() -> None:
    assert reached(Grant(A, USER, ALL), config=replace(CONFIG, pool_disabled=True)) == []


def test_a_role_on_the_project_opens_all_its_accounts() -> None:
    project = Target(TargetKind.PROJECT, "projects/acme-ci")

    assert [name for name, _ in reached(Grant(project, USER, ALL))] == ["first", "second", "third"]


def test_insiders_are_not_from_outside() -> None:
    assert reached(Grant(A, USER, "user:jane@example.com"), Grant(A, USER, as_account(B))) == []


def test_everybody_is_from_outside() -> None:
    found = openings(picture(Grant(SECRET, READER, "allUsers")), NOW)

    assert [(o.who, o.provider) for o in found] == [("everybody on the internet", "")]


def test_a_pool_nobody_knows_is_named() -> None:
    stranger = ALL.replace("/github/", "/gitlab/").replace("/*", "/group/ops")

    (found,) = openings(picture(Grant(A, USER, stranger)), NOW)

    assert found.who == "group ops of the pool gitlab of project 123456789012"


def test_a_false_condition_opens_nothing_and_a_doubtful_one_is_said() -> None:
    over = Condition("request.time < timestamp('2026-01-01T00:00:00Z')")
    doubt = Condition("resource.name == 'x'")

    (found,) = openings(picture(Grant(A, USER, ALL, over), Grant(B, USER, ALL, doubt)), NOW)

    assert (found.target, found.condition) == (B, "resource.name == 'x'")


def opening(who: str, target: Target, **more: object) -> Opening:
    """An opening for somebody."""
    base = Opening(who, "p", ALL, target, USER, becomes=target.kind is TargetKind.SERVICE_ACCOUNT)
    return replace(base, **more)  # type: ignore[arg-type]


def test_what_comes_with_an_account_is_told_with_it() -> None:
    new = (opening("x", A), opening("x", SECRET, through=(A.email,)), opening("y", B))

    found = changes((), new)

    assert [(c.opening, c.with_it) for c in found.opened] == [(new[0], (new[1],)), (new[2], ())]
    assert found.closed == ()


def test_the_same_ways_from_other_lines_are_no_change() -> None:
    before, after = opening("x", A, source="a:1:1"), opening("x", A, source="b:2:2")

    assert changes((before,), (after,)) == changes((), ())
