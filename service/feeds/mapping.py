"""Inbound webhooks: any JSON -> feed items, by JSON Pointers (RFC 6901). Pure.

A mapping names where each field stands; the first pointer that finds something wins. ``items``
may hold ``*`` for every element of a list; other pointers start at the item, or at the whole
document when they begin with ``#``. Presets are mappings like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from service.errors import FieldError, InvalidRequest
from service.feeds.feed import FeedItem
from service.feeds.value import absolute, line_of
from service.feeds.value import text as text_of

ITEMS_MAX = 1_000
"""Items of one message."""

Pointer = Annotated[str, Meta(pattern=r"^#?(/[^\x00-\x1f]*)?$", max_length=200)]
Pointers = Annotated[list[Pointer], Meta(max_length=10)]


class Condition(Struct, kw_only=True, forbid_unknown_fields=True):
    """True when what ``pointer`` finds is one of ``values``; with no values, when it is missing."""

    pointer: Pointer
    values: list[str] = field(default_factory=list)


class ItemMapping(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a message has its fields. One ``deleted`` condition that holds makes it a deletion."""

    items: Pointers = field(default_factory=lambda: [""])
    guid: Pointers = field(default_factory=list)
    url: Pointers = field(default_factory=list)
    html: Pointers = field(default_factory=list)
    text: Pointers = field(default_factory=list)
    title: Pointers = field(default_factory=list)
    authors: Pointers = field(default_factory=list)
    published: Pointers = field(default_factory=list)
    updated: Pointers = field(default_factory=list)
    keywords: Pointers = field(default_factory=list)
    language: Pointers = field(default_factory=list)
    image: Pointers = field(default_factory=list)
    deleted: list[Condition] = field(default_factory=list)
    ignored: list[Condition] = field(default_factory=list)


class Entry(Struct, kw_only=True):
    """One item of a message and what happened to it; ``text`` is plain, when no HTML came."""

    op: Literal["upsert", "delete"]
    item: FeedItem
    text: str | None = None


_EPOCH = re.compile(r"[12]\d{9}(?:\d{3})?", re.ASCII)
_BARE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")
_AUTHORS = ["/authors", "/author", "/primary_author"]
_POST = "/post/current"

PRESETS: dict[str, ItemMapping] = {
    "ghost": ItemMapping(
        guid=[f"{_POST}/id", "/post/previous/id"],
        url=[f"{_POST}/url", "/post/previous/url"],
        html=[f"{_POST}/html"],
        title=[f"{_POST}/title"],
        authors=[f"{_POST}/authors", f"{_POST}/primary_author"],
        published=[f"{_POST}/published_at"],
        updated=[f"{_POST}/updated_at"],
        keywords=[f"{_POST}/tags"],
        image=[f"{_POST}/feature_image"],
        deleted=[
            Condition(pointer=f"{_POST}/id"),
            Condition(pointer=f"{_POST}/status", values=["draft", "scheduled"]),
        ],
    ),
    "wordpress": ItemMapping(
        items=["/post", ""],
        guid=["/ID", "/id", "#/post_id"],
        url=["/permalink", "/link", "#/post_permalink", "#/permalink", "/guid/rendered", "/guid"],
        html=["/post_content", "/content/rendered", "/content"],
        title=["/post_title", "/title/rendered", "/title"],
        authors=["/author_name", "/post_author_name", "#/author/display_name", "#/author_name"],
        published=["/post_date_gmt", "/date_gmt", "/post_date", "/date"],
        updated=["/post_modified_gmt", "/modified_gmt", "/post_modified", "/modified"],
        keywords=["/tags", "#/taxonomies/post_tag"],
        deleted=[
            Condition(pointer="/post_status", values=["trash", "draft", "private"]),
            Condition(pointer="/status", values=["trash", "draft", "private"]),
        ],
    ),
    "miniflux": ItemMapping(
        items=["/entries/*", "/entry"],
        guid=["/hash", "/id"],
        url=["/url"],
        html=["/content"],
        title=["/title"],
        authors=["/author"],
        published=["/published_at"],
        updated=["/changed_at"],
        keywords=["/tags"],
    ),
    "automation": ItemMapping(
        items=["/items/*", "/*", ""],
        guid=["/guid", "/id"],
        url=["/url", "/link", "/permalink", "/article_url", "/source_url"],
        html=["/html", "/content_html", "/content", "/body"],
        text=["/text", "/content_text"],
        title=["/title", "/headline", "/name"],
        authors=_AUTHORS,
        published=["/published", "/published_at", "/date_published", "/date", "/pubDate"],
        updated=["/updated", "/updated_at", "/date_modified"],
        keywords=["/tags", "/keywords", "/categories"],
        language=["/language", "/lang"],
        image=["/image", "/image_url"],
        deleted=[
            Condition(pointer="/event", values=["delete", "deleted", "article.deleted"]),
            Condition(pointer="/deleted", values=["true", "1"]),
        ],
    ),
    "json_feed": ItemMapping(
        items=["/items/*", ""],
        guid=["/id"],
        url=["/url", "/external_url"],
        html=["/content_html"],
        text=["/content_text"],
        title=["/title"],
        authors=["/authors", "/author"],
        published=["/date_published"],
        updated=["/date_modified"],
        keywords=["/tags"],
        language=["/language", "#/language"],
        image=["/image", "/banner_image"],
    ),
}


