"""Sitemaps (sitemaps.org 0.9) and Google's news sitemaps, streamed: memory stays small."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from lxml import etree

from service.errors import FeedUnreadable
from service.feeds.feed import Feed, FeedItem
from service.feeds.value import absolute, text

_ENTRIES_MAX = 50_000


def read_sitemap(content: bytes, url: str, media_type: str) -> Feed:  # noqa: ARG001
    """The newest entries first, by ``lastmod`` or news date; an index gives its sitemaps."""
    entries: list[dict[str, str]] = []
    is_index = False
    try:
        for _, element in _elements(content):
            name = _name(element)
            is_index = is_index or name == "sitemap"
            if name in ("url", "sitemap"):
                entries.append(_fields(element))
                element.clear()
            if len(entries) >= _ENTRIES_MAX:
                break
    except (etree.XMLSyntaxError, LookupError) as error:
        if not entries:
            raise FeedUnreadable("the sitemap is not readable XML") from error
    items = [item for entry in entries if (item := _item(entry, url))]
    items.sort(key=lambda item: item.published or item.updated or "", reverse=True)
    return Feed(kind="sitemap_index" if is_index else "sitemap", items=items)


def _elements(content: bytes) -> Iterator[tuple[str, etree._Element]]:
    return etree.iterparse(
        io.BytesIO(content), events=("end",), resolve_entities=False, no_network=True, recover=True
    )


def _name(element: Any) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _fields(element: Any) -> dict[str, str]:
    """The texts below an entry by local name; the first of a name counts."""
    found: dict[str, str] = {}
    for part in element.iter():
        name, value = _name(part), _text(part)
        if name and value:
            found.setdefault(name, value)
    return found


def _text(element: Any) -> str | None:
    try:
        return text(element.text)
    except UnicodeDecodeError:  # a reference to half a character: ``&#xD800;``
        return None


def _item(entry: dict[str, str], base: str) -> FeedItem | None:
    url = absolute(base, entry.get("loc"))
    if url is None:
        return None
    return FeedItem(
        guid=url,
        url=url,
        title=entry.get("title"),
        published=entry.get("publication_date"),
        updated=entry.get("lastmod"),
        keywords=[word.strip() for word in entry.get("keywords", "").split(",") if word.strip()],
        language=entry.get("language"),
    )
