"""Certificate chains for the tests of the X.509 rules, and how they are judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509

from tests.support.keys import (
    NOW,
    PrivateKey,
    certify,
    distinguished_name,
    ec_key,
)
from tests.support.tokens import PROVIDER, X509Authority
from wifctl.trust.provider import JudgeContext, ProviderConfig, ProviderKind
from wifctl.trust.verdict import Outcome, Verdict
from wifctl.trust.x509.judge import judge_x509

ROOT = X509Authority.root()
MIDDLE = ROOT.intermediate("middle")
LEAF = MIDDLE.leaf()
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def judge(
    token: str,
    *,
    anchors: Sequence[str] = (ROOT.pem,),
    intermediates: Sequence[str] = (),
    now: datetime = NOW,
) -> tuple[dict[str, Verdict], dict[str, object] | None]:
    config = ProviderConfig(
        PROVIDER,
        ProviderKind.X509,
        trust_anchors=tuple(anchors),
        intermediate_cas=tuple(intermediates),
    )
    verdicts, assertion = judge_x509(token, config, JudgeContext(now=now))
    return {verdict.rule: verdict for verdict in verdicts}, assertion


def failing(token: str, **options: object) -> list[str]:
    found, _ = judge(token, **options)  # type: ignore[arg-type]
    return [rule for rule, verdict in found.items() if verdict.outcome is Outcome.FAIL]


def authority(
    name: str,
    issuer: X509Authority | None = None,
    *,
    path_length: int | None = None,
    ca: bool = True,
    key: PrivateKey | None = None,
    extra: Sequence[tuple[x509.ExtensionType, bool]] = (),
    not_after: datetime = NOW + 365 * DAY,
) -> X509Authority:
    basic = x509.BasicConstraints(ca=ca, path_length=path_length)
    return X509Authority(
        certify(
            key or ec_key(f"ca {name}"),
            distinguished_name(name),
            issuer=issuer.certified if issuer else None,
            not_after=not_after,
            extensions=[(basic, True), *extra],
        )
    )


def usage(*, signature: bool = False, certificates: bool = False) -> tuple[x509.KeyUsage, bool]:
    kind = x509.KeyUsage(
        digital_signature=signature,
        content_commitment=False,
        key_encipherment=not (signature or certificates),
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return kind, True
