"""`wifctl issuers`: the table, a page, and the same as JSON."""

from __future__ import annotations

import pytest
import yaml

from tests.conftest import Runner
from wifctl.trust.issuers.catalogue import catalogue, issuer_names
from wifctl.trust.issuers.model import Issuer


def test_the_table_has_a_line_for_each(wifctl: Runner) -> None:
    ran = wifctl("issuers")

    head, *rows = ran.out.splitlines()
    assert ran.code == 0
    assert head.split() == ["NAME", "KIND", "TENANCY", "ISSUER"]
    assert tuple(row.split()[0] for row in rows) == issuer_names()
    github = next(row for row in rows if row.startswith("github "))
    assert github.split() == [
        "github",
        "oidc",
        "shared",
        "https://token.actions.githubusercontent.com",
    ]


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.name)
def test_a_page_can_be_copied_into_a_manifest(wifctl: Runner, entry: Issuer) -> None:
    page = wifctl("issuers", entry.name).out

    part = page.partition("Recommended\n")[2].partition("\n\n")[0]
    found = yaml.safe_load(part)
    assert found["attributeMapping"] == dict(entry.mapping)
    if entry.condition:
        assert found["attributeCondition"].split() == entry.recommended_condition.split()


def test_a_page_tells_the_subjects_before_and_after_ids(wifctl: Runner) -> None:
    page = wifctl("issuers", "github").out

    assert "e.g. repo:acme@1342004/infra@20300177:ref:refs/heads/main" in page
    assert "e.g. repo:acme/infra:ref:refs/heads/main" in page
    assert "repository_owner_id    string   immutable, pins the tenant" in page
    assert "shared by all its customers" in page
    assert "repo_id        20300177" in page


def test_a_url_finds_its_entry(wifctl: Runner) -> None:
    found = wifctl("issuers", "https://sts.windows.net/0000/", "--format", "json").json

    assert found["name"] == "entra-v1"


def test_json_is_the_whole_catalogue(wifctl: Runner) -> None:
    found = wifctl("issuers", "--format", "json").json

    assert tuple(entry["name"] for entry in found) == issuer_names()
    github = next(entry for entry in found if entry["name"] == "github")
    assert github["audience"]["chosen_by"] == "workload"
    assert {
        "name": "repository_id",
        "type": "string",
        "immutable": True,
        "optional": False,
        "note": "",
    } in github["claims"]


@pytest.mark.parametrize("name", ["githb", "../github", "https://issuer.example.com"])
def test_an_unknown_one_lists_the_known(wifctl: Runner, name: str) -> None:
    ran = wifctl("issuers", name)

    assert (ran.code, ran.out) == (1, "")
    assert "github" in ran.err
