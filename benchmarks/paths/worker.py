"""A worker process from claim to stored article: its CPU against that of extraction alone, its rate
without Redis against that with it, and the time from acceptance to the served article."""

from __future__ import annotations

import asyncio
import contextlib
import random
import statistics
import sys
import time
from collections.abc import Iterator

import asyncpg

from benchmarks.figures import Figure
from benchmarks.harness import Server, cpu_of, spent_s
from benchmarks.paths import Size
from benchmarks.stack import Stack
from benchmarks.words import Language, languages
from service import ingest
from service.db import clients
from service.extract import Page, extract
from service.ingest import Submission
from service.runtime import Runtime, open_runtime

STARTED_S = 30.0
PAGE_S = 2.0
IDLE_PAGES = 20
SERVED_MS = 50.0
NO_REDIS = "redis://127.0.0.1:1/0"
CHROME = "".join(
    f'<li class="nav__item"><a href="/section/{n}" class="nav__link">Section {n}</a></li>'
    for n in range(60)
)
ENDED = "select count(*) from ingestion where finished_at is not null"
STORED = "select count(*) from article"


def stories(count: int) -> list[bytes]:
    """Pages of news sites as they are made, each another story: 30 paragraphs, menus, widgets."""
    pick, [language, *_] = random.Random(3), languages(1)
    return [story(pick, language, number) for number in range(count)]


def story(pick: random.Random, language: Language, number: int) -> bytes:
    text = language.text
    paragraphs = "".join(f'<p class="c-text">{text(pick, 45)}.</p>' for _ in range(30))
    cards = "".join(
        f'<div class="card"><a href="/{number}/{n}"><h3>{text(pick, 8)}</h3></a></div>'
        for n in range(40)
    )
    return (
        f"<!doctype html><html lang=en><head><title>{text(pick, 7)} {number}</title>"
        f'<meta property="og:type" content="article"></head><body><nav><ul>{CHROME}</ul></nav>'
        f"<main><article><h1>{text(pick, 7)} {number}</h1><figure><img src=/a{number}.jpg>"
        f"<figcaption>{text(pick, 12)}</figcaption></figure>{paragraphs}</article></main>"
        f"<aside>{cards}</aside><footer><ul>{CHROME}</ul></footer></body></html>"
    ).encode()


def extraction_s(pages: list[bytes]) -> float:
    """CPU seconds of the extraction of ``pages`` alone; warm."""
    for page in pages[:5]:
        extract(Page(content=page, url="https://news.example/warm"))
    began = time.process_time()
    for number, page in enumerate(pages):
        extract(Page(content=page, url=f"https://news.example/{number}"))
    return time.process_time() - began


async def submit(runtime: Runtime, pages: list[bytes]) -> None:
    """All pages are accepted, for one client."""
    client = await clients.create(runtime.db, "bench")
    submissions = [
        Submission(kind="html", url=f"https://news.example/{number}", content=page)
        for number, page in enumerate(pages)
    ]
    for start in range(0, len(submissions), 50):
        await ingest.submit(runtime, client.id, submissions[start : start + 50])


def run(stack: Stack, size: Size) -> list[Figure]:
    """CPU of the worker's processes for each page, and of Postgres, to that of extraction; rate
    without Redis; from acceptance to article, when nothing else is to be done."""
    pages = stories(size.pages * 2)
    with stack.scratch() as url, working(stack.environ(url)) as server:
        spent, postgres, wall = asyncio.run(worked(stack, url, server, pages))
        served_ms = asyncio.run(served(stack, url, pages[:IDLE_PAGES])) * 1000
    with stack.scratch() as url, working(stack.environ(url) | {"REDIS_URL": NO_REDIS}) as server:
        *_, wall_without = asyncio.run(worked(stack, url, server, pages))
    print(f"{count_of(pages, wall_without)} without Redis; {served_ms:.0f} ms to the article")
    alone = extraction_s(pages)
    count = len(pages)
    each = [s / count * 1000 for s in (spent, postgres, alone)]
    print(f"{count_of(pages, wall)}; per article: worker {each[0]:.2f} ms, Postgres "
          f"{each[1]:.2f} ms, extraction alone {each[2]:.2f} ms of CPU")  # fmt: skip
    values = {"cpu": each[0], "pg": each[1]}
    return [
        Figure(path="worker", case="worker", base="extraction", metric=metric,  # type: ignore[arg-type]
               value=ms / each[2], note=f"{ms:.2f} ms to {each[2]:.2f} ms")
        for metric, ms in values.items()
    ] + [
        Figure(path="worker", case="without Redis", base="worker", metric="rps",
               value=wall / wall_without, note=f"{wall_without:.1f} s to {wall:.1f} s"),
        Figure(path="worker", case="accepted to served, idle", base=f"{SERVED_MS:.0f} ms",
               metric="p50", value=served_ms / SERVED_MS, note=f"{served_ms:.0f} ms"),
    ]  # fmt: skip


def count_of(pages: list[bytes], wall_s: float) -> str:
    return f"{len(pages) / wall_s:.0f} articles/s"


@contextlib.contextmanager
def working(environ: dict[str, str]) -> Iterator[Server]:
    """A worker process within the block."""
    server = Server("worker", [sys.executable, "-m", "service", "worker"], environ)
    try:
        yield server
    finally:
        server.stop()


async def served(stack: Stack, url: str, pages: list[bytes]) -> float:
    """Median seconds from before acceptance until the article can be read, page after page."""
    seconds = []
    async with open_runtime(stack.settings(url)) as runtime:
        client = await clients.create(runtime.db, "idle")
        for number, page in enumerate(pages):
            content = page.replace(b"<h1>", b"<h1>Idle: ")
            sent = Submission(kind="html", url=f"https://idle.example/{number}", content=content)
            await asyncio.sleep(0.1)
            began = time.monotonic()
            receipt = await ingest.submit(runtime, client.id, [sent])
            done = await ingest.wait(runtime, receipt.ingestions[0], STARTED_S)
            if done.article_id is None or await runtime.reader.doc(done.article_id) is None:
                raise RuntimeError(f"a page ended as {done.state}: {done.error_code}")
            seconds.append(time.monotonic() - began)
    return statistics.median(seconds)


async def worked(
    stack: Stack, url: str, server: Server, pages: list[bytes]
) -> tuple[float, float, float]:
    """CPU seconds of worker and Postgres, and wall seconds, until every page has ended."""
    connection = await asyncpg.connect(url)
    async with open_runtime(stack.settings(url)) as runtime:
        await submit(runtime, pages[:5])  # the first ones start the parsers
        await ended(connection, 5, STARTED_S)
        before = cpu_of(server.process.pid), cpu_of(stack.postgres_pid)
        began = time.monotonic()
        await submit(runtime, [page.replace(b"<h1>", b"<h1>Again: ") for page in pages])
        await ended(connection, 5 + len(pages), len(pages) * PAGE_S)
        wall = time.monotonic() - began
    spent = spent_s(server.process.pid, before[0]), spent_s(stack.postgres_pid, before[1])
    stored = await connection.fetchval(STORED)
    await connection.close()
    if stored < len(pages):
        raise RuntimeError(f"only {stored} of {len(pages)} pages were stored")
    return *spent, wall


async def ended(connection: asyncpg.Connection, count: int, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while await connection.fetchval(ENDED) < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{count} ingestions did not end within {within_s:.0f} s")
        await asyncio.sleep(0.1)
