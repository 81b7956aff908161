"""`wifctl token inspect`: times in words, the subject's bytes, rules; nobody is contacted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.test_explain_hand_checks import CASES, NAME, SETTINGS
from tests.conftest import Runner
from tests.support.tokens import JwtIssuer, X509Authority, audience_url
from wifctl.render.token import moment_text, span_text

ISSUER = JwtIssuer("https://token.actions.githubusercontent.com")
SCENARIOS = Path(__file__).parents[2] / "manifests"


def token(**claims: object) -> bytes:
    """A token made a minute ago for an hour."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    given = {"aud": audience_url(NAME), "sub": "repo:acme/infra:pull_request", **claims}
    return ISSUER.sign(ISSUER.claims(now=now, **given)).encode()


def test_claims_are_shown_with_times_in_words(wifctl: Runner) -> None:
    ran = wifctl("token", "inspect", "-", stdin=token())

    assert (ran.code, ran.err) == (0, "")
    assert "Claims   GitHub Actions" in ran.out
    assert re.search(r"iat +\d+ +\S+Z, 5 minutes ago", ran.out)
    assert re.search(r"exp +\d+ +\S+Z, in 5\d minutes", ran.out)
    assert "a token for 60 minutes" in ran.out
    assert "6 hold" in ran.out


def test_a_provider_adds_the_subject_in_bytes_and_every_rule(wifctl: Runner) -> None:
    Path("wifctl.yaml").write_text(SETTINGS)
    Path("ci.yaml").write_text((CASES / "manifests.yaml").read_text())
    Path("token").write_bytes(token(repository="acme/ïnfra"))

    ran = wifctl("token", "inspect", "token", "--provider", "github-actions", "--from", "ci.yaml")

    assert ran.code == 0
    assert "repo:acme/infra:pull_request   28 of 127 bytes" in ran.out
    assert "? OIDC-5" in ran.out
    assert "Condition   refuses it" in ran.out


@pytest.mark.parametrize("form", ["text", "json"])
def test_token_and_signature_are_never_shown(wifctl: Runner, form: str) -> None:
    text = token()

    ran = wifctl("token", "inspect", "--format", form, stdin=text)

    assert not any(part in ran.out + ran.err for part in text.decode().split("."))


def test_json_keeps_claims_as_they_are(wifctl: Runner) -> None:
    found = wifctl("token", "inspect", "--format", "json", stdin=token(n=[1, {"a": None}])).json

    assert found["claims"]["n"] == [1, {"a": None}]
    assert found["header"]["alg"] == "RS256"
    assert found["issuer"] == "GitHub Actions"
    assert found["rules"][0]["rule"] == "OIDC-6"


def test_control_characters_are_written_out(wifctl: Runner) -> None:
    ran = wifctl("token", "inspect", stdin=token(**{"a\x1b[2J": "b\x1b[31m\u202e"}))

    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert "\\x1b[31m" in ran.out


def test_a_certificate_is_shown_as_conditions_see_it(wifctl: Runner) -> None:
    leaf = X509Authority.root("stranger").leaf("press-7-plc-1")
    Path("leaf.pem").write_text(leaf.pem)

    ran = wifctl(
        *("token", "inspect", "leaf.pem", "--provider", "factory-ca"),
        *("--from", SCENARIOS / "x509"),
    )

    assert ran.code == 0, ran.err
    assert "X509-3" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a", "--file", "b"), "exclude each other"),
        (("a", "--env", "B"), "exclude each other"),
        (("nowhere",), "cannot read the token file nowhere"),
        ((), "say --provider"),
    ],
)
def test_what_is_no_token_ends_with_1(
    wifctl: Runner, arguments: tuple[str, ...], said: str
) -> None:
    ran = wifctl("token", "inspect", *arguments, stdin=b"planted")

    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert "planted" not in ran.err


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7199, "119 minutes"),
        (7200, "2 hours"),
        (172_800, "2 days"),
    ],
)
def test_a_span_is_told_in_a_unit_that_fits(seconds: int, words: str) -> None:
    assert span_text(seconds) == words


def test_a_time_no_calendar_has_is_said() -> None:
    assert moment_text(1e18, datetime(2026, 1, 1, tzinfo=UTC)).startswith("no such time")
