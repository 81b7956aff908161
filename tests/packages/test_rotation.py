"""Rotating the upstream's token: nothing fails meanwhile, and every interruption can be mended."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import ENTRY
from tests.packages.breaks import bind, mirror
from tests.packages.chain import AGENT, REPOSITORIES, SECRET, TOKEN, Chain, chain
from tests.support.emulator import Rest
from tests.support.runner import Ran

NEW = "pypi-planted-new-token"
ACCESSOR = "roles/secretmanager.secretAccessor"
MIRROR = "mirror"


@pytest.fixture
def pypi(tmp_path: Path) -> Iterator[Chain]:
    """Two repositories sign in with the secret; manifests know one of them."""
    with chain(tmp_path) as found:
        found.apply()
        mirror(found, MIRROR, f"{found.upstream.url}/simple/")
        found.apply()  # the mirror stays, the virtual repository is as in the manifests again
        found.upstream.logins.add(("__token__", NEW))
        yield found


def rotate(chain: Chain, *flags: str, token: str = NEW) -> Ran:
    return chain.wifctl("secret", "rotate", "pypi-token", *flags, NEW_TOKEN=token)


def forward(chain: Chain, *flags: str) -> Ran:
    return rotate(chain, "--from", "env:NEW_TOKEN", "--yes", *flags)


def states(chain: Chain) -> dict[str, str]:
    versions = chain.rest.get(f"{SECRET}/versions").body["versions"]
    return {v["name"].rsplit("/", 1)[-1]: v["state"] for v in versions}


def named(chain: Chain) -> set[str]:
    found = set()
    for repository in ("pypi", MIRROR):
        remote = chain.rest.get(f"{REPOSITORIES}/{repository}").body["remoteRepositoryConfig"]
        pair = remote["upstreamCredentials"]["usernamePasswordCredentials"]
        found.add(pair["passwordSecretVersion"].rsplit("/", 1)[-1])
    return found


def test_every_repository_is_repointed_and_manifests_agree(pypi: Chain) -> None:
    ran = forward(pypi)
    assert ran.code == 0, ran.out + ran.err
    assert (states(pypi), named(pypi)) == ({"1": "ENABLED", "2": "ENABLED"}, {"2"})
    assert "+ a version, from environment variable NEW_TOKEN" in ran.out
    assert "nothing-disabled" in ran.err
    assert "planted" not in ran.out + ran.err
    pypi.upstream.logins = {("__token__", NEW)}
    pypi.upstream.add("acme_after")
    assert pypi.pip("python", "acme-after").code == 0
    plan = pypi.wifctl("plan", "manifests", "--detailed-exitcode")
    assert (plan.code, plan.err) == (0, ""), plan.out


def test_a_second_run_has_nothing_left_but_the_old_version(pypi: Chain) -> None:
    assert forward(pypi).code == 0
    again = forward(pypi, "--disable")
    assert "= version 2 is there and enabled" in again.out
    assert states(pypi) == {"1": "DISABLED", "2": "ENABLED"}
    last = forward(pypi, "--disable")
    assert last.code == 0
    assert len(states(pypi)) == 2


def test_a_dry_run_changes_nothing(pypi: Chain) -> None:
    ran = rotate(pypi, "--from", "env:NEW_TOKEN", "--dry-run")
    assert ran.code == 0
    assert f"{REPOSITORIES[4:]}/{MIRROR}: version 1 → " in ran.out
    assert states(pypi) == {"1": "ENABLED"}


def test_rollback_goes_back_and_finish_forward(pypi: Chain) -> None:
    assert forward(pypi, "--disable").code == 0
    back = rotate(pypi, "--rollback", "--yes")
    assert back.code == 0, back.out + back.err
    assert (states(pypi), named(pypi)) == ({"1": "ENABLED", "2": "ENABLED"}, {"1"})
    ahead = rotate(pypi, "--finish", "--disable", "--yes")
    assert ahead.code == 0
    assert (states(pypi), named(pypi)) == ({"1": "DISABLED", "2": "ENABLED"}, {"2"})


def test_nothing_is_repointed_to_what_the_agent_cannot_read(pypi: Chain) -> None:
    bind(pypi, SECRET, ACCESSOR)
    ran = forward(pypi)
    assert ran.code == 1
    assert "agent-without-access" in ran.err
    assert AGENT in ran.err
    assert named(pypi) == {"1"}


def test_a_pinned_manifest_is_warned_about(pypi: Chain) -> None:
    file = next(f for f in (pypi.folder / "manifests").iterdir() if "newest" in f.read_text())
    file.write_text(file.read_text().replace("version: newest", "version: 1"))
    ran = forward(pypi)
    assert ran.code == 0
    assert "pinned-version" in ran.err
    assert f"{file.name}:" in ran.err


def test_nobody_to_ask_means_no_call(pypi: Chain) -> None:
    before = len(pypi.requests(""))
    ran = rotate(pypi, "--from", "env:NEW_TOKEN")
    assert "nobody-to-ask" in ran.err
    assert len(pypi.requests("")) == before


@pytest.mark.parametrize("flags", [(), ("--finish", "--rollback"), ("--from", "pypi-payload")])
def test_one_way_must_be_said_and_payloads_stay_off_the_command_line(
    pypi: Chain, flags: tuple[str, ...]
) -> None:
    ran = rotate(pypi, *flags, "--yes")
    assert ran.code == 1
    assert "pypi-payload" not in ran.err


class Installs:
    """Installs of fresh files in a loop, until told to stop."""

    def __init__(self, chain: Chain) -> None:
        self.results: list[Ran] = []
        self._chain = chain
        # Written once: a wifctl inside this process changes the folder all threads are in.
        self._configured = chain.configured("pip", "python", "--only")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop)

    def __enter__(self) -> Installs:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _loop(self) -> None:
        while not self._stop.is_set():
            name = f"acme_loop_{len(self.results)}"
            self._chain.upstream.add(name)
            ran = self._chain.pip_as_configured(self._configured, name.replace("_", "-"))
            self.results.append(ran)


def fetch_fresh(pypi: Chain, count: int) -> list[int]:
    """Statuses of fresh files fetched one after the other, faster than pip could."""
    client = Rest(pypi.doors, "local")
    found = []
    for number in range(count):
        wheel = pypi.upstream.add("acme_quick", f"1.{time.monotonic_ns()}.{number}")
        client._connection.request(
            "GET", f"/_python/europe-west1/acme-ci/pypi/acme-quick/{wheel.name}"
        )
        answer = client._connection.getresponse()
        answer.read()
        found.append(answer.status)
    client.close()
    return found


def test_no_install_fails_while_tokens_rotate(pypi: Chain) -> None:
    statuses: list[int] = []
    quick = threading.Thread(target=lambda: statuses.extend(fetch_fresh(pypi, 200)))
    with Installs(pypi) as installs:
        quick.start()
        for number in range(4):
            token = f"pypi-planted-{number}"
            pypi.upstream.logins = pypi.upstream.logins | {("__token__", token)}
            flags = ("--from", "env:NEW_TOKEN", "--disable", "--yes")
            ran = rotate(pypi, *flags, token=token)
            assert ran.code == 0, ran.err
        quick.join()
    assert len(installs.results) >= 2
    assert [ran.err for ran in installs.results if ran.code] == []
    assert set(statuses) == {200}
    assert states(pypi)["5"] == "ENABLED"
    assert set(states(pypi).values()) == {"ENABLED", "DISABLED"}


KILLS = [
    ("secretmanager.projects.secrets.addVersion", 1),
    ("artifactregistry.projects.locations.repositories.patch", 1),
    ("artifactregistry.projects.locations.repositories.patch", 2),
    ("secretmanager.projects.secrets.versions.disable", 1),
]


@pytest.mark.parametrize(("method", "count"), KILLS)
def test_killed_at_any_step_the_same_command_finishes(pypi: Chain, method: str, count: int) -> None:
    writes = ("*.addVersion", "*.patch", "*.disable")
    pypi.rest.switch(latency=dict.fromkeys(writes, 300))
    before = len(pypi.requests(method))
    process = subprocess.Popen(
        [*ENTRY, "secret", "rotate", "pypi-token", "--from", "env:NEW_TOKEN", "--disable", "-y",
         "--endpoint", pypi.doors.rest_url, "--chdir", str(pypi.folder)],
        env={"PATH": os.environ["PATH"], "NEW_TOKEN": NEW, "PYPI_TOKEN": TOKEN},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 60
    while len(pypi.requests(method)) < before + count and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    pypi.rest.switch(latency={})
    pypi.upstream.add("acme_between")
    assert pypi.pip("python", "acme-between").code == 0
    ran = forward(pypi, "--disable")
    assert ran.code == 0, ran.err
    assert (states(pypi), named(pypi)) == ({"1": "DISABLED", "2": "ENABLED"}, {"2"})
