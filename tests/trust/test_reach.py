"""From a matching grant to service accounts and roles."""

from __future__ import annotations

from tests.support.keys import NOW
from wifctl.api import Binding
from wifctl.names import PoolName
from wifctl.resource import Condition
from wifctl.trust.grants import Grant, Target, TargetKind, grants_of
from wifctl.trust.mapping import MappedIdentity
from wifctl.trust.matching import Matcher
from wifctl.trust.reach import Reach, World, reach
from wifctl.trust.verdict import Outcome

USER = "roles/iam.workloadIdentityUser"
CREATOR = "roles/iam.serviceAccountTokenCreator"
EVERYONE = (
    "principalSet://iam.googleapis.com/projects/123456789012/locations/global"
    "/workloadIdentityPools/ci/*"
)
PROJECT = Target(TargetKind.PROJECT, "projects/acme-ci")
SECRET = Target(TargetKind.SECRET, "projects/acme-ci/secrets/pypi")
LATE = Condition("request.time > timestamp('2030-01-01T00:00:00Z')")
SOMEWHERE = Condition("resource.name == 'x'")


def _account(name: str, disabled: bool = False) -> Target:
    email = f"{name}@acme-ci.iam.gserviceaccount.com"
    return Target(TargetKind.SERVICE_ACCOUNT, f"projects/acme-ci/serviceAccounts/{email}", disabled)


A, B, C = _account("a"), _account("b"), _account("c")


def _as(account: Target) -> str:
    return f"serviceAccount:{account.email.upper()}"


def _reach(*grants: Grant, accounts: tuple[Target, ...] = (A, B, C)) -> Reach:
    numbers = {"acme-ci": "123456789012"}
    matcher = Matcher(MappedIdentity("me"), PoolName("acme-ci", "ci"), NOW, numbers)
    return reach(matcher.matches(grants), World(grants, accounts, NOW, numbers))


def _emails(found: Reach) -> list[str]:
    return [account.target.email.partition("@")[0] for account in found.accounts]


def test_an_impersonation_role_opens_its_account_and_the_account_s_roles() -> None:
    found = _reach(
        Grant(A, USER, EVERYONE),
        Grant(SECRET, "roles/secretmanager.secretAccessor", _as(A)),
        Grant(SECRET, "roles/viewer", _as(B)),
    )

    assert _emails(found) == ["a"]
    assert [(item.grant.role, item.account) for item in found.access] == [
        ("roles/secretmanager.secretAccessor", A.email)
    ]


def test_another_role_on_an_account_opens_nothing() -> None:
    found = _reach(Grant(A, "roles/iam.serviceAccountViewer", EVERYONE))

    assert _emails(found) == []
    assert [item.grant.role for item in found.access] == ["roles/iam.serviceAccountViewer"]


def test_accounts_are_reached_through_accounts() -> None:
    found = _reach(Grant(A, USER, EVERYONE), Grant(B, CREATOR, _as(A)), Grant(C, CREATOR, _as(B)))

    assert _emails(found) == ["a", "b", "c"]
    assert found.accounts[2].through == (A.email, B.email)


def test_a_circle_of_accounts_ends() -> None:
    found = _reach(Grant(A, USER, EVERYONE), Grant(B, CREATOR, _as(A)), Grant(A, CREATOR, _as(B)))

    assert _emails(found) == ["a", "b"]


def test_a_role_on_the_project_opens_all_its_accounts() -> None:
    elsewhere = Target(TargetKind.SERVICE_ACCOUNT, "projects/other/serviceAccounts/x@example.com")
    found = _reach(Grant(PROJECT, USER, EVERYONE), accounts=(A, B, elsewhere))

    assert _emails(found) == ["a", "b"]


def test_a_disabled_account_is_reached_and_leads_nowhere() -> None:
    off = _account("a", disabled=True)
    found = _reach(
        Grant(A, USER, EVERYONE), Grant(SECRET, "roles/viewer", _as(A)), accounts=(off, B)
    )

    assert [account.usable for account in found.accounts] == [False]
    assert found.access == ()


def test_a_false_condition_closes_the_way() -> None:
    assert _emails(_reach(Grant(A, USER, EVERYONE, LATE))) == []
    assert _emails(_reach(Grant(A, USER, EVERYONE), Grant(B, CREATOR, _as(A), LATE))) == ["a"]


def test_a_doubtful_way_makes_what_lies_behind_doubtful() -> None:
    found = _reach(Grant(A, USER, EVERYONE, SOMEWHERE), Grant(SECRET, "roles/viewer", _as(A)))

    assert found.accounts[0].outcome is Outcome.UNKNOWN
    assert found.access[0].outcome is Outcome.UNKNOWN


def test_a_sure_way_is_preferred_to_a_doubtful_one() -> None:
    found = _reach(Grant(A, USER, EVERYONE, SOMEWHERE), Grant(A, CREATOR, EVERYONE))

    assert [account.outcome for account in found.accounts] == [Outcome.PASS]


def test_a_policy_is_flattened_member_by_member() -> None:
    bindings = (Binding("r", ("user:a@example.com", "allUsers"), LATE), Binding("s", ("allUsers",)))

    assert [
        (grant.role, grant.member, grant.condition) for grant in grants_of(SECRET, bindings)
    ] == [
        ("r", "user:a@example.com", LATE),
        ("r", "allUsers", LATE),
        ("s", "allUsers", None),
    ]
