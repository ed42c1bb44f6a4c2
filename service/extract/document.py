"""A page as plain nodes: one parse, one walk. The only module that knows the HTML parser.

Depth and number of nodes are limited without losing text: blocks deeper than ``DEPTH_MAX`` become
siblings at that depth, inline elements there and elements beyond ``NODES_MAX`` lend their text to
the node around them. So recursion over a ``Document`` is bounded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import turbohtml
from turbohtml import DocumentFragment, Element, Text

from service.extract.page import Page
from service.extract.urls import Resolver

DEPTH_MAX = 250
NODES_MAX = 250_000
HIDDEN_PARAGRAPHS_MIN = 3
HIDDEN_TIMES_MIN = 1.5
"""Hidden parts are uncovered from this many paragraphs on, and this many times those shown."""

VISIBLE, HIDDEN, NEVER = 0, 1, 2

INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "rb", "rp", "rt", "ruby", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "math", "mi", "mn", "mo", "mrow", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot", "mtext",
    "mstyle", "semantics", "mspace", "mover", "munder", "munderover", "mpadded", "menclose",
})  # fmt: skip
"""Elements that do not end a line of text."""

PARTS_OF_LINES = INLINE | frozenset({
    "br", "img", "picture", "source", "svg", "script", "style", "noscript", "meta", "link", "input",
    "button", "template", "wbr", "amp-img", "area", "map", "param", "track", "select",
    "textarea", "rp", "rt", "object", "canvas",
})  # fmt: skip
"""Elements that can stand inside a line; every other one is a block."""

_NEVER_TEXT = frozenset({
    "style", "svg", "template", "iframe", "object", "select", "textarea", "datalist", "canvas",
    "audio", "video", "head", "noframes", "rp", "rt", "annotation", "annotation-xml",
})  # fmt: skip
_NO_CHILDREN = frozenset({"style", "svg", "iframe", "canvas", "select", "textarea"})
_UNSEEN_WORDS = (
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "screenreader",
    "visually_hidden", "a11y-hidden", "offscreen",
)  # fmt: skip
_NO_ATTRS: dict[str, str] = {}


class Node:
    """One element. ``nodes[index + 1 : end]`` of its document are all elements inside it.

    ``hints`` are the lower-cased words of class, id, role, data-testid and itemprop. ``chars`` and
    ``link_chars`` count the visible text inside it and how much of that is linked, ``commas`` its
    clause marks, ``paragraphs`` the ``p`` inside it that hold a sentence, ``blocks`` the visible
    elements inside it that stand on lines of their own.
    """

    __slots__ = (
        "attrs", "blocks", "chars", "children", "commas", "end", "hidden", "hints", "in_link",
        "index", "link_chars", "paragraphs", "parent", "tag", "text_from", "text_to",
    )  # fmt: skip

    def __init__(self, tag: str, attrs: dict[str, str], hints: str, parent: Node | None) -> None:
        self.tag = tag
        self.attrs = attrs
        self.hints = hints
        self.parent = parent
        self.children: list[Node | str] = []
        self.index = self.end = self.text_from = self.text_to = 0
        self.hidden = VISIBLE
        self.in_link = False
        self.chars = self.link_chars = self.commas = self.paragraphs = self.blocks = 0

    def __repr__(self) -> str:
        return f"<{self.tag} {self.index} {self.hints!r}>"

    def get(self, name: str) -> str:
        """The value of an attribute, or an empty string."""
        return self.attrs.get(name) or ""

    def elements(self) -> list[Node]:
        """The child nodes that are elements."""
        return [child for child in self.children if not isinstance(child, str)]

    def ancestors(self) -> Iterator[Node]:
        """The elements around it, innermost first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


class Script:
    """One script element; its ``text`` is copied out of the parser only when asked for."""

    __slots__ = ("_element", "attrs")

    def __init__(self, element: Element, attrs: dict[str, str]) -> None:
        self._element = element
        self.attrs = attrs

    @property
    def text(self) -> str:
        return self._element.text


