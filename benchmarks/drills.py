"""``make drill``: a bad minute at full rate, and whether the service kept what it promises.

    python -m benchmarks.drills [overload] [valkey] [--seconds 60]

``overload``: three times the requests that the API can answer (reads and pages, half and half).
Only 2xx, 429 and 503 may come, refusals with Retry-After and quickly; memory stays bounded; what
was accepted ends. ``valkey``: Valkey is away while pages come as fast as they are taken; acceptance
goes on, and work at half its rate or better. Ends with 1 if a promise was not kept.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import psutil

from benchmarks.load import request
from benchmarks.openloop import Ask, Course, Log
from benchmarks.split import CLASSES, Split, of, p99
from service.cli import clients
from tests.crash.stack import Stack, counted, unended, wrongs
from tests.working import page

FULL_RATE = 20_000.0
"""More requests a second than one API process can answer."""
CALLERS = 1_000
BACKLOG = 2_000
PAGES = 3_000
MB = 1 << 20
BOUNDS = {
    "refusals p99, ms": 100.0, "acceptances p99, ms": 1_000.0, "reads p99, ms": 250.0,
    "API, MB": 512.0, "worker and its child, MB": 2_048.0, "normal again, s": 5.0,
}  # fmt: skip
Found = dict[str, tuple[float, bool]]
"""What was measured, and whether it is as promised."""


class Drill:
    """The service with one API process and one worker, and callers."""

    def __init__(self, stack: Stack, port: int) -> None:
        self.stack, self.port = stack, port
        self.url = f"http://127.0.0.1:{port}"
        self.keys: list[str] = []

    async def start(self) -> None:
        """Everything answers."""
        await self.stack.start()
        for name in ("crowd", "another client"):
            made = await clients.create(self.stack.settings, name, ("ingest", "read"))
            self.keys.append(made)
        environ = os.environ | self.stack.environ | {
            "PORT": str(self.port), "BROADSHEET_RATE_PER_MINUTE": "100000000",
            "BROADSHEET_QUEUE_DEPTH_PER_CLIENT_MAX": str(BACKLOG),
        }  # fmt: skip
        self.api = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "service", "api",
            env=environ, stdout=self.stack.log, stderr=self.stack.log,
        )  # fmt: skip
        self.worker = await self.stack.worker()
        await self.normal(within_s=60)

    async def stop(self) -> None:
        """Nothing is left running."""
        self.api.kill()
        await self.api.wait()
        await self.stack.stop()

    async def normal(self, within_s: float) -> float:
        """Seconds until another client's page is accepted and read within a quarter second."""
        began = time.perf_counter()
        headers = {"Authorization": f"Bearer {self.keys[1]}", "Content-Type": "text/html"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, timeout=5) as client:
            while time.perf_counter() - began < within_s:
                asked = time.perf_counter()
                try:
                    sent = await client.post("/v1/ingestions", content=page("One more"))
                    read = await client.get("/v1/articles")
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                    continue
                took = time.perf_counter() - asked
                if (sent.status_code, read.status_code) == (202, 200) and took < 0.5:
                    return time.perf_counter() - began
                await asyncio.sleep(0.1)
        return within_s

    async def crowd(self, rate: float, seconds: float, kinds: tuple[str, ...]) -> Log:
        """What callers at ``rate`` requests a second saw."""
        made = list(self.asks(kinds))
        course = Course(
            host="127.0.0.1",
            port=self.port,
            asks=made,
            rate=rate,
            seconds=seconds,
            connections=CALLERS,
        )
        caller = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.openloop", stdin=PIPE, stdout=PIPE
        )
        out, _ = await caller.communicate(msgspec.msgpack.encode(course))
        return msgspec.msgpack.decode(out, type=Log)

    def processes(self) -> dict[str, int]:
        """What has a share of the cores beside the callers."""
        return {
            "API": self.api.pid, "worker": self.worker.pid,
            "Postgres": self.stack.postgres.pid("postgres"),
            "Valkey": self.stack.valkey.pid("valkey"),
        }  # fmt: skip

    def asks(self, kinds: tuple[str, ...]) -> Iterator[Ask]:
        bearer = {"authorization": f"Bearer {self.keys[0]}"}
        html = bearer | {"content-type": "text/html", "content-encoding": "gzip"}
        list_of = request("GET", "/v1/articles?limit=20", bearer | {"accept-encoding": "gzip"})
        for number in range(PAGES):
            if "page" in kinds:
                body = gzip.compress(page(f"The story of {number}", note=str(number)).encode(), 1)
                where = f"/v1/ingestions?url=https://site.example/{number}"
                yield Ask("page", request("POST", where, html, body))
            if "read" in kinds:
                yield Ask("read", list_of)

    async def ended(self, within_s: float) -> int:
        """How many ingestions have not ended after ``within_s``."""
        deadline = time.perf_counter() + within_s
        while (left := await unended(self.stack)) and time.perf_counter() < deadline:
            await asyncio.sleep(0.5)
        return left


@asynccontextmanager
async def standing(port: int) -> AsyncIterator[Drill]:
    """A drill's service within the block."""
    with tempfile.TemporaryDirectory(prefix="bsd") as folder:
        drill = Drill(Stack(Path(folder)), port)
        try:
            await drill.start()
            yield drill
        finally:
            await drill.stop()


