"""Identity provider metadata: what is read from it, and each of Google's limits from both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.keys import NOW
from tests.support.saml import MD, SamlIdp, idp_certificate
from wifctl.trust.saml.metadata import (
    METADATA_LIMIT,
    IdpMetadata,
    check_metadata,
    overlap_problem,
    parse_metadata,
)

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
IDP = SamlIdp()


def parsed(xml: str) -> IdpMetadata:
    found = parse_metadata(xml)
    assert isinstance(found, IdpMetadata), found
    return found


def problems(xml: str) -> str:
    return "; ".join(problem.message for problem in check_metadata(xml, NOW))


def idp(*names: str) -> SamlIdp:
    return SamlIdp(certificates=tuple(idp_certificate(name) for name in names))


def test_entity_id_and_certificates_are_read() -> None:
    found = parsed(IDP.metadata())
    assert found.entity_id == "https://idp.example.com/saml"
    assert [item.subject for item in found.certificates] == ["CN=idp"]
    assert problems(IDP.metadata()) == ""


@pytest.mark.parametrize(
    ("uses", "count"),
    [
        (["signing"], 1),
        ([None], 1),
        (["signing", None], 1),
        (["signing", "encryption"], 1),
        (["encryption"], 0),
    ],
)
def test_keys_for_signing_or_for_anything_are_taken(uses: list[str | None], count: int) -> None:
    found = parse_metadata(IDP.metadata(uses=uses))
    assert (len(found.certificates) if isinstance(found, IdpMetadata) else 0) == count


def test_metadata_without_an_entity_id_is_refused() -> None:
    xml = IDP.metadata().replace(' entityID="https://idp.example.com/saml"', "")
    assert "no entityID" in problems(xml)


def test_metadata_without_a_signing_certificate_is_refused() -> None:
    assert "no signing certificate" in problems(IDP.metadata(uses=["encryption"]))


def test_keys_of_a_service_provider_do_not_count() -> None:
    xml = IDP.metadata().replace("IDPSSODescriptor", "SPSSODescriptor")
    assert "no signing certificate" in problems(xml)


def test_a_collection_of_entities_is_refused() -> None:
    xml = f'<md:EntitiesDescriptor xmlns:md="{MD}">{IDP.metadata()}</md:EntitiesDescriptor>'
    assert "EntitiesDescriptor, not EntityDescriptor" in problems(xml)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("", "not well-formed"),
        ("not xml", "not well-formed"),
        ('<!DOCTYPE x [<!ENTITY y "z">]><x/>', "document type or an entity"),
        ("<x>\ud800</x>", "not UTF-8"),
    ],
)
def test_what_is_no_safe_xml_is_refused_in_words(xml: str, words: str) -> None:
    assert words in problems(xml)


def test_a_broken_certificate_is_refused() -> None:
    xml = IDP.metadata()
    start = xml.index("X509Certificate>") + len("X509Certificate>")
    broken = xml[:start] + "AAAA" + xml[start + 4 :]
    assert "not a readable certificate" in problems(broken)
    assert "not base64" in problems(xml[:start] + "!" + xml[start:])


def test_the_length_limit_holds_on_both_sides() -> None:
    xml = IDP.metadata()
    assert problems(xml + " " * (METADATA_LIMIT - len(xml))) == ""
    assert f"{METADATA_LIMIT + 1} characters" in problems(
        xml + " " * (METADATA_LIMIT - len(xml) + 1)
    )


def test_three_certificates_are_taken_and_four_are_not() -> None:
    assert problems(idp("a", "b", "c").metadata()) == ""
    assert "has 4 signing certificates" in problems(idp("a", "b", "c", "d").metadata())


def test_one_certificate_listed_twice_counts_once() -> None:
    twice = SamlIdp(certificates=IDP.certificates * 4)
    assert len(parsed(twice.metadata()).certificates) == 1


def test_one_unexpired_certificate_is_enough() -> None:
    old = idp_certificate("old", not_after=NOW - SECOND)
    assert "every signing certificate" in problems(SamlIdp(certificates=(old,)).metadata())
    both = SamlIdp(certificates=(old, idp_certificate()))
    assert problems(both.metadata()) == ""
    last = SamlIdp(certificates=(idp_certificate("last", not_after=NOW),))
    assert problems(last.metadata()) == ""


def test_validity_may_begin_seven_days_ahead() -> None:
    def starting(moment: timedelta) -> str:
        late = idp_certificate("late", not_before=NOW + moment)
        return problems(SamlIdp(certificates=(late,)).metadata())

    assert starting(7 * DAY) == ""
    assert "valid from 2026-11-28 only" in starting(7 * DAY + SECOND)


def test_validity_may_end_in_25_years() -> None:
    def ending(change: timedelta) -> str:
        end = NOW.replace(year=NOW.year + 25) + change
        item = idp_certificate("long", not_after=end)
        return problems(SamlIdp(certificates=(item,)).metadata())

    assert ending(timedelta(0)) == ""
    assert "valid until 2051-11-21" in ending(SECOND)


def test_25_years_after_a_leap_day_exist() -> None:
    leap = NOW.replace(year=2028, month=2, day=29)
    assert check_metadata(IDP.metadata(), leap) == ()


def test_an_update_keeps_one_unexpired_certificate() -> None:
    live = parsed(idp("a", "b").metadata())
    assert overlap_problem(parsed(idp("b", "c").metadata()), live, NOW) is None
    problem = overlap_problem(parsed(idp("c", "d").metadata()), live, NOW)
    assert problem is not None
    assert "keeps none" in problem.message


def test_an_update_need_not_keep_expired_certificates() -> None:
    old = idp_certificate("old", not_after=NOW - SECOND)
    live = parsed(SamlIdp(certificates=(old,)).metadata())
    assert overlap_problem(parsed(idp("c").metadata()), live, NOW) is None


def test_keeping_only_an_expired_certificate_is_no_overlap() -> None:
    old = idp_certificate("old", not_after=NOW - SECOND)
    live = parsed(SamlIdp(certificates=(old, idp_certificate("a"))).metadata())
    desired = parsed(SamlIdp(certificates=(old, idp_certificate("b"))).metadata())
    assert overlap_problem(desired, live, NOW) is not None
