"""The one walk over the parser's tree: every element once, with its features counted.

This is the innermost loop of the service, so it trades short functions for few calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from turbohtml import DocumentFragment, Element, Text

from service.extract.document.node import (
    HIDDEN,
    INLINE,
    NEVER,
    PARTS_OF_LINES,
    VISIBLE,
    Node,
)

DEPTH_MAX = 250
_FLAT_FROM = DEPTH_MAX - 2
NODES_MAX = 120_000
SENTENCE_CHARS_MIN = 60
STYLE_CHARS_MAX = 500

_NEVER_TEXT = frozenset({
    "style", "svg", "template", "iframe", "object", "select", "textarea", "datalist", "canvas",
    "audio", "video", "head", "noframes", "rp", "rt", "annotation", "annotation-xml",
})  # fmt: skip
_TELLING = frozenset({"title", "video", "audio", "object"})
"""Elements whose text is kept, though it is never printed."""
_NO_CHILDREN = frozenset({"style", "svg", "iframe", "canvas", "select", "textarea"})
_UNSEEN_WORDS = (
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "screenreader",
    "visually_hidden", "a11y-hidden", "offscreen",
)  # fmt: skip
_NO_ATTRS: dict[str, str] = {}
_LISTING = frozenset({"a", "link", "area", "form", "img", "source", "td", "th"})
"""Elements that have attributes of several words besides class."""
_LISTS = ("rel", "sizes", "headers")
_OFTEN_HIDDEN = frozenset({"noscript", "dialog"})


class Script:
    """One script element; its ``text`` is copied out of the parser only when asked for."""

    __slots__ = ("_element", "attrs")

    def __init__(self, element: Element, attrs: dict[str, str]) -> None:
        self._element = element
        self.attrs = attrs

    @property
    def text(self) -> str:
        return self._element.text


class Walk:
    """What one walk finds. ``uncovered`` are the indexes of elements to read as if shown."""

    def __init__(self, tree: Any, uncovered: frozenset[int] = frozenset()) -> None:
        self.nodes: list[Node] = []
        self.by_tag: dict[str, list[Node]] = {}
        self.scripts: list[Script] = []
        self.shown: list[str] = []
        self.unshown: list[str] = []
        self._uncovered = uncovered
        self._words: dict[tuple[str | None, ...], tuple[str, bool]] = {}
        self._plain: dict[str, tuple[dict[str, str], str, bool]] = {}
        self._flat: Node | None = None
        self._run(tree)
        self.hidden_paragraphs = _add_up(self.nodes)

    def _run(self, tree: Any) -> None:
        """Visits every node once; iterative, since a page may nest as deep as it is long."""
        stack: list[tuple[Iterator[Any], Node]] = []
        root: Any = next(child for child in tree.children if child.__class__ is Element)
        around = self._enter(root, root.tag, None)
        children: Iterator[Any] = iter(root.children)
        enter, add_text, shown, unshown = self._enter, self._add_text, self.shown, self.unshown
        while True:
            for child in children:
                kind = child.__class__
                if kind is Text:
                    data = child.data
                    if not data.isspace():
                        add_text(data, around, len(stack))
                    elif around.hidden < NEVER:
                        around.children.append(" ")
                        (unshown if around.hidden else shown).append(" ")
                elif kind is Element:
                    tag = child.tag
                    if tag == "script":
                        self.scripts.append(Script(child, _attributes(child.attrs, tag)))
                    elif len(stack) > _FLAT_FROM or len(self.nodes) >= NODES_MAX:
                        stack.append((children, around))
                        self._deep(child, tag, around)
                        children = iter(child.children)
                        break
                    else:
                        inner = enter(child, tag, around)
                        if tag not in _NO_CHILDREN:
                            stack.append((children, around))
                            around, children = inner, iter(child.children)
                            break
                elif kind is DocumentFragment:
                    stack.append((children, around))
                    children = iter(child.children)
                    break
            else:
                strings = unshown if around.hidden else shown
                if around.tag not in INLINE:
                    strings.append(" ")
                around.text_to = len(strings)
                self._flat = None
                if not stack:
                    return
                children, around = stack.pop()

    def _deep(self, element: Element, tag: str, around: Node) -> None:
        """Beyond the limits: blocks become siblings, inline elements lend their text."""
        if tag not in INLINE and len(self.nodes) < NODES_MAX:
            self._flat = self._enter(element, tag, around)

    def _enter(self, element: Element, tag: str, around: Node | None) -> Node:
        """A new node for ``element`` at the end of ``around``, noted in every index."""
        found = element.attrs
        nodes = self.nodes
        if found:
            named = element.attr("class") if len(found) == 1 else None
            if named is None:
                attrs = _attributes(found, tag)
                hints, unseen = self._hints(attrs)
            else:
                attrs, hints, unseen = self._plain.get(named) or self._classed(named)
        else:
            attrs, named, hints, unseen = _NO_ATTRS, "", "", False
        node = Node(tag, attrs, hints, around, len(nodes))
        nodes.append(node)
        same = self.by_tag.get(tag)
        if same is None:
            self.by_tag[tag] = [node]
        else:
            same.append(node)
        if around is not None:
            around.children.append(node)
            hidden = around.hidden
            if tag in _NEVER_TEXT:
                hidden = hidden if "shadowrootmode" in attrs else NEVER
            elif not hidden and (unseen or named is None or tag in _OFTEN_HIDDEN):
                hidden = self._hiding(node, unseen)
            if hidden:
                node.hidden = hidden
            if around.in_link or (tag == "a" and "href" in attrs):
                node.in_link = True
        strings = self.unshown if node.hidden else self.shown
        node.text_from = node.text_to = len(strings)
        if tag not in INLINE:
            strings.append(" ")
        return node

    def _add_text(self, data: str, around: Node, depth: int) -> None:
        """Appends text to its node and counts it there."""
        if depth > _FLAT_FROM and self._flat is not None:
            around = self._flat
        hidden = around.hidden
        if hidden == NEVER and around.tag not in _TELLING:
            return
        strings = self.unshown if hidden else self.shown
        around.children.append(data)
        strings.append(data)
        around.text_to = len(strings)
        around.chars += (chars := len(data.strip()))
        if around.in_link:
            around.link_chars += chars

    def _classed(self, named: str) -> tuple[dict[str, str], str, bool]:
        """Attributes and hints of elements that have a class and nothing else; shared by all."""
        attrs = {"class": named}
        known = self._plain[named] = (attrs, *self._hints(attrs))
        return known

    def _hints(self, attrs: dict[str, str]) -> tuple[str, bool]:
        """The words that say what an element is for, and whether they hide it; one per set."""
        get = attrs.get
        key = (get("class"), get("id"), get("role"), get("data-testid"), get("itemprop"))
        words = self._words.get(key)
        if words is None:
            hints = " ".join(filter(None, key)).lower()
            unseen = "s" in hints and any(word in hints for word in _UNSEEN_WORDS)
            words = self._words[key] = (hints, unseen)
        return words

    def _hiding(self, node: Node, unseen: bool) -> int:
        """How far the attributes of a node keep it from the reader's eye."""
        tag, attrs = node.tag, node.attrs
        if node.index in self._uncovered or tag in {"html", "body"}:
            return VISIBLE
        if tag == "noscript" or (tag == "dialog" and "open" not in attrs):
            return HIDDEN
        if unseen and tag != "h1":
            return HIDDEN
        if "hidden" in attrs and attrs["hidden"] != "until-found":
            return HIDDEN
        if "aria-hidden" in attrs and attrs["aria-hidden"] == "true":
            return HIDDEN
        if "style" in attrs:
            style = attrs["style"][:STYLE_CHARS_MAX].replace(" ", "").lower()
            if "display:none" in style or "visibility:hidden" in style:
                return HIDDEN
        return VISIBLE


def _attributes(found: Any, tag: str) -> dict[str, str]:
    """The attributes as strings; the parser gives some as lists of words."""
    attrs: dict[str, Any] = found.copy()
    if "class" in attrs and (words := attrs["class"]).__class__ is list:
        attrs["class"] = " ".join(words)
    if tag in _LISTING:
        for name in _LISTS:
            if name in attrs and (words := attrs[name]).__class__ is list:
                attrs[name] = " ".join(words)
    return attrs


def _add_up(nodes: list[Node]) -> int:
    """Adds each node's counts to the node around it; returns the number of hidden paragraphs."""
    hidden = 0
    for node in reversed(nodes):
        parent = node.parent
        if node.chars:
            if node.tag == "p" and node.chars - node.link_chars > SENTENCE_CHARS_MIN:
                node.paragraphs += 1
                hidden += node.hidden > 0
            if parent is not None and node.hidden <= parent.hidden:
                parent.chars += node.chars
                parent.link_chars += node.link_chars
                parent.paragraphs += node.paragraphs
                parent.blocks += node.blocks + (node.tag not in PARTS_OF_LINES)
        if parent is not None and node.end > parent.end:
            parent.end = node.end
    return hidden