async def overload(drill: Drill, seconds: float) -> Found:
    """Three times what the API answers in a second, for ``seconds``."""
    both = ("page", "read")
    warm = await drill.crowd(300, 5, both)
    first = await drill.crowd(FULL_RATE, 5, both)
    capacity = _answered(first) / first.took_s  # what the crowd sent in five seconds
    print(f"capacity: {capacity:.0f} requests a second ({_statuses(warm)}; {_statuses(first)})")
    peaks = {"API, MB": 0.0, "worker and its child, MB": 0.0}
    watch = asyncio.create_task(_watch(drill, peaks))
    split = Split(drill.processes(), Path(drill.stack.log.name))
    log = await drill.crowd(3 * capacity, seconds, both)
    table = split.table(log, seconds)
    normal_s = await drill.normal(within_s=30)
    watch.cancel()
    print(f"offered {3 * capacity:.0f} a second for {seconds:.0f} s: {_statuses(log)}\n{table}")
    waited = {f"{name} p99, ms": p99(of(log.latencies, ends)) for name, ends in CLASSES.items()}
    measured = peaks | waited | {"normal again, s": normal_s}
    found = {what: (value, value <= BOUNDS[what]) for what, value in measured.items()}
    strange = sum(len(t) for name, t in log.latencies.items() if name[-3:] not in EXPECTED)
    found |= _none("other answers", strange) | _none("refusals without Retry-After", log.bare)
    found |= _none("connections broken", log.broken)
    return found | await _kept(drill)


EXPECTED = ("200", "202", "429", "503")


async def valkey(drill: Drill, seconds: float) -> Found:
    """Valkey is stopped for ``seconds`` under pages at full rate, and comes back."""
    before = await _work(drill, seconds / 2)
    await asyncio.to_thread(drill.stack.valkey.stop)
    away = await _work(drill, seconds)
    await asyncio.to_thread(drill.stack.valkey.start)
    after = await _work(drill, seconds / 2)
    share = away.finished_per_s / before.finished_per_s
    found: Found = {
        "pages ended a second, before": (before.finished_per_s, True),
        "pages ended a second, Valkey away": (away.finished_per_s, share >= 0.5),
        "pages ended a second, after": (after.finished_per_s, True),
        "pages accepted, Valkey away": (float(away.accepted), away.accepted > 0),
    }
    strange = before.strange + away.strange + after.strange
    return found | _none("other answers", strange) | await _kept(drill)


class _Work(msgspec.Struct):
    finished_per_s: float
    accepted: int
    strange: int


async def _work(drill: Drill, seconds: float) -> _Work:
    ends = "select count(*) from ingestion where finished_at is not null"
    began, done = time.perf_counter(), await counted(drill.stack, ends)
    log = await drill.crowd(250, seconds, ("page",))
    done = await counted(drill.stack, ends) - done
    print(f"{seconds:.0f} s: {_statuses(log)}, {done} ended")
    strange = sum(len(t) for name, t in log.latencies.items() if name[-3:] not in EXPECTED)
    accepted = len(log.latencies.get("page 202", ()))
    return _Work(done / (time.perf_counter() - began), accepted, strange + log.broken)


async def _kept(drill: Drill) -> Found:
    stuck = await drill.ended(within_s=300)
    wrong = await wrongs(drill.stack)
    print(f"wrong: {wrong or 0}")
    return _none("accepted pages that did not end", stuck) | _none("wrong", sum(wrong.values()))


async def _watch(drill: Drill, peaks: dict[str, float]) -> None:
    while True:
        peaks["API, MB"] = max(peaks["API, MB"], _rss_mb(drill.api))
        name = "worker and its child, MB"
        peaks[name] = max(peaks[name], _rss_mb(drill.worker))
        await asyncio.sleep(0.5)


def _rss_mb(process: Process) -> float:
    """Memory of a process and its children."""
    top = psutil.Process(process.pid)
    return sum(one.memory_info().rss for one in (top, *top.children(recursive=True))) / MB


def _none(what: str, count: int) -> Found:
    return {what: (float(count), count == 0)}


def _answered(log: Log) -> int:
    return sum(len(t) for name, t in log.latencies.items() if name[-3:] in ("200", "202"))


def _statuses(log: Log) -> str:
    counts = [f"{name}: {len(times):,}" for name, times in sorted(log.latencies.items())]
    return ", ".join([*counts, f"unsent: {log.unsent:,}", f"broken: {log.broken}"])


async def run(names: list[str], seconds: float) -> bool:
    """Runs each drill on a service of its own and prints it; whether all was kept."""
    is_well = True
    for name in names:
        print(f"\n== {name}", flush=True)
        async with standing(18_431) as drill:
            found = await DRILLS[name](drill, seconds)
        for what, (value, is_kept) in found.items():
            print(f"{'  ' if is_kept else '! '}{what}: {value:,.1f}", flush=True)
            is_well &= is_kept
    return is_well


DRILLS = {"overload": overload, "valkey": valkey}


def main() -> None:
    """Runs and exits 1 if a promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drills", nargs="*", choices=[*DRILLS, []], default=[])
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    sys.exit(0 if asyncio.run(run(given.drills or list(DRILLS), given.seconds)) else 1)


if __name__ == "__main__":
    main()
