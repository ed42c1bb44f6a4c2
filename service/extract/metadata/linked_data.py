"""The linked data of a page (JSON-LD): its nodes, and the one that describes this page."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape
from typing import Any

from service.extract.document import unmarked
from service.extract.metadata.lenient_json import SCRIPT_CHARS_MAX, read_json
from service.extract.metadata.titles import key, path_key

NODES_MAX = 1_500
DEPTH_MAX = 64
VALUES_MAX = 200

Item = dict[str, Any]

_ARTICLES = frozenset({
    "article", "newsarticle", "reportagenewsarticle", "opinionnewsarticle", "blogposting",
    "analysisnewsarticle", "backgroundnewsarticle", "reviewnewsarticle", "askpublicnewsarticle",
    "advertisercontentarticle", "satiricalarticle", "liveblogposting", "report", "techarticle",
    "scholarlyarticle", "socialmediaposting", "discussionforumposting", "medicalscholarlyarticle",
    "blog post", "posting",
})  # fmt: skip
_WORKS = frozenset({
    "recipe", "howto", "review", "creativework", "videoobject", "podcastepisode", "qapage",
    "question", "claimreview", "medicalwebpage", "newsmediaobject", "episode", "interview",
    "imagegallery", "mediagallery", "event", "course", "learningresource", "audioobject",
})  # fmt: skip
_PAGES = frozenset({"webpage", "itempage", "aboutpage", "collectionpage"})
_NEVER_INSIDE = frozenset({
    "itemlistelement", "haspart", "comment", "isbasedon", "citation", "mentions", "relatedlink",
    "review", "suggestedanswer", "acceptedanswer", "publisher", "author", "subjectof",
    "issimilarto", "isrelatedto", "blogpost", "blogposts", "workexample", "video", "image",
    "liveblogupdate", "associatedmedia",
})  # fmt: skip
"""Properties that lead to other things than the page's own article."""


class LinkedData:
    """Every node of the page's JSON-LD, in order; ``top`` are those not inside such a property."""

    def __init__(self, scripts: Iterable[str]) -> None:
        self.nodes: list[Item] = []
        self.top: list[Item] = []
        self._by_id: dict[str, Item] = {}
        chars = 0
        for script in scripts:
            if chars + len(script) <= SCRIPT_CHARS_MAX:
                chars += len(script)
                self._gather(read_json(script))

    def _gather(self, value: Any) -> None:
        stack: list[tuple[Any, int, bool]] = [(value, 0, True)]
        while stack and len(self.nodes) < NODES_MAX:
            value, depth, top = stack.pop()
            if depth > DEPTH_MAX:
                continue
            if isinstance(value, list):
                stack += [(inner, depth + 1, top) for inner in reversed(value[:NODES_MAX])]
            elif isinstance(value, dict):
                self._note(value, top)
                stack += [
                    (inner, depth + 1, top and name.lower() not in _NEVER_INSIDE)
                    for name, inner in reversed(value.items())
                    if isinstance(inner, dict | list)
                ]

    def _note(self, node: Item, top: bool) -> None:
        self.nodes.append(node)
        if top:
            self.top.append(node)
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(self._by_id.get(name, ())):
            self._by_id[name] = node

    def whole(self, value: Any) -> Any:
        """``value``, or the node that it points to by ``@id``."""
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
            return self._by_id.get(value["@id"], value)
        return value

    def values(self, node: Item, name: str) -> list[Any]:
        """The values of a property, always as a list, references followed."""
        value = node.get(name)
        if isinstance(value, dict):
            value = value.get("@list") or value.get("@set") or value
        found = value[:VALUES_MAX] if isinstance(value, list) else [value]
        if any(isinstance(inner, list) for inner in found):
            found = [x for inner in found for x in (inner if isinstance(inner, list) else [inner])]
        return [self.whole(inner) for inner in found if inner not in (None, "", {})]

    def texts(self, node: Item, name: str) -> list[str]:
        """The values of a property as plain strings (of a node: its name)."""
        return [text for value in self.values(node, name) if (text := text_of(value))]

    def text(self, node: Item, name: str) -> str | None:
        """The first of ``texts``."""
        return next(iter(self.texts(node, name)), None)


def types_of(node: Item) -> frozenset[str]:
    """The lower-case types of a node, without their vocabulary: ``{"newsarticle"}``."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return frozenset(
        name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()
        for name in names[:8]
        if isinstance(name, str)
    )


def text_of(value: Any) -> str | None:
    """A value as one line of plain text: without entities and tags, white space collapsed."""
    for _ in range(2):
        if isinstance(value, dict):
            value = value.get("name") or value.get("@value") or value.get("headline")
        value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str) or len(value) > 200_000:
        return None
    if "&" in value:
        value = unescape(unescape(value))
    value = unmarked(value)
    return " ".join(value.split()) or None


def article_node(
    data: LinkedData, addresses: Iterable[str | None], titles: list[str], *, is_sure: bool = False
) -> Item:
    """The node that describes this page, or an empty one.

    An article's type, the page's address and the page's title speak for a node; standing in a list
    of other things speaks against it. A site, a person or an organisation is never chosen.
    ``is_sure`` where the titles name one story of several: only nodes of its headline are its own.
    """
    paths = {path for address in addresses if (path := path_key(address))}
    keys = [k for title in titles if (k := key(title))]
    best: tuple[int, Item] = (0, {})
    top = {id(node) for node in data.top}
    for node in data.nodes:
        kind = _rank(types_of(node))
        if kind and (not is_sure or _is_called(_headline(node), keys)):
            points = kind + _fit(node, paths, keys) - (0 if id(node) in top else 5)
            if points > best[0]:
                best = (points, node)
    return best[1]


def _rank(types: frozenset[str]) -> int:
    if types & _ARTICLES:
        return 6
    if types & _WORKS:
        return 2
    return 1 if types & _PAGES else 0


def _fit(node: Item, paths: set[str], keys: list[str]) -> int:
    """Points for the same address and the same headline; minus points for others."""
    points = 0
    own = {
        path
        for value in (node.get("url"), node.get("@id"), _main_entity(node))
        if isinstance(value, str) and (path := path_key(value))
    }
    if own & paths:
        points += 4
    headline = _headline(node)
    if _is_called(headline, keys):
        points += 4
    elif headline and keys and own and not own & paths:
        points -= 5
    return points


def _headline(node: Item) -> str:
    return key(text_of(node.get("headline")) or text_of(node.get("name")) or "")


def _is_called(headline: str, keys: list[str]) -> bool:
    return bool(headline) and any(headline in k or k in headline for k in keys)


def _main_entity(node: Item) -> Any:
    value = node.get("mainEntityOfPage")
    if isinstance(value, list):
        value = value[0] if value else None
    return (value.get("@id") or value.get("url")) if isinstance(value, dict) else value
