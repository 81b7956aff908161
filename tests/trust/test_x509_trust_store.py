"""Trust stores: what an entry takes, in words for everything else, and the limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography import x509

from tests.support.keys import (
    NOW,
    Certified,
    certify,
    distinguished_name,
    rsa_key,
)
from tests.support.tokens import X509Authority
from wifctl.trust.x509.certificates import (
    PEM_LIMIT,
    parse_pem_ca,
    trust_store_problems,
)

ROOT = X509Authority.root()
MIDDLE = ROOT.intermediate("middle")
LEAF = MIDDLE.leaf()
SECOND = timedelta(seconds=1)


def messages(pem: str) -> str:
    found = parse_pem_ca(pem)
    return "; ".join(item.message for item in found) if isinstance(found, list) else ""


def test_one_ca_certificate_is_what_an_entry_takes() -> None:
    assert messages(ROOT.pem) == ""
    assert messages(f"\n text before \n{ROOT.pem}\n") == ""


def weak_root() -> Certified:
    return certify(
        rsa_key("weak", 1024),
        distinguished_name("weak"),
        extensions=[(x509.BasicConstraints(ca=True, path_length=None), True)],
    )


@pytest.mark.parametrize(
    ("pem", "words"),
    [
        (lambda: "", "0 blocks"),
        (lambda: "no certificate", "0 blocks"),
        (lambda: ROOT.pem + MIDDLE.pem, "2 blocks"),
        (lambda: ROOT.pem + ROOT.certified.key_pem, "private key"),
        (lambda: ROOT.pem.replace("CERTIFICATE", "CERTIFICATE REQUEST"), "not one CERTIFICATE"),
        (lambda: ROOT.pem[:40] + "AAAA" + ROOT.pem[44:], "not a readable certificate"),
        (lambda: ROOT.pem.replace("M", "é", 1), "not a readable certificate"),
        (lambda: LEAF.pem, "no CA certificate"),
        (lambda: weak_root().pem, "1024 bits"),
        (lambda: ROOT.pem + " " * PEM_LIMIT, "longer than"),
    ],
    ids=[
        "empty",
        "text",
        "two",
        "private key",
        "request",
        "damaged",
        "not ASCII",
        "leaf",
        "weak",
        "long",
    ],
)
def test_anything_else_is_refused_in_words(pem: Callable[[], str], words: str) -> None:
    assert words in messages(pem())


def test_the_size_limit_holds_on_both_sides() -> None:
    assert messages(ROOT.pem + " " * (PEM_LIMIT - len(ROOT.pem))) == ""
    assert "longer than" in messages(ROOT.pem + " " * (PEM_LIMIT - len(ROOT.pem) + 1))


def test_a_trust_store_takes_three_anchors_and_ten_intermediates() -> None:
    assert trust_store_problems([ROOT.pem] * 3, [MIDDLE.pem] * 10, NOW) == []
    over = trust_store_problems([ROOT.pem] * 4, [MIDDLE.pem] * 11, NOW)
    assert [path for path, _ in over] == ["trustAnchors", "intermediateCas"]
    assert [path for path, _ in trust_store_problems([], [], NOW)] == ["trustAnchors"]


def test_problems_of_a_trust_store_carry_their_place() -> None:
    found = trust_store_problems([ROOT.pem, "x"], [LEAF.pem], NOW)
    assert [path for path, _ in found] == [
        "trustAnchors[1].pemCertificate",
        "intermediateCas[0].pemCertificate",
    ]


def test_an_expired_authority_is_a_problem_of_the_trust_store() -> None:
    root = X509Authority.root("brief", not_after=NOW)
    assert trust_store_problems([root.pem], [], NOW) == []
    found = trust_store_problems([root.pem], [], NOW + SECOND)
    assert "expired on 2026-11-21" in found[0][1].message
