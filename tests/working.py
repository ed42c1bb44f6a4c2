"""A worker in the test's own loop, and words for what tests of ingestion do again and again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from service import ingest
from service.db import clients
from service.db.ingestions import Ingestion
from service.ingest import Submission
from service.runtime import Runtime
from service.worker import Lane, run_worker

PARAGRAPH = (
    "The council voted on Tuesday evening to keep the old bridge open through the winter, after "
    "three hours of debate and a petition that more than two thousand people had signed. "
)


def page(headline: str = "Bridge stays open", *, paragraphs: int = 6, note: str = "") -> str:
    """The HTML of a plain news page; ``note`` makes its text another one."""
    body = "".join(f"<p>{PARAGRAPH}{note} Part {n}.</p>" for n in range(paragraphs))
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title></head>"
        f"<body><article><h1>{headline}</h1>{body}</article></body></html>"
    )


async def a_client(runtime: Runtime, name: str = "a reader") -> UUID:
    """The id of a new client."""
    return (await clients.create(runtime.db, name)).id


@asynccontextmanager
async def working(
    runtime: Runtime, *lanes: Callable[[Runtime, str], Lane[Any]]
) -> AsyncIterator[None]:
    """A worker works within the block, on the given ``lanes`` alone or on all."""
    stop = asyncio.Event()
    chosen = [lane(runtime, "a worker of the tests") for lane in lanes] or None
    task = asyncio.create_task(run_worker(runtime, stop, lanes=chosen))
    try:
        yield
    finally:
        stop.set()
        await task


async def submitted(runtime: Runtime, client_id: UUID, *submissions: Submission) -> list[Ingestion]:
    """The accepted ingestions."""
    return list((await ingest.submit(runtime, client_id, submissions)).ingestions)


async def ended(
    runtime: Runtime, *ingestions: Ingestion, within_s: float = 60.0
) -> list[Ingestion]:
    """The ingestions when all have ended; fails after ``within_s``."""
    found = [await ingest.wait(runtime, one, within_s) for one in ingestions]
    assert all(one.finished_at for one in found), [one.state for one in found]
    return found


async def eventually(
    check: Callable[[], Awaitable[bool]], what: str, within_s: float = 60.0
) -> None:
    """``check`` has become true; fails after ``within_s``."""
    deadline = asyncio.get_running_loop().time() + within_s
    while not await check():
        assert asyncio.get_running_loop().time() < deadline, f"not within {within_s} s: {what}"
        await asyncio.sleep(0.02)
