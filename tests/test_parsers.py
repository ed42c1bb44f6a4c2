"""The pool of parser children: what it gives, and what it survives."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.article import Article, content_hash
from service.embedded.keeper import command_line
from service.errors import FeedUnreadable, Overloaded, ParseMemory, ParserDied, ParseTimeout
from service.extract import Page, extract
from service.parsers import Parsers
from service.settings import Settings
from tests.timing import least_cpu_s

PARAGRAPH = "<p>" + "Some words of a story in a row, told plainly enough. " * 20 + "</p>"
STORY = f"<html lang=en><title>Story</title><article><h1>Story</h1>{PARAGRAPH * 150}</article>"
PUBLISHED = '<meta property="article:published_time" content="{}">'
PAGE = Page(url="https://site.example/story", content=STORY.encode())
RSS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><title>One</title>'
    b"<link>/1</link><description>x</description></item></channel></rss>"
)
HUGE = Page(content=(STORY * 60).encode())
ENDLESS = Page(
    content=("<html><body>" + "<p>word</p>" * 3_000).encode(),
    url="https://site.example/endless",
    rule="body: //p[count(//p[count(//p) > 1]) > 1]",
)
"""Its rule's expression is cubic: minutes of CPU."""


@pytest.fixture(scope="module")
async def parsers() -> AsyncIterator[Parsers]:
    async with Parsers(Settings(parsers=2)) as pool:
        yield pool


async def until(condition, within_s: float = 60.0) -> None:
    """Returns once ``condition()`` holds; fails after ``within_s``."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.005)


async def served(pool: Parsers) -> Article:
    """An article, once no child that is about to die takes the page with it."""
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(ParserDied):
                return await pool.extract(PAGE)


def children(pool: Parsers) -> list[int]:
    """The processes that the zygote has forked."""
    return [
        int(n)
        for n in Path(f"/proc/{pool.zygote_pid}/task/{pool.zygote_pid}/children")
        .read_text()
        .split()
    ]


async def test_same_article_as_in_place(parsers):
    """An article that went through a child is the one that extract gives in place."""
    article = await parsers.extract(PAGE)

    assert article == extract(PAGE)


async def test_a_time_keeps_its_zone_through_a_child(parsers):
    """The page's own day is told, and another zone is no other content."""
    pages = (
        Page(content=STORY.replace("<title>", f"{PUBLISHED.format(at)}<title>").encode())
        for at in ("2026-05-04T04:25:13+07:00", "2026-05-03T21:25:13Z")
    )
    article, other = [await parsers.extract(page) for page in pages]

    assert article.published.at.isoformat() == "2026-05-04T04:25:13+07:00"
    assert article.published_at == other.published_at
    other.published.raw = article.published.raw
    assert content_hash(article) == content_hash(other)


async def test_text_pages_pass(parsers):
    """Content may be text as well as bytes, of any script."""
    page = Page(kind="text", content="Überschrift 見出し\n\n" + "Ein Satz mit 漢字. " * 30)

    article = await parsers.extract(page)

    assert article == extract(page)


async def test_isolation_costs_a_small_part_of_extraction(parsers):
    """A page of 160 KB costs the service an eighth, at most, of the CPU that reading it takes."""

    async def in_place() -> None:
        extract(PAGE)

    async def apart() -> None:
        await parsers.extract(PAGE)

    reading_s = await least_cpu_s(in_place)

    assert await least_cpu_s(apart, reading_s / 8, tries=25) < reading_s / 8


async def test_many_callers_share_the_children(parsers):
    """Callers beyond the number of children wait their turn, and all are served."""
    articles = await asyncio.gather(*(parsers.extract(PAGE) for _ in range(20)))

    assert len(articles) == 20
    assert parsers.busy == parsers.waiting == 0


async def test_page_over_its_time_is_stopped():
    """A page that takes too long is a ParseTimeout, and the next one is served at once."""
    served_s = []
    async with Parsers(Settings(parsers=1, parse_wall_s=1.0)) as pool:
        for _ in range(3):
            with pytest.raises(ParseTimeout):
                await pool.extract(ENDLESS)

            started = time.perf_counter()
            await pool.extract(Page(content="<p>short</p>"))
            served_s.append(time.perf_counter() - started)

        assert min(served_s) < 1.0
        assert pool.ended["timeout"] == 3


async def test_page_over_its_memory_is_stopped():
    """A page that needs too much memory is a ParseMemory, and the pool goes on."""
    async with Parsers(Settings(parsers=1, parse_memory_bytes=150_000_000)) as pool:
        with pytest.raises(ParseMemory):
            await pool.extract(HUGE)

        assert await pool.extract(Page(content="<p>short</p>"))


