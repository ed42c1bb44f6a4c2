"""A pool of children that run ``extract``, since every HTML parser can be hung by some page.

    async with Parsers(settings) as parsers:
        article = await parsers.extract(page)

Children are forked by a zygote (zygote.py) and confined (child.py). A child that is over its
time is killed and replaced within milliseconds; one that dies affects no other; a dead zygote is
started again. Pages wait first come, first served, and not for ever. A page costs well under a
millisecond more than ``extract`` in the same process.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections import Counter
from typing import Self

import msgspec
from msgspec import Struct

from service import errors
from service.article import Article
from service.errors import (
    BroadsheetError,
    Overloaded,
    PageRejected,
    ParseMemory,
    ParserDied,
    ParseTimeout,
)
from service.extract import Page
from service.feeds import Feed
from service.feeds.opml import Outline
from service.log import log
from service.parsers.protocol import (
    DONE,
    HEAD,
    LENGTH,
    Failure,
    FeedJob,
    Job,
    Limits,
    Links,
    LinksJob,
    OpmlJob,
    PageJob,
)
from service.parsers.spawner import EXIT_S, Child, Exit, Spawner, read_exactly
from service.settings import Settings

WAIT_MAX_S = 30.0
WAITING_MAX_PER_CHILD = 64
ANSWER_BYTES_MAX = 64_000_000
RESIDENT_SHARE = 0.4
"""Of the memory limit: a child that has grown this large is replaced."""
MEMORY_SHARE = 0.6
"""Of the limit: a child that was larger when it died, died of it."""


class Parsed(Struct, frozen=True):
    """What one page gave, and the CPU seconds that the child spent on it."""

    article: Article
    cpu_s: float


class Parsers:
    """``size`` children, ready between ``start`` and ``stop``; safe for any number of callers.

    ``ended`` counts children that had to be replaced, by reason; ``waiting`` and ``busy`` are
    callers and children at this moment.
    """

    def __init__(self, settings: Settings) -> None:
        self.size = settings.parsers or os.cpu_count() or 1
        self.limits = Limits(
            wall_s=settings.parse_wall_s,
            cpu_s=settings.parse_cpu_s,
            memory_bytes=settings.parse_memory_bytes,
            resident_bytes_max=int(settings.parse_memory_bytes * RESIDENT_SHARE),
        )
        self.ended: Counter[str] = Counter()
        self.waiting = self.busy = 0
        self._stopping = False
        self._spawner = Spawner(self.limits)
        self._idle: asyncio.Queue[Child] = asyncio.Queue()
        self._births: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """All children are ready; raises ``ParserDied`` if they cannot be started."""
        await self._spawner.open()
        for _ in range(self.size):
            self._idle.put_nowait(await self._spawner.spawn())

    async def stop(self) -> None:
        """No child is left; a page that is in one ends as ``ParserDied``."""
        self._stopping = True
        for birth in self._births:
            birth.cancel()
        await asyncio.gather(*self._births, return_exceptions=True)
        await self._spawner.close()

    @property
    def zygote_pid(self) -> int:
        """The process that the children are forked from."""
        return self._spawner.pid

    async def extract(self, page: Page) -> Article:
        """The article of ``page``; see ``parse``."""
        return (await self.parse(page)).article

    async def parse(self, page: Page) -> Parsed:
        """The article of ``page`` and its cost.

        Raises ``ParseTimeout``, ``ParseMemory`` or ``ParserDied`` when the page was too much for
        its child, what ``extract`` raises, and ``Overloaded`` when no child is free in time.
        A cancelled call leaves nothing behind: its child is replaced.
        """
        payload, cpu_s = await self._do(PageJob(page))
        return Parsed(_articles.decode(payload), cpu_s)

    async def links(self, page: Page) -> Links:
        """The links that the rule of ``page`` names; raises what ``parse`` does."""
        payload, _ = await self._do(LinksJob(page))
        return _links.decode(payload)

    async def read_feed(self, content: bytes, url: str, media_type: str = "") -> Feed:
        """The feed that ``content`` holds; raises ``FeedUnreadable``, and what ``parse`` does."""
        payload, _ = await self._do(FeedJob(content, url, media_type))
        return _feeds.decode(payload)

    async def read_opml(self, content: bytes) -> list[Outline]:
        """The subscriptions of an OPML list; raises as ``read_feed``."""
        payload, _ = await self._do(OpmlJob(content))
        return _outlines.decode(payload)

    async def _do(self, job: Job) -> tuple[memoryview, float]:
        """The encoded answer to ``job``, and the CPU seconds that it cost."""
        child = await self._free_child()
        self.busy += 1
        fit = False
        try:
            answer = await self._ask(child, msgspec.msgpack.encode(job))
            kind, last, spent_us = HEAD.unpack_from(answer)
            fit = not last
        finally:
            self.busy -= 1
            self._give_back(child, fit)
        payload = memoryview(answer)[HEAD.size :]
        if kind != DONE:
            raise self._failure(_failures.decode(payload))
        return payload, spent_us / 1e6

    async def _free_child(self) -> Child:
        if self.waiting >= WAITING_MAX_PER_CHILD * self.size:
            raise Overloaded("all parsers are busy", retry_after_s=self.limits.wall_s)
        self.waiting += 1
        try:
            async with asyncio.timeout(WAIT_MAX_S):
                while not (child := await self._idle.get()).alive():
                    self.ended["idle"] += 1
                    self._give_back(child, fit=False)
                return child
        except TimeoutError as error:
            raise Overloaded("all parsers are busy", retry_after_s=self.limits.wall_s) from error
        finally:
            self.waiting -= 1

    async def _ask(self, child: Child, frame: bytes) -> bytearray:
        try:
            async with asyncio.timeout(self.limits.wall_s):
                return await exchange(child.job, frame)
        except TimeoutError as error:
            self.ended["timeout"] += 1
            raise ParseTimeout(f"parsing took longer than {self.limits.wall_s:g} s") from error
        except (ConnectionError, EOFError) as error:
            raise await self._cause(child) from error

    async def _cause(self, child: Child) -> BroadsheetError:
        """Why a child ended by itself."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(EXIT_S):
                await asyncio.wait([child.exit])
        end = child.exit.result() if child.exit.done() else Exit()
        if end.signal == signal.SIGXCPU:
            self.ended["timeout"] += 1
            return ParseTimeout(f"parsing took more than {self.limits.cpu_s:g} s of CPU")
        if end.peak_bytes > self.limits.memory_bytes * MEMORY_SHARE:
            self.ended["memory"] += 1
            return ParseMemory("the page needs too much memory")
        self.ended["died"] += 1
        return ParserDied(f"the parser ended by {end.described()}")

    def _failure(self, failure: Failure) -> BroadsheetError:
        """The error that the child reported, as it was raised there."""
        if not failure.code:
            self.ended["fault"] += 1
            error = ParserDied("extracting failed: " + failure.detail.strip().rsplit("\n", 1)[-1])
            error.add_note(failure.detail)
            return error
        if failure.code == PageRejected.code:
            return PageRejected(failure.page_kind, failure.detail)
        if failure.code == ParseMemory.code:
            self.ended["memory"] += 1
        return _errors.get(failure.code, ParserDied)(failure.detail)

    def _give_back(self, child: Child, fit: bool) -> None:
        """The child waits for the next page; an unfit one is on its way out, and a new one in."""
        if fit:
            self._idle.put_nowait(child)
            return
        self._spawner.reap(child)
        if self._stopping:
            return
        birth = asyncio.create_task(self._replace(), name="parser-birth")
        self._births.add(birth)
        birth.add_done_callback(self._births.discard)

    async def _replace(self) -> None:
        """A new child takes the place, however long that takes: the pool never shrinks."""
        while True:
            try:
                self._idle.put_nowait(await self._spawner.spawn())
                return
            except ParserDied as error:
                log.error("parser not started", detail=str(error))


async def exchange(job: socket.socket, frame: bytes) -> bytearray:
    """The child's answer to ``frame``; raises EOFError or ConnectionError if it dies over it."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(job, LENGTH.pack(len(frame)))
    await loop.sock_sendall(job, frame)
    (size,) = LENGTH.unpack(await read_exactly(job, LENGTH.size))
    if not HEAD.size <= size <= ANSWER_BYTES_MAX:
        raise EOFError(f"an answer of {size} bytes")
    return await read_exactly(job, size)


def _leaves(kind: type[BroadsheetError]) -> dict[str, type[BroadsheetError]]:
    found = {kind.code: kind}
    for below in kind.__subclasses__():
        found |= _leaves(below)
    return found


_errors = _leaves(errors.BroadsheetError)
_articles = msgspec.json.Decoder(Article)
_feeds = msgspec.json.Decoder(Feed)
_outlines = msgspec.json.Decoder(list[Outline])
_links = msgspec.json.Decoder(Links)
_failures = msgspec.json.Decoder(Failure)
