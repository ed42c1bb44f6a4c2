"""Sets of elements alike on a page that could be the texts of posts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from service.extract.document import Document, Node

CHARS_MIN = 12
MEAN_CHARS_MIN = 30
"""Of a message; what is shorter counts answers and views in a list of threads."""
BESIDE_MAX = 400
"""Elements around a message that are looked at."""
_TAGS = ("div", "article", "section", "td", "li", "blockquote")
_NUMBERS = re.compile(r"\d+")


class Message(NamedTuple):
    """One element of a set, the largest element around it that holds no other of them, and the
    elements that are in that one, but not in the message, then those right before it."""

    node: Node
    frame: Node
    beside: list[Node]


def message_sets(document: Document, count: int, share: float) -> Iterator[list[Message]]:
    """Every set of so many elements of the same tag and words, none inside another, that holds
    this ``share`` of the page's unlinked text."""
    enough = share * max(1, document.body.chars - document.body.link_chars)
    for nodes in _alike(document).values():
        if len(nodes) < count:
            continue
        held = sum(node.chars - node.link_chars for node in nodes)
        if held < max(enough, MEAN_CHARS_MIN * len(nodes)):
            continue
        if all(after.index >= before.end for before, after in pairwise(nodes)):
            yield list(_framed(document, nodes))


def _alike(document: Document) -> dict[tuple[str, str], list[Node]]:
    """The visible elements that hold text by tag and words; numbers in names do not count."""
    found: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    for tag in _TAGS:
        for node in document.by_tag.get(tag, ()):
            if node.hints and node.chars - node.link_chars >= CHARS_MIN and not node.hidden:
                found[tag, unnumbered(node.hints)].append(node)
    return found


@lru_cache(maxsize=8192)
def unnumbered(hints: str) -> str:
    """The words of an element without the numbers in them, which tell one post from another."""
    return _NUMBERS.sub("", hints) if any(map(str.isdigit, hints)) else hints


def _framed(document: Document, nodes: list[Node]) -> Iterator[Message]:
    frames = [_frame(document, nodes, at) for at in range(len(nodes))]
    for at, (node, frame) in enumerate(zip(nodes, frames, strict=True)):
        gap = frame.index - frames[at - 1].end if at else frames[1].index - frame.end
        start = max(frame.index - gap, _shared(frame))
        inside = [*document.nodes[frame.index : node.index], *document.nodes[node.end : frame.end]]
        before = document.nodes[start : frame.index]  # a head beside it, as a row of a table
        yield Message(node, frame, [*inside[:BESIDE_MAX], *before[-BESIDE_MAX:]])


def _shared(node: Node) -> int:
    """Where the elements inside the parent of ``node`` begin."""
    return node.parent.index + 1 if node.parent else 0


def _frame(document: Document, nodes: list[Node], at: int) -> Node:
    """The largest element around one of ``nodes`` that holds no other and is not the body."""
    after = nodes[at - 1].end if at else 0
    before = nodes[at + 1].index if at + 1 < len(nodes) else len(document.nodes)
    frame = nodes[at]
    for around in frame.ancestors():
        if around.index < after or around.end > before or around.index <= document.body.index:
            break
        frame = around
    return frame
