"""One claimed ingestion, from its address or bytes to the article in Postgres."""

from __future__ import annotations

import asyncio
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from service.article import ARTICLE_KINDS, Article
from service.db.claims import Claim, Ending
from service.errors import PageRejected
from service.extract import Page
from service.ingest.acquire import Acquired, acquire, has_fallback, kept, varied
from service.ingest.store import confirm, store
from service.runtime import Runtime

Stage = Literal["fetch", "parse", "store"]


class Progress(Struct):
    """How far an attempt has come, and what is known of it should it fail."""

    started: float
    stage: Stage = "fetch"
    http_status: int | None = None
    content_bytes: int | None = None
    robots: str | None = None
    fetch_ms: int | None = None
    parse_ms: int | None = None
    acquired: Acquired | None = None

    @property
    def duration_ms(self) -> int:
        """Since the attempt began."""
        return int((asyncio.get_running_loop().time() - self.started) * 1000)

    def ending(self) -> Ending:
        """The attempt as it is kept, so far without a failing."""
        return Ending(
            stage=self.stage,
            duration_ms=self.duration_ms,
            http_status=self.http_status,
            content_bytes=self.content_bytes,
            robots=self.robots,
        )


async def process(runtime: Runtime, claim: Claim, progress: Progress) -> Ending:
    """The ingestion has succeeded; how. One transaction stores the article and ends the claim.

    Raises ``FetchError``, ``ParseError``, ``PageRejected``, ``LeaseLost`` when the claim is no
    longer ours (nothing is stored then), and ``DatabaseUnavailable``.
    """
    acquired = progress.acquired = await acquire(runtime, claim)
    _note(progress, acquired)
    if acquired.page is None:
        return await confirm(runtime, claim, progress.ending())
    progress.stage = "parse"
    began = progress.duration_ms
    article = await runtime.parsers.extract(acquired.page)
    if article.page_kind == "empty" and (variant := await varied(runtime, claim, acquired)):
        acquired = progress.acquired = variant
        article = await runtime.parsers.extract(variant.page or Page(content=b""))
    if not is_article(article) and acquired.fetched is not None and has_fallback(claim):
        acquired = progress.acquired = await kept(runtime, claim)
        article = await runtime.parsers.extract(acquired.page or Page(content=b""))
    progress.parse_ms = progress.duration_ms - began
    gate(article)
    progress.stage = "store"
    ending = replace(progress.ending(), page_kind=article.page_kind)
    return await store(runtime, claim, ending, acquired, article)


def is_article(article: Article) -> bool:
    """Whether a page of this kind may be stored."""
    return article.page_kind in ARTICLE_KINDS


def gate(article: Article) -> None:
    """Only an article becomes one: raises ``PageRejected`` for any other kind of page."""
    if not is_article(article):
        raise PageRejected(article.page_kind)


def _note(progress: Progress, acquired: Acquired) -> None:
    if acquired.fetched is not None:
        progress.http_status = acquired.fetched.status
        progress.robots = acquired.fetched.robots.state
        progress.content_bytes = len(acquired.fetched.content)
        progress.fetch_ms = progress.duration_ms
    elif acquired.page is not None:
        progress.content_bytes = len(acquired.page.content)
