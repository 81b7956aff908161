"""The chain of manifests/pypi-remote on an emulator, and real package clients in front of it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.emulator import NUMBER, PROJECT, Rest, emulator
from tests.support.packages import Upstream, upstream
from tests.support.runner import Ran, run_wifctl
from wifctl.emulator.server import Doors

MANIFESTS = Path(__file__).parents[2] / "manifests" / "pypi-remote"
TOKEN = "pypi-planted-upstream-token"
LOCATION = "europe-west1"
REPOSITORIES = f"/v1/projects/{PROJECT}/locations/{LOCATION}/repositories"
SECRET = f"/v1/projects/{PROJECT}/secrets/pypi-token"
AGENT = f"service-{NUMBER}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
OTHER, OTHER_NUMBER = "acme-shared", "210987654321"
CI = "serviceAccount:builder@acme-ci.iam.gserviceaccount.com"


@dataclass(slots=True)
class Chain:
    """An upstream behind a login, an emulator that knows it as PyPI, and a folder of manifests."""

    folder: Path
    doors: Doors
    rest: Rest
    upstream: Upstream

    def wifctl(self, *arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
        """One command line against the emulator, inside the folder's manifests."""
        words = [*arguments, "--endpoint", self.doors.rest_url, "--chdir", str(self.folder)]
        return run_wifctl(*words, stdin=stdin, environment={"PYPI_TOKEN": TOKEN, **environment})

    def apply(self) -> None:
        """Apply the manifests."""
        ran = self.wifctl("apply", "--auto-approve", "manifests")
        assert ran.code == 0, ran.out + ran.err

    def base_url(self, repository: str, project: str = PROJECT) -> str:
        """Where package clients find a repository."""
        return f"{self.doors.rest_url}/_python/{LOCATION}/{project}/{repository}/"

    def configured(self, client: str, repository: str, *flags: str, token: str = "local") -> Path:
        """A folder with what `wifctl client-config` writes for a client."""
        where = self.folder / f"{client}-{repository}"
        shutil.rmtree(where, ignore_errors=True)
        ran = self.wifctl(
            "client-config", client, "--repository", f"{PROJECT}/{repository}",
            "--token-env", "TOKEN", "--from", "manifests", "--out", str(where), *flags,
            TOKEN=token,
        )  # fmt: skip
        assert ran.code == 0, ran.err
        exports = (shlex.split(line)[1] for line in ran.out.splitlines() if line)
        (where / "environment").write_text("\n".join(exports))
        return where

    def pip(self, repository: str, package: str, token: str = "local") -> Ran:
        """`pip install` into an empty folder, nothing cached."""
        return self.pip_as_configured(
            self.configured("pip", repository, "--only", token=token), package
        )

    def pip_as_configured(self, where: Path, package: str) -> Ran:
        """`pip install` with a configuration written before; safe beside other commands."""
        words = [sys.executable, "-m", "pip", "--no-input", "--isolated", "install", "--no-deps"]
        return run(
            [*words[:4], *words[5:], "--target", "out", package],
            where,
            PIP_CONFIG_FILE=str(where / "pip.conf"),
            PIP_RETRIES="0",
            PIP_NO_CACHE_DIR="1",
            PIP_DISABLE_PIP_VERSION_CHECK="1",
        )

    def uv(self, repository: str, package: str, token: str = "local") -> Ran:
        """`uv pip install` into an empty folder, nothing cached."""
        where = self.configured("uv", repository, "--only", token=token)
        words = [sys.executable, "-m", "uv", "pip", "install", "--no-cache", "--no-deps"]
        return run(
            [*words, "--no-python-downloads", "--target", "out", package],
            where,
            UV_CONFIG_FILE=str(where / "uv.toml"),
            UV_PYTHON=sys.executable,
            UV_HTTP_RETRIES="0",
            **settings(where),
        )

    def twine(self, repository: str, wheel: Path, token: str = "local") -> Ran:
        """`twine upload`."""
        where = self.configured("twine", repository, token=token)
        words = [sys.executable, "-m", "twine", "upload", "--non-interactive"]
        words += ["--disable-progress-bar"]
        return run([*words, "--config-file", ".pypirc", "-r", repository, str(wheel)], where)

    def requests(self, method: str = "artifactregistry.python") -> list[dict[str, Any]]:
        """The request log."""
        found: list[dict[str, Any]] = self.rest.get("/_wifctl/requests", method=method).body[
            "requests"
        ]
        return found


def settings(where: Path) -> dict[str, str]:
    """The environment variables a client configuration came with."""
    lines = (where / "environment").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def run(words: list[str], folder: Path, **environment: str) -> Ran:
    """A client that sees nothing of this machine's own settings."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    clean = {"PATH": os.environ["PATH"], "HOME": str(home), "NO_COLOR": "1"}
    done = subprocess.run(
        words,
        cwd=folder,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@contextmanager
def chain(folder: Path, **options: Any) -> Iterator[Chain]:
    """Upstream and emulator; nothing is applied yet."""
    shutil.copytree(MANIFESTS, folder / "manifests")
    projects = {PROJECT: NUMBER, OTHER: OTHER_NUMBER}
    with upstream(folder / "upstream", TOKEN) as index:
        outside = {"packageIndexes": {"PYPI": index.url}}
        with emulator(projects=projects, outside=outside, **options) as doors:
            client = Rest(doors, "local")
            try:
                yield Chain(folder, doors, client, index)
            finally:
                client.close()
