"""Which element holds the story: where the prose is, however the page names it."""

from __future__ import annotations

import zlib

from service.extract.body.lines import Line
from service.extract.body.signs import Sign
from service.extract.document import Document, Node

DOUBTFUL = int(
    Sign.COMMENT | Sign.NAV | Sign.FOOTER | Sign.SIDE | Sign.RELATED | Sign.PROMO | Sign.NEWSLETTER
    | Sign.CONSENT | Sign.BIO | Sign.FORM | Sign.CAPTION | Sign.SHARE
)  # fmt: skip
PROSE_CHARS_MIN = 60
SENTENCE_CHARS_MIN = 20
"""So few make prose where a page holds little else than short sentences."""
LINE_PROSE_MAX = 5000
"""No line counts for more, so that a dump of data does not outweigh the story beside it."""
MONOTONOUS_CHARS_MIN = 2000
SAMPLE_CHARS = 8000
MONOTONOUS_RATE = 0.08
"""Prose is compressed to more than a third of its size, the same few words to a hundredth."""
DOUBTFUL_WEIGHT = 0.15
TEASERS_MIN, BESIDE_TEASERS_SHARE = 3, 0.25
TITLE_CHARS_MIN, TEASER_CHARS_MAX, TEASER_LINKED_MIN = 15, 400, 0.9
DESCENT_SHARE = 0.9
BODY_SHARE = 0.5


def prose(line: Line, scale: float, least: float) -> float:
    """How much running text a line of ``least`` characters holds: less for links and doubt."""
    if line.kind not in {"text", "list", "code", "table"}:
        return 0.0
    own = (line.chars - line.link_chars) * scale
    if own < least or line.link_chars * 2 > line.chars:
        return 0.0
    if is_monotonous(line):
        return 0.0
    if line.kind != "text":
        own *= 0.3
    weight = DOUBTFUL_WEIGHT if (line.signs | line.own) & DOUBTFUL else 1.0
    return min(own, LINE_PROSE_MAX) * weight


def _teasers(lines: list[Line]) -> list[int]:
    """The places of texts below linked titles, where at least three boxes in one element hold such
    a pair and little else: stories in a list, wherever on the page it is."""
    lists: dict[int, list[int]] = {}
    for at in range(1, len(lines)):
        title, line = lines[at - 1], lines[at]
        is_titled = title.link_chars >= TEASER_LINKED_MIN * title.chars >= TITLE_CHARS_MIN
        is_teaser = line.kind == "text" and line.chars <= TEASER_CHARS_MAX and not line.link_chars
        if is_titled and is_teaser:
            box = line.node.parent
            while box and title.index < box.index:
                box = box.parent
            if box and box.parent and box.chars <= title.chars + line.chars + TITLE_CHARS_MIN:
                lists.setdefault(box.parent.index, []).append(at)
    return [at for found in lists.values() if len(found) >= TEASERS_MIN for at in found]


def is_monotonous(line: Line) -> bool:
    """True for a long line that says the same few words or signs again and again."""
    if line.chars < MONOTONOUS_CHARS_MIN:
        return False
    sample = line.text[:SAMPLE_CHARS].encode("utf-8", "replace")
    return len(zlib.compress(sample, 1)) < MONOTONOUS_RATE * len(sample)


class Prose:
    """How much prose each element holds."""

    def __init__(self, lines: list[Line], scale: float, least: float = PROSE_CHARS_MIN) -> None:
        self.of: dict[int, float] = {}
        self.amounts = [prose(line, scale, least) for line in lines]
        self._forget_teasers(lines)
        of = self.of
        for line, amount in zip(lines, self.amounts, strict=True):
            if not amount:
                continue
            node: Node | None = line.node
            while node is not None:
                of[node.index] = of.get(node.index, 0.0) + amount
                node = node.parent

    def _forget_teasers(self, lines: list[Line]) -> None:
        """Lists of other stories count for nothing, unless the page is little else."""
        teasers = _teasers(lines)
        listed = sum(self.amounts[at] for at in teasers)
        if sum(self.amounts) - listed >= BESIDE_TEASERS_SHARE * listed:
            for at in teasers:
                self.amounts[at] = 0.0

    def held(self, node: Node) -> float:
        return self.of.get(node.index, 0.0)


def choose(document: Document, amounts: Prose) -> Node:
    """The element that holds the story, or the body where nothing tells it apart."""
    node = document.body
    total = amounts.held(node)
    if not total:
        return node
    while True:
        inner = max(node.elements(), key=amounts.held, default=None)
        if inner is None or inner.tag in {"p", "table", "ul", "ol", "tbody", "tr"}:
            return node
        share = amounts.held(inner) / (amounts.held(node) or 1.0)
        if share < (BODY_SHARE if is_story(inner) else DESCENT_SHARE):
            return node
        node = inner


def is_story(node: Node) -> bool:
    """True where tag, role or words say that an element is an article's text."""
    hints = node.hints
    return node.tag in {"article", "main"} or any(word in hints for word in _STORY_WORDS)


_STORY_WORDS = (
    "articlebody", "article-body", "article_body", "article__body", "entry-content",
    "story-body", "storybody", "post-content", "post-body", "article-content", "article__content",
    "articlecontent", "post_content", "articletext", "article-text", "story__content",
)  # fmt: skip
