"""Each X.509 rule with a real chain on either side of its boundary."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support.keys import (
    NOW,
    PrivateKey,
    certify,
    distinguished_name,
    ec_key,
    rsa_key,
)
from tests.support.tokens import PROVIDER, X509Authority, sha256_fingerprint, x509_token
from wifctl.trust.provider import JudgeContext, ProviderConfig, ProviderKind
from wifctl.trust.verdict import Outcome, Verdict
from wifctl.trust.x509.judge import RULES, judge_x509

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


def test_a_chain_in_the_token_reaches_the_anchor() -> None:
    found, assertion = judge(x509_token(LEAF, MIDDLE.certified))
    assert {verdict.outcome for verdict in found.values()} == {Outcome.PASS}
    assert "CN=root" in found["X509-3"].found
    assert assertion is not None


def test_an_intermediate_may_come_from_the_trust_store() -> None:
    assert failing(x509_token(LEAF), intermediates=[MIDDLE.pem]) == []


def test_an_intermediate_may_be_the_anchor() -> None:
    assert failing(x509_token(LEAF), anchors=[MIDDLE.pem]) == []


def test_a_missing_intermediate_is_named() -> None:
    found, assertion = judge(x509_token(LEAF))
    assert found["X509-3"].found == "nobody here is the issuer O=Example,CN=middle"
    assert found["X509-4"].outcome is Outcome.SKIPPED
    assert assertion is None


def test_a_stranger_with_the_same_name_is_refused() -> None:
    stranger = X509Authority.root(key=ec_key("stranger"))
    assert failing(x509_token(stranger.leaf())) == ["X509-3"]


def test_order_after_the_leaf_does_not_matter() -> None:
    lower = MIDDLE.intermediate("lower")
    leaf = lower.leaf()
    assert failing(x509_token(leaf, MIDDLE.certified, lower.certified)) == []
    assert failing(x509_token(lower.certified, leaf, MIDDLE.certified)) != []


def test_the_leaf_is_valid_from_its_first_to_its_last_second() -> None:
    leaf = ROOT.leaf(not_before=NOW - DAY, not_after=NOW + DAY)
    token = x509_token(leaf)
    assert failing(token, now=NOW - DAY) == []
    assert failing(token, now=NOW + DAY) == []
    assert failing(token, now=NOW - DAY - SECOND) == ["X509-2"]
    assert failing(token, now=NOW + DAY + SECOND) == ["X509-2"]


def test_an_expired_authority_breaks_the_chain() -> None:
    root = X509Authority.root("brief", not_after=NOW)
    assert failing(x509_token(root.leaf()), anchors=[root.pem]) == []
    assert failing(x509_token(root.leaf()), anchors=[root.pem], now=NOW + SECOND) == ["X509-3"]


def test_five_certificates_make_a_chain_and_six_do_not() -> None:
    chain = [ROOT]
    for level in range(4):
        chain.append(chain[-1].intermediate(f"level {level}"))
    below = [item.certified for item in chain[1:]]
    assert failing(x509_token(chain[3].leaf(), *below[:3])) == []
    found, _ = judge(x509_token(chain[4].leaf(), *below))
    assert found["X509-4"].outcome is Outcome.FAIL
    assert found["X509-4"].found == "6"
    assert found["X509-3"].outcome is Outcome.PASS


Keys = Callable[[], PrivateKey]


@pytest.mark.parametrize(
    ("key", "accepted"),
    [
        (lambda: rsa_key("leaf", 2048), True),
        (lambda: rsa_key("leaf", 2047), False),
        (lambda: ec_key("leaf", ec.SECP256R1), True),
        (lambda: ec_key("leaf", ec.SECP384R1), True),
        (lambda: ec_key("leaf", ec.SECP521R1), False),
        (lambda: ec_key("leaf", ec.SECP224R1), False),
    ],
    ids=["RSA 2048", "RSA 2047", "P-256", "P-384", "P-521", "P-224"],
)
def test_only_keys_that_google_lists_are_taken(key: Keys, accepted: bool) -> None:
    assert failing(x509_token(ROOT.leaf(key=key()))) == ([] if accepted else ["X509-5"])


def test_a_key_of_another_kind_is_refused() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    leaf = ROOT.leaf(key=key)  # type: ignore[arg-type]
    assert "neither RSA nor" in judge(x509_token(leaf))[0]["X509-5"].found


def test_a_leaf_may_live_390_days() -> None:
    start = NOW - DAY
    assert failing(x509_token(ROOT.leaf(not_before=start, not_after=start + 390 * DAY))) == []
    longer = ROOT.leaf(not_before=start, not_after=start + 390 * DAY + SECOND)
    assert failing(x509_token(longer)) == ["X509-6"]


@pytest.mark.parametrize(
    ("extension", "accepted"),
    [
        ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False), True),
        ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]), False), True),
        ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False), False),
        (usage(signature=True), True),
        (usage(), False),
    ],
    ids=["clientAuth", "any", "serverAuth", "digitalSignature", "keyEncipherment only"],
)
def test_a_leaf_that_says_what_it_is_for_must_allow_tls_clients(
    extension: tuple[x509.ExtensionType, bool], accepted: bool
) -> None:
    leaf = ROOT.leaf(extensions=[extension])
    assert failing(x509_token(leaf)) == ([] if accepted else ["X509-7"])


def test_an_authority_that_is_none_breaks_the_chain() -> None:
    false = authority("false", ROOT, ca=False)
    found, _ = judge(x509_token(false.leaf(), false.certified))
    assert found["X509-3"].outcome is Outcome.FAIL
    silent = X509Authority(
        certify(ec_key("silent"), distinguished_name("silent"), issuer=ROOT.certified)
    )
    assert failing(x509_token(silent.leaf(), silent.certified)) == ["X509-3"]


def test_a_leaf_cannot_issue_another_leaf() -> None:
    child = X509Authority(LEAF).leaf("child", key=ec_key("child"))
    assert "X509-3" in failing(x509_token(child, LEAF, MIDDLE.certified))


def test_an_authority_may_be_barred_from_signing() -> None:
    barred = authority("barred", ROOT, extra=[usage(signature=True)])
    assert failing(x509_token(barred.leaf(), barred.certified)) == ["X509-3"]
    allowed = authority("allowed", ROOT, extra=[usage(certificates=True)])
    assert failing(x509_token(allowed.leaf(), allowed.certified)) == []


def test_a_path_length_is_kept() -> None:
    top = authority("top", ROOT, path_length=0)
    assert failing(x509_token(top.leaf(), top.certified)) == []
    below = authority("below", top)
    token = x509_token(below.leaf(), below.certified, top.certified)
    assert failing(token) == ["X509-3"]


def test_the_assertion_has_the_fields_of_the_guide() -> None:
    leaf = MIDDLE.leaf(
        "publisher",
        o="Example Org",
        ou=["first", "last"],
        dns=["a.example.com", "b.example.com"],
        uri=["spiffe://example.org/one", "spiffe://example.org/two"],
        serial=0x0ABC,
    )
    _, assertion = judge(x509_token(leaf, MIDDLE.certified))
    assert assertion == {
        "serialNumberHex": "0abc",
        "subject": {"dn": {"cn": "publisher", "o": "Example Org", "ou": "last"}},
        "issuer": {"dn": {"cn": "middle", "o": "Example"}},
        "san": {"dns": "a.example.com", "uri": "spiffe://example.org/one"},
        "sha256Fingerprint": sha256_fingerprint(leaf),
    }


def test_a_plain_leaf_as_in_googles_guide_has_no_alternative_names() -> None:
    _, assertion = judge(x509_token(ROOT.leaf("example", o="")))
    assert assertion is not None
    assert assertion["san"] == {}
    assert assertion["subject"] == {"dn": {"cn": "example"}}


def of_version(number: int) -> str:
    """The leaf with another version number; 2 stands for X.509 version 3."""
    marker = b"\xa0\x03\x02\x01"
    assert marker + b"\x02" in LEAF.der
    der = LEAF.der.replace(marker + b"\x02", marker + bytes([number]), 1)
    return json.dumps([base64.b64encode(der).decode()])


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "not JSON"),
        ("x", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("{}", "not a list"),
        ("[]", "not a list with at least one"),
        ("[1]", "entry 1 is no text"),
        ('["!"]', "entry 1 is not base64"),
        ('["AAAA"]', "entry 1 is not a readable certificate"),
        (json.dumps([base64.b64encode(LEAF.der).decode(), ""]), "entry 2 is not a readable"),
        (json.dumps([base64.b64encode(LEAF.der + b"x").decode()]), "entry 1 is not a readable"),
        (json.dumps([LEAF.pem]), "entry 1 is not base64"),
        (of_version(1), "not a valid X509 version"),
    ],
)
def test_what_is_no_chain_is_refused_in_words(token: str, words: str) -> None:
    found, assertion = judge(token)
    assert words in found["X509-1"].found
    assert found["X509-1"].outcome is Outcome.FAIL
    assert assertion is None


def test_every_rule_is_answered_for_in_order() -> None:
    for token in (x509_token(LEAF), "x"):
        assert list(judge(token)[0]) == list(RULES.rules)


def test_the_handshake_is_mentioned() -> None:
    assert "TLS handshake" in judge(x509_token(LEAF))[0]["X509-1"].notes[0]


def test_a_broken_entry_of_the_trust_store_is_named_and_left_out() -> None:
    found, _ = judge(x509_token(LEAF), anchors=["broken", MIDDLE.pem])
    assert found["X509-3"].outcome is Outcome.PASS
    assert "trustAnchors[0] is not used" in found["X509-3"].notes[0]
    assert failing(x509_token(LEAF), anchors=["broken"]) == ["X509-3"]
