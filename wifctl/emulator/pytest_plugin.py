"""pytest fixtures: an emulator for the session, in it a clean project for each test.

pytest imports this module in every project that has wifctl installed; nothing else of wifctl is
imported before a test asks for a fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from wifctl.emulator.server import Doors
    from wifctl.emulator.testing import LocalProject

DEFAULT_PROJECT = "test-project=123456789012"
_MARKER = (
    "wifctl(project=ID, number=NUMBER, enforce_iam=False, state=YAML, switches={}): "
    "what the project of wifctl_project is like"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini option `wifctl_project`."""
    parser.addini(
        "wifctl_project", "ID=NUMBER of the project each test gets", default=DEFAULT_PROJECT
    )


def pytest_configure(config: pytest.Config) -> None:
    """The marker `wifctl`."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def wifctl_emulator() -> Iterator[Doors]:
    """A running emulator, its state in memory; emptied whenever a test takes a project."""
    from wifctl.emulator.server import running

    with running() as doors:
        yield doors


@pytest.fixture
def wifctl_project(request: pytest.FixtureRequest) -> Iterator[LocalProject]:
    """An empty project: no resources, no policies, real time, no switches, no requests.

    `@pytest.mark.wifctl(…)` names another project, imports a state, turns switches, or enforces
    IAM (in an emulator of the test's own, whose operator's token is `local`).
    """
    from wifctl.emulator.testing import LocalProject

    marker = request.node.get_closest_marker("wifctl")
    told = dict(marker.kwargs) if marker else {}
    default_id, _, default_number = request.config.getini("wifctl_project").partition("=")
    chosen = told.get("project", default_id)
    number = told.get("number") or (default_number if chosen == default_id else "")
    with ExitStack() as stack:
        if told.get("enforce_iam"):
            doors = stack.enter_context(_enforcing())
        else:
            doors = request.getfixturevalue("wifctl_emulator")
        project = LocalProject(chosen, number or _derived(chosen), doors)
        project.control("POST", "reset")
        project.control("POST", "projects", {project.id: project.number})
        if state := told.get("state"):
            project.import_state(state)
        if switches := told.get("switches"):
            project.switch(**switches)
        yield project


def _derived(project_id: str) -> str:
    from wifctl.emulator.projects import derived_number

    return derived_number(project_id)


def _enforcing() -> AbstractContextManager[Doors]:
    from wifctl.emulator.options import Options
    from wifctl.emulator.server import running

    return running(None, Options(enforce_iam=True))
