"""Microdata and RDFa of the article itself: ``itemprop`` and ``property`` in its own item."""

from __future__ import annotations

from typing import NamedTuple

from service.extract.document import Document, Node

ITEMS_MAX = 40
_OTHERS = frozenset({
    "comment", "comments", "review", "reviews", "itemlistelement", "publisher", "mentions",
    "haspart", "citation", "video", "image", "associatedmedia", "isrelatedto", "blogposts",
})  # fmt: skip
_OWN_TYPES = (
    "article", "posting", "webpage", "report", "recipe", "creativework", "review", "event", "book",
    "videoobject", "product", "howto",
)  # fmt: skip


class Property(NamedTuple):
    """One property: its value as declared (content, datetime) or as printed."""

    value: str
    node: Node


class Microdata:
    """The properties of a page by lower-case name, its links by ``rel``: one look at each node."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._properties: dict[str, list[Node]] = {}
        self.rels: dict[str, list[Node]] = {}
        for node in document.telling:
            names = node.get("itemprop")
            if names or (node.tag != "meta" and (names := node.get("property"))):
                self._note(node, names)
        for node in document.by_tag.get("a", ()):
            for word in node.get("rel").lower().split()[:4]:
                self.rels.setdefault(word, []).append(node)

    def _note(self, node: Node, names: str) -> None:
        for name in names.lower().split()[:4]:
            self._properties.setdefault(name.rsplit(":", 1)[-1], []).append(node)

    def own(self, name: str) -> list[Property]:
        """The values of a lower-case property that belong to the page's article, in order."""
        found = []
        for node in self._properties.get(name, ())[:ITEMS_MAX]:
            if not _of_others(node) and (value := self._value(node)):
                found.append(Property(value, node))
        return found

    def _value(self, node: Node) -> str:
        declared = node.get("content") or node.get("datetime")
        return (declared or self._document.text(node)).strip()[:500]


def _of_others(node: Node) -> bool:
    """Whether the property stands in an item that is not the article: a comment, a teaser."""
    for around in node.ancestors():
        if around.tag in {"aside", "nav", "footer"}:
            return True
        if around.get("itemprop").lower() in _OTHERS:
            return True
        if not {"itemscope", "typeof"}.isdisjoint(around.names):
            kind = (around.get("itemtype") or around.get("typeof")).lower()
            return bool(kind) and not kind.endswith(_OWN_TYPES)
    return False
