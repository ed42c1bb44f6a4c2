"""Lists of articles as JSON Feed 1.1 (jsonfeed.org) and Atom 1.0 (RFC 4287).

Each comes in parts, which joined are the page: two hundred articles take 30 ms, and between two of
them others may work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec
from msgspec import Struct

from service.article import Article, Author
from service.render.html import to_html
from service.render.text import clean, one_line
from service.urls import safe_url, safe_web_url

JSON_FEED_TYPE = "application/feed+json"
ATOM_TYPE = "application/atom+xml"
TAGS_MAX = 100


class FeedHead(Struct, kw_only=True, frozen=True):
    """What a feed says about itself. ``updated_at`` is that of its newest item; all addresses are
    absolute; ``next_url`` is the page with older items."""

    title: str
    home_page_url: str
    feed_url: str
    updated_at: datetime
    next_url: str | None = None


def to_json_feed(articles: Sequence[Article], head: FeedHead) -> Iterator[bytes]:
    """The articles as one page of a JSON Feed, in their order; a part for each."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": one_line(head.title),
        "home_page_url": safe_web_url(head.home_page_url),
        "feed_url": safe_web_url(head.feed_url),
        "next_url": safe_web_url(head.next_url),
    }
    yield msgspec.json.encode(_stated(feed))[:-1] + b',"items":['
    for place, article in enumerate(articles):
        yield (b"," if place else b"") + msgspec.json.encode(_stated(_item(article)))
    yield b"]}"


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _item(article: Article) -> dict[str, Any]:
    return {
        "id": _id(article),
        "url": _address(article),
        "title": _title(article),
        "content_html": to_html(article) or "<p></p>",
        "summary": _summary(article),
        "image": safe_web_url(article.lead_image.src) if article.lead_image else None,
        "date_published": _instant(article.published_at),
        "date_modified": _instant(article.modified_at),
        "authors": [_json_author(author) for author in article.authors if one_line(author.name)],
        "tags": _tags(article),
        "language": article.language.code if article.language else None,
    }


def _json_author(author: Author) -> dict[str, Any]:
    return _stated({"name": one_line(author.name), "url": safe_url(author.url)})


def to_atom(articles: Sequence[Article], head: FeedHead) -> Iterator[bytes]:
    """The articles as one page of an Atom feed, in their order; a part for each."""
    yield _lines(
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        _element("title", head.title),
        _element("id", head.home_page_url),
        _element("updated", _instant(head.updated_at)),
        _link("self", head.feed_url, ATOM_TYPE),
        _link("alternate", head.home_page_url),
        _link("next", head.next_url, ATOM_TYPE),
    )
    for article in articles:
        yield _entry(article, head)
    yield b"</feed>\n"


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines if line).encode()


def _entry(article: Article, head: FeedHead) -> bytes:
    language = article.language.code if article.language else None
    lang = f" xml:lang={quoteattr(clean(language))}" if language else ""
    return _lines(
        f"<entry{lang}>",
        _element("id", _atom_id(article)),
        _element("title", _title(article) or "–"),
        _element("updated", _instant(_updated_at(article) or head.updated_at)),
        _element("published", _instant(article.published_at)),
        _link("alternate", _address(article), "text/html"),
        *_atom_authors(article),
        *(f"<category term={quoteattr(tag)}/>" for tag in _tags(article)),
        _element("summary", _summary(article)),
        _element("rights", article.rights.copyright_notice),
        f'<content type="html">{escape(to_html(article))}</content>',
        "</entry>",
    )


def _atom_authors(article: Article) -> Iterator[str]:
    """At least one author: RFC 4287 section 4.1.2 wants one where the feed has none."""
    named = [author for author in article.authors if one_line(author.name)]
    fallback = Author(name=article.site.name or article.site.domain or "–")
    for author in named or [fallback]:
        url = _element("uri", safe_web_url(author.url))
        yield f"<author>{_element('name', author.name)}{url}</author>"


def _element(name: str, text: str | None) -> str:
    line = one_line(text or "")
    return f"<{name}>{escape(line)}</{name}>" if line else ""


def _link(rel: str, url: str | None, type_: str | None = None) -> str:
    address = safe_web_url(url)
    kind = f" type={quoteattr(type_)}" if type_ else ""
    return f'<link rel="{rel}"{kind} href={quoteattr(address)}/>' if address else ""


def _id(article: Article) -> str:
    return str(article.id) if article.id else _address(article) or article.content_hash or "–"


def _atom_id(article: Article) -> str:
    return f"urn:uuid:{article.id}" if article.id else _address(article) or f"urn:x:{_id(article)}"


def _address(article: Article) -> str | None:
    return safe_web_url(article.canonical_url or article.url or article.requested_url)


def _title(article: Article) -> str:
    return one_line(article.headline or "")


def _summary(article: Article) -> str:
    return one_line(article.standfirst or article.description or article.excerpt or "")


def _tags(article: Article) -> list[str]:
    tags = dict.fromkeys(map(one_line, (*article.tags, *article.keywords)))
    return [tag for tag in tags if tag][:TAGS_MAX]


def _updated_at(article: Article) -> datetime | None:
    return article.modified_at or article.published_at or article.updated_at or article.created_at


def _instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC: ``2026-01-06T14:16:00Z``. An instant without a zone is taken as UTC."""
    if at is None:
        return None
    utc = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return utc.isoformat().replace("+00:00", "Z")
