"""`wifctl test`: what passes, what fails, and how each format says so."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_explain_hand_checks import CASES, SETTINGS
from tests.conftest import Runner

Golden = Callable[[Path, str], None]
SCENARIOS = Path(__file__).parents[2] / "manifests"
HEAD = """\
apiVersion: wifctl/v1
kind: TrustTest
metadata: {name: who-deploys}
spec:
  provider: github-actions
  cases:
"""
GOOD = """\
    - name: infra deploys
      simulate: {issuer: github, values: {repo: acme/infra}}
      expect: allow
      principal: attribute.repository/acme/infra
      serviceAccounts: [deployer]
    - name: strangers do not
      simulate: {issuer: github, values: {owner_id: "7"}}
      expect: deny
      rule: COND-1
"""
BAD = """\
    - name: strangers deploy
      simulate: {issuer: github, values: {owner_id: "7"}}
      expect: allow
    - name: another repository is refused
      simulate: {issuer: github, values: {repo: acme/website}}
      expect: deny
    - name: infra is refused
      simulate: {issuer: github, values: {repo: acme/infra}}
      expect: deny
    - name: refused by another rule
      simulate: {issuer: github, values: {owner_id: "7"}}
      expect: deny
      rule: OIDC-8
    - name: somebody else, with an account it cannot have
      simulate: {issuer: github, values: {repo: acme/website}}
      expect: allow
      principal: attribute.repository/acme/infra
      serviceAccounts: [deployer]
"""


@pytest.fixture
def run(wifctl: Runner) -> Callable[..., object]:
    """Runs `wifctl test` on the manifests of the cases and these trust tests."""
    Path("wifctl.yaml").write_text(SETTINGS)
    Path("ci.yaml").write_text((CASES / "manifests.yaml").read_text())

    def test(cases: str, *arguments: str) -> object:
        Path("tests.yaml").write_text(HEAD + cases)
        return wifctl("test", *arguments, "ci.yaml", "tests.yaml")

    return test


def _without_times(text: str) -> str:
    return text[: text.rindex(" in ")] + "\n"


def test_what_is_as_wanted_takes_a_line(run: Runner) -> None:
    ran = run(GOOD)

    assert (ran.code, ran.err) == (0, "")
    assert _without_times(ran.out) == "✓ who-deploys   2 of 2\n\n2 passed\n"


def test_a_failure_shows_both_sides_and_why(run: Runner, golden: Golden) -> None:
    ran = run(GOOD + BAD)

    assert ran.code == 3
    golden(CASES / "failing-tests.txt", _without_times(ran.out))


def test_a_failure_names_the_line_of_its_case(run: Runner) -> None:
    line = (HEAD + GOOD).count("\n") + 1

    assert f"tests.yaml:{line}:7" in run(GOOD + BAD).out


def test_json_counts_and_lists(run: Runner) -> None:
    found = run(GOOD + BAD, "--format", "json").json

    assert found["summary"] == {"passed": 2, "failed": 5, "unknown": 0}
    assert found["cases"][2]["differences"] == [
        {"field": "expect", "wanted": "allow", "found": "deny"}
    ]
    assert found["cases"][2]["range"]["filename"] == "tests.yaml"


def test_junit_can_be_read_by_a_pipeline(run: Runner) -> None:
    hostile = '    - {name: "a <b> & \\"c\\" \\u0001", claims: {sub: x}, expect: allow}\n'
    root = ET.fromstring(run(GOOD + BAD + hostile, "--format", "junit").out)

    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("8", "6")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed[-1] == 'a <b> & "c" \\x01'
    assert suite[2].get("file") == "tests.yaml"


def test_claims_are_judged_at_the_time_they_carry(run: Runner) -> None:
    claims = "sub: x, repository: a/b, repository_owner_id: '1342004', iat: 1000, exp: 2000"
    case = f"    - {{name: long ago, claims: {{{claims}}}, expect: allow}}\n"

    assert run(case).code == 0


def test_an_iam_condition_nobody_can_judge_is_said(run: Runner) -> None:
    text = Path("ci.yaml").read_text()
    condition = "      condition: {title: t, expression: resource.name == 'x'}\n"
    head = "    - role: roles/iam.workloadIdentityUser\n"
    Path("ci.yaml").write_text(text.replace(head, head + condition))

    ran = run(GOOD)

    assert ran.code == 3
    assert "deployer@acme-ci.iam.gserviceaccount.com (if an IAM condition holds)" in ran.out


@pytest.mark.parametrize(
    ("cases", "paths", "said"),
    [
        ("", ["ci.yaml"], "the manifests hold no TrustTest"),
        (GOOD.replace("issuer: github", "issuer: githb"), [], "no issuer 'githb'"),
        (GOOD.replace("owner_id:", "ownr_id:"), [], "no parameter or claim ownr_id"),
        (GOOD.replace("[deployer]", "[deplyer]"), [], "did you mean deployer?"),
    ],
)
def test_what_cannot_be_run_ends_with_1(
    run: Runner, wifctl: Runner, cases: str, paths: list[str], said: str
) -> None:
    ran = wifctl("test", *paths) if paths else run(cases)

    assert ran.code == 1
    assert said in ran.err


def test_a_value_no_issuer_knows_is_shown_in_its_line(run: Runner) -> None:
    ran = run(GOOD.replace("owner_id:", "ownr_id:"))

    assert "tests.yaml:13:" in ran.err


def test_the_provider_has_to_be_loaded(wifctl: Runner) -> None:
    Path("wifctl.yaml").write_text(SETTINGS)
    name = "projects/acme-ci/locations/global/workloadIdentityPools/github/providers/gone"
    Path("tests.yaml").write_text(
        (HEAD + GOOD.partition("      serviceAccounts")[0]).replace(
            "provider: github-actions", f"provider: {name}"
        )
    )

    ran = wifctl("test", "tests.yaml")

    assert ran.code == 1
    assert "add the file that declares the provider" in ran.err


@pytest.mark.parametrize(
    "scenario", sorted(path.parent.name for path in SCENARIOS.glob("*/tests.yaml"))
)
def test_the_scenarios_keep_their_promises(wifctl: Runner, scenario: str) -> None:
    ran = wifctl("test", SCENARIOS / scenario)

    assert ran.code == 0, ran.out


def test_a_thousand_cases_take_less_than_two_seconds(run: Runner) -> None:
    case = """\
    - name: c{0}
      simulate: {{issuer: github, values: {{owner_id: "{1}", ref: refs/heads/b{0}}}}}
      expect: {2}
"""
    numbers = range(1000)
    cases = [case.format(n, (7, 1342004)[n % 2], ("deny", "allow")[n % 2]) for n in numbers]
    run(GOOD)
    started = time.process_time()
    ran = run("".join(cases))
    seconds = time.process_time() - started

    assert ran.code == 0, ran.out[-500:]
    assert seconds < 2
