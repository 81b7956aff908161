"""Dependency confusion: a private package wins over a public one of the same name."""

from __future__ import annotations

from pathlib import Path

from tests.packages.chain import Chain, chain
from tests.support.packages import make_wheel


def upload(chain: Chain) -> None:
    """A private 1.0 against a public 99.0."""
    chain.upstream.add("acme_billing", "99.0", text="print('stranger')\n")
    wheel = make_wheel(chain.folder, "acme_billing", "1.0", text="print('ours')\n")
    ran = chain.twine("private", wheel)
    assert ran.code == 0, ran.out


def installed(chain: Chain) -> str:
    ran = chain.pip("python", "acme-billing")
    assert ran.code == 0, ran.err
    return (chain.folder / "pip-python" / "out" / "acme_billing.py").read_text()


def swap(chain: Chain, private: int, public: int) -> None:
    """Give the two repositories other priorities."""
    file = chain.folder / "manifests" / "repositories.yaml"
    text = file.read_text()
    text = text.replace(
        "repository: private, priority: 100", f"repository: private, priority: {private}"
    )
    file.write_text(
        text.replace("repository: pypi, priority: 10", f"repository: pypi, priority: {public}")
    )


def test_the_private_version_wins_however_high_the_public_one(tmp_path: Path) -> None:
    with chain(tmp_path) as pypi:
        plan = pypi.wifctl("plan", "manifests")
        assert "public-first" not in plan.err
        pypi.apply()
        upload(pypi)
        assert "ours" in installed(pypi)


def test_the_plan_warns_when_the_public_one_would_win_and_it_does(tmp_path: Path) -> None:
    with chain(tmp_path) as pypi:
        swap(pypi, private=10, public=100)
        plan = pypi.wifctl("plan", "manifests")
        assert plan.code == 0
        assert "[public-first]" in plan.err
        assert "repositories.yaml:" in plan.err
        pypi.apply()
        upload(pypi)
        assert "stranger" in installed(pypi)


def test_equal_priorities_are_warned_about(tmp_path: Path) -> None:
    with chain(tmp_path) as pypi:
        swap(pypi, private=50, public=50)
        assert "public-first" in pypi.wifctl("validate", "manifests").err


def test_a_location_that_does_not_exist_is_named_with_the_nearest(tmp_path: Path) -> None:
    with chain(tmp_path) as pypi:
        settings = pypi.folder / "manifests" / "wifctl.yaml"
        settings.write_text(settings.read_text().replace("europe-west1", "europe-wset1"))
        ran = pypi.wifctl("plan", "manifests")
        assert ran.code == 1
        assert "unknown-location" in ran.err
        assert "did you mean europe-west1?" in ran.err
        assert ran.err.count("[unknown-location]") == 3
