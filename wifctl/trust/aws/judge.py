"""An AWS subject token against a provider: every AWS rule, and what CEL then sees of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from wifctl.trust.aws.rules import MAX_AGE, RULES
from wifctl.trust.aws.sigv4 import Authorization, parse_authorization, verifies
from wifctl.trust.aws.token import CallerIdentityRequest, decode
from wifctl.trust.provider import AwsCaller, JudgeContext, ProviderConfig
from wifctl.trust.refusals import undocumented
from wifctl.trust.verdict import Outcome, Verdict

HEADERS = frozenset({"x-amz-date", "authorization", "host", "x-goog-cloud-target-resource"})
SESSION_TOKEN = "x-amz-security-token"  # noqa: S105 - a header's name
_HOST = re.compile(r"sts\.(?:[a-z0-9-]+\.)?amazonaws\.com", re.ASCII)
_SIGN = "Build the token with a Google client library: it signs exactly what is wanted"

Judged = tuple[tuple[Verdict, ...], dict[str, object] | None]


def judge_aws(token: str, provider: ProviderConfig, context: JudgeContext) -> Judged:
    """Every AWS rule on the token, and the assertion for CEL when AWS-8 passes. Never raises.

    Whether AWS knows the key is asked of `context.aws_caller`; without it AWS-8 and AWS-9 are
    unknown, for only AWS can tell.
    """
    request = decode(token)
    if isinstance(request, str):
        refusal = undocumented("invalid_grant", f"Invalid format of AWS credentials: {request}.")
        refused = RULES.judge("AWS-1", False, found=request, hint=_SIGN, refusal=refusal)
        return RULES.complete([refused], "the token cannot be read"), None
    signed, caller = _judge_signature(request, context)
    verdicts = [
        RULES.judge("AWS-1", True, notes=_ignored(request)),
        _url_verdict(request),
        _query_verdict(request),
        RULES.judge("AWS-4", request.method == "POST", found=request.method, wanted="POST"),
        _header_verdict(request),
        _resource_verdict(request, provider),
        _date_verdict(request, context.now.astimezone(UTC)),
        signed,
        _account_verdict(signed, caller, provider),
    ]
    assertion = None if caller is None else _assertion(caller)
    return RULES.complete(verdicts, ""), assertion


def judge_aws_claims(claims: Mapping[str, object], provider: ProviderConfig) -> tuple[Verdict, ...]:
    """The one rule bare claims can answer: whose account it is, where they name one."""
    found = [_same_account(str(claims["account"]), provider)] if "account" in claims else []
    return RULES.complete(found, "claims were given, no signed request")


def _assertion(caller: AwsCaller) -> dict[str, object]:
    return {"arn": caller.arn, "account": caller.account, "userid": caller.user_id}


def _ignored(request: CallerIdentityRequest) -> tuple[str, ...]:
    return (f"not looked at: {', '.join(request.ignored)}",) if request.ignored else ()


def _url_verdict(request: CallerIdentityRequest) -> Verdict:
    passed = request.scheme == "https" and _HOST.fullmatch(request.host) is not None
    wanted = "https://sts.REGION.amazonaws.com?…"
    return RULES.judge("AWS-2", passed, found=request.url, wanted=wanted, hint=_SIGN)


def _query_verdict(request: CallerIdentityRequest) -> Verdict:
    lowered = sorted((name.lower(), value.lower()) for name, value in request.query)
    names = [name for name, _ in lowered]
    passed = names == ["action", "version"] and lowered[0][1] == "getcalleridentity"
    found = "&".join(f"{name}={value}" for name, value in request.query)
    wanted = "Action=GetCallerIdentity&Version=2011-06-15"
    return RULES.judge("AWS-3", passed, found=found or "none", wanted=wanted, hint=_SIGN)


def _header_verdict(request: CallerIdentityRequest) -> Verdict:
    """Names only, except for the host, which the guide defines as the host of the url."""
    names = sorted(name for name, _ in request.headers)
    exact = set(names) - {SESSION_TOKEN} == HEADERS and len(set(names)) == len(names)
    same_host = request.header("host") == request.host
    shown = ", ".join(names) if same_host else f"{', '.join(names)}; host is not the url's"
    wanted = f"{', '.join(sorted(HEADERS))}, and {SESSION_TOKEN} for temporary keys"
    return RULES.judge("AWS-5", exact and same_host, found=shown, wanted=wanted, hint=_SIGN)


def _resource_verdict(request: CallerIdentityRequest, provider: ProviderConfig) -> Verdict:
    found = request.header("x-goog-cloud-target-resource")
    authorization = parse_authorization(request.header("authorization"))
    signed = authorization and "x-goog-cloud-target-resource" in authorization.signed_headers
    note = "the header is not signed, so the token can be replayed at another provider"
    return RULES.judge(
        "AWS-6",
        found in (provider.audience, provider.audience_url),
        found=found or "none",
        wanted=provider.audience,
        notes=() if signed else (note,),
        hint="Use this provider's name as the audience; Google's samples have the project number",
    )


def _date_verdict(request: CallerIdentityRequest, now: datetime) -> Verdict:
    text = request.header("x-amz-date")
    signed = _amz_date(text)
    passed = signed is not None and signed <= now and now - signed <= MAX_AGE
    wanted = f"{now - MAX_AGE:%Y%m%dT%H%M%SZ} to {now:%Y%m%dT%H%M%SZ}"
    hint = "Compare the clocks; sign each token right before the exchange"
    return RULES.judge("AWS-7", passed, found=text or "none", wanted=wanted, hint=hint)


def _amz_date(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{8}T\d{6}Z", text, re.ASCII):
        return None
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _judge_signature(
    request: CallerIdentityRequest, context: JudgeContext
) -> tuple[Verdict, AwsCaller | None]:
    """AWS-8, and whose key it is once the signature verifies."""
    authorization = parse_authorization(request.header("authorization"))
    if authorization is None:
        found = "the authorization header is no AWS4-HMAC-SHA256 signature"
        return RULES.judge("AWS-8", False, found=found, hint=_SIGN), None
    problem = _form_problem(authorization, request)
    if problem:
        return RULES.judge("AWS-8", False, found=problem, hint=_SIGN), None
    key = authorization.access_key_id
    if context.aws_caller is None:
        note = "only AWS can tell whether it accepts this signature"
        return RULES.unknown("AWS-8", found=f"access key {key}", note=note), None
    caller = context.aws_caller(key)
    if caller is None:
        return RULES.judge("AWS-8", False, found=f"access key {key} is unknown"), None
    problem = _key_problem(authorization, request, caller)
    if problem:
        return RULES.judge("AWS-8", False, found=f"access key {key}: {problem}"), None
    return RULES.judge("AWS-8", True, found=f"access key {key}"), caller


def _form_problem(authorization: Authorization, request: CallerIdentityRequest) -> str:
    missing = {"host", "x-amz-date"} - set(authorization.signed_headers)
    if missing:
        return f"not signed: {', '.join(sorted(missing))}"
    if authorization.service != "sts":
        return f"the signature is for the service {authorization.service}, not sts"
    if not request.header("x-amz-date").startswith(f"{authorization.date}T"):
        return "the signature is of another day than x-amz-date"
    return ""


def _key_problem(
    authorization: Authorization, request: CallerIdentityRequest, caller: AwsCaller
) -> str:
    if request.header(SESSION_TOKEN) != caller.session_token:
        return "the session token is missing or not this key's"
    headers = dict(request.headers)
    if not verifies(authorization, caller.secret_access_key, request.query, headers):
        return "the signature does not match the request"
    return ""


def _account_verdict(
    signed: Verdict, caller: AwsCaller | None, provider: ProviderConfig
) -> Verdict:
    if caller is None:
        if signed.outcome is Outcome.UNKNOWN:
            return RULES.unknown("AWS-9", note="only AWS can tell whose key it is")
        return RULES.skipped("AWS-9", "nobody knows whose key it is")
    return _same_account(caller.account, provider)


def _same_account(account: str, provider: ProviderConfig) -> Verdict:
    wanted = provider.aws_account_id
    hint = "Set aws.accountId to the account the workload runs in"
    return RULES.judge("AWS-9", account == wanted, found=account, wanted=wanted, hint=hint)
