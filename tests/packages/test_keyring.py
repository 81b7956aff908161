"""Clients that ask a keyring, as Google's own keyring backend would answer, and `uv publish`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packages.chain import Chain, chain, run, settings
from tests.support.emulator import PROJECT
from tests.support.packages import make_wheel

BACKEND = """\
from keyring.backend import KeyringBackend
from keyring.credentials import SimpleCredential


class Keyring(KeyringBackend):
    priority = 9

    def get_password(self, service, username):
        return "local" if "127.0.0.1" in service else None

    def set_password(self, service, username, password):
        raise AssertionError("nothing is to be kept")

    def get_credential(self, service, username):
        return SimpleCredential("oauth2accesstoken", "local")
"""


@pytest.fixture(scope="module")
def pypi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with chain(tmp_path_factory.mktemp("keyring"), enforce_iam=True) as found:
        found.apply()
        yield found


def keyless(chain: Chain, client: str, where: Path) -> Path:
    """What `client-config` writes when there is no token, and a keyring that has one."""
    words = ["--repository", f"{PROJECT}/python", "--from", "manifests", "--out", str(where)]
    ran = chain.wifctl("client-config", client, "--only", *words)
    assert ran.code == 0, ran.err
    assert "local" not in "".join(f.read_text() for f in where.iterdir() if f.is_file())
    (where / "planted.py").write_text(BACKEND)
    return where


def environment(where: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": str(where),
        "PYTHON_KEYRING_BACKEND": "planted.Keyring",
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    }


def test_pip_asks_the_keyring(pypi: Chain, tmp_path: Path) -> None:
    pypi.upstream.add("acme_ring_pip")
    where = keyless(pypi, "pip", tmp_path)
    words = [sys.executable, "-m", "pip", "--keyring-provider", "import", "install", "--no-deps"]
    more = {"PIP_CONFIG_FILE": str(where / "pip.conf"), "PIP_NO_CACHE_DIR": "1"}
    ran = run([*words, "--target", "out", "acme-ring-pip"], where, **environment(where), **more)
    assert ran.code == 0, ran.out + ran.err


def test_uv_asks_the_keyring(pypi: Chain, tmp_path: Path) -> None:
    pypi.upstream.add("acme_ring_uv")
    where = keyless(pypi, "uv", tmp_path)
    words = [sys.executable, "-m", "uv", "pip", "install", "--no-cache", "--no-deps"]
    more = {"UV_CONFIG_FILE": str(where / "uv.toml"), "UV_PYTHON": sys.executable}
    ran = run([*words, "--target", "out", "acme-ring-uv"], where, **environment(where), **more)
    assert ran.code == 0, ran.out + ran.err


def test_nobody_gets_in_without(pypi: Chain, tmp_path: Path) -> None:
    pypi.upstream.add("acme_ring_none")
    where = keyless(pypi, "pip", tmp_path)
    words = [sys.executable, "-m", "pip", "--no-input", "install", "--no-deps", "--target", "out"]
    more = {"PIP_CONFIG_FILE": str(where / "pip.conf"), "PIP_RETRIES": "0"}
    assert run([*words, "acme-ring-none"], where, **more).code != 0


def test_uv_publishes(pypi: Chain, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "acme_published")
    where = pypi.configured("uv", "private")
    words = [sys.executable, "-m", "uv", "publish", "--index", "private", str(wheel)]
    more = {"UV_CONFIG_FILE": str(where / "uv.toml"), **settings(where)}
    ran = run([*words, "--trusted-publishing", "never"], where, **more)
    assert ran.code == 0, ran.out + ran.err
    assert pypi.uv("python", "acme-published").code == 0
