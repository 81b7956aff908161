"""Generated tokens that break exactly one rule and are really signed: SAML, AWS and X.509."""

from __future__ import annotations

import functools
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from tests.support.keys import NOW, certify, distinguished_name, ec_key
from tests.support.saml import A, SamlContent, SamlIdp, encode, idp_certificate
from tests.support.tokens import (
    PROVIDER,
    AwsKey,
    X509Authority,
    aws_request,
    aws_token,
    x509_token,
)
from wifctl.trust.aws.judge import judge_aws
from wifctl.trust.provider import AwsCaller, JudgeContext, ProviderConfig, ProviderKind
from wifctl.trust.saml.judge import judge_saml
from wifctl.trust.verdict import Verdict
from wifctl.trust.x509.judge import judge_x509

Violation = Callable[[Random], Sequence[Verdict]]
IDP = SamlIdp(certificates=(idp_certificate("fast", key=ec_key("fast")),))
"""An elliptic key signs twenty times as fast as RSA."""
SAML = ProviderConfig(PROVIDER, ProviderKind.SAML, idp_metadata_xml=IDP.metadata())
AWS = ProviderConfig(PROVIDER, ProviderKind.AWS, aws_account_id="111122223333")
KEY = AwsKey()
CALLER = AwsCaller(KEY.secret, KEY.account, KEY.arn, KEY.user_id)
ROOT = X509Authority.root()
X509 = ProviderConfig(PROVIDER, ProviderKind.X509, trust_anchors=(ROOT.pem,))


def word(random: Random, alphabet: str = string.ascii_letters) -> str:
    return "".join(random.choices(alphabet, k=random.randint(1, 20)))


def seconds(random: Random, low: int, high: int = 10**8) -> timedelta:
    """A span of whole seconds, often near its lower end."""
    return timedelta(seconds=low + int((high - low) ** random.random()) - 1)


def saml(token: str) -> Sequence[Verdict]:
    return judge_saml(token, SAML, JudgeContext(NOW))[0]


def assertion(**changes: Any) -> Sequence[Verdict]:
    content = replace(SamlContent(), **changes)
    return saml(encode(IDP.response(IDP.signed_assertion(content))))


def response(**changes: Any) -> Sequence[Verdict]:
    return saml(encode(IDP.sign(IDP.response(IDP.assertion(), **changes))))


def not_now(random: Random) -> datetime:
    """Too old, or in the future."""
    if random.random() < 0.5:
        return NOW - seconds(random, 3600)
    return NOW + seconds(random, 1)


def other_audience(random: Random) -> str:
    name = f"https://iam.googleapis.com/{PROVIDER}"
    return random.choice(
        [name[: random.randint(0, len(name) - 1)], name + word(random), name.upper(), word(random)]
    )


def some(random: Random, make: Callable[[Random], str]) -> list[str]:
    return [make(random) for _ in range(random.randint(0, 3))]


def no_saml(random: Random) -> Sequence[Verdict]:
    name = random.choice(["AuthnRequest", "LogoutResponse", "Issuer", word(random)])
    return saml(encode(f'<saml:{name} xmlns:saml="{A}"/>'))


def other_certificate(random: Random) -> str:
    stranger = idp_certificate("stranger", key=ec_key(f"stranger {random.randint(1, 5)}"))
    return IDP.sign(IDP.assertion(), certificate=stranger)


SAML_VIOLATIONS: Mapping[str, Violation] = {
    "SAML-1": no_saml,
    "SAML-2": lambda r: response(status=f"urn:oasis:names:tc:SAML:2.0:status:{word(r)}"),
    "SAML-3": lambda r: saml(
        encode(
            IDP.sign(
                IDP.response(
                    "".join(IDP.assertion(id_=f"_{n}") for n in range(r.choice([0, 2, 3])))
                )
            )
        )
    ),
    "SAML-4": lambda r: saml(encode(IDP.response(other_certificate(r)))),
    "SAML-5": lambda r: response(issuer=r.choice([None, IDP.entity_id + word(r), word(r)])),
    "SAML-5b": lambda r: response(now=not_now(r)),
    "SAML-6": lambda r: saml(encode(other_certificate(r))),
    "SAML-7": lambda r: assertion(
        issuer=r.choice([IDP.entity_id[: -r.randint(1, 9)], IDP.entity_id + word(r), word(r)])
    ),
    "SAML-8": lambda r: assertion(issue_instant=not_now(r)),
    "SAML-9": lambda r: assertion(name_id=r.choice([None, "", " " * r.randint(1, 9)])),
    "SAML-10": lambda r: r.choice(
        [
            lambda: assertion(confirmations=r.choice([0, 2, 3, 4])),
            lambda: assertion(method=f"urn:oasis:names:tc:SAML:2.0:cm:{word(r)}"),
        ]
    )(),
    "SAML-11": lambda r: assertion(confirmed_until=r.choice([None, NOW - seconds(r, 0)])),
    "SAML-12": lambda r: assertion(confirmed_from=NOW - seconds(r, -(10**6))),
    "SAML-13": lambda r: r.choice(
        [
            lambda: assertion(valid_from=NOW + seconds(r, 1)),
            lambda: assertion(valid_until=NOW - seconds(r, 0)),
            lambda: assertion(conditions=False),
        ]
    )(),
    "SAML-14": lambda r: assertion(audiences=[some(r, other_audience) for _ in some(r, word)]),
    "SAML-15": lambda r: assertion(sessions=[], name_id=word(r)),
    "SAML-16": lambda r: assertion(
        sessions=[NOW + seconds(r, 1)] * r.randint(0, 2) + [NOW - seconds(r, 0)]
    ),
    "SAML-17": lambda r: judge_saml(
        IDP.token(), SAML, JudgeContext(r.choice([NOW - timedelta(181), NOW + timedelta(3651)]))
    )[0],
}


