"""`/v1/token`: a credential from outside for a token of the identity pool."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from wifctl.emulator.callers import Identity, issue
from wifctl.emulator.errors import Json
from wifctl.emulator.service import Context
from wifctl.emulator.store import Store
from wifctl.emulator.sts import outside
from wifctl.emulator.sts.discovery import discover
from wifctl.emulator.sts.refusals import OAuthRefusalError
from wifctl.names import PoolName
from wifctl.trust.audience import is_full_audience
from wifctl.trust.exchange import Judgement, judge
from wifctl.trust.matching import principals_of
from wifctl.trust.provider import JudgeContext, ProviderConfig, provider_from_rest
from wifctl.trust.request import TokenRequest, token_request
from wifctl.trust.verdict import Outcome, Refusal, Strictness

SHORTEST_TOLD = 2
"""Seconds of life up to which the live service was seen to leave `expires_in` out."""
_HOST = "//iam.googleapis.com/"
_UNTOLD = Refusal("invalid_grant", "The given credential cannot be verified.", documented=False)


def exchange(context: Context, body: Json) -> Json:
    """The answer to a token request. Raises OAuthRefusalError with Google's words."""
    request = token_request(body)
    provider = _provider(context.store, request.audience)
    judgement = judge(request, provider, _judge_context(context), explain=False)
    pool = provider.parts.parent if provider and provider.parts else None
    if judgement.outcome is not Outcome.PASS or pool is None or judgement.identity is None:
        raise OAuthRefusalError(judgement.refusal or _UNTOLD, _remark(judgement))
    return _answer(context, request, judgement, pool)


def _provider(store: Store, audience: str) -> ProviderConfig | None:
    """The provider an audience names, as it stands in the store."""
    if not is_full_audience(audience):
        return None
    name = audience.removeprefix(_HOST)
    resource = store.get("provider", name)
    pool = store.get("pool", name.rpartition("/providers/")[0])
    return provider_from_rest(resource, name=name, pool=pool) if resource and pool else None


def _judge_context(context: Context) -> JudgeContext:
    store = context.store
    return JudgeContext(
        # Tokens tell whole seconds, so they are judged in whole seconds.
        context.clock.now().replace(microsecond=0),
        outside.strictness(store),
        lambda url: discover(store, url),
        lambda key_id: outside.aws_caller(store, key_id),
    )


def _answer(context: Context, request: TokenRequest, judgement: Judgement, pool: PoolName) -> Json:
    assert judgement.identity is not None
    member, *sets = map(str, principals_of(judgement.identity, pool))
    identity = Identity(
        member, tuple(sets), tuple(request.scope.split()), "accessBoundary" in request.options
    )
    lifetime = timedelta(seconds=judgement.expires_in)
    answer: dict[str, Any] = {
        "access_token": issue(
            context.store, context.clock, identity, lifetime, scope=request.scope
        ),
        "issued_token_type": request.requested_token_type,
        "token_type": "Bearer",
    }
    if not _is_untold(context.store, judgement.expires_in):
        answer["expires_in"] = judgement.expires_in
    if request.requested_token_type.endswith(":access_boundary_intermediary_token"):
        answer["access_boundary_session_key"] = secrets.token_urlsafe(32)
    return answer


def _is_untold(store: Store, seconds: int) -> bool:
    return seconds <= SHORTEST_TOLD and outside.strictness(store) is Strictness.OBSERVED


def _remark(judgement: Judgement) -> str:
    """For the request log: which rule refused, what it found and what it wanted."""
    for verdict in judgement.verdicts:
        if verdict.outcome in (Outcome.FAIL, Outcome.UNKNOWN):
            wanted = f", wanted {verdict.wanted}" if verdict.wanted else ""
            return f"[{verdict.rule}: found {verdict.found or 'nothing'}{wanted}]"
    return ""
