"""The whole picture: what is known, in which order, and what is not."""

from __future__ import annotations

from tests.support.keys import NOW
from tests.support.tokens import PROVIDER
from tests.trust.attempts import AUDIENCE, Attempt, provider
from wifctl.resource import Condition
from wifctl.trust.explain import Half, explain
from wifctl.trust.grants import Grant, Target, TargetKind
from wifctl.trust.provider import ProviderConfig
from wifctl.trust.reach import World
from wifctl.trust.verdict import Outcome

POOL = AUDIENCE.rpartition("/providers/")[0]
ACCOUNT = Target(TargetKind.SERVICE_ACCOUNT, "projects/p/serviceAccounts/a@example.com")
ROLE = "roles/iam.workloadIdentityUser"
SUBJECT = Grant(ACCOUNT, ROLE, f"principal:{POOL}/subject/workload")
CASE = Grant(ACCOUNT, ROLE, f"principal:{POOL}/subject/Workload")
FAR = Grant(ACCOUNT, ROLE, "user:jane@example.com")


def _world(*grants: Grant) -> World:
    return World(grants, (ACCOUNT,), NOW, {})


def test_without_grants_only_admission_is_explained() -> None:
    found = explain(Attempt().judge(), provider())

    assert found.outcome is Outcome.PASS
    assert [str(principal) for principal in found.principals] == [
        f"principal:{POOL}/subject/workload",
        f"principalSet:{POOL}/*",
    ]


def test_matching_grants_come_first_then_the_near_ones() -> None:
    found = explain(Attempt().judge(), provider(), _world(FAR, CASE, SUBJECT))

    assert [match.grant for match in found.matches] == [SUBJECT, CASE, FAR]


def test_a_refused_token_still_shows_what_it_would_reach() -> None:
    found = explain(Attempt({"aud": "x"}).judge(), provider(), _world(SUBJECT))

    assert found.failed is Half.ADMISSION
    assert [account.target for account in found.reach.accounts] == [ACCOUNT]


def test_keys_nobody_has_leave_the_whole_answer_open() -> None:
    oidc = {"issuerUri": "https://issuer.example.com"}
    judgement = Attempt(provider={"oidc": oidc}).judge()

    assert explain(judgement, provider(oidc=oidc), _world(SUBJECT)).outcome is Outcome.UNKNOWN


def test_a_doubtful_grant_leaves_the_answer_open() -> None:
    doubtful = Grant(ACCOUNT, ROLE, SUBJECT.member, Condition("resource.name == 'x'"))

    assert explain(Attempt().judge(), provider(), _world(doubtful)).outcome is Outcome.UNKNOWN


def test_a_far_grant_is_no_reason() -> None:
    found = explain(Attempt().judge(), provider(), _world(FAR))

    assert found.failed is Half.IMPERSONATION
    assert [reason.message[:21] for reason in found.reasons] == ["the token is accepted"]


def test_a_provider_without_a_full_name_has_no_principals() -> None:
    nameless = ProviderConfig("mine", provider().kind)

    assert explain(Attempt().judge(), nameless).principals == ()


def test_no_reason_holds_the_token_or_its_signature() -> None:
    attempt = Attempt({"aud": "x", "sub": "s" * 200})
    found = explain(attempt.judge(), provider(), _world(FAR))

    token = attempt.subject_token
    assert token not in repr(found)
    assert token.rpartition(".")[2] not in repr(found)
    assert PROVIDER in repr(found)
