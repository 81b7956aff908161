"""Settings for package clients are those gcloud prints, and real clients work with them."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.credentials.pypi import index, make_wheel
from tests.gcp.loopback import Answer, serving
from wifctl.credentials.clients import (
    Client,
    ClientConfig,
    Registry,
    client_config,
    gsutil_config,
)
from wifctl.diagnostics import WifctlError
from wifctl.names import RepositoryName

NAME = RepositoryName("acme-ci", "europe-west1", "pypi")
TOKEN = "ya29.c/planted%+token"
URL = "https://europe-west1-python.pkg.dev/acme-ci/pypi/"
PRINTED = f"""\
# Insert the following snippet into your .pypirc

[distutils]
index-servers =
    pypi

[pypi]
repository: {URL}

# Insert the following snippet into your pip.conf

[global]
extra-index-url = {URL}simple/
"""


def config(client: Client, **values: Any) -> ClientConfig:
    return client_config(client, Registry(repository=NAME, **values))


def text(client: Client, **values: Any) -> str:
    return config(client, **values).files[0].text


def toml(client: Client, **values: Any) -> dict[str, Any]:
    return tomllib.loads(text(client, **values))


def test_twine_and_pip_get_what_gcloud_prints() -> None:
    heads = ("# Insert the following snippet into your .pypirc\n\n",)
    ours = f"{heads[0]}{text('twine')}\n# Insert the following snippet into your pip.conf\n\n"
    assert ours + text("pip") == PRINTED


@pytest.mark.gcloud
def test_gcloud_still_prints_that(tmp_path: Path) -> None:
    gcloud = shutil.which("gcloud")
    if not gcloud:
        pytest.skip("gcloud is not installed")
    with serving(lambda _: Answer(body=json.dumps({"format": "PYTHON"}).encode())) as server:
        environment = {
            "PATH": os.environ["PATH"],
            "CLOUDSDK_CONFIG": str(tmp_path),
            "CLOUDSDK_AUTH_ACCESS_TOKEN": "any",
            "CLOUDSDK_CORE_ACCOUNT": "local@example.com",
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_ARTIFACTREGISTRY": f"{server.url}/",
            "CLOUDSDK_CORE_DISABLE_FILE_LOGGING": "true",
            "CLOUDSDK_CORE_CHECK_GCE_METADATA": "false",
        }
        words = ["artifacts", "print-settings", "python", "--project=acme-ci"]
        done = subprocess.run(
            [gcloud, *words, "--repository=pypi", "--location=europe-west1"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    assert done.stdout.rstrip("\n") == PRINTED.rstrip("\n")


def test_pip_takes_a_token_in_the_url_and_the_file_is_private() -> None:
    found = config("pip", token=TOKEN, only=True)
    (file,) = found.files
    assert file.private
    parser = configparser.RawConfigParser()
    parser.read_string(file.text)
    assert parser["global"]["index-url"] == (
        "https://oauth2accesstoken:ya29.c%2Fplanted%25%2Btoken"
        "@europe-west1-python.pkg.dev/acme-ci/pypi/simple/"
    )


@pytest.mark.parametrize("client", ["uv", "poetry"])
def test_a_token_goes_to_the_environment_where_the_client_takes_it(client: Client) -> None:
    found = config(client, token=TOKEN)
    assert not any(file.private or TOKEN in file.text for file in found.files)
    prefix = {"uv": "UV_INDEX_PYPI", "poetry": "POETRY_HTTP_BASIC_PYPI_EUROPE_WEST1"}[client]
    assert found.environment[f"{prefix}_USERNAME"] == "oauth2accesstoken"
    assert found.environment[f"{prefix}_PASSWORD"] == TOKEN


def test_uv_asks_the_keyring_as_the_token_user() -> None:
    found = toml("uv")
    assert found["keyring-provider"] == "subprocess"
    (index_,) = found["index"]
    assert index_ == {
        "name": "pypi",
        "url": f"https://oauth2accesstoken@{URL.removeprefix('https://')}simple/",
        "publish-url": URL,
        "authenticate": "always",
    }
    assert toml("uv", only=True)["index"][0]["default"] is True


def test_poetry_keeps_its_reserved_name_free() -> None:
    (source,) = toml("poetry")["tool"]["poetry"]["source"]
    assert source == {
        "name": "pypi-europe-west1",
        "url": f"{URL}simple/",
        "priority": "supplemental",
    }
    upload = tomllib.loads(config("poetry").files[1].text)
    assert upload == {"repositories": {"pypi-europe-west1": {"url": URL}}}
    assert toml("poetry", name="mirror")["tool"]["poetry"]["source"][0]["name"] == "mirror"


@pytest.mark.parametrize("client", ["pip", "uv", "poetry"])
def test_a_second_public_index_is_warned_about(client: Client) -> None:
    assert any("public index" in line for line in config(client).advice)
    assert not any("public index" in line for line in config(client, only=True).advice)


@pytest.mark.parametrize("client", ["pip", "uv", "twine", "poetry"])
def test_a_keyring_is_to_be_installed_unless_there_is_a_token(client: Client) -> None:
    package = "keyrings.google-artifactregistry-auth"
    assert any(package in line for line in config(client).advice)
    assert not any(package in line for line in config(client, token=TOKEN).advice)
    assert TOKEN not in repr(config(client, token=TOKEN))


@pytest.mark.parametrize("name", ["a b", "x]\n[y", "-x"])
def test_a_name_that_would_break_out_is_refused(name: str) -> None:
    with pytest.raises(WifctlError, match="no name for an index"):
        config("twine", name=name)


def test_gsutil_gets_its_section_with_an_absolute_path() -> None:
    (file,) = gsutil_config("/etc/google/credentials.json").files
    assert file.path == ".boto"
    assert file.text == "[Credentials]\ngs_external_account_file = /etc/google/credentials.json\n"
    for path in ("credentials.json", "/a\n[b]"):
        with pytest.raises(WifctlError):
            gsutil_config(path)


# Real clients


def run(words: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a client that may see nothing of this machine's own settings."""
    return subprocess.run(
        words,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "NO_COLOR": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def write(found: ClientConfig, folder: Path) -> None:
    for file in found.files:
        (folder / file.path).write_text(file.text)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    packages = tmp_path / "packages"
    packages.mkdir()
    make_wheel(packages)
    return packages


@pytest.mark.parametrize(("token", "works"), [(TOKEN, True), ("another-token", False)])
def test_pip_downloads_with_the_token(
    token: str, works: bool, registry: Path, tmp_path: Path
) -> None:
    with index(registry, TOKEN) as url:
        write(config("pip", base_url=url, token=token, only=True), tmp_path)
        done = run(
            [sys.executable, "-m", "pip", "--no-input", "download", "-d", "out", "acme-sample"],
            tmp_path,
            PIP_CONFIG_FILE=str(tmp_path / "pip.conf"),
            PIP_RETRIES="0",
            PIP_NO_CACHE_DIR="1",
        )
    assert (done.returncode == 0) is works, done.stderr
    assert (tmp_path / "out" / "acme_sample-1.0-py3-none-any.whl").exists() is works


def test_uv_resolves_with_the_token(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "requirements.in").write_text("acme-sample\n")
    words = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "--no-cache",
        "--no-python-downloads",
        "requirements.in",
    ]
    with index(registry, TOKEN) as url:
        found = config("uv", base_url=url, token=TOKEN, only=True)
        write(found, tmp_path)
        settings = {"UV_CONFIG_FILE": str(tmp_path / "uv.toml"), "UV_PYTHON": sys.executable}
        done = run(words, tmp_path, **settings, **found.environment)
        without = run(words, tmp_path, **settings)
    assert "acme-sample==1.0" in done.stdout, done.stderr
    assert without.returncode != 0


def test_twine_uploads_with_the_token(registry: Path, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, version="2.0")
    words = [sys.executable, "-m", "twine", "upload", "--non-interactive", "--config-file"]
    with index(registry, TOKEN) as url:
        write(config("twine", base_url=url, token=TOKEN, name="acme"), tmp_path)
        done = run([*words, ".pypirc", "-r", "acme", wheel.name], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (registry / wheel.name).exists()
    assert TOKEN not in done.stdout + done.stderr
