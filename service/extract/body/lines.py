"""The page as lines: every run of visible text that a reader sees as one paragraph or item."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

from service.article import AnyBlock, Embed
from service.extract.body.runs import (
    edge,
    is_data_table,
    is_glossary,
    is_simple_list,
    linked,
    parted,
)
from service.extract.body.signs import TAG_SIGNS, Sign, read_signs
from service.extract.document import PARTS_OF_LINES, Document, Node

Kind = Literal["text", "heading", "list", "table", "code", "item", "media", "separator"]

_LISTS = frozenset({"ul", "ol"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SKIPPED = frozenset({"button", "option", "input", "select", "textarea", "datalist", "label"})
_SHUT, _COMMENT = int(Sign.DIALOG | Sign.TIP), int(Sign.COMMENT)
_FOREIGN = _SHUT | _COMMENT
_BOXED = int(Sign.BOX | Sign.NOTE | Sign.KEY)
PROSE_CHARS_MIN = 60
HEADING_CHARS_MAX = 300
"""A heading of more characters is a paragraph that was to look big."""
STORY_CHARS_MIN = 400
"""A section of comments is one only after this much prose."""
WRAPPER_SHARE = 0.6
"""An element that holds more of the page's text is a wrapper: its words say nothing of it."""


class Line(Struct, eq=False, gc=False):
    """One line: the ``run`` of children of ``node`` that it is made of, and what is known of it.

    ``signs`` are those of the elements around it, ``own`` those of its node. ``quote`` is the
    block quotation around it, ``item`` the list item, ``box`` the aside or live entry.
    """

    kind: Kind
    node: Node
    run: list[Node | str]
    text: str
    chars: int
    link_chars: int
    signs: int
    own: int
    quote: Node | None
    item: Node | None
    box: Node | None

    @property
    def index(self) -> int:
        """The document order of the line's first element."""
        return self.node.index


class _Around(Struct, gc=False):
    """What encloses a line."""

    signs: int = 0
    quote: Node | None = None
    item: Node | None = None
    box: Node | None = None


