"""Bytes -> ``Feed``, whatever the format says it is."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from service.errors import FeedUnreadable
from service.feeds.feed import Feed
from service.feeds.json_feed import read_json_feed
from service.feeds.page import read_page
from service.feeds.sitemap import read_sitemap
from service.feeds.syndication import read_syndication

ITEMS_MAX = 5_000
"""Items read of one feed; a news sitemap holds at most 1,000, a sitemap 50,000."""

INFLATED_BYTES_MAX = 50_000_000
_HEAD_BYTES = 4_096


def read_feed(content: bytes, url: str, media_type: str = "") -> Feed:
    """The feed that ``content``, fetched from ``url``, holds; at most ``ITEMS_MAX`` items.

    Broken XML gives the items that can be read. Raises ``FeedUnreadable`` when it is no feed.
    """
    content = _inflated(content).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not content:
        raise FeedUnreadable("the feed is empty")
    feed = _reader_of(content)(content, url, media_type)
    feed.items = feed.items[:ITEMS_MAX]
    return feed


def _reader_of(content: bytes) -> Callable[[bytes, str, str], Feed]:
    head = content[:_HEAD_BYTES].lower()
    if head.startswith(b"{"):
        return read_json_feed
    if b"<urlset" in head or b"<sitemapindex" in head:
        return read_sitemap
    if any(tag in head for tag in (b"<rss", b"<feed", b"<rdf:rdf", b"<channel")):
        return read_syndication
    return read_page if b"<html" in head or b"<!doctype html" in head else read_syndication


def _inflated(content: bytes) -> bytes:
    """A ``.xml.gz`` file inflated under a cap; anything else as it is."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    inflater = zlib.decompressobj(31)
    try:
        plain = inflater.decompress(content, INFLATED_BYTES_MAX)
    except zlib.error as error:
        raise FeedUnreadable("the gzip file is damaged") from error
    if inflater.unconsumed_tail:
        raise FeedUnreadable(f"the feed is larger than {INFLATED_BYTES_MAX} bytes")
    return plain
