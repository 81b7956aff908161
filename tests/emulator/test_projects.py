"""Projects: id and number are one, declared or derived."""

from __future__ import annotations

import pytest

from wifctl.emulator.errors import ApiError
from wifctl.emulator.projects import Projects, derived_number


def test_a_declared_project_is_found_by_both_names() -> None:
    projects = Projects({"acme-ci": "123456789012"})
    assert projects.find("acme-ci") is projects.find("123456789012")


def test_nothing_else_exists_once_a_project_is_declared() -> None:
    projects = Projects({"acme-ci": "123456789012"})
    assert projects.find("acme-dev") is None
    assert projects.find("999999999999") is None


def test_without_declarations_every_valid_id_has_a_stable_number() -> None:
    number = derived_number("acme-ci")
    assert Projects().find("acme-ci").number == number  # type: ignore[union-attr]
    assert len(number) == 12


def test_a_derived_number_leads_back_to_its_id() -> None:
    projects = Projects()
    seen = projects.find("acme-ci")
    assert projects.find(derived_number("acme-ci")) is seen


@pytest.mark.parametrize("text", ["", "acme", "Acme-ci", "acme-", "1acme-ci", "a" * 31, "-"])
def test_an_invalid_id_is_no_project(text: str) -> None:
    assert Projects().find(text) is None


def test_an_unknown_project_is_denied_not_missing() -> None:
    projects = Projects({"acme-ci": "123456789012"})
    with pytest.raises(ApiError, match=r"Permission 'iam\.x\.get' denied") as caught:
        projects.require("other-project", "iam.x.get")
    assert caught.value.status == "PERMISSION_DENIED"
