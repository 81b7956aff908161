"""The wheel, installed elsewhere, works on a copied scenario: nothing is needed but the package."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.e2e.world import MANIFESTS

PROJECT = MANIFESTS.parent


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command that must go well, without this checkout in sight."""
    hidden = ("PYTHONPATH", "WIFCTL_ENDPOINT", "WIFCTL_PROJECT", "GOOGLE_CLOUD_PROJECT")
    environment = {k: v for k, v in os.environ.items() if k not in hidden}
    environment["HOME"] = str(cwd)
    done = subprocess.run(
        list(map(str, arguments)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    run(*build, PROJECT, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a fresh environment: the wheel, and this environment's other packages."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    # A path file inside the directory it names is not read: the checkout stays out of sight.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    return folder / "bin"


def test_the_installed_wheel_plans_and_applies_a_copied_scenario(
    installed: Path, tmp_path: Path
) -> None:
    where = run(installed / "python", "-c", "import wifctl; print(wifctl.__file__)", cwd=tmp_path)
    assert where.stdout.startswith(str(installed.parent))
    shutil.copytree(MANIFESTS / "github-actions", tmp_path / "manifests")
    wifctl = installed / "wifctl"
    planned = run(wifctl, "plan", "--local", cwd=tmp_path)
    assert "+ WorkloadIdentityPool/acme-ci/github" in planned.stdout
    run(wifctl, "apply", "--local", "--auto-approve", cwd=tmp_path)
    again = run(wifctl, "plan", "--local", "--detailed-exitcode", cwd=tmp_path)
    assert "No changes" in again.stdout


def test_templates_and_schemas_are_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("templates", "schemas"):
        files = [p for p in (PROJECT / folder).rglob("*") if p.is_file()]
        assert files
        inside = {f"wifctl/_data/{folder}/{p.relative_to(PROJECT / folder)}" for p in files}
        assert inside <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "tools/"))]