@dataclass(slots=True)
class Gatherer:
    """Reads the lines of a document, leaving out what other readers have consumed."""

    document: Document
    anchors: Mapping[int, AnyBlock]
    consumed: frozenset[int]
    lines: list[Line] = field(default_factory=list)
    opened: frozenset[int] = frozenset()
    prose_max: float = 1e9
    read: int = 0
    taken: frozenset[int] = field(init=False)
    anchor_order: list[int] = field(init=False)
    taken_order: list[int] = field(init=False)
    break_order: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.taken = self.consumed.union(self.anchors)
        self.anchor_order = sorted(self.anchors)
        self.taken_order = sorted(self.taken)
        self.break_order = [node.index for node in self.document.by_tag.get("br", ())]

    def signs(self, node: Node) -> int:
        """The signs of one element: by its tag and by its words."""
        if node.chars - node.link_chars > self.prose_max:
            return 0
        signs = TAG_SIGNS.get(node.tag, 0)
        return signs | read_signs(node.hints) if node.hints else signs

    def visit(self, node: Node, around: _Around) -> None:
        """Adds the lines of ``node``; recursion is bounded by the document's depth."""
        tag, index = node.tag, node.index
        if index in self.taken:
            if index in self.anchors:
                self.add("media", node, [], around, "")
                if not _frames_story(node, self.anchors[index]):
                    return
            if index in self.consumed:
                return
        if node.hidden or tag in _SKIPPED:
            return
        if not node.chars:
            self.visit_empty(node, around)
        elif index in self.opened:
            self.inside(node, around)
        elif (words := read_signs(node.hints)) & _FOREIGN and self.is_foreign(node, words):
            return
        elif tag in _HEADINGS:
            is_title = node.chars <= HEADING_CHARS_MAX
            self.add("heading" if is_title else "text", node, node.children, around)
        elif tag == "pre":
            self.add("code", node, node.children, around)
        elif (tag in _LISTS and is_simple_list(node)) or (tag == "dl" and is_glossary(node)):
            self.add("list", node, node.children, around)
        elif tag == "table" and is_data_table(self.document, node):
            within = around
            if self.signs(node) & _BOXED:
                within = _Around(around.signs, around.quote, around.item, node)
            self.add("table", node, node.children, within)
        elif node.blocks:
            self.inside(node, around)
        else:
            self.runs(node, around)

    def is_foreign(self, node: Node, words: int) -> bool:
        """True for what never belongs to a story, however much text it holds; ``words`` are its
        signs."""
        if words & _SHUT:
            return node.chars - node.link_chars <= self.prose_max / 2
        if not words & _COMMENT or self.opened:
            return False
        return self.read >= STORY_CHARS_MIN and node.blocks > 0

    def visit_empty(self, node: Node, around: _Around) -> None:
        if node.tag == "hr":
            self.add("separator", node, [], around, "")
        elif self.holds(self.anchor_order, node):
            for child in node.elements():
                self.visit(child, around)

    def inside(self, node: Node, around: _Around) -> None:
        """Visits the blocks of ``node`` and makes lines of the text between them."""
        signs = self.signs(node)
        boxed = signs & _BOXED or (node.hints and is_live_entry(node))
        within = _Around(
            around.signs | signs,
            self.quotation(node, around) if not boxed else around.quote,
            node if node.tag == "li" else around.item,
            node if boxed else around.box,
        )
        run: list[Node | str] = []
        taken = self.taken
        for child in node.children:
            if child.__class__ is not Node:
                if run or child != " ":
                    run.append(child)
            elif child.tag in PARTS_OF_LINES and not child.blocks and child.index not in taken:
                if run or child.chars or child.tag == "br":
                    run.append(child)
            else:
                if run:
                    self.flush(node, run, within)
                    run = []
                self.visit(child, within)
        if run:
            self.flush(node, run, within)

    def quotation(self, node: Node, around: _Around) -> Node | None:
        """The quotation around what is inside ``node``; a figure may name its speaker below it.

        An abstract or lead in a ``blockquote`` is to look apart, and quotes nobody.
        """
        if node.tag == "figure" and self.document.within(node, "blockquote"):
            return node
        if node.tag != "blockquote" or read_signs(node.hints) & Sign.LEAD:
            return around.quote
        return node if around.quote is None or around.quote.tag != "figure" else around.quote

    def runs(self, node: Node, around: _Around) -> None:
        """Makes lines of an element that holds no block: one, or several parted by breaks."""
        if self.holds(self.taken_order, node):
            self.inside(node, around)
            return
        within = around
        if node.tag in {"blockquote", "li"}:
            item = node if node.tag == "li" else around.item
            within = _Around(around.signs, self.quotation(node, around), item, around.box)
        first = node.children[0] if within.quote and node.children else None
        if self.holds(self.break_order, node) or (isinstance(first, Node) and first.tag == "cite"):
            self.flush(node, node.children, within)
        else:
            self.add("text", node, node.children, within)

    @staticmethod
    def holds(order: list[int], node: Node) -> bool:
        """True if one of these indexes, in order, is of an element inside ``node``."""
        at = bisect_right(order, node.index)
        return at < len(order) and order[at] < node.end

    def flush(self, node: Node, run: list[Node | str], around: _Around) -> None:
        """Adds a run as lines, parted where two line breaks meet, and after the source that heads
        a quotation."""
        first = run[0]
        if around.quote and len(run) > 1 and isinstance(first, Node) and first.tag == "cite":
            self.add("text", node, [first], around)
            run = run[1:]
        for part in parted(run):
            self.add("text", node, part, around)

    def add(
        self,
        kind: Kind,
        node: Node,
        run: list[Node | str],
        around: _Around,
        text: str | None = None,
    ) -> None:
        if text is None:
            text = self.run_text(node, run)
            if not text:
                return
        chars, link_chars, own = len(text), linked(node, run), self.signs(node)
        if kind == "text" and chars > PROSE_CHARS_MIN:
            self.read += chars - link_chars
        signs, quote, item, box = around.signs, around.quote, around.item, around.box
        self.lines.append(
            Line(kind, node, run, text, chars, link_chars, signs, own, quote, item, box)
        )

    def run_text(self, node: Node, run: list[Node | str]) -> str:
        if run is node.children:
            return self.document.text(node)
        text = self.document.text
        parts = (
            part if isinstance(part, str) else f"{edge(part)}{text(part)}{edge(part, last=True)}"
            for part in run
            if isinstance(part, str) or not part.hidden
        )
        return " ".join("".join(parts).split())


def is_live_entry(node: Node) -> bool:
    """True for one entry of a live blog, by its microdata or the words of its element."""
    hints = node.hints
    return "liveblogupdate" in hints or (
        "live" in hints and any(word in hints for word in _ENTRY_WORDS)
    )


_ENTRY_WORDS = ("entry", "-post", "_post", "update", "-item", "event", "ticker__item")


def _frames_story(node: Node, block: AnyBlock) -> bool:
    """True where an element shows an image and tells a part of the story as well."""
    return node.paragraphs > 0 and node.tag != "figure" and not isinstance(block, Embed)


def gather(
    document: Document,
    anchors: Mapping[int, AnyBlock],
    consumed: frozenset[int],
    opened: frozenset[int] = frozenset(),
) -> list[Line]:
    """Every line of the page's body in reading order.

    ``opened`` are the elements around posts: neither they nor what is called a comment is foreign
    to a discussion, and no table or list around posts is one line.
    """
    body = document.body
    gatherer = Gatherer(document, anchors, consumed, opened=opened)
    gatherer.prose_max = (body.chars - body.link_chars) * WRAPPER_SHARE
    gatherer.visit(document.body, _Around())
    return gatherer.lines