class Document:
    """A parsed page; see ``parse``. ``metas`` and ``links`` are those of head and body alike."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.url = page.url or page.requested_url
        self.base_url = self.url
        self.root = self.body = Node("html", _NO_ATTRS, "", None)
        self.nodes: list[Node] = []
        self.by_tag: dict[str, list[Node]] = {}
        self.by_id: dict[str, Node] = {}
        self.metas: dict[str, list[str]] = {}
        self.links: list[tuple[str, str, dict[str, str]]] = []
        self.scripts: list[Script] = []
        self.title = ""
        self.lang: str | None = None
        self.html_chars = self.hidden_paragraphs = 0
        self._strings: list[str] = []
        self._hidden_strings: list[str] = []
        self._resolver = Resolver(None)

    @property
    def json_ld(self) -> list[str]:
        """The raw text of every JSON-LD script, in order."""
        return [s.text for s in self.scripts if "ld+json" in s.attrs.get("type", "").lower()]

    def text(self, node: Node) -> str:
        """The text inside ``node`` on one line, white space collapsed; hidden text only if it is
        hidden itself. Ends of blocks and ``<br>`` count as a space.
        """
        strings = self._hidden_strings if node.hidden else self._strings
        return " ".join("".join(strings[node.text_from : node.text_to]).split())

    def inside(self, node: Node) -> list[Node]:
        """Every element inside ``node``, in document order."""
        return self.nodes[node.index + 1 : node.end]

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
                    return content.strip()
        return None

    def resolve(self, href: str | None) -> str | None:
        """The absolute address of ``href``, or None unless it is http, https, mailto or tel."""
        return self._resolver.resolve(href)

    def close(self) -> None:
        """Parts the nodes from each other, so that memory is freed without a collection."""
        for node in self.nodes:
            node.parent = None
            node.children = []


def _index(node: Node) -> int:
    return node.index


def parse(page: Page) -> Document:
    """A document of ``page``: every element once, in order, with its features counted.

    Hidden parts that hold more of a story than all that is shown are read as if they were shown:
    scripts would uncover them.
    """
    tree = _tree(page)
    document = _read(page, tree, frozenset())
    if uncovered := _hidden_stories(document):
        document = _read(page, tree, uncovered)
    return document


def _hidden_stories(document: Document) -> frozenset[int]:
    """The outermost hidden elements that hold a story, where nothing that is shown does."""
    enough = max(HIDDEN_PARAGRAPHS_MIN, document.body.paragraphs * HIDDEN_TIMES_MIN)
    if document.hidden_paragraphs < enough:
        return frozenset()
    hidden = [
        node
        for node in document.nodes
        if node.hidden == HIDDEN and node.parent and not node.parent.hidden and node.paragraphs
    ]
    stories = [n for n in hidden if n.tag not in {"noscript", "dialog"}]
    if sum(node.paragraphs for node in stories) < enough:
        return frozenset()
    return frozenset(node.index for node in stories)


def _tree(page: Page) -> Any:
    options: dict[str, Any] = {"positions": False, "allow_declarative_shadow_roots": False}
    if isinstance(page.content, str):
        return turbohtml.parse(page.content, **options)
    return turbohtml.parse(page.content, encoding=page.charset, detect_encoding=True, **options)


def _read(page: Page, tree: Any, uncovered: frozenset[int]) -> Document:
    document = Document(page)
    document.html_chars = len(page.content)
    _Walk(document, uncovered).run(tree)
    document.hidden_paragraphs = _add_up(document.nodes)
    _finish(document)
    return document


def _add_up(nodes: list[Node]) -> int:
    """Adds each node's counts to the node around it; returns the number of hidden paragraphs."""
    hidden = 0
    for node in reversed(nodes):
        if node.tag == "p" and node.chars - node.link_chars > 60:
            node.paragraphs += 1
            hidden += node.hidden > 0
        parent = node.parent
        if parent is None:
            continue
        parent.end = max(parent.end, node.end)
        if node.hidden <= parent.hidden:
            parent.chars += node.chars
            parent.link_chars += node.link_chars
            parent.commas += node.commas
            parent.paragraphs += node.paragraphs
            parent.blocks += node.blocks
            if node.chars and node.tag not in PARTS_OF_LINES:
                parent.blocks += 1
    return hidden


