"""How long commands take: the budgets of the product as a whole."""

from __future__ import annotations

import http.client
import json
import tempfile
from collections import Counter
from pathlib import Path

from tools.bench.process import Run, median, wifctl
from tools.bench.report import Figure
from tools.bench.serving import served
from tools.bench.worlds import fleet, write

LATENCY_MS = 50
PARALLELISM = 32
DOCUMENTED_READS = 1028


def starting(folder: Path) -> list[Figure]:
    """`--help`, and `validate` of 10 and of 10,000 documents."""
    with _world(folder, 1, 1, 4, 3, 1) as ten, _world(folder, 50, 20, 5000, 3700, 250) as many:
        shown = median([wifctl(ten, "--help") for _ in range(11)])
        small = median([wifctl(ten, "validate") for _ in range(11)])
        large = median([wifctl(many, "validate") for _ in range(3)])
    return [
        Figure("wifctl --help, median of 11", shown.seconds * 1000, "ms", 60, note=_cpu(shown)),
        Figure(
            "wifctl validate, 10 documents, median of 11",
            small.seconds * 1000,
            "ms",
            150,
            note=_cpu(small),
        ),
        Figure(
            "wifctl validate, 10,000 documents, median of 3",
            large.seconds,
            "s",
            1.5,
            note=_cpu(large),
        ),
        Figure("  its memory", large.megabytes, "MB", 200),
    ]


def reading(folder: Path) -> list[Figure]:
    """The calls of a plan over 20×5 providers, 500×4 and 500×2 grants, 50 repositories."""
    with _world(folder, 20, 5, 500, 500, 50) as world, served(world) as emulator:
        target = ("--endpoint", emulator.url)
        wifctl(world, "apply", "--auto-approve", *target)
        _control(emulator.url, "DELETE", "requests")
        quick = median([wifctl(world, "plan", *target) for _ in range(3)])
        asked = Counter(call["method"] for call in _requests(emulator.url))
        _control(emulator.url, "PATCH", "switches", {"latency": {"*": LATENCY_MS}})
        slow = wifctl(world, "plan", *target)
    calls = sum(asked.values()) / 3
    physical = calls * LATENCY_MS / 1000 / PARALLELISM
    extra = ", ".join(f"{_short(m)} {n // 3}" for m, n in asked.most_common())
    return [
        Figure("reads of a no-op plan, 20×5 / 500×4 / 500×2 / 50", calls, "calls",
               DOCUMENTED_READS, note=extra),
        Figure("  without latency", quick.seconds, "s", note=f"{quick.megabytes:.0f} MB"),
        Figure(f"  what {LATENCY_MS} ms latency adds, ÷ calls × latency ÷ {PARALLELISM}",
               (slow.seconds - quick.seconds) / physical, "×", 1.15,
               note=f"{slow.seconds:.2f} s in all"),
    ]  # fmt: skip


def scaling(folder: Path) -> list[Figure]:
    """5,000 resources on the local target."""
    with _world(folder, 50, 20, 2000, 1500, 450) as world:
        first = wifctl(world, "plan", "--local", "--detailed-exitcode", code=2)
        applied = wifctl(world, "apply", "--local", "--auto-approve")
        again = wifctl(world, "plan", "--local", "--detailed-exitcode")
    return [
        *_figure("plan of 5,000 resources, --local", first, 5),
        *_figure("apply of them", applied, 30),
        *_figure("no-op plan of them", again, 5),
    ]


def _figure(what: str, done: Run, budget: float) -> list[Figure]:
    note = _cpu(done)
    return [
        Figure(what, done.seconds, "s", budget, note=note),
        Figure("  memory, the emulator's included", done.megabytes, "MB", 300),
    ]


def _cpu(done: Run) -> str:
    return f"{done.cpu_seconds:.2f} s of processor"


class _world:  # noqa: N801 - used like a function
    def __init__(self, folder: Path, *sizes: int) -> None:
        self._temporary = tempfile.TemporaryDirectory(dir=folder)
        self._sizes = sizes

    def __enter__(self) -> Path:
        folder = Path(self._temporary.__enter__())
        write(folder, fleet(*self._sizes))
        return folder

    def __exit__(self, *error: object) -> None:
        self._temporary.cleanup()


def _short(method: str) -> str:
    return ".".join(method.split(".")[-2:])


def _requests(url: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(_control(url, "GET", "requests"))["requests"]
    return found


def _control(url: str, verb: str, what: str, body: object = None) -> bytes:
    sent = json.dumps(body).encode() if body is not None else None
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    connection.request(verb, f"/_wifctl/{what}", sent)
    text = connection.getresponse().read()
    connection.close()
    return text
