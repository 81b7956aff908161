"""Loading stays in proportion to parsing, and drags nothing heavy in."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.manifest.loading import load_text

ROOT = Path(__file__).parents[2]
COUNT = 1_000
MANY = "---\n".join(
    f"""\
apiVersion: wifctl/v1
kind: WorkloadIdentityPool
metadata:
  name: pool-{number}
  id: pool-{number}
spec:
  displayName: Pool {number}
  description: Identities of team {number}
  disabled: false
  mode: FEDERATION_ONLY
lifecycle:
  state: present
  preventDestroy: false
"""
    for number in range(COUNT)
)
FORBIDDEN = (
    *("google.auth", "google.api_core", "google.cloud", "grpc", "requests", "rich", "jinja2"),
    *("lxml", "signxml", "cryptography", "jwt", "uvicorn", "ruamel"),
)


def fastest(work: Callable[[], object]) -> float:
    """Seconds of CPU, the best of some runs."""
    seconds = []
    for _ in range(4):
        gc.collect()
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return min(seconds)


def events() -> None:
    parser = yaml.CSafeLoader(MANY)
    while parser.get_event() is not None:
        pass


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML without libyaml")
def test_a_load_costs_a_few_times_what_the_parsers_events_cost() -> None:
    assert len(load_text(MANY).resources) == COUNT
    assert fastest(lambda: load_text(MANY)) < 7 * fastest(events)


def test_loading_plain_manifests_imports_nothing_heavy() -> None:
    program = (
        "import sys; from pathlib import Path; from wifctl.manifest.load import load; "
        "from wifctl.manifest.options import LoadOptions; "
        "found = load([Path('manifests/github-actions')], LoadOptions()); "
        "assert found.resources and not found.diagnostics; "
        "print(*sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not set(FORBIDDEN) & set(run.stdout.split())
