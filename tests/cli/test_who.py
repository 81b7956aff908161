"""`wifctl who`: who gets in, and what a change of the manifests opens and closes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.test_explain_hand_checks import CASES, SETTINGS
from tests.conftest import Runner
from tests.support.emulator import Rest, emulator
from wifctl.emulator.server import Doors

Golden = Callable[[Path, str], None]
PIN = "assertion.repository_owner_id == '1342004'"
MEMBER = "- {pool: github, attribute: {name: repository, value: acme/infra}}"


@pytest.fixture
def edit(wifctl: Runner) -> Callable[..., None]:
    """Writes the manifests of the cases, with some text replaced."""
    Path("wifctl.yaml").write_text(SETTINGS)

    def write(**texts: str) -> None:
        text = (CASES / "manifests.yaml").read_text()
        for name, after in texts.items():
            before = {"condition": PIN, "member": MEMBER}[name]
            assert before in text
            text = text.replace(before, after)
        Path("manifests").mkdir(exist_ok=True)
        Path("manifests/ci.yaml").write_text(text)

    write()
    return write


@pytest.fixture
def committed(edit: Callable[..., None]) -> Callable[..., None]:
    """The same in a Git repository, committed once."""
    _git("init", "--quiet")
    _commit()
    return edit


@pytest.fixture(scope="module")
def doors() -> Iterator[Doors]:
    with emulator() as opened:
        yield opened


def _git(*words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, *words], check=True, capture_output=True)


def _commit() -> None:
    _git("add", ".")
    _git("commit", "--quiet", "--message", "x")


def test_every_way_is_listed_by_what_it_leads_to(
    edit: Callable[..., None], wifctl: Runner, golden: Golden
) -> None:
    ran = wifctl("who")

    assert (ran.code, ran.err) == (0, "")
    golden(CASES / "who.txt", ran.out)


@pytest.mark.parametrize(
    ("glob", "ways"),
    [
        ("Secret/*", 1),
        ("Secret/acme-ci/pypi-token", 1),
        ("ServiceAccount/*", 1),
        ("deployer", 1),
        ("deployer@acme-ci.iam.gserviceaccount.com", 1),
        ("projects/acme-ci/secrets/*", 1),
        ("*", 2),
        ("builder", 0),
    ],
)
def test_an_address_narrows_the_answer(
    edit: Callable[..., None], wifctl: Runner, glob: str, ways: int
) -> None:
    found = wifctl("who", glob, "--format", "json").json["openings"]

    assert len(found) == ways


def test_nobody_is_said_in_words(edit: Callable[..., None], wifctl: Runner) -> None:
    edit(member="- user:jane@example.com")

    assert wifctl("who").out == "Nobody from outside.\n"


def test_live_finds_what_no_manifest_names(
    edit: Callable[..., None], wifctl: Runner, doors: Doors
) -> None:
    live = ("--endpoint", doors.rest_url)
    client = Rest(doors)
    client.post("/_wifctl/reset")
    assert wifctl("apply", "--auto-approve", *live).code == 0
    builder = "/v1/projects/acme-ci/serviceAccounts/builder@acme-ci.iam.gserviceaccount.com"
    pool = "projects/123456789012/locations/global/workloadIdentityPools/github"
    everybody = {
        "role": "roles/iam.workloadIdentityUser",
        "members": [f"principalSet://iam.googleapis.com/{pool}/*"],
    }
    assert (
        client.post(f"{builder}:setIamPolicy", {"policy": {"bindings": [everybody]}}).status == 200
    )

    found = wifctl("who", *live, "--format", "json").json["openings"]

    strange = [each for each in found if not each["source"]]
    assert [(each["who"], each["target"].rpartition("/")[2]) for each in strange] == [
        (
            "any repository of owner 1342004 on any branch",
            "builder@acme-ci.iam.gserviceaccount.com",
        )
    ]


def test_without_a_change_nothing_is_opened(committed: Callable[..., None], wifctl: Runner) -> None:
    ran = wifctl("who", "--diff", "HEAD", "--fail-on", "opened")

    assert ran.code == 0
    assert ran.out == "Nobody from outside gains or loses anything since HEAD.\n"


def test_a_new_repository_is_a_sentence(committed: Callable[..., None], wifctl: Runner) -> None:
    committed(member=f"{MEMBER}\n        {MEMBER.replace('infra', 'docs')}")

    ran = wifctl("who", "--diff", "HEAD")

    assert ran.out == (
        "+ repository acme/docs of owner 1342004 on any branch can now become deployer of acme-ci\n"
        "    and so read secret pypi-token of acme-ci\n"
        "    manifests/ci.yaml:25:11\n"
        "\n"
        "1 opened or widened, 0 closed or narrowed\n"
    )


def test_a_narrower_condition_closes(committed: Callable[..., None], wifctl: Runner) -> None:
    committed(condition=f"{PIN} && assertion.ref == 'refs/heads/main'")

    ran = wifctl("who", "--diff", "HEAD", "--fail-on", "opened")

    assert ran.code == 0
    assert ran.out.startswith(
        "- only repository acme/infra of owner 1342004 on refs/heads/main can still become "
        "deployer of acme-ci; before repository acme/infra of owner 1342004 on any branch\n"
    )


def test_a_wider_condition_opens(committed: Callable[..., None], wifctl: Runner) -> None:
    committed(condition=f"{PIN} || assertion.repository_owner_id == '7'")

    ran = wifctl("who", "--diff", "HEAD", "--fail-on", "opened")

    assert ran.code == 2
    assert ran.out.startswith(
        "+ repository acme/infra of owner 1342004 or 7 on any branch can now become deployer of "
        "acme-ci; before only repository acme/infra of owner 1342004 on any branch\n"
    )


def test_another_owner_closes_and_opens(committed: Callable[..., None], wifctl: Runner) -> None:
    committed(condition="assertion.repository_owner_id == '7'")

    found = wifctl("who", "--diff", "HEAD", "--format", "json").json

    assert [each["sentence"] for each in found["opened"]] == [
        "repository acme/infra of owner 7 on any branch can now become deployer of acme-ci"
    ]
    closed = found["closed"][0]["sentence"]
    assert closed.startswith("repository acme/infra of owner 1342004 on any branch can no longer")
    assert found["closed"][0]["source"] == "HEAD:manifests/ci.yaml:24:11"


def test_manifests_that_are_new_open_everything(edit: Callable[..., None], wifctl: Runner) -> None:
    _git("init", "--quiet")
    _git("commit", "--quiet", "--allow-empty", "--message", "x")

    found = wifctl("who", "--diff", "HEAD", "--format", "json").json

    assert (len(found["opened"]), found["closed"]) == (1, [])


def test_the_working_tree_is_left_alone(committed: Callable[..., None], wifctl: Runner) -> None:
    committed(condition="assertion.repository_owner_id == '7'")
    before = sorted(Path().rglob("*.yaml"))

    wifctl("who", "--diff", "HEAD")

    assert sorted(Path().rglob("*.yaml")) == before
    assert "'7'" in Path("manifests/ci.yaml").read_text()


def test_faulty_manifests_of_then_are_named_by_revision(
    committed: Callable[..., None], wifctl: Runner
) -> None:
    Path("manifests/bad.yaml").write_text("kind: Pool\n")
    _commit()
    Path("manifests/bad.yaml").unlink()

    ran = wifctl("who", "--diff", "HEAD")

    assert ran.code == 1
    assert "HEAD:manifests/bad.yaml:1:" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--diff", "nope"), "no such revision"),
        (("--diff", "--output=x"), "no such revision"),
        (("--diff", "HEAD", "--live"), "--diff compares manifests"),
    ],
)
def test_what_cannot_be_compared_ends_with_1(
    committed: Callable[..., None], wifctl: Runner, arguments: tuple[str, ...], said: str
) -> None:
    ran = wifctl("who", *arguments)

    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


def test_manifests_of_elsewhere_cannot_be_compared(
    committed: Callable[..., None], wifctl: Runner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copy("manifests/ci.yaml", elsewhere)
    shutil.copy("wifctl.yaml", elsewhere)

    ran = wifctl("who", "--diff", "HEAD", "--from", elsewhere)

    assert ran.code == 1
    assert "is not in the repository" in ran.err


def test_outside_a_repository_git_says_so(edit: Callable[..., None], wifctl: Runner) -> None:
    ran = wifctl("who", "--diff", "HEAD")

    assert ran.code == 1
    assert "not a git repository" in ran.err
