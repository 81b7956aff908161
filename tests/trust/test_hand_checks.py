"""What people check by hand when a token is refused: each made to fail, each named as the cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.keys import NOW
from tests.support.tokens import PROVIDER, audience_url
from tests.trust.attempts import AUDIENCE, ISSUED, Attempt, provider
from wifctl.resource import Condition
from wifctl.trust.explain import Explanation, Half, explain
from wifctl.trust.grants import Grant, Target, TargetKind
from wifctl.trust.hand_checks import ELSEWHERE, HandCheck
from wifctl.trust.reach import World
from wifctl.trust.verdict import Outcome

EMAIL = "deployer@acme-ci.iam.gserviceaccount.com"
OTHER = "builder@acme-ci.iam.gserviceaccount.com"
DEPLOYER, BUILDER = (
    Target(TargetKind.SERVICE_ACCOUNT, f"projects/acme-ci/serviceAccounts/{email}")
    for email in (EMAIL, OTHER)
)
OFF = Target(DEPLOYER.kind, DEPLOYER.name, disabled=True)
SECRET = Target(TargetKind.SECRET, "projects/acme-ci/secrets/pypi")
POOL = AUDIENCE.rpartition("/providers/")[0]
WHERE = "manifests/ci.yaml:12:9"
MAPPING = {"google.subject": "assertion.sub", "attribute.repository": "assertion.repository"}
CLAIMS = {"repository": "acme/app", "sub": "repo:acme/app:ref:refs/heads/main"}
MINE = f"principalSet:{POOL}/attribute.repository/acme/app"


def _grant(member: str, target: Target = DEPLOYER, condition: str = "") -> Grant:
    when = Condition(condition) if condition else None
    return Grant(target, "roles/iam.workloadIdentityUser", member, when, WHERE)


@dataclass(frozen=True)
class Scene:
    """One mistake, in the token, the provider or the grants."""

    check: HandCheck
    half: Half
    says: str
    claims: Mapping[str, object] = field(default_factory=dict)
    token: str = ""
    request: Mapping[str, str] = field(default_factory=dict)
    provider: Mapping[str, Any] = field(default_factory=dict)
    grants: tuple[Grant, ...] = (_grant(MINE),)
    accounts: tuple[Target, ...] = (DEPLOYER, BUILDER)

    def __str__(self) -> str:
        return f"{self.check.value} {self.says}"

    def explained(self) -> Explanation:
        """What the engine says of it."""
        changes = {"attributeMapping": MAPPING, **self.provider}
        attempt = Attempt({**CLAIMS, **self.claims}, (), self.token, self.request, changes)
        world = World(self.grants, self.accounts, NOW, {"acme-ci": "123456789012"})
        return explain(attempt.judge(), provider(**changes), world, wanted_account=EMAIL)


ADMISSION, IMPERSONATION = Half.ADMISSION, Half.IMPERSONATION
SCENES = (
    Scene(HandCheck.POOL_AUDIENCE, ADMISSION, "not the provider", request={"audience": POOL}),
    Scene(
        HandCheck.POOL_AUDIENCE,
        ADMISSION,
        "names the pool",
        {"aud": audience_url().rpartition("/providers/")[0]},
    ),
    Scene(
        HandCheck.PROJECT_ID,
        ADMISSION,
        "project id 'acme-ci'",
        request={"audience": AUDIENCE.replace("123456789012", "acme-ci")},
    ),
    Scene(
        HandCheck.PROJECT_ID,
        ADMISSION,
        "project id 'acme-ci'",
        {"aud": audience_url().replace("123456789012", "acme-ci")},
    ),
    Scene(
        HandCheck.PROJECT_ID,
        IMPERSONATION,
        "Google needs 123456789012",
        grants=(_grant(MINE.replace("123456789012", "acme-ci")),),
    ),
    Scene(HandCheck.NO_TOKEN, ADMISSION, "no token", token=" "),
    Scene(
        HandCheck.UNMAPPED,
        ADMISSION,
        "attribute.actor",
        provider={"attributeCondition": "attribute.actor == 'octocat'"},
    ),
    Scene(
        HandCheck.UNMAPPED,
        IMPERSONATION,
        "attribute.actor",
        grants=(_grant(f"principalSet:{POOL}/attribute.actor/octocat"),),
    ),
    Scene(
        HandCheck.CASE,
        ADMISSION,
        "Acme/app",
        {"repository": "Acme/app"},
        provider={"attributeCondition": "assertion.repository == 'acme/app'"},
    ),
    Scene(HandCheck.CASE, IMPERSONATION, "Acme/app", {"repository": "Acme/app"}),
    Scene(HandCheck.WHICH_HALF, IMPERSONATION, "is disabled", accounts=(OFF,)),
    Scene(HandCheck.WHICH_HALF, IMPERSONATION, "no grant lets", grants=()),
    Scene(HandCheck.SUBJECT_LENGTH, ADMISSION, "128 bytes", {"sub": "s" * 128}),
    Scene(HandCheck.CLOCK, ADMISSION, "60 s from now", {"iat": ISSUED + 60}),
    Scene(HandCheck.CLOCK, ADMISSION, "5 s ago", {"iat": ISSUED - 9, "exp": ISSUED - 5}),
    Scene(HandCheck.DISABLED, ADMISSION, "provider is disabled", provider={"disabled": True}),
    Scene(HandCheck.DISABLED, ADMISSION, "is DELETED", provider={"state": "DELETED"}),
    Scene(
        HandCheck.DISABLED,
        ADMISSION,
        "another universe",
        request={"audience": AUDIENCE.replace("googleapis.com", "example-universe.goog")},
    ),
    *(
        Scene(
            HandCheck.SUBJECT_SHAPE,
            ADMISSION,
            sub,
            {"sub": sub},
            provider={"attributeCondition": "assertion.sub == 'repo:acme/app:ref:refs/heads/main'"},
        )
        for sub in (
            "repo:acme@1/app@2:ref:refs/heads/main",
            "repo:acme/app:environment:prod",
            "repo:acme/app:pull_request",
            "repo:acme-corp/app:ref:refs/heads/main",
        )
    ),
    Scene(
        HandCheck.SUBJECT_SHAPE,
        ADMISSION,
        "refs/tags/main",
        {"ref": "refs/tags/main"},
        provider={"attributeCondition": "assertion.ref == 'refs/heads/main'"},
    ),
    Scene(
        HandCheck.SUBJECT_SHAPE,
        IMPERSONATION,
        "repo:acme@1/app@2",
        {"sub": "repo:acme@1/app@2:ref:refs/heads/main"},
        grants=(_grant(f"principal:{POOL}/subject/repo:acme/app:ref:refs/heads/main"),),
    ),
    Scene(HandCheck.BINDING, IMPERSONATION, f"not {EMAIL}", grants=(_grant(MINE, BUILDER),)),
    Scene(
        HandCheck.BINDING,
        IMPERSONATION,
        "pool 'gitlab'",
        grants=(_grant(MINE.replace("/pool/", "/gitlab/")),),
    ),
    Scene(
        HandCheck.BINDING,
        IMPERSONATION,
        "project 999999999999",
        grants=(_grant(MINE.replace("123456789012", "999999999999")),),
    ),
    Scene(
        HandCheck.BINDING,
        IMPERSONATION,
        "is false now",
        grants=(_grant(MINE, condition="request.time < timestamp('2026-01-01T00:00:00Z')"),),
    ),
)


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_the_mistake_is_named_as_the_cause(scene: Scene) -> None:
    found = scene.explained()

    assert (found.outcome, found.failed) == (Outcome.FAIL, scene.half)
    named = [reason for reason in found.reasons if reason.check is scene.check]
    assert any(scene.says in f"{reason.message} {reason.hint}" for reason in named), found.reasons


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_mistake_in_a_grant_says_where_it_is_written(scene: Scene) -> None:
    grants = [reason for reason in scene.explained().reasons if "on projects/" in reason.message]

    assert all(reason.source == WHERE for reason in grants)


def test_without_a_mistake_there_is_nothing_to_say() -> None:
    fine = Scene(HandCheck.WHICH_HALF, IMPERSONATION, "").explained()

    assert (fine.outcome, fine.failed, fine.reasons) == (Outcome.PASS, None, ())
    assert [account.target.email for account in fine.reach.accounts] == [EMAIL]


def test_direct_access_alone_is_worth_a_note() -> None:
    grant = Grant(SECRET, "roles/secretmanager.secretAccessor", MINE, None, WHERE)
    attempt = Attempt(CLAIMS, provider={"attributeMapping": MAPPING})
    world = World((grant,), (DEPLOYER,), NOW, {})

    found = explain(attempt.judge(), provider(attributeMapping=MAPPING), world)

    assert found.outcome is Outcome.PASS
    assert [note.check for note in found.notes] == [HandCheck.NEEDS_ACCOUNT]


def test_every_check_is_shown_here_or_said_to_be_seen_elsewhere() -> None:
    shown = {scene.check for scene in SCENES} | {HandCheck.NEEDS_ACCOUNT}

    assert shown | set(ELSEWHERE) == set(HandCheck)
    assert not shown & set(ELSEWHERE)


def test_the_provider_of_the_scenes_is_the_tests_own() -> None:
    assert provider().name == PROVIDER
