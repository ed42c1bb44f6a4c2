"""A page as plain nodes: one parse, one walk. The only package that knows the HTML parser."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Any

from service.extract.document.entities import unescaped, unmarked
from service.extract.document.node import (
    ADDRESS_ATTRS,
    HIDDEN,
    INLINE,
    NEVER,
    PARTS_OF_LINES,
    PLAYER_TAGS,
    POST_ATTRS,
    VIDEO_ATTRS,
    VISIBLE,
    Node,
)
from service.extract.document.tree import Script, Source, new_element, preformatted, tree_of
from service.extract.document.walk import DEPTH_MAX, NODES_MAX, Walk
from service.extract.page import Page
from service.extract.urls import Resolver

__all__ = [
    "ADDRESS_ATTRS", "DEPTH_MAX", "HIDDEN", "INLINE", "NEVER", "NODES_MAX", "PARTS_OF_LINES",
    "PLAYER_TAGS", "POST_ATTRS", "VIDEO_ATTRS", "VISIBLE",
    "Document", "Node", "Script", "document_of", "new_element", "parse", "tree_of", "unescaped",
    "unmarked", "without",
]  # fmt: skip

HIDDEN_PARAGRAPHS_MIN = 3
HIDDEN_TIMES_MIN = 1.5
"""Hidden parts are uncovered from this many paragraphs on, and this many times those shown."""
SWALLOWED_SHOWN_MAX = 200
SWALLOWED_CHARS_MIN = 1500
"""A ``noscript`` of this much text beside a page that shows so little is the page."""
SAMPLE_CHARS_MAX = 4_000
LINKS_MAX = 500
"""So many ``link`` elements of a page are looked at."""
_SITE_METAS = frozenset({
    "og:site_name", "application-name", "og:locale", "content-language", "robots",
})  # fmt: skip
_index = attrgetter("index")


class Document:
    """A parsed page; see ``parse``. ``metas`` and ``linked`` are those of head and body alike."""

    def __init__(self, page: Page, walk: Walk, source: Source) -> None:
        self.page, self.source = page, source
        self.story_heading = ""
        self.url = page.url or page.requested_url
        self.nodes, self.by_tag, self.telling = walk.nodes, walk.by_tag, walk.telling
        self.scripts = source.scripts
        self.html_chars = len(page.content)
        self._hints = walk.hints
        self._strings, self._hidden_strings = walk.shown, walk.unshown
        self.root = walk.by_tag["html"][0]
        self.body = next(iter(walk.by_tag.get("body", ())), self.root)
        self.lang = self.root.get("lang") or self.root.get("xml:lang") or None
        self.title = next(
            (self.text(n) for n in walk.by_tag.get("title", ()) if _is_of_page(n)), ""
        )
        self.metas = _metas(walk.by_tag.get("meta", []))
        self.linked = _by_rel(walk.by_tag.get("link", [])[:LINKS_MAX])
        self._resolver = Resolver(self.url or self._declared_url())
        base = next((n.get("href") for n in walk.by_tag.get("base", ()) if n.get("href")), "")
        self.base_url = self._resolver.resolve(base) or self._resolver.base_url
        if base:
            self._resolver = Resolver(self.base_url)

    def having(self, name: str) -> list[Node]:
        """The elements with an attribute, in document order. It must be one by which ``Source``
        calls an element telling."""
        return [node for node in self.telling if name in node.names]

    @cached_property
    def all_hints(self) -> str:
        """The hints of all elements, to see whether any can hold some word."""
        return "\n".join(self._hints)

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The first element of each id."""
        return {node.get("id"): node for node in reversed(self.having("id"))}

    @cached_property
    def json_ld(self) -> list[str]:
        """The raw text of every JSON-LD script, in order."""
        return [s.text for s in self.scripts if "ld+json" in s.get("type").lower()]

    def text(self, node: Node) -> str:
        """The text inside ``node`` on one line, white space collapsed; hidden text only if it is
        hidden itself. Ends of blocks and ``<br>`` count as a space.
        """
        return " ".join("".join(self._parts(node)).split())

    def text_with_links(self, node: Node, mark: str) -> str:
        """As ``text``, with ``mark`` before the text of each link."""
        parts = self._parts(node)
        for link in self.within(node, "a"):
            if link.text_to > link.text_from and bool(link.hidden) == bool(node.hidden):
                parts[link.text_from - node.text_from] = (
                    mark + parts[link.text_from - node.text_from]
                )
        return " ".join("".join(parts).split())

    def preformatted(self, node: Node) -> str:
        """The visible text inside ``node`` as it is written, white space and line ends kept."""
        hidden = {inner.element for inner in self.inside(node) if inner.hidden}
        return preformatted(node.element, hidden)

    def heading(self, node: Node) -> str:
        """As ``text``, of what heads something: where a capital follows a small letter in the next
        element they are parted, as styles do with a kicker and a headline in one element. Without
        its buttons, unless it is nothing else.
        """
        parts = self._parts(node)
        for button in self.within(node, "button")[::-1]:
            inside = slice(button.text_from - node.text_from, button.text_to - node.text_from)
            if button.hidden == node.hidden and "".join(parts[: inside.start]).strip():
                del parts[inside]
        for at, (before, after) in enumerate(pairwise(parts)):
            if before[-1:].islower() and after[:1].isupper():
                parts[at] = before + " "
        return " ".join("".join(parts).split())

    def _parts(self, node: Node) -> list[str]:
        """The strings inside ``node``, as they follow each other."""
        strings = self._hidden_strings if node.hidden else self._strings
        return strings[node.text_from : node.text_to]

    def sample(self) -> str:
        """Some of the page's visible text, from its middle."""
        middle = len(self._strings) // 2
        return "".join(self._strings[max(0, middle - 150) : middle + 150])[:SAMPLE_CHARS_MAX]

    def inside(self, node: Node) -> list[Node]:
        """Every element inside ``node``, in document order."""
        return self.nodes[node.index + 1 : node.end]

    def following(self, node: Node) -> Node | None:
        """The shown element right after ``node`` in its parent, unless text stands between them."""
        after = self.nodes[node.end] if node.end < len(self.nodes) else None
        if after is None or after.hidden or after.parent is not node.parent:
            return None
        between = self._strings[node.text_to : after.text_from]
        return None if any(map(str.strip, between)) else after

    def within(self, node: Node, *tags: str) -> list[Node]:
        """The elements of these tags inside ``node``, by tag and then in document order."""
        found: list[Node] = []
        for tag in tags:
            same = self.by_tag.get(tag)
            if same:
                start = bisect_left(same, node.index + 1, key=_index)
                found += same[start : bisect_left(same, node.end, lo=start, key=_index)]
        return found

    def meta(self, *names: str) -> str | None:
        """The first non-empty content among metas of these lower-cased names, in this order."""
        for name in names:
            for content in self.metas.get(name, ()):
                if content.strip():
                    return unmarked(unescaped(content.strip())).strip()
        return None

    def resolve(self, href: str | None) -> str | None:
        """The absolute address of ``href``, or None unless it is http, https, mailto or tel."""
        return self._resolver.resolve(href)

    def name_story(self, heading: str, *, keep_head: bool) -> None:
        """Tells the readers which story it is, where the head does not; a head that describes
        another one is left out but for what it says of the site."""
        self.story_heading = heading
        if not keep_head:
            self.title = heading
            self.metas = {name: self.metas[name] for name in _SITE_METAS & self.metas.keys()}
            self.linked.pop("canonical", None)

    def __del__(self) -> None:
        """Parts the nodes from each other, so that memory is freed without a collection."""
        for node in self.nodes:
            node.parent = None

    def _declared_url(self) -> str | None:
        declared = (node.get("href") for node in self.linked.get("canonical", ()))
        return next((href for href in declared if "//" in href), None) or self.meta("og:url")


