"""Trials of a site rule before it applies: on the site's newest kept pages, and on the pages that
it names itself (``test_url``), which are kept too or are fetched now, as politely as any."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from service.address import site_domain
from service.article import ARTICLE_KINDS, Article
from service.db import site_rules
from service.errors import BroadsheetError, FetchError, FetchTimeout, InvalidRequest
from service.extract import Page
from service.extract.rules import RuleFault, RuleTest, read_rule
from service.fetch.client import Request
from service.ingest.acquire import fetched_page, identity_of
from service.ingest.kept import page_kept
from service.ingest.rules import with_parts
from service.render.text import text_of
from service.runtime import Runtime

KEPT_MAX = 5
TESTS_MAX = 5
TESTS_S = 30.0
"""For all pages that a rule names together: a caller waits for the answer."""

KEPT_PART_MIN = 0.5


class Trial(Struct, frozen=True, kw_only=True):
    """One page read without and with a rule; ``error`` is set where the rule fails on it.

    ``missing`` are texts that the rule says are in it and that are not. ``was_read`` is false for
    a page that could not be had: ``error`` says why, and it is no word against the rule.
    """

    url: str | None
    is_named: bool = False
    was_read: bool = True
    headline_before: str | None = None
    headline_after: str | None = None
    word_count_before: int = 0
    word_count_after: int = 0
    missing: tuple[str, ...] = ()
    error: str | None = None

    @property
    def passed(self) -> bool:
        """False where the rule fails, or loses the headline or more than half of the text."""
        if self.error or self.missing or (self.headline_before and not self.headline_after):
            return False
        return self.word_count_after >= self.word_count_before * KEPT_PART_MIN

    @property
    def speaks_against(self) -> bool:
        """Whether the rule should not apply."""
        return self.was_read and not self.passed


async def try_rule(runtime: Runtime, domain: str, text: str) -> list[Trial]:
    """How pages of ``domain`` are read with the rule; raises ``InvalidRequest``.

    First the newest kept ones, then those that the rule names, five of each at most.
    """
    try:
        rule = read_rule(text)
    except RuleFault as fault:
        raise InvalidRequest(f"the rule cannot be read: {fault}") from fault
    kept = await site_rules.latest_pages(runtime.db, domain, KEPT_MAX)
    trials = [await _trial(runtime, page_kept(snapshot), text) for snapshot in kept]
    deadline = asyncio.get_running_loop().time() + TESTS_S
    for test in rule.tests[:TESTS_MAX]:  # one after another: most are of one host
        trials.append(await _named(runtime, domain, test, text, deadline))
    return trials


async def _named(
    runtime: Runtime, domain: str, test: RuleTest, text: str, deadline: float
) -> Trial:
    """The trial on a page that the rule names, if it is here by ``deadline``."""
    try:
        async with asyncio.timeout_at(deadline):
            page = await _page(runtime, domain, test, text)
    except TimeoutError:
        return Trial(url=test.url, is_named=True, was_read=False, error=FetchTimeout.code)
    except (FetchError, InvalidRequest) as error:
        return Trial(url=test.url, is_named=True, was_read=False, error=error.code)
    trial = await _trial(runtime, page, text, test.contains)
    return replace(trial, url=test.url, is_named=True)


async def _page(runtime: Runtime, domain: str, test: RuleTest, text: str) -> Page:
    """The page as it is kept; else as it is now, with its other parts as an ingestion has them."""
    if site_domain(test.url) != domain:
        raise InvalidRequest(f"{test.url} is not on {domain}")
    kept = await site_rules.page_at(runtime.db, identity_of(test.url) or test.url)
    if kept is not None:
        return page_kept(kept)
    request = Request(url=test.url, headers=dict(read_rule(text).headers))
    fetched = await runtime.fetcher.fetch_patiently(request)
    page = replace(fetched_page(test.url, fetched), rule=text)
    return fetched_page(test.url, await with_parts(runtime, request, fetched, page))


async def _trial(runtime: Runtime, page: Page, text: str, contains: Sequence[str] = ()) -> Trial:
    trial = Trial(url=page.url)
    try:
        before = await runtime.parsers.extract(page)
        trial = replace(trial, headline_before=before.headline, word_count_before=before.word_count)
        after = await runtime.parsers.extract(replace(page, rule=text))
    except BroadsheetError as error:
        return replace(trial, error=error.code)
    return replace(
        trial,
        headline_after=after.headline,
        word_count_after=after.word_count,
        missing=_missing(after, contains),
        error=_not_an_article(after),
    )


def _missing(article: Article, texts: Sequence[str]) -> tuple[str, ...]:
    """Those of ``texts`` that the story has not, however they are spaced."""
    story = " ".join(text_of(article).split())
    return tuple(text for text in texts if " ".join(text.split()) not in story)


def _not_an_article(article: Article) -> str | None:
    return None if article.page_kind in ARTICLE_KINDS else article.page_kind
