"""Issuers, audiences and times: what is accepted, and the hint where it is not."""

from __future__ import annotations

import pytest

from tests.support.tokens import PROVIDER, audience_url
from tests.trust.attempts import ISSUED, ISSUER, Attempt, provider, verdict
from wifctl.trust.exchange import judge_claims
from wifctl.trust.oidc.issuer import MICROSOFT_TEMPLATE, discovery_problem, discovery_url
from wifctl.trust.provider import Discovery
from wifctl.trust.verdict import Outcome, Strictness

TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
COMMON = "https://login.microsoftonline.com/common/v2.0"
ORACLE = "https://idcs-1.identity.oraclecloud.com"


def _audience(aud: object, *allowed: str) -> Outcome:
    oidc = {"issuerUri": ISSUER.issuer, "jwksJson": ISSUER.jwks_json}
    attempt = Attempt({"aud": aud}, provider={"oidc": {**oidc, "allowedAudiences": list(allowed)}})
    return verdict(attempt.judge(), "OIDC-8").outcome


@pytest.mark.parametrize(
    ("aud", "allowed", "outcome"),
    [
        (audience_url(), (), Outcome.PASS),
        (audience_url().removeprefix("https:"), (), Outcome.PASS),
        (["x", audience_url()], (), Outcome.PASS),
        ([], (), Outcome.FAIL),
        (None, (), Outcome.FAIL),
        ("api://x", (), Outcome.FAIL),
        ("api://x", ("api://y", "api://x"), Outcome.PASS),
        (audience_url(), ("api://x",), Outcome.FAIL),
        ("API://x", ("api://x",), Outcome.FAIL),
    ],
)
def test_the_audience_is_an_allowed_one_or_the_provider(
    aud: object, allowed: tuple[str, ...], outcome: Outcome
) -> None:
    assert _audience(aud, *allowed) is outcome


@pytest.mark.parametrize(
    ("aud", "says"),
    [
        (audience_url().rpartition("/providers/")[0], "names the pool"),
        (audience_url().replace("123456789012", "acme-ci"), "project id 'acme-ci'"),
        (audience_url().replace("123456789012", "999999999999"), "project 999999999999"),
        (audience_url().replace("/pool/", "/pond/"), "pool 'pond'"),
        (audience_url().replace("/provider", "/Provider"), ""),
        (f"{audience_url()}/", "slash"),
        (audience_url().replace("googleapis.com", "example-universe.goog"), "universe"),
    ],
)
def test_a_wrong_audience_is_explained(aud: str, says: str) -> None:
    assert says in verdict(Attempt({"aud": aud}).judge(), "OIDC-8").hint


def test_an_absent_audience_is_printed_as_an_empty_list() -> None:
    refusal = verdict(Attempt(without=("aud",)).judge(), "OIDC-8").refusal

    assert refusal is not None
    assert refusal.description.startswith("The audience in ID Token [] does not match")


def test_an_unknown_project_number_leaves_the_audience_open() -> None:
    name = PROVIDER.replace("123456789012", "acme-ci")

    open_one = Attempt(provider={"name": name}).judge()
    wrong = Attempt({"aud": f"https://iam.googleapis.com/{name}"}, provider={"name": name}).judge()

    assert verdict(open_one, "OIDC-8").outcome is Outcome.UNKNOWN
    assert verdict(wrong, "OIDC-8").outcome is Outcome.FAIL


def _issued_by(issuer: str, published: str, **claims: object) -> dict[str, Outcome]:
    found = {discovery_url(issuer): Discovery(published, ISSUER.jwks_json)}
    attempt = Attempt(claims, provider={"oidc": {"issuerUri": issuer}}, discovered=found)
    verdicts = {item.rule: item.outcome for item in attempt.judge().verdicts}
    return {rule: verdicts[rule] for rule in ("OIDC-2", "OIDC-7")}


BOTH = {"OIDC-2": Outcome.PASS, "OIDC-7": Outcome.PASS}


def test_a_multi_tenant_microsoft_issuer_takes_every_tenant() -> None:
    iss = f"https://login.microsoftonline.com/{TENANT}/v2.0"

    assert _issued_by(COMMON, MICROSOFT_TEMPLATE, iss=iss, tid=TENANT) == BOTH


@pytest.mark.parametrize(
    ("iss", "tid"),
    [
        (
            f"https://login.microsoftonline.com/{TENANT}/v2.0",
            "00000000-0000-0000-0000-000000000000",
        ),
        (MICROSOFT_TEMPLATE, TENANT),
        ("https://login.microsoftonline.com/evil/v2.0", TENANT),
        (f"https://login.microsoftonline.com.evil.example/{TENANT}/v2.0", TENANT),
    ],
)
def test_a_multi_tenant_issuer_is_still_microsoft_s_own(iss: str, tid: str) -> None:
    assert _issued_by(COMMON, MICROSOFT_TEMPLATE, iss=iss, tid=tid)["OIDC-7"] is Outcome.FAIL