def parse(page: Page) -> Document:
    """A document of ``page``: every element once, in order, with its features counted.

    Hidden parts that hold more of a story than all that is shown are read as if they were shown:
    scripts would uncover them.
    """
    return document_of(page, tree_of(page))


def document_of(page: Page, tree: Any) -> Document:
    """A document of ``tree``, which is that of ``page``, changed perhaps; it is used up."""
    return _read(page, Source(tree))


def without(document: Document, left_out: list[Node]) -> Document:
    """``document`` read again without these nodes, none of which is inside another."""
    document.source.take_out([node.element for node in left_out])
    return _read(document.page, document.source)


def _read(page: Page, source: Source) -> Document:
    walk = Walk(source)
    document = Document(page, walk, source)
    if uncovered := _hidden_stories(document, walk.hidden_paragraphs):
        document = Document(page, Walk(source, uncovered), source)
    return document


def _hidden_stories(document: Document, hidden_paragraphs: int) -> frozenset[int]:
    """The outermost hidden elements that hold a story, where nothing that is shown does."""
    if swallowing := _swallowing(document):
        return swallowing
    enough = max(HIDDEN_PARAGRAPHS_MIN, document.body.paragraphs * HIDDEN_TIMES_MIN)
    if hidden_paragraphs < enough:
        return frozenset()
    stories = [
        node
        for node in document.nodes
        if node.hidden == HIDDEN
        and node.paragraphs
        and node.parent
        and not node.parent.hidden
        and node.tag not in {"noscript", "dialog"}
    ]
    if sum(node.paragraphs for node in stories) < enough:
        return frozenset()
    return frozenset(node.index for node in stories)


def _swallowing(document: Document) -> frozenset[int]:
    """A ``noscript`` that ends too late by bad nesting, and holds the page that is to be shown."""
    if document.body.chars > SWALLOWED_SHOWN_MAX:
        return frozenset()
    held = (n for n in document.by_tag.get("noscript", ()) if n.chars > SWALLOWED_CHARS_MIN)
    return frozenset(node.index for node in held if node.parent and not node.parent.hidden)


def _is_of_page(title: Node) -> bool:
    """Whether a ``title`` is the page's and no drawing's; a broken head leaves it in the body."""
    return all(node.tag != "svg" for node in title.ancestors())


def _metas(nodes: list[Node]) -> dict[str, list[str]]:
    """The contents of metas by each of their lower-cased names."""
    metas: dict[str, list[str]] = {}
    for node in nodes:
        attr = node.element.attr
        content = attr("content") or ""
        for kind in ("name", "property", "itemprop", "http-equiv"):
            if name := attr(kind):
                metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _by_rel(links: list[Node]) -> dict[str, list[Node]]:
    """Elements by each lower-cased word of their ``rel``."""
    found: dict[str, list[Node]] = {}
    for node in links:
        for word in dict.fromkeys(node.get("rel").lower().split()):
            found.setdefault(word, []).append(node)
    return found
