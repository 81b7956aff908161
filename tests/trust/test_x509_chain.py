"""Chains to a trust anchor: whole, broken, too long, through authorities that are none."""

from __future__ import annotations

from tests.support.keys import (
    NOW,
    certify,
    distinguished_name,
    ec_key,
)
from tests.support.tokens import X509Authority, x509_token
from tests.trust.x509_cases import LEAF, MIDDLE, ROOT, SECOND, authority, failing, judge, usage
from wifctl.trust.verdict import Outcome


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


def test_a_very_long_chain_is_counted_to_its_end() -> None:
    chain = [ROOT]
    for level in range(12):
        chain.append(chain[-1].intermediate(f"deep {level}"))
    found, _ = judge(x509_token(chain[-1].leaf(), *(item.certified for item in chain[1:])))
    assert found["X509-3"].outcome is Outcome.PASS
    assert found["X509-4"].found == "14"


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


def test_a_broken_entry_of_the_trust_store_is_named_and_left_out() -> None:
    found, _ = judge(x509_token(LEAF), anchors=["broken", MIDDLE.pem])
    assert found["X509-3"].outcome is Outcome.PASS
    assert "trustAnchors[0] is not used" in found["X509-3"].notes[0]
    assert failing(x509_token(LEAF), anchors=["broken"]) == ["X509-3"]