def aws(request: Mapping[str, object], now: datetime | None = None) -> Sequence[Verdict]:
    context = JudgeContext(now or datetime.now(UTC), aws_caller={KEY.access_key_id: CALLER}.get)
    return judge_aws(aws_token(request), AWS, context)[0]


def signed(
    url: str = "https://sts.eu-west-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
    method: str = "POST",
    key: AwsKey = KEY,
    **headers: str,
) -> dict[str, object]:
    """A request that google-auth signs as it is, whatever it asks for."""
    return aws_request(key, url=url, method=method, headers=headers)


def other_host(random: Random) -> str:
    host = random.choice(
        [
            f"{word(random)}.amazonaws.com",
            f"sts.{word(random)}.{word(random)}.amazonaws.com",
            f"sts.amazonaws.com.{word(random)}",
            f"{word(random)}sts.amazonaws.com",
            f"sts.amazonaws.com:{random.randint(1, 65535)}",
            f"{word(random)}@sts.amazonaws.com",
        ]
    )
    return f"https://{host}?Action=GetCallerIdentity&Version=2011-06-15"


def other_query(random: Random) -> str:
    action, version = "Action=GetCallerIdentity", "Version=2011-06-15"
    extra = f"{word(random)}={word(random)}"
    query = random.choice(
        [
            action,
            version,
            f"{action}&{version}&{extra}",
            f"{action}&{action}&{version}",
            f"{action}&{version}&{version}",
            f"Action={word(random)}&{version}",
            f"{action}{word(random)}&{version}",
        ]
    )
    return f"https://sts.amazonaws.com?{query}"


def shifted(random: Random) -> datetime:
    now = datetime.now(UTC)
    return now + seconds(random, 905) if random.random() < 0.5 else now - seconds(random, 5)


AWS_VIOLATIONS: Mapping[str, Violation] = {
    "AWS-1": lambda r: judge_aws(
        word(r, string.printable), AWS, JudgeContext(NOW, aws_caller=lambda _: None)
    )[0],
    "AWS-2": lambda r: aws(signed(other_host(r))),
    "AWS-3": lambda r: aws(signed(other_query(r))),
    "AWS-4": lambda r: aws(signed(method=r.choice(["GET", "PUT", "post", word(r)]))),
    "AWS-5": lambda r: aws(signed(**{f"x-{word(r).lower()}": word(r)})),
    "AWS-6": lambda r: aws(aws_request(KEY, provider=PROVIDER + word(r))),
    "AWS-7": lambda r: aws(signed(), shifted(r)),
    "AWS-8": lambda r: aws(signed(key=replace(KEY, secret=word(r)))),
    "AWS-9": lambda r: judge_aws(
        aws_token(signed()),
        replace(AWS, aws_account_id=word(r, string.digits)),
        JudgeContext(
            datetime.now(UTC),
            aws_caller=lambda _: CALLER,
        ),
    )[0],
}


def chain(token: str, now: datetime = NOW) -> Sequence[Verdict]:
    return judge_x509(token, X509, JudgeContext(now))[0]


@functools.cache
def stranger(number: int) -> X509Authority:
    return X509Authority.root(key=ec_key(f"stranger {number}"))


def long_chain(random: Random) -> Sequence[Verdict]:
    chain_of = [ROOT]
    for level in range(random.randint(4, 7)):
        chain_of.append(chain_of[-1].intermediate(f"level {level}"))
    below = [item.certified for item in chain_of[1:]]
    random.shuffle(below)
    return chain(x509_token(chain_of[-1].leaf(word(random)), *below))


def other_purpose(random: Random) -> Sequence[Verdict]:
    purposes = [
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.CODE_SIGNING,
        ObjectIdentifier(f"1.3.6.1.4.1.{random.randint(1, 99999)}"),
    ]
    some = random.sample(purposes, random.randint(1, 3))
    return chain(x509_token(ROOT.leaf(extensions=[(x509.ExtendedKeyUsage(some), False)])))


def unissued(random: Random) -> Sequence[Verdict]:
    """A leaf of somebody else: of the same name, of no authority, or of another leaf."""
    false = certify(ec_key("leaf"), distinguished_name(word(random)), issuer=ROOT.certified)
    child = X509Authority(false).leaf(word(random), key=ec_key("child"))
    tokens = [
        x509_token(stranger(random.randint(1, 9)).leaf(word(random))),
        x509_token(child, false),
        x509_token(certify(ec_key("leaf"), distinguished_name(word(random)))),
    ]
    return chain(random.choice(tokens))


CURVES = [ec.SECP224R1, ec.SECP521R1, ec.SECP256K1]
X509_VIOLATIONS: Mapping[str, Violation] = {
    "X509-1": lambda r: chain(word(r, string.printable)),
    "X509-2": lambda r: chain(
        x509_token(ROOT.leaf(word(r), not_before=NOW - timedelta(1), not_after=NOW)),
        r.choice([NOW + seconds(r, 1), NOW - timedelta(1) - seconds(r, 1)]),
    ),
    "X509-3": unissued,
    "X509-4": long_chain,
    "X509-5": lambda r: chain(x509_token(ROOT.leaf(word(r), key=ec_key("odd", r.choice(CURVES))))),
    "X509-6": lambda r: chain(
        x509_token(ROOT.leaf(not_before=NOW, not_after=NOW + timedelta(390) + seconds(r, 1)))
    ),
    "X509-7": other_purpose,
}