def read_entries(mapping: ItemMapping, document: Any) -> list[Entry]:
    """The entries of a message, ignored ones left out; at most ``ITEMS_MAX``.

    Raises ``InvalidRequest`` when there is none, or one has neither address nor content.
    """
    nodes = _nodes(mapping, document)
    if len(nodes) > ITEMS_MAX:
        raise InvalidRequest(f"a message may hold {ITEMS_MAX} items")
    entries: list[Entry] = []
    for number, node in enumerate(nodes):
        if not _holds(mapping.ignored, document, node):
            entries.append(_entry(mapping, document, node, number))
    if not nodes:
        raise InvalidRequest("the mapping finds no item in this message")
    return entries


def _nodes(mapping: ItemMapping, document: Any) -> list[Any]:
    for pointer in mapping.items:
        found = list(_fan_out(document, _tokens(pointer)))
        if found:
            return found
    return []


def _fan_out(node: Any, tokens: Sequence[str]) -> Iterator[Any]:
    """The objects at the end of ``tokens``, where ``*`` stands for each element of a list."""
    nodes = [node]
    for token in tokens:
        if token == "*":
            nodes = [one for node in nodes if isinstance(node, list) for one in node]
        else:
            nodes = [one for node in nodes if (one := _step(node, token)) is not None]
    yield from (node for node in nodes if isinstance(node, dict))


def _entry(mapping: ItemMapping, document: Any, node: Any, number: int) -> Entry:
    def first(pointers: Sequence[str]) -> str | None:
        return next((t for p in pointers if (t := _text(_find(document, node, p)))), None)

    url = first(mapping.url)
    item = FeedItem(
        guid=first(mapping.guid) or url or "",
        url=absolute("", url),
        title=line_of(first(mapping.title)),
        authors=_names(document, node, mapping.authors),
        published=_time(document, node, mapping.published),
        updated=_time(document, node, mapping.updated),
        content_html=first(mapping.html),
        keywords=_names(document, node, mapping.keywords),
        language=first(mapping.language),
        image=first(mapping.image),
    )
    text = None if item.content_html else first(mapping.text)
    deleted = _holds(mapping.deleted, document, node)
    if item.url is None and (deleted or not (item.content_html or text)):
        fault = FieldError(f"/{number}", "no_url", "no http(s) URL where the mapping expects it")
        raise InvalidRequest("an item has neither an address nor content", errors=(fault,))
    return Entry(op="delete" if deleted else "upsert", item=item, text=text)


def _holds(conditions: Sequence[Condition], document: Any, node: Any) -> bool:
    for one in conditions:
        found = _find(document, node, one.pointer)
        if not one.values and found is None:
            return True
        if (_text(found) or "").lower() in {value.lower() for value in one.values}:
            return True
    return False


def _names(document: Any, node: Any, pointers: Sequence[str]) -> list[str]:
    """The names that a text, an object with a ``name``, or a list of either gives."""
    for pointer in pointers:
        found = _find(document, node, pointer)
        many = found if isinstance(found, list) else [found]
        named = (one.get("name") if isinstance(one, dict) else one for one in many)
        names = [name for one in named if (name := _text(one))]
        if names:
            return names[:50]
    return []


def _time(document: Any, node: Any, pointers: Sequence[str]) -> str | None:
    """The first time that is found. One whose name ends in ``_gmt`` (WordPress) has no zone; a
    number is that of seconds or milliseconds since 1970."""
    for pointer in pointers:
        if found := _text(_find(document, node, pointer)):
            if _EPOCH.fullmatch(found):
                return datetime.fromtimestamp(int(found[:10]), UTC).isoformat()
            is_bare = pointer.endswith("_gmt") and _BARE_TIME.fullmatch(found)
            return f"{found}Z" if is_bare else found
    return None


def _find(document: Any, node: Any, pointer: str) -> Any:
    start = document if pointer.startswith("#") else node
    for token in _tokens(pointer):
        start = _step(start, token)
    return start


def _step(node: Any, token: str) -> Any:
    if isinstance(node, dict):
        return node.get(token)
    if isinstance(node, list) and token.isascii() and token.isdigit() and len(token) < 5:
        return node[int(token)] if int(token) < len(node) else None
    return None


def _tokens(pointer: str) -> list[str]:
    path = pointer.removeprefix("#")
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return text_of(value)
