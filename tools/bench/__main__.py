"""`python -m tools.bench [NAME…]`: measure the budgets; exit 1 when one is missed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from tools.bench.commands import loading, local, startup
from tools.bench.figures import Figure

BENCHES: dict[str, Callable[[], Iterator[Figure]]] = {
    "startup": startup,
    "loading": loading,
    "local": local,
}


def main(names: list[str]) -> int:
    """Run some measurements, or all."""
    figures: list[Figure] = []
    for name in names or BENCHES:
        for figure in BENCHES[name]():
            print(figure, flush=True)
            figures.append(figure)
    return int(not all(figure.is_met for figure in figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
