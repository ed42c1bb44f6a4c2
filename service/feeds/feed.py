"""The vocabulary of feeds: one shape for every format."""

from __future__ import annotations

import hashlib
from typing import Literal

from msgspec import Struct, field

FeedKind = Literal["rss", "rdf", "atom", "json", "sitemap", "sitemap_index", "page"]
"""``page`` is an HTML page: not a feed, but it may name some (``Feed.candidates``)."""


class FeedItem(Struct, kw_only=True, omit_defaults=True):
    """One item; times are the feed's own text, URLs absolute, HTML as the feed gave it."""

    guid: str
    url: str | None = None
    title: str | None = None
    authors: list[str] = field(default_factory=list)
    published: str | None = None
    updated: str | None = None
    content_html: str | None = None
    summary_html: str | None = None
    keywords: list[str] = field(default_factory=list)
    language: str | None = None
    image: str | None = None

    @property
    def digest(self) -> str:
        """Changes when anything that the item says changes (hex, 32 digits)."""
        parts = (self.url, self.title, self.updated, self.content_html, self.summary_html)
        return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()[:32]


class Candidate(Struct, kw_only=True):
    """A feed that a page names."""

    url: str
    title: str | None = None
    media_type: str | None = None


class Feed(Struct, kw_only=True, omit_defaults=True):
    """What one fetch of a feed said, items in the feed's order. ``ttl_s`` is its own wish."""

    kind: FeedKind
    title: str | None = None
    site_url: str | None = None
    self_url: str | None = None
    hub_urls: list[str] = field(default_factory=list)
    language: str | None = None
    ttl_s: int | None = None
    items: list[FeedItem] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
