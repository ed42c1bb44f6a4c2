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
NODES_MAX = 250_000
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
_LISTS = ("class", "rel", "headers", "sizes")
"""Attributes that the parser gives as lists of words."""


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
        self.by_id: dict[str, Node] = {}
        self.scripts: list[Script] = []
        self.shown: list[str] = []
        self.unshown: list[str] = []
        self._uncovered = uncovered
        self._words: dict[tuple[str | None, ...], tuple[str, bool]] = {}
        self._flat: Node | None = None
        self._run(tree)
        self.hidden_paragraphs = _add_up(self.nodes)

    def _run(self, tree: Any) -> None:
        """Visits every node once; iterative, since a page may nest as deep as it is long."""
        stack: list[tuple[Iterator[Any], Node | None]] = [(iter(tree.children), None)]
        enter, add_text = self._enter, self._add_text
        while stack:
            children, around = stack[-1]
            for child in children:
                kind = child.__class__
                if kind is Text:
                    if around is not None:
                        add_text(child.data, around, len(stack))
                elif kind is Element:
                    inner = enter(child, around, len(stack))
                    if inner is not None:
                        stack.append((iter(child.children), inner))
                        break
                elif kind is DocumentFragment and around is not None:
                    stack.append((iter(child.children), around))
                    break
            else:
                stack.pop()
                if around is not None:
                    strings = self.unshown if around.hidden else self.shown
                    if around.tag not in INLINE:
                        strings.append(" ")
                    around.text_to = len(strings)
                    self._flat = None

    def _enter(self, element: Element, around: Node | None, depth: int) -> Node | None:
        """The node for ``element``, to be filled with its children; None if they do not matter."""
        tag = element.tag
        found = element.attrs
        attrs: dict[str, str] = _attributes(found) if found else _NO_ATTRS
        if tag == "script":
            self.scripts.append(Script(element, attrs))
            return None
        if around is not None and (depth > DEPTH_MAX or len(self.nodes) >= NODES_MAX):
            return self._deep(tag, attrs, around)
        node = self._node(tag, attrs, around)
        return None if tag in _NO_CHILDREN else node

    def _deep(self, tag: str, attrs: dict[str, str], around: Node) -> Node:
        """Beyond the limits: blocks become siblings, inline elements lend their text."""
        if tag not in INLINE and len(self.nodes) < NODES_MAX:
            self._flat = self._node(tag, attrs, around)
        return around

    def _node(self, tag: str, attrs: dict[str, str], around: Node | None) -> Node:
        """A new node at the end of ``around``, noted in every index."""
        nodes = self.nodes
        hints, unseen = self._hints(attrs) if attrs else ("", False)
        node = Node(tag, attrs, hints, around, len(nodes))
        if around is not None:
            around.children.append(node)
            node.hidden = hidden = around.hidden
            node.in_link = around.in_link or (tag == "a" and "href" in attrs)
            if hidden < NEVER:
                if tag in _NEVER_TEXT:
                    node.hidden = hidden if "shadowrootmode" in attrs else NEVER
                elif (attrs or tag in _OFTEN_HIDDEN) and not hidden:
                    node.hidden = self._hiding(node, unseen)
        nodes.append(node)
        same = self.by_tag.get(tag)
        if same is None:
            self.by_tag[tag] = [node]
        else:
            same.append(node)
        if "id" in attrs:
            self.by_id.setdefault(attrs["id"], node)
        strings = self.unshown if node.hidden else self.shown
        node.text_from = node.text_to = len(strings)
        if tag not in INLINE:
            strings.append(" ")
        return node

    def _add_text(self, data: str, around: Node, depth: int) -> None:
        """Appends text to its node and counts it there; white space alone becomes one space."""
        if depth > DEPTH_MAX and self._flat is not None:
            around = self._flat
        hidden = around.hidden
        if hidden == NEVER and around.tag not in _TELLING:
            return
        strings = self.unshown if hidden else self.shown
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

    def _hints(self, attrs: dict[str, str]) -> tuple[str, bool]:
        """The words that say what an element is for, and whether they hide it; one per set."""
        get = attrs.get
        key = (get("class"), get("id"), get("role"), get("data-testid"), get("itemprop"))
        words = self._words.get(key)
        if words is None:
            hints = " ".join(filter(None, key)).lower()
            words = self._words[key] = (hints, any(word in hints for word in _UNSEEN_WORDS))
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


_OFTEN_HIDDEN = frozenset({"noscript", "dialog"})


def _attributes(found: Any) -> dict[str, str]:
    attrs: dict[str, Any] = found.copy()
    for name in _LISTS:
        if name in attrs and attrs[name].__class__ is list:
            attrs[name] = " ".join(attrs[name])
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
                parent.commas += node.commas
                parent.paragraphs += node.paragraphs
                parent.blocks += node.blocks + (node.tag not in PARTS_OF_LINES)
        if parent is not None and node.end > parent.end:
            parent.end = node.end
    return hidden
