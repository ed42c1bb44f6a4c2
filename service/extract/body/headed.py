"""Boxes whose own first line says what they are: ``Comments``, ``Newsletter``, ``Read more``.

Such a label means what the class of a box would mean, and is printed where classes are hashed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence

from service.extract.body.lines import STORY_CHARS_MIN, Line
from service.extract.body.signs import Sign
from service.extract.document import Document, Node
from service.extract.vocabulary import kind_of

LABEL_CHARS_MAX = 80
BOX_CHARS_MAX, BOX_SHARE_MAX = 1500, 0.2
"""A box of more unlinked text, in characters and of the page, may be the story below a button;
comments may be longer than the story, and stand below it."""
COMMENTS_MIN, COMMENTS_SHARE = 2, 0.6
_SIGNS: Mapping[str | None, int] = {
    "related": int(Sign.PROMO),
    "read_more": int(Sign.PROMO),
    "newsletter": int(Sign.NEWSLETTER),
    "subscribe": int(Sign.NEWSLETTER),
    "advertisement": int(Sign.PROMO),
    "author_bio": int(Sign.BIO),
    "consent": int(Sign.CONSENT),
}
"""Not ``RELATED``: most of what such boxes link is about another matter (see ``related.py``)."""


def sign_headed(document: Document, lines: list[Line], headline: int | None) -> list[Line]:
    """The lines without comments; those of other boxes have the sign that their first one gives."""
    body = document.body
    chars_max = min(BOX_CHARS_MAX, BOX_SHARE_MAX * (body.chars - body.link_chars))
    titles = [node.index for node in document.by_tag.get("h1", ())]
    if headline is not None:
        insort(titles, headline)
    read = until = before = 0
    kept: list[Line] = []
    for at, line in enumerate(lines):
        node, last = line.node, before
        before = node.index
        if before < until:
            continue
        kept.append(line)
        chars, kind = line.chars, line.kind
        if chars > LABEL_CHARS_MAX:
            if kind == "text":
                read += chars - line.link_chars
            continue
        if not chars or kind not in {"text", "heading"}:
            continue
        if at and node.parent and node.parent.index <= last:
            continue  # nothing begins with it: most lines
        label = kind_of(line.text)
        if label == "comments" and read >= STORY_CHARS_MIN:
            box = _box(lines, at, titles, body.chars)
            if box and _are_comments(list(_inside(lines, at, box))):
                until = box.end
                kept.pop()
        elif (sign := _SIGNS.get(label)) and (box := _box(lines, at, titles, chars_max)):
            for inner in _inside(lines, at, box):
                inner.signs |= sign
    return kept


def _are_comments(lines: list[Line]) -> bool:
    """Whether what is below a label are texts in elements of their own, not the paragraphs of a
    part that a paper calls its discussion."""
    prose = [line for line in lines if line.kind == "text" and line.chars > LABEL_CHARS_MAX]
    parents = {line.node.parent.index for line in prose if line.node.parent}
    is_parted = any(line.kind == "heading" for line in lines[1:])
    return not is_parted and len(parents) >= max(COMMENTS_MIN, COMMENTS_SHARE * len(prose))


def _box(lines: Sequence[Line], at: int, titles: Sequence[int], chars_max: float) -> Node | None:
    """The largest element that begins with a line and holds no headline nor too much text."""
    before = lines[at - 1].index if at else -1
    found = None
    for node in lines[at].node.ancestors():
        title = bisect_left(titles, node.index)
        holds_title = title < len(titles) and titles[title] < node.end
        if node.index <= before or holds_title or node.chars - node.link_chars > chars_max:
            break
        found = node
    return found


def _inside(lines: Sequence[Line], at: int, box: Node) -> Iterator[Line]:
    for place in range(at, len(lines)):
        if lines[place].index >= box.end:
            return
        yield lines[place]
