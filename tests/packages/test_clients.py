"""Real pip, uv and twine against the Python door, configured by wifctl alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packages.chain import Chain, chain
from tests.support.packages import make_wheel


@pytest.fixture(scope="module")
def pypi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with chain(tmp_path_factory.mktemp("pypi")) as found:
        found.apply()
        yield found


@pytest.mark.parametrize("repository", ["pypi", "python"])
@pytest.mark.parametrize("client", ["pip", "uv"])
def test_a_package_that_only_upstream_has_is_installed(
    pypi: Chain, client: str, repository: str
) -> None:
    name = f"only_{client}_{repository}"
    pypi.upstream.add(name)
    ran = (pypi.pip if client == "pip" else pypi.uv)(repository, name.replace("_", "-"))
    assert ran.code == 0, ran.out + ran.err
    assert (pypi.folder / f"{client}-{repository}" / "out" / f"{name}.py").exists()
    assert [c["status"] for c in pypi.requests() if name in c["details"]].count("OK") >= 1


def test_an_uploaded_package_is_installed_back(pypi: Chain, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "acme_private", "1.2", requires=">=3.8")
    ran = pypi.twine("private", wheel)
    assert ran.code == 0, ran.out + ran.err
    for repository in ("private", "python"):
        assert pypi.pip(repository, "acme-private").code == 0
        assert pypi.uv(repository, "acme-private==1.2").code == 0
