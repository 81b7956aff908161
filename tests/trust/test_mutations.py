"""Mutated tokens: no crash, and accepted only where what was signed still says the same."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random

import pytest

from tests.support.keys import NOW
from tests.support.saml import SamlContent, encode
from tests.support.tokens import aws_request, aws_token, x509_token
from tests.trust.violations import AWS, IDP, KEY, ROOT, SAML, X509
from wifctl.trust.aws.judge import judge_aws
from wifctl.trust.aws.token import CallerIdentityRequest, decode
from wifctl.trust.provider import AwsCaller, JudgeContext
from wifctl.trust.saml.judge import judge_saml
from wifctl.trust.verdict import Outcome, Verdict
from wifctl.trust.x509.judge import judge_x509


def mutate(random: Random, data: bytes) -> bytes:
    """One to three small changes: bytes replaced, put in, dropped, doubled, copied, turned."""
    for _ in range(random.randint(1, 3)):
        data = _changed(random, data)
    return data


def _changed(random: Random, data: bytes) -> bytes:
    start, other = random.randrange(len(data) + 1), random.randrange(len(data) + 1)
    end = min(len(data), start + int(2 ** random.uniform(0, 8)))
    before, part, after = data[:start], data[start:end], data[end:]
    changed = [
        before + random.randbytes(1) + data[start + 1 :],
        before + bytes([random.choice(b"<>&\"'/=:#- \x00")]) + data[start:],
        before + after,
        before + part * 2 + after,
        data[:other] + part + data[other:],
        before + part.swapcase() + after,
    ]
    return random.choice(changed)


def accepted(verdicts: Sequence[Verdict]) -> bool:
    return all(item.outcome in (Outcome.PASS, Outcome.SKIPPED) for item in verdicts)


CONTENT = SamlContent(name_id="bob@corp.evil", attributes={"groups": ["a", "b"]})
DOCUMENTS = {
    "assertion": IDP.signed_assertion(CONTENT).encode(),
    "response": IDP.response(IDP.signed_assertion(CONTENT)).encode(),
    "signed response": IDP.sign(IDP.response(IDP.assertion(CONTENT))).encode(),
    "both": IDP.sign(IDP.response(IDP.signed_assertion(CONTENT))).encode(),
}


def check_saml(random: Random) -> None:
    document = DOCUMENTS[random.choice(list(DOCUMENTS))]
    verdicts, assertion = judge_saml(encode(mutate(random, document)), SAML, JudgeContext(NOW))
    if assertion is not None:
        assert assertion == {"subject": "bob@corp.evil", "attributes": {"groups": ["a", "b"]}}
    if accepted(verdicts):
        assert assertion is not None


SIGNED_AT = datetime.now(UTC)
REQUEST = aws_request(KEY)
KNOWN = {KEY.access_key_id: AwsCaller(KEY.secret, KEY.account, KEY.arn, KEY.user_id)}


def meaning(request: CallerIdentityRequest | str) -> object:
    """What of a request decides: not spaces in a signed header, nor beside commas (SigV4)."""
    assert isinstance(request, CallerIdentityRequest)
    headers = {name: " ".join(value.split()) for name, value in request.headers}
    parts = headers["authorization"].split(",")
    headers["authorization"] = ",".join(part.strip() for part in parts)
    return request.host, request.method, headers, sorted(request.query)


def check_aws(random: Random) -> None:
    plain = urllib.parse.unquote(aws_token(REQUEST))
    mutated = mutate(random, plain.encode()).decode("utf-8", "replace")
    token = random.choice([mutated, urllib.parse.quote(mutated)])
    verdicts, _ = judge_aws(token, AWS, JudgeContext(SIGNED_AT, aws_caller=KNOWN.get))
    if accepted(verdicts):
        assert meaning(decode(token)) == meaning(decode(aws_token(REQUEST)))


MIDDLE = ROOT.intermediate("middle")
LEAF = MIDDLE.leaf("publisher", uri=["spiffe://example.org/x"])
CHAIN = x509_token(LEAF, MIDDLE.certified)
_, GOOD = judge_x509(CHAIN, X509, JudgeContext(NOW))


def check_x509(random: Random) -> None:
    if random.random() < 0.5:
        der = base64.b64encode(mutate(random, LEAF.der)).decode()
        token = json.dumps([der, base64.b64encode(MIDDLE.certified.der).decode()])
    else:
        token = mutate(random, CHAIN.encode()).decode("utf-8", "replace")
    verdicts, assertion = judge_x509(token, X509, JudgeContext(NOW))
    if accepted(verdicts):
        assert assertion in (GOOD, authority_of(token))


def authority_of(token: str) -> object:
    """The intermediate itself is a good certificate too, when the leaf is cut away."""
    only = x509_token(MIDDLE.certified)
    return judge_x509(only, X509, JudgeContext(NOW))[1] if json.loads(only)[0] in token else None


CHECKS: dict[str, tuple[Callable[[Random], None], int]] = {
    "saml": (check_saml, 400),
    "aws": (check_aws, 1500),
    "x509": (check_x509, 800),
}


@pytest.mark.parametrize("factor", [1, pytest.param(40, marks=pytest.mark.soak)])
@pytest.mark.parametrize("kind", CHECKS)
def test_mutated_tokens_neither_crash_nor_lie(kind: str, factor: int) -> None:
    check, count = CHECKS[kind]
    for seed in range(count * factor):
        print("seed", seed)  # noqa: T201 - shown with a failure
        check(Random(f"{kind} {seed}"))


def test_the_unchanged_tokens_are_accepted() -> None:
    for document in DOCUMENTS.values():
        assert accepted(judge_saml(encode(document), SAML, JudgeContext(NOW))[0])
    context = JudgeContext(SIGNED_AT, aws_caller=KNOWN.get)
    assert accepted(judge_x509(CHAIN, X509, JudgeContext(NOW))[0])
    found = judge_aws(aws_token(REQUEST), AWS, context)[0]
    assert {item.rule for item in found if item.outcome is not Outcome.PASS} <= {"AWS-7"}
