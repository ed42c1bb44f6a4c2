"""RSS 0.9 to 2.0, RDF and Atom, by feedparser: slow, but it reads what is broken.

fastfeedparser is a hundred times faster, but puts ``updated`` in the place of ``published``,
loses the zone, the hub and the ttl; a poll spends its time on the network anyway.
"""

from __future__ import annotations

from typing import Any

import feedparser

from service.errors import FeedUnreadable
from service.feeds.feed import Feed, FeedItem, FeedKind
from service.feeds.value import absolute, line, text

# Its first choice is a module that is not installed; to look for it opens a file, which a child may
# not.
feedparser.api.PREFERRED_XML_PARSERS.clear()

_PERIODS_S = {
    "hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000
}  # fmt: skip


def read_syndication(content: bytes, url: str, media_type: str) -> Feed:
    """The feed of ``content``; raises ``FeedUnreadable`` when it is neither RSS, RDF nor Atom."""
    parsed = _parse(content, url, media_type)
    if not parsed.version and not parsed.entries:
        raise FeedUnreadable("this is neither RSS, Atom, JSON Feed nor a sitemap")
    head = parsed.feed
    return Feed(
        kind=_kind(parsed.version),
        title=_title(head),
        site_url=absolute(url, head.get("link")),
        self_url=_link(head, "self", url),
        hub_urls=[link for one in head.get("links", ()) if (link := _rel(one, "hub", url))],
        language=text(head.get("language")),
        ttl_s=_ttl_s(head),
        items=[_item(entry, url) for entry in parsed.entries],
    )


def _parse(content: bytes, url: str, media_type: str) -> Any:
    headers = {"content-location": url, "content-type": _media_type(media_type)}
    try:
        return feedparser.parse(content, response_headers=headers, sanitize_html=False)
    except Exception as error:  # it lets through whatever its decoders and regexes raise
        raise FeedUnreadable("the feed is damaged beyond reading") from error


def _media_type(given: str) -> str:
    """A type that makes feedparser believe the XML declaration, not Latin-1."""
    _, _, parameters = given.partition(";")
    charset = parameters.strip() if "charset=" in parameters.lower() else ""
    return "application/xml; " + charset if charset else "application/xml"


def _kind(version: str) -> FeedKind:
    if version.startswith("atom"):
        return "atom"
    return "rdf" if version in ("rss090", "rss10") else "rss"


def _item(entry: Any, url: str) -> FeedItem:
    link = absolute(url, entry.get("link"))
    content = max((_html(part) or "" for part in entry.get("content", ())), key=len, default="")
    title = _title(entry)
    return FeedItem(
        guid=text(entry.get("id")) or link or title or "",
        url=link or _permalink(entry, url),
        title=title,
        authors=[name for one in entry.get("authors", ()) if (name := text(one.get("name")))],
        published=text(entry.get("published")),
        updated=text(entry.get("updated")),
        content_html=content or None,
        summary_html=text(entry.get("summary")),
        keywords=[term for tag in entry.get("tags", ()) if (term := text(tag.get("term")))],
        language=text((entry.get("title_detail") or {}).get("language")),
        image=_image(entry, url),
    )


def _title(given: Any) -> str | None:
    """Atom states whether a title is HTML; of RSS feedparser tells by what it looks like."""
    title, detail = text(given.get("title")), given.get("title_detail") or {}
    return line(title) if "html" in (detail.get("type") or "") else title


def _html(part: Any) -> str | None:
    return text(part.get("value")) if "html" in (part.get("type") or "html") else None


def _permalink(entry: Any, url: str) -> str | None:
    guid = text(entry.get("id"))
    return absolute(url, guid) if guid and guid.startswith(("http://", "https://")) else None


def _image(entry: Any, url: str) -> str | None:
    for media in (*entry.get("media_content", ()), *entry.get("media_thumbnail", ())):
        if media.get("medium", "image") == "image" and media.get("url"):
            return absolute(url, media["url"])
    for one in entry.get("enclosures", ()):
        if (one.get("type") or "").startswith("image/"):
            return absolute(url, one.get("href"))
    return None


def _ttl_s(head: Any) -> int | None:
    """``ttl`` in minutes (RSS 2.0), or ``sy:updatePeriod`` over ``sy:updateFrequency``."""
    minutes = _whole(head.get("ttl"))
    if minutes:
        return minutes * 60
    period_s = _PERIODS_S.get((head.get("sy_updateperiod") or "").strip().lower())
    frequency = _whole(head.get("sy_updatefrequency")) or 1
    return period_s // frequency if period_s else None


def _whole(value: Any) -> int | None:
    digits = str(value or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None


def _link(head: Any, rel: str, url: str) -> str | None:
    return next((link for one in head.get("links", ()) if (link := _rel(one, rel, url))), None)


def _rel(link: Any, rel: str, url: str) -> str | None:
    return absolute(url, link.get("href")) if link.get("rel") == rel else None
