"""Each AWS rule with a token that google-auth really signed, and one beyond the boundary."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.tokens import PROVIDER, AwsKey, aws_request, aws_token
from wifctl.trust.aws.judge import judge_aws, judge_aws_claims
from wifctl.trust.aws.rules import RULES
from wifctl.trust.provider import AwsCaller, JudgeContext, ProviderConfig, ProviderKind
from wifctl.trust.verdict import Outcome, Verdict

LONG_LIVED = AwsKey()
TEMPORARY = AwsKey(access_key_id="ASIAIOSFODNN7EXAMPLE", session_token="IQoJb3JpZ2lu+/==")
KEYS = {
    key.access_key_id: AwsCaller(key.secret, key.account, key.arn, key.user_id, key.session_token)
    for key in (LONG_LIVED, TEMPORARY)
}
CONFIG = ProviderConfig(PROVIDER, ProviderKind.AWS, aws_account_id="111122223333")
SECOND = timedelta(seconds=1)

Request = dict[str, Any]
Change = Callable[[Request], object]


def judge(
    request: Mapping[str, object] | str,
    config: ProviderConfig = CONFIG,
    now: datetime | None = None,
    caller: Callable[[str], AwsCaller | None] | None = KEYS.get,
) -> tuple[dict[str, Verdict], dict[str, object] | None]:
    token = request if isinstance(request, str) else aws_token(request)
    context = JudgeContext(now=now or datetime.now(UTC), aws_caller=caller)
    verdicts, assertion = judge_aws(token, config, context)
    return {verdict.rule: verdict for verdict in verdicts}, assertion


def failing(request: Mapping[str, object] | str, **options: Any) -> list[str]:
    found, _ = judge(request, **options)
    return [rule for rule, verdict in found.items() if verdict.outcome is Outcome.FAIL]


def header(request: Request, name: str) -> str:
    return next(item["value"] for item in request["headers"] if item["key"].lower() == name)


def set_header(request: Request, name: str, value: str | None) -> None:
    kept = [item for item in request["headers"] if item["key"].lower() != name]
    request["headers"] = kept + ([] if value is None else [{"key": name, "value": value}])


@pytest.mark.parametrize("key", [LONG_LIVED, TEMPORARY], ids=["long-lived", "temporary"])
@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("", "eu-west-1"),
        ("sts.amazonaws.com", "us-east-1"),
        ("sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
    ],
)
def test_what_google_auth_signs_passes_every_rule(key: AwsKey, host: str, region: str) -> None:
    found, assertion = judge(aws_request(key, host=host, region=region))
    assert {verdict.outcome for verdict in found.values()} == {Outcome.PASS}
    assert assertion == {"arn": key.arn, "account": key.account, "userid": key.user_id}
    assert found["AWS-6"].notes == ()


def replace_url(old: str, new: str) -> Change:
    return lambda request: request.update(url=request["url"].replace(old, new))


def with_header(name: str, value: str | None) -> Change:
    return lambda request: set_header(request, name, value)


HOST = "sts.eu-west-1.amazonaws.com"
CHANGES: list[tuple[str, str, Change]] = [
    ("AWS-2", "http", replace_url("https://", "http://")),
    ("AWS-2", "port", replace_url(".com", ".com:443")),
    ("AWS-2", "suffix", replace_url(".com", ".com.evil.com")),
    ("AWS-2", "trailing dot", replace_url(".com", ".com.")),
    ("AWS-2", "another service", replace_url("sts.", "iam.")),
    ("AWS-2", "sub-domain in front", replace_url("sts.", "x.sts.")),
    ("AWS-2", "two regions", replace_url("eu-west-1", "eu-west-1.x")),
    ("AWS-2", "user info", replace_url("https://", "https://a@")),
    ("AWS-2", "backslash", replace_url("https://", "https://evil.com\\@")),
    ("AWS-2", "path", replace_url("?", "/x?")),
    ("AWS-2", "fragment", replace_url("2011-06-15", "2011-06-15#x")),
    ("AWS-2", "China", replace_url(".com", ".com.cn")),
    ("AWS-2", "upper case", replace_url("sts.", "STS.")),
    ("AWS-3", "another action", replace_url("GetCallerIdentity", "AssumeRole")),
    ("AWS-3", "extra parameter", replace_url("Version", "X=1&Version")),
    ("AWS-3", "repeated action", replace_url("Version", "Action=GetCallerIdentity&Version")),
    ("AWS-3", "no version", replace_url("&Version=2011-06-15", "")),
    ("AWS-3", "no action", replace_url("Action=GetCallerIdentity&", "")),
    ("AWS-4", "GET", lambda request: request.update(method="GET")),
    ("AWS-4", "lower case", lambda request: request.update(method="post")),
    ("AWS-5", "extra header", lambda r: r["headers"].append({"key": "accept", "value": "*/*"})),
    ("AWS-5", "no resource", with_header("x-goog-cloud-target-resource", None)),
    ("AWS-5", "no date", with_header("x-amz-date", None)),
    ("AWS-5", "host twice", lambda r: r["headers"].append({"key": "Host", "value": HOST})),
    ("AWS-5", "another host", with_header("host", "sts.amazonaws.com")),
    ("AWS-6", "another provider", with_header("x-goog-cloud-target-resource", f"//x/{PROVIDER}")),
    ("AWS-6", "http", with_header("x-goog-cloud-target-resource", "http://iam.googleapis.com/x")),
    ("AWS-7", "no time", with_header("x-amz-date", "20261121")),
    ("AWS-7", "impossible", with_header("x-amz-date", "20261341T256199Z")),
    ("AWS-8", "no signature", with_header("authorization", "Basic eA==")),
    ("AWS-8", "session token added", with_header("x-amz-security-token", "x")),
]


@pytest.mark.parametrize(
    ("rule", "change"),
    [pytest.param(rule, change, id=f"{rule} {what}") for rule, what, change in CHANGES],
)
def test_a_changed_token_fails_that_rule(rule: str, change: Change) -> None:
    request = aws_request(LONG_LIVED)
    change(request)
    found, _ = judge(request)
    assert found[rule].outcome is Outcome.FAIL
    refusal = found[rule].refusal
    assert refusal is not None
    assert not refusal.documented


@pytest.mark.parametrize(
    "change",
    [
        replace_url("Action=GetCallerIdentity", "action=getcalleridentity"),
        replace_url("2011-06-15", "anything"),
        replace_url("?", "/?"),
        lambda r: r.update(headers=[{**h, "key": h["key"].upper()} for h in r["headers"]]),
        lambda r: r["headers"].reverse(),
    ],
    ids=["lower case", "any version", "slash", "upper-case headers", "another order"],
)
def test_spelling_that_google_does_not_mind_passes_rules_1_to_7(change: Change) -> None:
    request = aws_request(LONG_LIVED)
    change(request)
    assert not set(failing(request)) & {f"AWS-{number}" for number in range(1, 8)}


def test_the_resource_may_carry_the_scheme() -> None:
    request = aws_request(LONG_LIVED)
    set_header(request, "x-goog-cloud-target-resource", f"https://iam.googleapis.com/{PROVIDER}")
    assert "AWS-6" not in failing(request)
    assert "AWS-8" in failing(request), "the header is signed"


def test_fifteen_minutes_are_accepted_and_a_second_more_is_not() -> None:
    request = aws_request(LONG_LIVED)
    signed = datetime.strptime(header(request, "x-amz-date"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert failing(request, now=signed) == []
    assert failing(request, now=signed + timedelta(seconds=900)) == []
    assert failing(request, now=signed + timedelta(seconds=901)) == ["AWS-7"]
    assert failing(request, now=signed - SECOND) == ["AWS-7"]


def test_another_account_is_refused() -> None:
    config = replace(CONFIG, aws_account_id="444455556666")
    found, assertion = judge(aws_request(LONG_LIVED), config)
    assert found["AWS-9"].outcome is Outcome.FAIL
    assert found["AWS-9"].found == "111122223333"
    assert found["AWS-9"].wanted == "444455556666"
    assert assertion is not None, "the signature is good, so the condition can be explained"


def test_a_token_for_another_provider_is_refused() -> None:
    request = aws_request(LONG_LIVED, provider=PROVIDER + "-2")
    assert failing(request) == ["AWS-6"]


def test_an_unknown_key_is_refused() -> None:
    found, assertion = judge(aws_request(AwsKey(access_key_id="AKIAUNKNOWN")))
    assert "AKIAUNKNOWN is unknown" in found["AWS-8"].found
    assert found["AWS-9"].outcome is Outcome.SKIPPED
    assert assertion is None


def test_a_wrong_secret_is_refused() -> None:
    found, assertion = judge(aws_request(replace(LONG_LIVED, secret="wrong")))
    assert "does not match" in found["AWS-8"].found
    assert assertion is None


def test_a_temporary_key_needs_its_session_token() -> None:
    request = aws_request(TEMPORARY)
    set_header(request, "x-amz-security-token", None)
    assert "session token" in judge(request)[0]["AWS-8"].found
    set_header(request, "x-amz-security-token", "another")
    assert failing(request) == ["AWS-8"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("SignedHeaders=host;x-amz-date;", "SignedHeaders=x-amz-date;", "not signed: host"),
        ("/sts/", "/iam/", "for the service iam"),
        ("Signature=", "Signature=0", "no AWS4-HMAC-SHA256"),
        ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", "no AWS4-HMAC-SHA256"),
        ("/aws4_request", "/aws4_request2", "no AWS4-HMAC-SHA256"),
    ],
)
def test_a_changed_authorization_is_refused_in_words(old: str, new: str, words: str) -> None:
    request = aws_request(LONG_LIVED)
    set_header(request, "authorization", header(request, "authorization").replace(old, new, 1))
    found, assertion = judge(request)
    assert found["AWS-8"].outcome is Outcome.FAIL
    assert words in found["AWS-8"].found
    assert assertion is None


def test_the_scope_must_be_of_the_day_of_the_date() -> None:
    request = aws_request(LONG_LIVED)
    text = header(request, "authorization")
    day = header(request, "x-amz-date")[:8]
    set_header(request, "authorization", text.replace(f"/{day}/", "/20200101/"))
    assert "another day" in judge(request)[0]["AWS-8"].found


def test_an_unsigned_resource_header_is_noted_not_refused() -> None:
    request = aws_request(LONG_LIVED)
    text = header(request, "authorization").replace(";x-goog-cloud-target-resource", "")
    set_header(request, "authorization", text)
    verdict = judge(request)[0]["AWS-6"]
    assert verdict.outcome is Outcome.PASS
    assert "replayed" in verdict.notes[0]


def test_without_keys_nobody_can_tell() -> None:
    found, assertion = judge(aws_request(LONG_LIVED), caller=None)
    assert found["AWS-8"].outcome is Outcome.UNKNOWN
    assert found["AWS-9"].outcome is Outcome.UNKNOWN
    assert found["AWS-8"].refusal is not None
    assert assertion is None
    assert failing(aws_request(LONG_LIVED), caller=None) == []


@pytest.mark.parametrize(
    "token",
    [
        "",
        "%",
        "%ff",
        "[]",
        "null",
        "{}",
        '{"url": 1, "method": "POST", "headers": []}',
        '{"url": "x", "method": "POST", "headers": {}}',
        '{"url": "x", "method": "POST", "headers": [1]}',
        '{"url": "x", "method": "POST", "headers": [{"key": "a"}]}',
        '{"url": "x", "method": "POST", "headers": [{"key": "a", "value": 1}]}',
        '{"url": "x", "url": "y", "method": "POST", "headers": []}',
        '{"url": "x", "method": "POST", "headers": [{"key": "a", "key": "b", "value": "c"}]}',
        '{"url": "\\ud800", "method": "POST", "headers": []}',
        '{"url": "x", "method": "POST", "headers": [{"key": "a", "value": "\\ud800"}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_request_is_refused_with_googles_words(token: str) -> None:
    found, assertion = judge(token)
    assert found["AWS-1"].outcome is Outcome.FAIL
    refusal = found["AWS-1"].refusal
    assert refusal is not None
    assert refusal.description.startswith("Invalid format of AWS credentials: ")
    assert {verdict.outcome for rule, verdict in found.items() if rule != "AWS-1"} == {
        Outcome.SKIPPED
    }
    assert assertion is None


def test_json_that_is_not_url_encoded_is_read_too() -> None:
    request = aws_request(LONG_LIVED)
    plain = json.dumps(request)
    assert failing(plain) == []
    assert failing(urllib.parse.quote_plus(plain).replace("+", "%20")) == []


def test_unknown_fields_are_named() -> None:
    found, _ = judge({**aws_request(LONG_LIVED), "body": "Action=AssumeRole"})
    assert "body" in found["AWS-1"].notes[0]


def test_every_rule_is_answered_for_in_order() -> None:
    for token in (aws_token(aws_request(LONG_LIVED)), "x"):
        found, _ = judge(token)
        assert list(found) == list(RULES.rules)


def test_no_verdict_shows_a_secret_or_a_signature() -> None:
    request = aws_request(TEMPORARY)
    signature = header(request, "authorization").rpartition("=")[2]
    for changed in (request, {**request, "method": "GET"}):
        shown = repr(judge(changed)[0])
        assert signature not in shown
        assert TEMPORARY.secret not in shown
        assert TEMPORARY.session_token not in shown


@pytest.mark.parametrize(
    ("claims", "outcome"),
    [
        ({"account": "111122223333"}, Outcome.PASS),
        ({"account": "999988887777"}, Outcome.FAIL),
        ({}, Outcome.SKIPPED),
    ],
)
def test_bare_claims_are_judged_by_their_account(
    claims: dict[str, object], outcome: Outcome
) -> None:
    verdicts = {v.rule: v.outcome for v in judge_aws_claims(claims, CONFIG)}

    assert verdicts["AWS-9"] is outcome
    assert verdicts["AWS-8"] is Outcome.SKIPPED
