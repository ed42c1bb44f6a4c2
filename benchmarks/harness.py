"""Starts servers as children, loads them in turn, counts their CPU, compares by ratio.

Absolute figures depend on the machine and are printed only; what is judged is the ratio of a
case to its base in the same run. Rounds are shuffled and interleaved; the median counts.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, field

from benchmarks.load import Plan, Report, Shot

ROOT = Path(__file__).parent.parent
READY_S = 120.0
WARM_S = 0.6


class Case(Struct, kw_only=True):
    """Shots at one server; ``against`` names the cases that it is compared with."""

    name: str
    server: str
    shots: list[Shot]
    against: tuple[str, ...] = ()
    connections: int = 16


class Measure(Struct, kw_only=True):
    """Medians over the rounds of one case. CPU in microseconds per request."""

    name: str
    rps: float
    p50_ms: float
    p99_ms: float
    server_us: float
    postgres_us: float
    errors: int
    rounds: int
    statuses: dict[str, int] = field(default_factory=dict)


class Server:
    """A child process that listens on a port of its own."""

    def __init__(self, name: str, command: Sequence[str], env: dict[str, str]) -> None:
        self.name, self.port = name, free_port()
        command = [part.replace("{port}", str(self.port)) for part in command]
        env = {**os.environ, **env, "PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        self.log = open(f"/tmp/bench-{os.getpid()}-{name}.log", "wb")  # noqa: SIM115
        self.process = subprocess.Popen(pinned(command, 0), env=env, cwd=ROOT, stdout=self.log,
                                        stderr=self.log)  # fmt: skip

    def wait(self) -> None:
        """The server accepts connections."""
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start: see {self.log.name}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(25)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        if self.process.returncode in (0, -signal.SIGTERM):
            Path(self.log.name).unlink(missing_ok=True)


def pinned(command: Sequence[str], core: int) -> list[str]:
    """The command on one core, where there are two: servers on 0, load and Postgres on 1."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    taskset = [] if len(cores) < 2 else ["taskset", "-c", str(cores[min(core, len(cores) - 1)])]
    return [*taskset, *command]


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(
    commands: dict[str, tuple[Sequence[str], dict[str, str]]],
) -> Iterator[dict[str, Server]]:
    """The servers of ``commands`` (name: command, environment), all answering."""
    servers: dict[str, Server] = {}
    try:
        for name, (command, env) in commands.items():
            servers[name] = Server(name, command, env)
        for server in servers.values():
            server.wait()
        yield servers
    finally:
        for server in servers.values():
            server.stop()


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found, below = [pid], [pid]
    while below:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{below[0]}/task").iterdir():
                children = [int(n) for n in (task / "children").read_text().split()]
                found += children
                below += children
        below.pop(0)
    return found


def cpu_of(root: int) -> dict[int, float]:
    """CPU seconds, user and system, of each process at or below ``root``; of none for 0."""
    found: dict[int, float] = {}
    for pid in tree(root) if root else []:
        with contextlib.suppress(OSError):
            # schedstat counts in nanoseconds; stat in ticks of ten milliseconds.
            found[pid] = sum(
                int((task / "schedstat").read_text().split()[0]) / 1e9
                for task in Path(f"/proc/{pid}/task").iterdir()
            )
    return found


def spent_s(root: int, before: dict[int, float]) -> float:
    """CPU seconds since ``before``; what ended meanwhile is not counted."""
    return sum(max(0.0, now - before.get(pid, 0.0)) for pid, now in cpu_of(root).items())


def shoot(case: Case, port: int, seconds: float, seed: int) -> Report:
    """One round of ``case``, from a process of its own."""
    plan = Plan(host="127.0.0.1", port=port, shots=case.shots, connections=case.connections,
                seconds=seconds, seed=seed)  # fmt: skip
    command = pinned([sys.executable, "-m", "benchmarks.load"], 1)
    done = subprocess.run(command, input=msgspec.msgpack.encode(plan), capture_output=True,
                          cwd=ROOT, timeout=seconds + 60, check=True)  # fmt: skip
    return msgspec.json.decode(done.stdout, type=Report)


def measure(
    cases: Sequence[Case], servers: dict[str, Server], postgres_pid: int, *, rounds: int,
    seconds: float,
) -> dict[str, Measure]:  # fmt: skip
    """Every case in every round, in a new order each time."""
    seen: dict[str, list[tuple[Report, float, float]]] = {case.name: [] for case in cases}
    for case in cases:
        shoot(case, servers[case.server].port, WARM_S, 0)
    for number in range(1, rounds + 1):
        order = list(cases)
        random.Random(number).shuffle(order)
        for case in order:
            server = servers[case.server]
            own, postgres = cpu_of(server.process.pid), cpu_of(postgres_pid)
            outcome = shoot(case, server.port, seconds, number)
            spent = spent_s(server.process.pid, own), spent_s(postgres_pid, postgres)
            seen[case.name].append((outcome, *spent))
    return {name: _median(name, rows) for name, rows in seen.items()}


def _median(name: str, rows: Sequence[tuple[Report, float, float]]) -> Measure:
    def middle(values: Sequence[float]) -> float:
        return statistics.median(values)

    return Measure(
        name=name,
        rps=middle([r.requests / r.seconds for r, _, _ in rows]),
        p50_ms=middle([r.p50_ms for r, _, _ in rows]),
        p99_ms=middle([r.p99_ms for r, _, _ in rows]),
        server_us=middle([own / max(r.requests, 1) * 1e6 for r, own, _ in rows]),
        postgres_us=middle([pg / max(r.requests, 1) * 1e6 for r, _, pg in rows]),
        errors=sum(r.errors for r, _, _ in rows),
        rounds=len(rows),
        statuses=rows[-1][0].statuses,
    )


def table(cases: Sequence[Case], measures: dict[str, Measure]) -> str:
    """The measures as text, ratios to the base first."""
    lines = [f"{'case':42} {'x rps':>7} {'x cpu':>7} {'rps':>8} {'p50':>7} {'p99':>7} "
             f"{'srv us':>7} {'pg us':>7} {'errors':>6}"]  # fmt: skip
    for case in cases:
        one = measures[case.name]
        base = measures.get((case.against or (case.name,))[0], one)
        rate = one.rps / base.rps if base.rps else 0
        cpu = one.server_us / base.server_us if base.server_us else 0
        lines.append(
            f"{one.name:42} {rate:7.2f} {cpu:7.2f} {one.rps:8.0f} {one.p50_ms:7.2f} "
            f"{one.p99_ms:7.2f} {one.server_us:7.0f} {one.postgres_us:7.0f} {one.errors:6}"
        )
    return "\n".join(lines)
