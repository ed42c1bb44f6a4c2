"""Where the time of an overload goes: callers, the way into the service, the service, the cores.

What a caller waits for an answer is, one after another: a free connection of the crowd, the way
from the socket to our first line of code and back, and the time between our first line and our
last, which every request leaves in the log.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.harness import cpu_of, spent_s
from benchmarks.openloop import Log

REQUEST = b'{"event":"request"'
CLASSES = {"refusals": ("429", "503"), "acceptances": ("page 202",), "reads": ("read 200",)}
Times = list[float]
"""Milliseconds."""


class Line(Struct):
    """What is read of a request's line in the log."""

    method: str
    status: int
    duration_ms: float


class Split:
    """Watches processes (by name, each with its children) and the service's log from now on."""

    def __init__(self, processes: dict[str, int], log: Path) -> None:
        self._processes = processes
        self._log, self._begun_at = log, log.stat().st_size
        self._before = {name: cpu_of(pid) for name, pid in processes.items()}

    def table(self, crowd: Log, seconds: float) -> str:
        """Quantiles of each class of answers, and the cores that each process had."""
        inside = self._inside()
        lines = [f"{'p50 / p99, ms':14} {'since due':>17} {'since sent':>17} {'in service':>17}"]
        for name, ends in CLASSES.items():
            parts = (of(crowd.latencies, ends), of(crowd.answered, ends), of(inside, ends))
            lines.append(f"{name:14} " + " ".join(f"{quantiles(part):>17}" for part in parts))
        lines.append(f"{'callers late':14} {quantiles(crowd.late):>17}")
        cores = {"callers": crowd.cpu_s} | {
            name: spent_s(pid, self._before[name]) for name, pid in self._processes.items()
        }
        shares = ", ".join(f"{name} {spent / seconds:.2f}" for name, spent in cores.items())
        return "\n".join([*lines, f"cores: {shares}; {crowd.opened:,} connections opened"])

    def _inside(self) -> dict[str, Times]:
        decode = msgspec.json.Decoder(Line).decode
        kinds = {"POST": "page", "GET": "read"}
        found: dict[str, Times] = {}
        with self._log.open("rb") as lines:
            lines.seek(self._begun_at)
            for one in (decode(line) for line in lines if line.startswith(REQUEST)):
                name = f"{kinds.get(one.method)} {one.status}"
                found.setdefault(name, []).append(one.duration_ms)
        return found


def of(times: dict[str, Times], ends: Iterable[str]) -> Times:
    """Those of all answers whose name ends so."""
    return [x for name, ts in times.items() if name.endswith(tuple(ends)) for x in ts]


def p99(times: Times) -> float:
    """The 99th percentile; 0 of none."""
    return sorted(times)[int(len(times) * 0.99)] if times else 0.0


def quantiles(times: Times) -> str:
    """Median and 99th percentile."""
    return f"{statistics.median(times or [0.0]):,.1f} / {p99(times):,.1f}"
