"""Statements timed on one connection: wall and the backend's CPU, data sets turn by turn."""

from __future__ import annotations

import contextlib
import os
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import asyncpg
from msgspec import Struct

from benchmarks.figures import Figure
from benchmarks.retrieval import Statement

Draw = Callable[[], Mapping[str, Statement]]


class Times(Struct, frozen=True):
    """Milliseconds of one kind of statement on one data set: the backend's CPU where it can be
    read, so that what else runs does not count; else wall."""

    ms: list[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.ms)

    @property
    def p95(self) -> float:
        return sorted(self.ms)[int(0.95 * (len(self.ms) - 1))]


class Backend:
    """A connection and the process that serves it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        path = Path(f"/proc/{connection.get_server_pid()}/schedstat")
        self.path = path if os.access(path, os.R_OK) else None

    def now_ms(self) -> float:
        if self.path is None:
            return time.perf_counter() * 1000
        return int(self.path.read_text().split()[0]) / 1e6

    async def time_ms(self, statement: Statement) -> float:
        """One run, of what follows too where the page was not whole; of one that is stopped by the
        connection's limit, what it took until then."""
        began = self.now_ms()
        with contextlib.suppress(asyncpg.QueryCanceledError):
            await self._run(statement)
        return self.now_ms() - began

    async def _run(self, statement: Statement) -> None:
        rows = await self.connection.fetch(statement.sql, *statement.values)
        if statement.then is not None and not statement.is_whole(rows):
            await self._run(statement.then)


READ = """
    select sum(pg_prewarm(oid, 'read')) from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')
"""
"""All files of the database, past the shared buffers: what was read from the disk last would decide
(a rare tag's list at a million articles: p95 .5 ms, or 4 where half of it is on the disk)."""


async def backend(url: str) -> Backend:
    """A new connection, set as those of the service are, to a database whose files the machine has
    in memory."""
    settings = {"jit": "off", "timezone": "UTC", "max_parallel_workers_per_gather": "0"}
    connection = await asyncpg.connect(url, server_settings=settings, command_timeout=600)
    await connection.execute("create extension if not exists pg_prewarm")
    await connection.execute(READ)
    return Backend(connection)


async def timed(
    backends: Mapping[int, Backend], draws: Mapping[int, Draw], repeats: int
) -> dict[str, dict[int, Times]]:
    """Every statement ``repeats`` times on every data set, in turn and in another order each time,
    since the first after another data set finds the processor's caches cold."""
    pick = random.Random(repeats)
    found: dict[str, dict[int, list[float]]] = {}
    for number in range(repeats + 2):
        for count, one in backends.items():
            drawn = list(draws[count]().items())
            pick.shuffle(drawn)
            for name, statement in drawn:
                ms = await one.time_ms(statement)
                if number >= 2:
                    found.setdefault(name, {}).setdefault(count, []).append(ms)
    return {
        name: {count: Times(ms) for count, ms in by_count.items()}
        for name, by_count in found.items()
    }


def shown(times: Mapping[str, Mapping[int, Times]], counts: Sequence[int]) -> str:
    """p50 / p95 in milliseconds, a column for each size."""
    head = "".join(f"{f'{count:,}':>18}" for count in counts)
    lines = [f"{'backend CPU, ms p50 / p95':30}{head}"]
    for name, by_count in times.items():
        cells = (f"{t.p50:.2f} / {t.p95:.2f}" if (t := by_count.get(c)) else "-" for c in counts)
        lines.append(f"{name:30}" + "".join(f"{cell:>18}" for cell in cells))
    return "\n".join(lines)


def ratio(path: str, case: str, base: str, metric: str, a: float, b: float) -> Figure:
    """``a`` ms of ``case`` to ``b`` ms of ``base``."""
    return Figure(
        path=path, case=case, base=base, metric=metric,  # type: ignore[arg-type]
        value=a / b if b else 0.0, note=f"{a:.2f} ms to {b:.2f} ms",
    )  # fmt: skip


def growth(
    path: str, times: Mapping[str, Mapping[int, Times]], counts: Sequence[int]
) -> list[Figure]:
    """The worst p95 of any kind and the growth of each p50, larger data sets to the smallest."""
    found = []
    for count in counts[1:]:
        worst = [max(t[n].p95 for t in times.values() if n in t) for n in (counts[0], count)]
        name = f"worst p95, {count:,}"
        found.append(ratio(path, name, f"{counts[0]:,}", "p95", worst[1], worst[0]))
        for kind, t in times.items():
            if counts[0] in t and count in t:
                case = f"{kind}, {count:,}"
                found.append(
                    ratio(path, case, f"{counts[0]:,}", "p50", t[count].p50, t[counts[0]].p50)
                )
    return found
