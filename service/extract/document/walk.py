"""The one walk over a page: every element once, with its features counted.

This is the innermost loop of the service, so it trades short functions for few calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from service.extract.document.bounds import DEPTH_MAX, NODES_MAX, Unbounded
from service.extract.document.events import END, START, TEXT, Event, read_to_end
from service.extract.document.node import (
    HIDDEN,
    INLINE,
    NEVER,
    PARTS_OF_LINES,
    UNREAD,
    VISIBLE,
    Node,
)

SENTENCE_CHARS_MIN = 60
STYLE_CHARS_MAX = 500

_NEVER_TEXT = frozenset({
    "style", "svg", "template", "iframe", "object", "select", "textarea", "datalist", "canvas",
    "audio", "video", "head", "noframes", "rp", "rt", "annotation", "annotation-xml",
})  # fmt: skip
_TELLING = frozenset({"title", "video", "audio", "object"})
"""Elements whose text is kept, though it is never printed."""
_OFTEN_HIDDEN = frozenset({"noscript", "dialog"})
_HIDING_ATTRS = frozenset({"hidden", "aria-hidden", "style"})
_UNSEEN_WORDS = (
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "screenreader",
    "visually_hidden", "a11y-hidden", "offscreen",
)  # fmt: skip

_TRAITS: dict[str, int] = {}
"""What is special about a tag, in one look-up."""
_INLINE, _PART_OF_LINE, _SILENT, _UNREAD, _SHY = (1 << bit for bit in range(5))
for _trait, _tags in (
    (_INLINE, INLINE),
    (_PART_OF_LINE, PARTS_OF_LINES),
    (_SILENT, _NEVER_TEXT),
    (_UNREAD, UNREAD),
    (_SHY, _OFTEN_HIDDEN),
):
    for _tag in _tags:
        _TRAITS[_tag] = _TRAITS.get(_tag, 0) | _trait


Pairs = tuple[tuple[str, str | None], ...]
_Named = tuple[dict[str, str], str, bool]


class Script(Struct, gc=False):
    """One script element."""

    attrs: dict[str, str]
    text: str


class Walk:
    """What one walk finds. ``uncovered`` are the indexes of elements to read as if shown.

    Raises ``Unbounded`` at the limits of ``bounds``.
    """

    def __init__(self, events: Iterator[Event], uncovered: frozenset[int] = frozenset()) -> None:
        self.nodes: list[Node] = []
        self.by_tag: defaultdict[str, list[Node]] = defaultdict(list)
        self.scripts: list[Script] = []
        self.shown: list[str] = []
        self.unshown: list[str] = []
        self.hidden_paragraphs = 0
        self._uncovered = uncovered
        self._words: dict[tuple[str | None, ...], tuple[str, bool]] = {}
        self._run(events)
        self.nodes[0].parent = None

    @property
    def hints(self) -> set[str]:
        """The hints of all elements, each once."""
        return {hints for hints, _ in self._words.values()}

    def _run(self, events: Iterator[Event]) -> None:  # noqa: PLR0915 - see the module
        """Visits every node once; iterative, since a page may nest as deep as it is long."""
        nodes, by_tag, shown, unshown = self.nodes, self.by_tag, self.shown, self.unshown
        traits_of, named = _TRAITS.get, self._named
        known: dict[Pairs, _Named] = {}
        around = Node("", {}, "", None, -1, VISIBLE, in_link=False, text_from=0)
        stack: list[Node] = []
        for event in events:
            kind = event[0]
            if kind == TEXT:
                hidden = around.hidden
                if hidden == NEVER and around.tag not in _TELLING:
                    continue
                data = event[1]
                if chars := len(data.strip()):
                    around.chars += chars
                    if around.in_link:
                        around.link_chars += chars
                else:
                    data = " "
                around.children.append(data)
                (unshown if hidden else shown).append(data)
            elif kind == START:
                _, tag, pairs = event
                if len(pairs) > 1:
                    attrs, hints, shy = named(pairs)
                else:
                    seen = known.get(pairs)
                    if seen is None:
                        seen = known[pairs] = named(pairs)
                    attrs, hints, shy = seen
                if tag == "script":
                    self.scripts.append(Script(attrs, read_to_end(events)))
                    continue
                if len(stack) > DEPTH_MAX or len(nodes) >= NODES_MAX:
                    raise Unbounded
                traits, hidden, in_link = traits_of(tag, 0), around.hidden, around.in_link
                if traits & _SILENT:
                    hidden = hidden if "shadowrootmode" in attrs else NEVER
                elif not hidden and (shy or traits & _SHY):
                    hidden = self._hiding(tag, attrs, hints)
                if tag == "a" and "href" in attrs:
                    in_link = True
                strings = unshown if hidden else shown
                node = Node(tag, attrs, hints, around, len(nodes), hidden, in_link, len(strings))
                nodes.append(node)
                by_tag[tag].append(node)
                around.children.append(node)
                if not traits & _INLINE:
                    strings.append(" ")
                if traits & _UNREAD:
                    read_to_end(events)
                    node.text_to, node.end = len(strings), len(nodes)
                else:
                    stack.append(around)
                    around = node
            elif kind == END:
                node, around = around, stack.pop()
                strings = unshown if node.hidden else shown
                traits = traits_of(node.tag, 0)
                if not traits & _INLINE:
                    strings.append(" ")
                node.text_to = len(strings)
                node.end = len(nodes)
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
                        around.blocks += node.blocks + (not traits & _PART_OF_LINE)

    def _named(self, pairs: Pairs) -> _Named:
        """Attributes as a dict, the words that say what the element is for, and whether it may be
        hidden by any of them."""
        attrs: dict[str, Any] = dict(pairs)
        get = attrs.get
        key = (get("class"), get("id"), get("role"), get("data-testid"), get("itemprop"))
        words = self._words.get(key)
        if words is None:
            hints = " ".join(filter(None, key)).lower()
            words = self._words[key] = (hints, _is_unseen(hints))
        if None in attrs.values():
            attrs = {name: value or "" for name, value in pairs}
        hints, unseen = words
        return (
            attrs,
            hints,
            unseen or "style" in attrs or "hidden" in attrs or "aria-hidden" in attrs,
        )

    def _hiding(self, tag: str, attrs: dict[str, str], hints: str) -> int:
        """How far the attributes of the next node keep it from the reader's eye."""
        if len(self.nodes) in self._uncovered or tag in {"html", "body"}:
            return VISIBLE
        if tag == "noscript" or (tag == "dialog" and "open" not in attrs):
            return HIDDEN
        if tag != "h1" and _is_unseen(hints):
            return HIDDEN
        if attrs.get("hidden", "until-found") != "until-found":
            return HIDDEN
        if attrs.get("aria-hidden") == "true":
            return HIDDEN
        style = attrs.get("style", "")[:STYLE_CHARS_MAX].replace(" ", "").lower()
        return HIDDEN if "display:none" in style or "visibility:hidden" in style else VISIBLE


def _is_unseen(hints: str) -> bool:
    """True for words that hide an element from all but screen readers; most have no such stem."""
    return ("hidden" in hints or "screen" in hints or "sr-only" in hints) and any(
        word in hints for word in _UNSEEN_WORDS
    )
