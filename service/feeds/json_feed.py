"""JSON Feed 1.0 and 1.1 (jsonfeed.org), field by field: a bad item loses only itself."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from service.errors import FeedUnreadable
from service.feeds.feed import Feed, FeedItem
from service.feeds.value import absolute, text


def read_json_feed(content: bytes, url: str, media_type: str) -> Feed:  # noqa: ARG001
    """The feed of ``content``; raises ``FeedUnreadable`` when it is not a JSON Feed."""
    document = _document(content)
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise FeedUnreadable("the JSON is not a JSON Feed: it has no list of items")
    return Feed(
        kind="json",
        title=text(document.get("title")),
        site_url=absolute(url, document.get("home_page_url")),
        self_url=absolute(url, document.get("feed_url")),
        hub_urls=_hubs(document.get("hubs"), url),
        language=text(document.get("language")),
        items=[_item(item, url) for item in items if isinstance(item, dict)],
    )


def _document(content: bytes) -> Any:
    """The JSON of ``content``; half a surrogate pair, which msgspec refuses, costs no feed."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FeedUnreadable("the feed is not valid JSON") from error


def _item(item: dict[str, Any], base: str) -> FeedItem:
    url = absolute(base, item.get("url")) or absolute(base, item.get("external_url"))
    plain = text(item.get("content_text"))
    return FeedItem(
        guid=text(str(item.get("id") or "")) or url or text(item.get("title")) or "",
        url=url,
        title=text(item.get("title")),
        authors=_authors(item),
        published=text(item.get("date_published")),
        updated=text(item.get("date_modified")),
        content_html=text(item.get("content_html")) or (_paragraphs(plain) if plain else None),
        summary_html=text(item.get("summary")),
        keywords=[tag for one in _list(item.get("tags")) if (tag := text(one))],
        language=text(item.get("language")),
        image=absolute(base, item.get("image")) or absolute(base, item.get("banner_image")),
    )


def _authors(item: dict[str, Any]) -> list[str]:
    given = _list(item.get("authors")) or [item.get("author")]
    return [name for one in given if isinstance(one, dict) and (name := text(one.get("name")))]


def _hubs(hubs: Any, url: str) -> list[str]:
    named = [hub for hub in _list(hubs) if isinstance(hub, dict)]
    websub = [hub for hub in named if str(hub.get("type", "")).lower() == "websub"]
    return [href for hub in websub if (href := absolute(url, hub.get("url")))]


def _paragraphs(plain: str) -> str:
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"<p>{part.strip()}</p>" for part in escaped.split("\n\n") if part.strip())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
