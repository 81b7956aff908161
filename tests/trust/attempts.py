"""Attempts to exchange a really signed ID token: the request, the provider, the clock's view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.keys import NOW
from tests.support.tokens import PROVIDER, JwtIssuer
from wifctl.trust.exchange import Judgement, judge
from wifctl.trust.provider import Discovery, JudgeContext, ProviderConfig, provider_from_rest
from wifctl.trust.request import TokenRequest
from wifctl.trust.verdict import Strictness, Verdict

ISSUER = JwtIssuer()
AUDIENCE = f"//iam.googleapis.com/{PROVIDER}"
ISSUED = int(NOW.timestamp())


def provider_json(**changes: Any) -> dict[str, Any]:
    """Google's JSON of a provider that trusts ISSUER by uploaded keys."""
    fields: dict[str, Any] = {
        "name": PROVIDER,
        "state": "ACTIVE",
        "oidc": {"issuerUri": ISSUER.issuer, "jwksJson": ISSUER.jwks_json},
        "attributeMapping": {"google.subject": "assertion.sub"},
    }
    return {**fields, **changes}


def provider(**changes: Any) -> ProviderConfig:
    """The same provider as the rules see it."""
    config = provider_from_rest(provider_json(**changes))
    assert config is not None
    return config


@dataclass(frozen=True)
class Attempt:
    """One exchange; what is not given is right."""

    claims: Mapping[str, object] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    """Claims to leave out."""
    token: str = ""
    """A token of its own, instead of one signed over the claims."""
    request: Mapping[str, str] = field(default_factory=dict)
    provider: Mapping[str, Any] = field(default_factory=dict)
    pool: Mapping[str, Any] = field(default_factory=dict)
    strictness: Strictness = Strictness.DOCUMENTED
    discovered: Mapping[str, Discovery] = field(default_factory=dict)

    @property
    def subject_token(self) -> str:
        """The signed token."""
        if self.token:
            return self.token
        claims = {**ISSUER.claims(), **self.claims}
        return ISSUER.sign({name: claims[name] for name in claims if name not in self.without})

    @property
    def token_request(self) -> TokenRequest:
        """The exchange as asked for."""
        fields = {"audience": AUDIENCE, **self.request}
        return TokenRequest(self.subject_token, **fields)

    @property
    def context(self) -> JudgeContext:
        """The clock of the tests, and an issuer that can be asked."""
        return JudgeContext(NOW, self.strictness, self.discovered.get)

    def judge(self) -> Judgement:
        """The engine's answer."""
        config = provider_from_rest(provider_json(**self.provider), pool=self.pool)
        assert config is not None
        return judge(self.token_request, config, self.context)


def verdict(judgement: Judgement, rule: str) -> Verdict:
    """The verdict of one rule."""
    return next(item for item in judgement.verdicts if item.rule == rule)
