"""The one walk over a page: every element once, with its features counted.

This is the innermost loop of the service, so it trades short functions for few calls.

Depth and number of nodes are limited without losing text: a block deeper than ``DEPTH_MAX`` becomes
a sibling at that depth, an inline element there and an element beyond ``NODES_MAX`` lends its text
to the node around it. So recursion over nodes is bounded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import chain
from typing import Any

from turbohtml import Comment, DocumentFragment, Element, Text

from service.extract.document.node import (
    HIDDEN,
    HIDING_ATTRS,
    INLINE,
    NEVER,
    PARTS_OF_LINES,
    VISIBLE,
    Node,
)
from service.extract.document.tree import Source, new_element

DEPTH_MAX = 250
NODES_MAX = 120_000
SENTENCE_CHARS_MIN = 60
STYLE_CHARS_MAX = 500

_NEVER_TEXT = frozenset({
    "style", "svg", "template", "iframe", "object", "select", "textarea", "datalist", "canvas",
    "audio", "video", "head", "noframes", "rp", "rt", "annotation", "annotation-xml",
})  # fmt: skip
_TELLING = frozenset({"title", "video", "audio", "object"})
"""Elements whose text is kept, though it is never printed."""
_OFTEN_HIDDEN = frozenset({"noscript", "dialog"})
_UNSEEN_WORDS = (
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "screenreader",
    "visually_hidden", "a11y-hidden", "offscreen",
)  # fmt: skip
_NEVER_UNSEEN = frozenset({"h1", "main", "article"})
"""What scripts that show a page once it is whole uncover."""
_HIDING_STYLE = re.compile(r"(?:^|;)(?:display:none|visibility:hidden)")
"""Not ``--footer-display:none``, a value that a style sheet may use."""
_HIDING = re.compile(
    r"(?:^|\s)hide(?:\s|$)"
    r"|(?:tooltip|rollover|popover)[a-z_-]{0,20}(?:text|content|block|body|inner)(?:[\s_-]|$)"
)
"""``hide`` as a word of its own (14 of 388 such elements held gold, each a button or less), and
what a tip says, as apart from the word that it explains (corpus of autumn 2026)."""

_TRAITS: dict[str, int] = {}
"""What is special about a tag, in one look-up."""
_INLINE, _PART_OF_LINE, _SILENT, _SHY = (1 << bit for bit in range(4))
for _trait, _tags in (
    (_INLINE, INLINE),
    (_PART_OF_LINE, PARTS_OF_LINES),
    (_SILENT, _NEVER_TEXT),
    (_SHY, _OFTEN_HIDDEN),
):
    for _tag in _tags:
        _TRAITS[_tag] = _TRAITS.get(_tag, 0) | _trait
_Named = str | tuple[str | None, ...] | None
_LAST = (Comment(""),)
"""An item whose parent is none, so that it ends all elements."""


class Walk:
    """What one walk finds. ``uncovered`` are the indexes of elements to read as if shown."""

    def __init__(self, source: Source, uncovered: frozenset[int] = frozenset()) -> None:
        self.nodes: list[Node] = []
        self.by_tag: defaultdict[str, list[Node]] = defaultdict(list)
        self.telling: list[Node] = []
        self.shown: list[str] = []
        self.unshown: list[str] = []
        self.hidden_paragraphs = 0
        self._uncovered = uncovered
        self._words: dict[_Named, tuple[str, bool]] = {}
        self._run(source)
        self.nodes[0].parent = None

    @property
    def hints(self) -> list[str]:
        """The hints of all elements, those that are alike once."""
        return [hints for hints, _ in self._words.values()]

    def _run(self, source: Source) -> None:  # noqa: PLR0915 - see the module
        """Visits every item of the tree once; iterative, since a page may nest as deep as it is
        long.

        Items come in order and do not say where an element ends: it has when another one is the
        parent of the next item. ``inside`` is the element of the parser's that is open, ``around``
        the node that its text goes to: its own, or where it has none that of what is around it.
        """
        nodes, by_tag, shown, unshown = self.nodes, self.by_tag, self.shown, self.unshown
        traits_of, words_of, telling = _TRAITS.get, self._words.get, source.telling
        inside: Any = source.tree
        end, are_seen = self._end, HIDING_ATTRS.isdisjoint
        around = Node("", new_element("html"), "", None, -1, VISIBLE, in_link=False, text_from=0)
        opened: list[tuple[Any, Node]] = [(None, around)]
        for item in chain(inside.descendants, _LAST):
            parent = item.parent
            while inside is not parent:
                left, node = inside, around
                inside, around = opened.pop()
                if node is around:
                    self._leave(left, around)
                else:
                    end(node, around)
            kind = item.__class__
            if kind is Text:
                hidden = around.hidden
                if hidden == NEVER and around.tag not in _TELLING:
                    continue
                data = item.data
                if chars := len(data.strip()):
                    around.chars += chars
                    if around.in_link:
                        around.link_chars += chars
                else:
                    data = " "
                around.children.append(data)
                (unshown if hidden else shown).append(data)
            elif kind is Element:
                tag = item.tag
                traits = traits_of(tag, 0)
                if len(opened) > DEPTH_MAX or len(nodes) >= NODES_MAX:
                    around = self._back(opened, around)
                    if len(nodes) >= NODES_MAX or traits & _INLINE:
                        opened.append((inside, around))
                        inside = item
                        continue
                is_telling = item in telling
                named = item.attr("class")
                if is_telling:  # all ``HINT_ATTRS``: a loop takes half as long again
                    named = (named, item.attr("id"), item.attr("role"),
                             item.attr("data-testid"), item.attr("itemprop"))  # fmt: skip
                hints, unseen = words_of(named) or self._named(named)
                hidden, in_link = around.hidden, around.in_link
                if traits & _SILENT:
                    hidden = hidden if "shadowrootmode" in item.attrs else NEVER
                elif not hidden and (
                    unseen or traits & _SHY or (is_telling and not are_seen(item.attrs))
                ):
                    hidden = self._hiding(item, hints)
                if tag == "a" and "href" in item.attrs:
                    in_link = True
                strings = unshown if hidden else shown
                node = Node(tag, item, hints, around, len(nodes), hidden, in_link, len(strings))
                nodes.append(node)
                by_tag[tag].append(node)
                if is_telling:
                    self.telling.append(node)
                around.children.append(node)
                if not traits & _INLINE:
                    strings.append(" ")
                opened.append((inside, around))
                inside, around = item, node
            elif kind is DocumentFragment:  # what a template holds
                opened.append((inside, around))
                inside = item

    def _back(self, opened: list[tuple[Any, Node]], around: Node) -> Node:
        """The node around the next item at the limits: a block that is too deep has ended."""
        outer = opened[-1][1]
        if len(opened) <= DEPTH_MAX + 1 or around is outer:
            return around
        self._end(around, outer)
        return outer

    def _leave(self, left: Any, around: Node) -> None:
        """Parts the text of an element without a node from what follows, as its end would."""
        if left.__class__ is Element and left.tag not in INLINE:
            around.children.append(" ")
            (self.unshown if around.hidden else self.shown).append(" ")

    def _end(self, node: Node, around: Node) -> None:
        """Adds up what a node holds, whose last item has been seen."""
        strings = self.unshown if node.hidden else self.shown
        traits = _TRAITS.get(node.tag, 0)
        if not traits & _INLINE:
            strings.append(" ")
        node.text_to = len(strings)
        node.end = len(self.nodes)
        if chars := node.chars:
            links = node.link_chars
            if node.tag == "p" and chars - links > SENTENCE_CHARS_MIN:
                node.paragraphs += 1
                self.hidden_paragraphs += node.hidden > 0
            if node.hidden <= around.hidden:
                around.chars += chars
                if links:
                    around.link_chars += links
                if node.paragraphs:
                    around.paragraphs += node.paragraphs
                if blocks := node.blocks + (not traits & _PART_OF_LINE):
                    around.blocks += blocks

    def _named(self, named: _Named) -> tuple[str, bool]:
        """The hints of the values of ``HINT_ATTRS``, or of a class alone, and whether their words
        hide an element."""
        words = " ".join(filter(None, named)) if isinstance(named, tuple) else named or ""
        hints = words.lower()
        found = self._words[named] = (hints, _is_unseen(hints))
        return found

    def _hiding(self, element: Element, hints: str) -> int:
        """How far tag, attributes and words of the next node keep it from the reader's eye."""
        tag, attr = element.tag, element.attr
        if len(self.nodes) in self._uncovered or tag in {"html", "body"}:
            return VISIBLE
        if tag == "noscript" or (tag == "dialog" and attr("open") is None):
            return HIDDEN
        if tag not in _NEVER_UNSEEN and _is_unseen(hints):
            return HIDDEN
        if attr("hidden", "until-found") != "until-found" or attr("aria-hidden") == "true":
            return HIDDEN
        style = "".join((attr("style") or "")[:STYLE_CHARS_MAX].lower().split())
        return HIDDEN if _HIDING_STYLE.search(style) else VISIBLE


def _is_unseen(hints: str) -> bool:
    """True for words that hide an element until something is done, or from all but screen readers;
    most have no such stem."""
    if not (
        "hid" in hints
        or "screen" in hints
        or "over" in hints
        or "sr-only" in hints
        or "tooltip" in hints
    ):  # a third of the time of any()
        return False
    return any(word in hints for word in _UNSEEN_WORDS) or _HIDING.search(hints) is not None
