"""Every broken link makes pip fail, is named alone by the doctor, and is mended as it advises."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.packages.breaks import BREAKS, Break, bind
from tests.packages.chain import CI, REPOSITORIES, Chain, chain
from tests.support import gcloud
from tests.support.emulator import PROJECT
from tests.support.runner import Ran

NEW_TOKEN = "another"


@pytest.fixture
def pypi(tmp_path: Path) -> Iterator[Chain]:
    with chain(tmp_path, enforce_iam=True) as found:
        found.apply()
        account = {"accountId": "builder"}
        assert found.rest.post(f"/v1/projects/{PROJECT}/serviceAccounts", account).status == 200
        bind(found, f"{REPOSITORIES}/python", "roles/artifactregistry.reader", CI)
        yield found


def doctor(chain: Chain, repository: str = "python") -> Ran:
    return chain.wifctl(
        "doctor", "pypi", f"{PROJECT}/{repository}", "--reader", CI, "--format", "json",
        "--from", "manifests",
    )  # fmt: skip


def broken(ran: Ran) -> dict[str, Any]:
    found = [link for link in ran.json["links"] if link["state"] == "broken"]
    assert len(found) == 1, ran.out
    return dict(found[0])


def follow(chain: Chain, fix: str, broke: Break) -> None:
    """Do what the advice says: run the command, or do the work it describes."""
    if fix.startswith("gcloud "):
        if gcloud.COMMAND is None:
            pytest.skip("gcloud is not installed")
        words = [gcloud.COMMAND, *shlex.split(fix)[1:]]
        environment = gcloud.environment(chain.doors, PROJECT, chain.folder)
        (chain.folder / "config" / "token").write_text("local")
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    elif fix.startswith("wifctl "):
        words = [*shlex.split(fix)[1:], "--auto-approve", "--manifests", "manifests"]
        token = next(password for _, password in chain.upstream.logins)
        ran = chain.wifctl(*words, VARIABLE=token)
        assert ran.code == 0, ran.out + ran.err
    else:
        broke.by_hand(chain)


def test_nothing_is_wrong_with_a_sound_chain(pypi: Chain) -> None:
    for repository in ("pypi", "private"):
        bind(pypi, f"{REPOSITORIES}/{repository}", "roles/artifactregistry.reader", CI)
    for repository in ("python", "pypi", "private"):
        ran = doctor(pypi, repository)
        assert (ran.code, ran.json["broken"]) == (0, None), ran.out
        assert {link["state"] for link in ran.json["links"]} == {"sound"}
    pypi.upstream.add("acme_sound")
    assert pypi.pip("python", "acme-sound", CI).code == 0


@pytest.mark.gcloud
@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_link_is_named_and_mended(name: str, pypi: Chain) -> None:
    broke = BREAKS[name]
    pypi.upstream.add("acme_fresh")
    broke.do(pypi)
    assert pypi.pip("python", "acme-fresh", CI).code != 0
    assert [c for c in pypi.requests() if c["status"] != "OK" and c["message"]]
    ran = doctor(pypi)
    link = broken(ran)
    assert (ran.code, link["link"]) == (2, broke.link), ran.out
    assert broke.says in link["text"]
    assert broke.advises in link["fix"]
    follow(pypi, link["fix"], broke)
    installed = pypi.pip("python", "acme-fresh", CI)
    assert installed.code == 0, installed.out + installed.err
    assert doctor(pypi).json["broken"] is None


def test_the_text_shows_each_link_and_never_the_password(pypi: Chain) -> None:
    ran = pypi.wifctl("doctor", "pypi", f"{PROJECT}/pypi", "--from", "manifests")
    assert ran.code == 0
    shown = [line.split("  ")[0] for line in ran.out.splitlines()]
    assert shown == [
        "✓ repository",
        "✓ upstream",
        "✓ credentials",
        "✓ secret",
        "✓ version",
        "✓ agent",
        "✓ grant",
        "✓ login",
    ]
    assert "planted" not in ran.out + ran.err
