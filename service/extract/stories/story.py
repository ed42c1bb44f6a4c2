"""What a story among several is: an element marked as one, with a heading and prose of its own."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urldefrag

from service.extract.document import Document, Node
from service.extract.metadata.hints import teller
from service.extract.metadata.titles import path_key

STORIES_MAX = 60
PARAGRAPHS_MIN = 2
PROSE_CHARS_MIN = 500
"""A story has so many paragraphs, or so much unlinked text: more than a teaser."""
HEADINGS_MAX = 3
LINKS_MAX = 60
_TYPE = re.compile(r"(?:article|posting)$", re.IGNORECASE)
_says_story = teller("", r"(?:^| )h-?entry(?: |$)")
_says_part = teller("comment reply answer", r"(?:^|[\s_-])live")
_ADDRESS_ATTRS = (
    "data-url", "data-href", "data-permalink", "data-article-url", "data-canonical-url", "itemid",
    "about", "resource",
)  # fmt: skip


class Story(NamedTuple):
    """One of several: its first headings (at least one), whether it prints a time, and the
    addresses that it calls its own, as keys of paths and as fragments."""

    node: Node
    headings: list[Node]
    is_dated: bool
    paths: frozenset[str]
    fragments: frozenset[str]

    def holds(self, node: Node) -> bool:
        """Whether ``node`` is inside."""
        return self.node.index < node.index < self.node.end

    def is_from_elsewhere(self, paths: set[str]) -> bool:
        """Whether it has a page of its own, which is none of ``paths``."""
        return bool(self.paths) and self.paths.isdisjoint(paths)

    def is_apart(self, chosen: Story) -> bool:
        """Whether it is another story than ``chosen``, and no further part of it."""
        if self is chosen:
            return False
        same = self.headings[0].tag in {"h1", chosen.headings[0].tag}
        return same or self.is_dated or bool(self.paths - chosen.paths)


def read_stories(document: Document) -> list[Story]:
    """The outermost elements of a page that are marked as stories and hold one, in order."""
    marked = {n for n in document.having("itemtype") if _TYPE.search(n.get("itemtype"))}
    marked.update(document.by_tag.get("article", ()))
    if "hentry" in document.all_hints or "h-entry" in document.all_hints:
        marked.update(node for node in document.by_tag.get("div", ()) if _says_story(node.hints))
    found: list[Story] = []
    end = 0
    for node in sorted(marked, key=lambda one: one.index) if len(marked) > 1 else ():
        if node.index >= end and not node.hidden:
            end = node.end
            headings = _headings(document, node) if _holds_prose(node) else []
            if headings and len(found) < STORIES_MAX:
                found.append(_story(document, node, headings))
    return found


def _holds_prose(node: Node) -> bool:
    own = node.chars - node.link_chars
    if node.paragraphs < PARAGRAPHS_MIN and (own < PROSE_CHARS_MIN or own < 2 * node.link_chars):
        return False
    around = (each for each in (node, *node.ancestors()) if each.tag not in {"body", "html"})
    return not any(_says_part(each.hints) for each in around)


def _headings(document: Document, node: Node) -> list[Node]:
    found = [n for n in document.within(node, "h1", "h2", "h3") if n.chars and not n.hidden]
    return sorted(found, key=lambda one: one.index)[:HEADINGS_MAX]


def _story(document: Document, node: Node, headings: list[Node]) -> Story:
    values = [node.get(name) for name in _ADDRESS_ATTRS]
    for link in (*document.within(node, "a")[:LINKS_MAX], *document.within(node, "link", "meta")):
        if _is_permalink(document, link, node, headings[0]):
            values.append(link.get("href") or link.get("itemid") or link.get("content"))
    addresses = [address for value in values if value and (address := document.resolve(value))]
    paths = frozenset(path_key(a) for a in addresses if a.startswith("http")) - {""}
    fragments = frozenset(urldefrag(address).fragment for address in addresses)
    return Story(node, headings, bool(document.within(node, "time")), paths, fragments)


def _is_permalink(document: Document, link: Node, story: Node, heading: Node) -> bool:
    """Whether a link leads to the story's own page: by its heading, a property or its date."""
    is_around = link.index < heading.index < link.end
    if is_around or heading.index < link.index < heading.end:
        return True
    if "bookmark" in link.get("rel").lower().split() and document.within(link, "time"):
        return True
    if {"url", "mainentityofpage"}.isdisjoint(link.get("itemprop").lower().split()):
        return False
    item = next((n for n in link.ancestors() if n is story or "itemscope" in n.names), None)
    return item is story
