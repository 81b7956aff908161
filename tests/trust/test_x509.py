"""Each X.509 rule with a real certificate on either side of its boundary."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support.keys import (
    NOW,
    PrivateKey,
    ec_key,
    rsa_key,
)
from tests.support.tokens import sha256_fingerprint, x509_token
from tests.trust.x509_cases import DAY, LEAF, MIDDLE, ROOT, SECOND, authority, failing, judge, usage
from wifctl.trust.verdict import Outcome
from wifctl.trust.x509.judge import RULES


def test_the_leaf_is_valid_from_its_first_to_its_last_second() -> None:
    leaf = ROOT.leaf(not_before=NOW - DAY, not_after=NOW + DAY)
    token = x509_token(leaf)
    assert failing(token, now=NOW - DAY) == []
    assert failing(token, now=NOW + DAY) == []
    assert failing(token, now=NOW - DAY - SECOND) == ["X509-2"]
    assert failing(token, now=NOW + DAY + SECOND) == ["X509-2"]


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


def test_the_keys_of_all_certificates_sent_are_looked_at() -> None:
    odd = authority("odd", ROOT, key=ec_key("odd", ec.SECP521R1))
    assert failing(x509_token(odd.leaf(), odd.certified)) == ["X509-5"]
    assert failing(x509_token(ROOT.leaf(), odd.certified)) == ["X509-5"]


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