def test_a_single_tenant_issuer_takes_no_other_tenant() -> None:
    issuer = f"https://login.microsoftonline.com/{TENANT}/v2.0"

    assert _issued_by(issuer, issuer, iss=issuer) == BOTH
    assert _issued_by(issuer, MICROSOFT_TEMPLATE, iss=issuer)["OIDC-2"] is Outcome.FAIL


def test_oracle_s_document_may_name_its_common_issuer() -> None:
    common = "https://identity.oraclecloud.com/"

    assert _issued_by(ORACLE, common, iss=common) == BOTH
    assert _issued_by(ORACLE, "https://evil.example/", iss="https://evil.example/") == {
        "OIDC-2": Outcome.FAIL,
        "OIDC-7": Outcome.PASS,
    }


def test_a_missing_issuer_is_null_in_the_refusal() -> None:
    judgement = Attempt(without=("iss",)).judge()

    assert judgement.refusal is not None
    assert judgement.refusal.description.startswith("The issuer in ID Token null does not match")


@pytest.mark.parametrize(
    ("discovery", "fine"),
    [
        ("", True),
        ("https://a.example.com/.well-known/openid-configuration/tenant", True),
        ("https://a.example.com/tenant/.well-known/custom", True),
        ("https://b.example.com/tenant/.well-known/custom", False),
        ("http://a.example.com/tenant/.well-known/custom", False),
        ("https://a.example.com:444/tenant/.well-known/custom", False),
        ("https://a.example.com/other/.well-known/custom", False),
        ("https://a.example.com/tenant/openid-configuration", False),
        ("https://a.example.com/tenant/.well-known/" + "x" * 2000, False),
        ("https://[", False),
    ],
)
def test_a_discovery_address_stays_at_its_issuer(discovery: str, fine: bool) -> None:
    assert (discovery_problem("https://a.example.com/tenant", discovery) == "") is fine


@pytest.mark.parametrize("value", [None, "1800000000", True, [], {}, "soon"])
def test_times_that_are_no_numbers_are_refused(value: object) -> None:
    outcomes = {item.rule: item.outcome for item in Attempt({"exp": value}).judge().verdicts}

    assert outcomes["OIDC-9"] is Outcome.FAIL
    assert outcomes["OIDC-11"] is Outcome.FAIL


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e300, -1e300])
def test_absurd_times_are_judged_and_not_fatal(value: float) -> None:
    judgement = Attempt({"exp": value, "iat": value}).judge()

    assert judgement.outcome is Outcome.FAIL


def test_a_long_lifetime_is_refused_and_the_live_leniency_told() -> None:
    long = Attempt({"exp": ISSUED + 11 * 365 * 86_400})
    live = Attempt({"exp": ISSUED + 11 * 365 * 86_400}, strictness=Strictness.OBSERVED)

    assert "live" in verdict(long.judge(), "OIDC-11").notes[0]
    assert "OIDC-11" in verdict(long.judge(), "OIDC-12").notes[0]
    assert live.judge().outcome is Outcome.PASS
    assert live.judge().expires_in == 3600


def test_all_rules_are_judged_though_the_first_one_fails() -> None:
    judgement = Attempt(
        {"iss": "x", "aud": "y", "exp": 1, "iat": ISSUED + 9, "sub": "z" * 200},
        provider={"attributeCondition": "false", "disabled": True},
    ).judge()

    failed = {item.rule for item in judgement.verdicts if item.outcome is Outcome.FAIL}
    assert failed == {"STS-R6", "OIDC-7", "OIDC-8", "OIDC-9", "OIDC-10", "MAP-2", "COND-1"}
    assert judgement.refusal is not None
    assert judgement.refusal.error == "invalid_target"


def test_bare_claims_are_judged_by_what_they_hold() -> None:
    bare = judge_claims({"sub": "a", "aud": "x"}, provider(), Attempt().context)
    outcomes = {item.rule: item.outcome for item in bare.verdicts}

    assert outcomes["OIDC-5"] is Outcome.SKIPPED
    assert outcomes["OIDC-7"] is Outcome.SKIPPED
    assert outcomes["OIDC-9"] is Outcome.SKIPPED
    assert outcomes["OIDC-8"] is Outcome.FAIL
    assert judge_claims({"sub": "a"}, provider(), Attempt().context).outcome is Outcome.PASS
