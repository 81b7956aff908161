"""`python -m tools.bench [serving | starting | reading | scaling …]`: measure the budgets."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.bench.commands import reading, scaling, starting
from tools.bench.process import baseline
from tools.bench.report import Figure
from tools.bench.serving import serving

CHAPTERS: dict[str, Callable[[Path], list[Figure]]] = {
    "serving": serving,
    "starting": starting,
    "reading": reading,
    "scaling": scaling,
}
USUAL_START_MS = 7.0
"""What `python -c pass` takes where the budgets were set."""


def main(chosen: list[str]) -> int:
    """Print all figures; 1 when a budget is exceeded on a machine that is quiet enough."""
    with tempfile.TemporaryDirectory(prefix="wifctl-bench-") as temporary:
        folder = Path(temporary)
        start = baseline(folder) * 1000
        load = os.getloadavg()[0]
        print(
            f"Python {platform.python_version()}, {os.cpu_count()} processors, load {load:.1f}, "
            f"python -c pass {start:.1f} ms ({start / USUAL_START_MS:.1f} × the usual)"
        )
        held = True
        for name in chosen or CHAPTERS:
            for figure in CHAPTERS[name](folder):
                print(figure, flush=True)
                held = held and figure.holds
    if not held:
        print("Some budgets are exceeded. A busy machine says little: compare load and start.")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
