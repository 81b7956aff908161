"""Which grants name an identity, and why the others do not."""

from __future__ import annotations

import pytest

from tests.support.keys import NOW
from wifctl.names import PoolName
from wifctl.principals import parse_pool_principal
from wifctl.resource import Condition
from wifctl.trust.cel.near import HintKind
from wifctl.trust.grants import Grant, Target, TargetKind
from wifctl.trust.mapping import MappedIdentity
from wifctl.trust.matching import GrantMatch, Matcher, Miss, principals_of
from wifctl.trust.verdict import Outcome

POOL = PoolName("123456789012", "github")
IDENTITY = MappedIdentity(
    "repo:Acme/app:ref:refs/heads/main",
    ("devs",),
    {"repository_id": "42", "repository": "Acme/app"},
)
TARGET = Target(TargetKind.SERVICE_ACCOUNT, "projects/acme-ci/serviceAccounts/a@example.com")
BASE = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github"


def _base(part: str, other: str) -> str:
    return f"principalSet:{BASE.replace(part, other)}/*"


def _match(member: str, condition: str = "", pool: PoolName = POOL) -> GrantMatch:
    when = Condition(condition) if condition else None
    grant = Grant(TARGET, "roles/iam.workloadIdentityUser", member, when)
    return Matcher(IDENTITY, pool, NOW, {"acme-ci": "123456789012"}).match(grant)


@pytest.mark.parametrize(
    "member",
    [
        f"principal:{BASE}/subject/repo:Acme/app:ref:refs/heads/main",
        f"principalSet:{BASE}/group/devs",
        f"principalSet:{BASE}/attribute.repository_id/42",
        f"principalSet:{BASE}/attribute.repository/Acme/app",
        f"principalSet:{BASE}/*",
        "allUsers",
    ],
)
def test_a_principal_of_the_identity_matches(member: str) -> None:
    assert _match(member).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("member", "miss", "says"),
    [
        ("allAuthenticatedUsers", Miss.NOT_FEDERATED, "does not include"),
        ("serviceAccount:a@example.com", Miss.NOT_FEDERATED, "inside Google"),
        (f"principalSet:{BASE}/attribute.repo_id/42", Miss.UNMAPPED, "attribute.repo_id"),
        (f"principalSet:{BASE}/attribute.repository_id/43", Miss.VALUE, "'42'"),
        (f"principalSet:{BASE}/group/ops", Miss.VALUE, "'devs'"),
        (f"principalSet:{BASE}/subject/x", Miss.MALFORMED, "names no subject"),
        (f"principal:{BASE}/attribute.a/x", Miss.MALFORMED, "sets need principalSet"),
        (f"principal:{BASE}/providers/p/subject/x", Miss.MALFORMED, "names a provider"),
        (
            f"principalSet:{BASE.replace('123456789012', 'acme-ci')}/*",
            Miss.PROJECT_ID,
            "123456789012",
        ),
        (
            f"principalSet:{BASE.replace('123456789012', '999999999999')}/*",
            Miss.OTHER_PROJECT,
            "9999",
        ),
        (f"principalSet:{BASE.replace('github', 'gitlab')}/*", Miss.OTHER_POOL, "'gitlab'"),
        (f"principalSet:{BASE.replace('googleapis.com', 'x.goog')}/*", Miss.MALFORMED, "universe"),
    ],
)
def test_a_miss_has_its_reason(member: str, miss: Miss, says: str) -> None:
    match = _match(member)

    assert (match.outcome, match.miss) == (Outcome.FAIL, miss)
    assert says in match.reason


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        (f"principalSet:{BASE}/attribute.repository/acme/app", HintKind.CASE),
        (f"principalSet:{BASE}/attribute.repository/Acme-Corp/app", HintKind.RENAMED),
        (f"principal:{BASE}/subject/repo:Acme@1/app@42:ref:refs/heads/main", HintKind.SUBJECT_FORM),
        (f"principal:{BASE}/subject/repo:Acme/app:environment:prod", HintKind.ENVIRONMENT),
        (f"principalSet:{BASE}/attribute.repository/42", HintKind.ID_OR_NAME),
        (f"principalSet:{BASE}/attribute.repository_id/42/attribute.ref/x", HintKind.UNMAPPED),
    ],
)
def test_a_near_miss_is_near_and_told(member: str, kind: HintKind) -> None:
    match = _match(member)

    assert match.near
    assert kind in [hint.kind for hint in match.hints]


def test_a_grant_for_somebody_else_is_far() -> None:
    assert not _match("user:jane@example.com").near
    assert not _match(f"principalSet:{BASE}/attribute.repository_id/43").near


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ("request.time < timestamp('2027-01-01T00:00:00Z')", Outcome.PASS),
        ("request.time < timestamp('2026-01-01T00:00:00Z')", Outcome.FAIL),
        ("request.time.getFullYear('UTC') == 2026", Outcome.PASS),
        ("resource.name.startsWith('projects/x')", Outcome.UNKNOWN),
        ("resource.name == 'x' && request.time < timestamp('2026-01-01T00:00:00Z')", Outcome.FAIL),
        ("resource.name == 'x' || request.time > timestamp('2026-01-01T00:00:00Z')", Outcome.PASS),
        ("api.getAttribute('x', '') == 'y'", Outcome.UNKNOWN),
        ("not even cel", Outcome.UNKNOWN),
    ],
)
def test_a_binding_s_condition_decides_as_far_as_it_can_be_told(
    condition: str, outcome: Outcome
) -> None:
    match = _match(f"principalSet:{BASE}/*", condition)

    assert match.outcome is outcome
    assert match.miss is (Miss.CONDITION if outcome is Outcome.FAIL else None)


def test_the_pool_s_project_may_be_known_by_its_id() -> None:
    assert (
        _match(f"principalSet:{BASE}/*", pool=PoolName("acme-ci", "github")).outcome is Outcome.PASS
    )


def test_a_project_nobody_knows_the_number_of_leaves_it_open() -> None:
    match = _match(f"principalSet:{BASE}/*", pool=PoolName("acme-x", "github"))

    assert match.outcome is Outcome.UNKNOWN


def test_every_principal_of_an_identity_parses_and_matches() -> None:
    principals = principals_of(IDENTITY, POOL)

    assert len(principals) == 5
    for principal in principals:
        assert parse_pool_principal(str(principal)) == principal
        assert _match(str(principal)).outcome is Outcome.PASS