def _finish(document: Document) -> None:
    document.root = next((n for n in document.nodes if n.tag == "html"), document.root)
    document.body = next(iter(document.by_tag.get("body", ())), document.root)
    document.lang = document.root.attrs.get("lang") or document.root.attrs.get("xml:lang") or None
    titles = [n for n in document.by_tag.get("title", ()) if n.parent and n.parent.tag == "head"]
    document.title = document.text(titles[0]) if titles else ""
    base = next((n.get("href") for n in document.by_tag.get("base", ()) if n.get("href")), "")
    document._resolver = Resolver(document.url or _declared_url(document))
    document.base_url = document._resolver.resolve(base) or document._resolver.base_url
    document._resolver = Resolver(document.base_url)


def _declared_url(document: Document) -> str | None:
    canonical = (href for rel, href, _ in document.links if rel == "canonical" and "//" in href)
    return next(canonical, None) or document.meta("og:url")


class _Walk:
    """One walk over the parser's tree that fills a ``Document``."""

    def __init__(self, document: Document, uncovered: frozenset[int]) -> None:
        self.document = document
        self.uncovered = uncovered
        self.words: dict[tuple[str | None, ...], str] = {}
        self.shown = document._strings
        self.unshown = document._hidden_strings
        self.flat: Node | None = None

    def run(self, tree: Any) -> None:
        """Visits every node once; iterative, since a page may nest as deep as it is long."""
        stack: list[tuple[Iterator[Any], Node | None]] = [(iter(tree.children), None)]
        while stack:
            children, around = stack[-1]
            for child in children:
                kind = type(child)
                if kind is Text:
                    if around is not None:
                        self.add_text(child.data, around, len(stack))
                elif kind is Element:
                    inner = self.enter(child, around, len(stack))
                    if inner is not None:
                        stack.append((iter(child.children), inner))
                        break
                elif kind is DocumentFragment and around is not None:
                    stack.append((iter(child.children), around))
                    break
            else:
                stack.pop()
                if around is not None:
                    self.leave(around)

    def enter(self, element: Element, around: Node | None, depth: int) -> Node | None:
        """The node for ``element``, to be filled with its children; None if they do not matter."""
        tag = element.tag
        attrs: dict[str, str] = _attributes(element)
        if tag == "script":
            self.document.scripts.append(Script(element, attrs))
            return None
        if around is not None and (depth > DEPTH_MAX or len(self.document.nodes) >= NODES_MAX):
            return self.deep(tag, attrs, around)
        node = self.node(tag, attrs, around)
        if tag in _NO_CHILDREN:
            node.text_to = node.text_from
            return None
        return node

    def node(self, tag: str, attrs: dict[str, str], around: Node | None) -> Node:
        """A new node at the end of ``around``, noted in every index of the document."""
        document = self.document
        node = Node(tag, attrs, self.hints(attrs) if attrs else "", around)
        node.index = len(document.nodes)
        node.end = node.index + 1
        document.nodes.append(node)
        document.by_tag.setdefault(tag, []).append(node)
        if around is not None:
            around.children.append(node)
            node.in_link = around.in_link or (tag == "a" and "href" in attrs)
            node.hidden = max(around.hidden, self.hiding(node))
        self.note(node)
        strings = self.unshown if node.hidden else self.shown
        node.text_from = len(strings)
        if tag not in INLINE:
            strings.append(" ")
        return node

    def deep(self, tag: str, attrs: dict[str, str], around: Node) -> Node:
        """Beyond the limits: blocks become siblings, inline elements lend their text."""
        if tag in INLINE or len(self.document.nodes) >= NODES_MAX:
            return around
        self.flat = self.node(tag, attrs, around)
        self.flat.text_to = self.flat.text_from
        return around

    def leave(self, node: Node) -> None:
        strings = self.unshown if node.hidden else self.shown
        if node.tag not in INLINE:
            strings.append(" ")
        node.text_to = len(strings)
        self.flat = None

    def add_text(self, data: str, around: Node, depth: int) -> None:
        """Appends text to its node and counts it there; white space alone becomes one space."""
        if depth > DEPTH_MAX and self.flat is not None:
            around = self.flat
        if around.hidden == NEVER and around.tag not in {"title", "video", "audio", "object"}:
            return
        strings = self.unshown if around.hidden else self.shown
        if data.isspace():
            around.children.append(" ")
            strings.append(" ")
            return
        around.children.append(data)
        strings.append(data)
        around.text_to = len(strings)
        around.chars += (chars := len(data.strip()))
        around.commas += data.count(",")
        if not data.isascii():
            around.commas += data.count("、") + data.count("，") + data.count("،")
        if around.in_link:
            around.link_chars += chars

    def hints(self, attrs: dict[str, str]) -> str:
        """The words that say what an element is for; one shared string per distinct set."""
        key = (
            attrs.get("class"), attrs.get("id"), attrs.get("role"),
            attrs.get("data-testid"), attrs.get("itemprop"),
        )  # fmt: skip
        words = self.words.get(key)
        if words is None:
            words = self.words[key] = " ".join(filter(None, key)).lower()
        return words

    def hiding(self, node: Node) -> int:
        """How far ``node`` itself is kept from the reader's eye."""
        tag, attrs = node.tag, node.attrs
        if tag in _NEVER_TEXT and not (tag == "template" and "shadowrootmode" in attrs):
            return NEVER
        if tag == "noscript":
            return HIDDEN
        if node.index in self.uncovered or tag in {"html", "body"}:
            return VISIBLE
        if not attrs:
            return HIDDEN if tag == "dialog" else VISIBLE
        return HIDDEN if _is_hidden(node) else VISIBLE

    def note(self, node: Node) -> None:
        """Keeps what other parts look up by name."""
        attrs = node.attrs
        if not attrs:
            return
        if node.tag == "meta":
            content = attrs.get("content", "")
            for kind in ("name", "property", "itemprop", "http-equiv"):
                if name := attrs.get(kind):
                    self.document.metas.setdefault(name.strip().lower(), []).append(content)
        elif node.tag == "link":
            link = (attrs.get("rel", "").lower(), attrs.get("href", ""), attrs)
            self.document.links.append(link)
        if name := attrs.get("id"):
            self.document.by_id.setdefault(name, node)


def _attributes(element: Element) -> dict[str, str]:
    found = element.attrs
    if not found:
        return _NO_ATTRS
    attrs: dict[str, Any] = found.copy()
    for name, value in attrs.items():
        if value.__class__ is list:
            attrs[name] = " ".join(value)
        elif value is None:
            attrs[name] = ""
    return attrs


def _is_hidden(node: Node) -> bool:
    attrs = node.attrs
    if "hidden" in attrs and attrs["hidden"] != "until-found":
        return True
    if attrs.get("aria-hidden") == "true" or (node.tag == "dialog" and "open" not in attrs):
        return True
    if style := attrs.get("style"):
        style = style[:500].replace(" ", "").lower()
        if "display:none" in style or "visibility:hidden" in style:
            return True
    hints = node.hints
    return node.tag != "h1" and "s" in hints and any(word in hints for word in _UNSEEN_WORDS)
