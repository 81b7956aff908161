"""What somebody in front of a terminal sees and answers."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from tests.cli.scenario import ACCOUNT, write
from tests.cli.terminal import terminal
from tests.conftest import Runner
from wifctl.emulator.server import running


@pytest.fixture(autouse=True)
def scenario(tmp_path: Path) -> None:
    """One account to create."""
    write(tmp_path, account=ACCOUNT)


def test_yes_goes_on(tmp_path: Path) -> None:
    with terminal(tmp_path, "apply", "--local") as person:
        person.wait_for("Answer:")
        assert "\x1b[32m+\x1b[0m" in person.shown
        person.type("yes\n")
        assert person.ended() == 0
        assert "✓ ServiceAccount/acme-ci/deployer created" in person.plain
        assert "Apply complete: 1 added" in person.plain


@pytest.mark.parametrize("answer", ["y\n", "YES\n", "no\n", "\n", " yes\n", "\x04"])
def test_anything_else_changes_nothing(tmp_path: Path, wifctl: Runner, answer: str) -> None:
    with terminal(tmp_path, "apply", "--local") as person:
        person.wait_for("Answer:")
        person.type(answer)
        assert person.ended() == 1
        assert "[cancelled]" in person.plain
    assert wifctl("plan", "--local", "--detailed-exitcode").code == 2


def test_an_interrupt_at_the_question_ends_it(tmp_path: Path) -> None:
    with terminal(tmp_path, "apply", "--local") as person:
        person.wait_for("Answer:")
        person.interrupt()
        assert person.ended() == 130
        assert "Traceback" not in person.plain


def test_no_input_is_never_asked(tmp_path: Path) -> None:
    with terminal(tmp_path, "apply", "--local", "--no-input") as person:
        assert person.ended() == 1
        assert "nobody-to-ask" in person.plain


def test_no_color_and_dumb_terminals_get_plain_text(tmp_path: Path) -> None:
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        with terminal(tmp_path, "plan", "--local", **environment) as person:
            assert person.ended() == 0
            assert "\x1b" not in person.shown


def test_an_interrupt_finishes_what_is_in_flight_and_a_second_run_the_rest(
    tmp_path: Path, wifctl: Runner
) -> None:
    many = "\n---\n".join(ACCOUNT.replace("deployer", f"account-{n}") for n in range(6))
    write(tmp_path, account=many)
    with running() as doors:
        slow(doors.rest_url)
        arguments = ("apply", "--yes", "--parallelism", "1", "--endpoint", doors.rest_url)
        with terminal(tmp_path, *arguments) as person:
            person.wait_for("created")
            person.interrupt()
            assert person.ended() == 130
            assert "the calls in flight are finished" in person.plain
            assert "Apply incomplete:" in person.plain
            assert "Not done:" in person.plain
            done = person.plain.count("✓ ServiceAccount")
        plan = wifctl("plan", "--endpoint", doors.rest_url)
        assert f"Plan: {6 - done} to add" in plan.out
        assert 0 < done < 6
        assert wifctl("apply", "--yes", "--endpoint", doors.rest_url).code == 0
        assert wifctl("plan", "-detailed-exitcode", "--endpoint", doors.rest_url).code == 0


def slow(url: str) -> None:
    """Let every creation of an account take a while."""
    settings = {"latency": {"iam.projects.serviceAccounts.create": 400}}
    request = urllib.request.Request(
        f"{url}/_wifctl/switches", json.dumps(settings).encode(), method="PATCH"
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
