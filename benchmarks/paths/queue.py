"""Claim and finish of a job, sixteen at once, against the extraction of its page."""

from __future__ import annotations

import asyncio
import time

import uvloop
from redis.asyncio import Redis

from benchmarks.figures import Figure
from benchmarks.harness import cpu_of, spent_s
from benchmarks.paths import Size
from benchmarks.paths.worker import extraction_s, stories, submit
from benchmarks.stack import Stack
from service.db import claims
from service.db.claims import Ending
from service.runtime import Runtime, open_runtime

BATCH = 16
JOBS = 800
ENDING = Ending(stage="parse", duration_ms=1, error_code="bench", is_retryable=False)


def run(stack: Stack, size: Size) -> list[Figure]:
    """CPU per job, ours (in the loop of workers) and that of Postgres, to that of extraction."""
    pages = stories(40)
    with stack.scratch() as url:
        own, postgres = uvloop.run(measured(stack, url, pages))
    alone = extraction_s(pages) / len(pages)
    print(f"per job: {own * 1e6:.0f} us, Postgres {postgres * 1e6:.0f} us of CPU; extraction "
          f"{alone * 1e6:.0f} us")  # fmt: skip
    return [
        Figure(path="queue", case="claim and finish", base="extraction", metric=metric,  # type: ignore[arg-type]
               value=s / alone, note=f"{s * 1e6:.0f} us to {alone * 1e6:.0f} us")
        for metric, s in (("cpu", own), ("pg", postgres))
    ]  # fmt: skip


async def measured(stack: Stack, url: str, pages: list[bytes]) -> tuple[float, float]:
    """CPU seconds per job."""
    async with Redis.from_url(stack.redis_url) as redis:
        await redis.flushdb()  # ours alone: hints of another path's database say nothing here
    async with open_runtime(stack.settings(url)) as runtime:
        await submit(runtime, (pages * (JOBS // len(pages) + 1))[:JOBS])
        await runtime.streams.flush()
        before, began = cpu_of(stack.postgres_pid), time.process_time()
        done = await work_off(runtime)
        spent = time.process_time() - began
        postgres = spent_s(stack.postgres_pid, before)
    if done != JOBS:
        raise RuntimeError(f"{done} of {JOBS} jobs were done")
    return spent / done, postgres / done


async def work_off(runtime: Runtime) -> int:
    """How many jobs were claimed, by hint or by turn, and finished."""
    done = 0
    while True:
        hints = await runtime.streams.read("ingestion", BATCH, block=False)
        if hints:
            taken = await claims.claim(runtime.db, [hint.id for hint in hints], "bench", 20.0)
            await runtime.streams.settle(hints)
        else:
            taken = await claims.claim_next(runtime.db, BATCH, "bench", 20.0)
        if not taken and not hints:
            return done
        await asyncio.gather(
            *(claims.finish(runtime.db, claim, "failed", ENDING) for claim in taken)
        )
        done += len(taken)
