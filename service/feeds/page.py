"""HTML pages and feeds: the feeds that a page names, and the page that an item makes."""

from __future__ import annotations

from html import escape

import msgspec
import turbohtml

from service.feeds.feed import Candidate, Feed, FeedItem
from service.feeds.value import absolute, text

FEED_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
})  # fmt: skip
GUESSES = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
"""Paths tried when a site names no feed, most common first."""

_CANDIDATES_MAX = 50


def read_page(content: bytes, url: str, media_type: str) -> Feed:  # noqa: ARG001
    """The feeds that a page names by ``<link rel=alternate>``, in its order."""
    document = turbohtml.parse(content)
    found: dict[str, Candidate] = {}
    for link in document.select("link[rel~=alternate][href]"):
        kind = str(link.attr("type") or "").split(";")[0].strip().lower()
        href = absolute(url, link.attr("href"))
        if href and kind in FEED_TYPES:
            found.setdefault(
                href, Candidate(url=href, title=text(link.attr("title")), media_type=kind)
            )
    return Feed(kind="page", site_url=url, candidates=list(found.values())[:_CANDIDATES_MAX])


def page_of(item: FeedItem, *, site_name: str | None = None) -> str:
    """An HTML page that says what ``item`` says, for the extractor to read like any other.

    The item's facts become JSON-LD and a printed headline, so that content pushed by a feed or
    a webhook takes the same way as a fetched page, and its provenance is ``json-ld``.
    """
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "url": item.url,
        "headline": item.title,
        "datePublished": item.published,
        "dateModified": item.updated,
        "author": [{"@type": "Person", "name": name} for name in item.authors] or None,
        "keywords": item.keywords or None,
        "image": item.image,
        "inLanguage": item.language,
        "publisher": {"@type": "Organization", "name": site_name} if site_name else None,
    }
    stated = {name: value for name, value in facts.items() if value is not None}
    data = msgspec.json.encode(stated).decode().replace("<", "\\u003c")
    title = escape(item.title or "")
    lang = f' lang="{escape(item.language)}"' if item.language else ""
    link = f'<link rel="canonical" href="{escape(item.url)}">' if item.url else ""
    return (
        f'<!doctype html><html{lang}><head><meta charset="utf-8"><title>{title}</title>{link}'
        f'<script type="application/ld+json">{data}</script></head><body><article>'
        f"<h1>{title}</h1>\n{item.content_html or item.summary_html or ''}</article></body></html>"
    )


def text_page_of(item: FeedItem, plain: str, *, site_name: str | None = None) -> str:
    """A text that says what ``item`` says: ``plain`` below front matter with the item's facts,
    which the extractor reads before what is printed. Front matter of its own stays alone."""
    if not item.title or plain.lstrip("\ufeff \t\r\n").startswith(("---", "+++")):
        return plain
    facts = {
        "title": item.title,
        "author": ", ".join(item.authors),
        "date": item.published,
        "updated": item.updated,
        "tags": ", ".join(item.keywords),
        "source": site_name or item.url,
    }
    lines = [f"{name}: {' '.join(value.split())}" for name, value in facts.items() if value]
    return "\n".join(["---", *lines, "---", "", plain])