async def test_page_over_its_cpu_is_stopped():
    """The kernel ends a child that uses up its CPU seconds, which is a ParseTimeout too."""
    line = "<h2>Heading {}</h2><p>Words in a row, number {} of the story, told.</p>"
    slow = "".join(line.format(n, n) for n in range(60_000))
    pages = [Page(content=f"<article>{slow}</article>".encode())]
    async with Parsers(Settings(parsers=1, parse_cpu_s=0.5, parse_memory_bytes=1 << 40)) as pool:
        with pytest.raises(ParseTimeout, match="CPU"):
            await pool.extract(pages[0])


async def test_killed_child_is_told_apart_and_replaced(parsers):
    """A child that dies over a page is a ParserDied that names the signal; others go on."""
    work = asyncio.create_task(parsers.extract(HUGE))
    await until(lambda: parsers.busy == 1)
    killed = children(parsers)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    with pytest.raises(ParserDied, match="SIGKILL"):
        await work

    assert await served(parsers)


async def test_cancelled_call_leaves_no_answer_behind(parsers):
    """The page after a cancelled one gets its own article, not the other's."""
    work = asyncio.create_task(parsers.extract(HUGE))
    await until(lambda: parsers.busy == 1)
    work.cancel()

    with pytest.raises(asyncio.CancelledError):
        await work

    articles = await asyncio.gather(*(parsers.extract(PAGE) for _ in range(4)))
    assert all(article == extract(PAGE) for article in articles)
    await until(lambda: len(children(parsers)) == 2)


async def test_dead_zygote_is_replaced(parsers):
    """Killing the zygote costs the pages in its children, and nothing after them."""
    before = parsers.zygote_pid
    os.kill(before, signal.SIGKILL)

    async with asyncio.timeout(60):
        while parsers.zygote_pid == before:  # a child may outlive it for a page
            assert await served(parsers) == extract(PAGE)

    assert await served(parsers) == extract(PAGE)


async def test_nothing_is_left_after_stop():
    """Stopping ends the zygote and its children, a hung one too."""
    pool = Parsers(Settings(parsers=2))
    await pool.start()
    pids = [pool.zygote_pid, *children(pool)]
    work = asyncio.create_task(pool.extract(HUGE))
    await until(lambda: pool.busy == 1)

    await pool.stop()

    with pytest.raises(ParserDied):
        await work
    await until(lambda: not any(command_line(pid) for pid in pids))


async def test_children_cannot_open_anything(parsers):
    """A child may open no file or socket, and write none; its memory and root are limited."""
    await parsers.extract(PAGE)

    for pid in children(parsers):
        lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
        limits = {line[:26].strip(): line[26:].split()[0] for line in lines}
        status = Path(f"/proc/{pid}/status").read_text()
        assert limits["Max open files"] == limits["Max file size"] == "0"
        assert limits["Max core file size"] == "0"
        assert limits["Max address space"] == "1000000000"
        assert "Uid:\t0" not in status
        assert "NoNewPrivs:\t1" in status


async def test_waiting_is_bounded(parsers, monkeypatch):
    """With every child busy, callers beyond the bound are refused at once, with a time to come
    back."""
    monkeypatch.setattr("service.parsers.WAITING_MAX_PER_CHILD", 1)
    work = [asyncio.create_task(parsers.extract(HUGE)) for _ in range(4)]
    await until(lambda: parsers.busy == 2 and parsers.waiting == 2)

    with pytest.raises(Overloaded) as refused:
        await parsers.extract(PAGE)

    assert refused.value.retry_after_s
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)


async def test_grown_child_is_recycled():
    """A child that has become large answers, and gives its place to a fresh one."""
    async with Parsers(Settings(parsers=1, parse_memory_bytes=340_000_000)) as pool:
        before = children(pool)

        await pool.extract(HUGE)

        await until(lambda: children(pool) not in ([], before))
        assert await pool.extract(PAGE)


async def test_a_feed_is_read_in_a_child(parsers):
    """Whole and broken feeds are read by a confined child; what is no feed is said so."""
    whole = await parsers.read_feed(RSS, "https://a.example/feed")
    broken = await parsers.read_feed(RSS[:-30] + b"&nbsp;\xe9", "https://a.example/feed")

    with pytest.raises(FeedUnreadable):
        await parsers.read_feed(b"nothing", "https://a.example/feed")
    assert [item.url for item in whole.items] == ["https://a.example/1"]
    assert [item.url for item in broken.items] == ["https://a.example/1"]


async def test_a_list_of_feeds_is_read_in_a_child(parsers):
    """What costs libxml2 the square of its size ends there, and holds up nobody here."""
    outline = '<opml version="2.0"><body><outline {} xmlUrl="https://a.example/f"/></body></opml>'
    many = " ".join(f'a{n}=""' for n in range(200_000))

    found = await parsers.read_opml(outline.format('text="A"').encode())
    async with Parsers(Settings(parsers=1, parse_wall_s=1.0)) as hasty:
        with pytest.raises(ParseTimeout):
            await hasty.read_opml(outline.format(many).encode())

    assert [(one.url, one.title) for one in found] == [("https://a.example/f", "A")]
