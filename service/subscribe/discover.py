"""Finds the feeds of a site."""

from __future__ import annotations

from urllib.parse import urljoin

from service.errors import FeedUnreadable, FetchError
from service.feeds.feed import Candidate, Feed
from service.feeds.page import GUESSES
from service.fetch.client import Request
from service.runtime import Runtime

TRIED_MAX = 8


async def discover(runtime: Runtime, url: str) -> list[Candidate]:
    """Feeds at or named by ``url``, best first; common addresses are tried when it names none.

    Raises ``FetchError`` when the page itself cannot be fetched.
    """
    feed, final_url = await _look(runtime, url)
    if feed.kind != "page":
        return [Candidate(url=final_url, title=feed.title, media_type=None)]
    if feed.candidates:
        return feed.candidates
    found: list[Candidate] = []
    for path in GUESSES[:TRIED_MAX]:
        guess = urljoin(final_url, path)
        try:
            there, at = await _look(runtime, guess)
        except (FetchError, FeedUnreadable):
            continue
        if there.kind != "page" and at not in {one.url for one in found}:
            found.append(Candidate(url=at, title=there.title))
    return found


async def _look(runtime: Runtime, url: str) -> tuple[Feed, str]:
    fetched = await runtime.fetcher.fetch(Request(url=url, purpose="feed", robots=False))
    feed = await runtime.parsers.read_feed(fetched.content, fetched.url, fetched.media_type)
    return feed, fetched.url
