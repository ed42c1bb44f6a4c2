"""A standfirst that neither class nor head tells: a paragraph that looks unlike the story's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from service.extract.document import Document, Node
from service.extract.metadata.dates import read_dates
from service.extract.metadata.people import label_at_start

CHARS_MIN, CHARS_MAX = 50, 500
PROSE_CHARS = 100
"""A paragraph of this many unlinked characters is one of the story."""
DATED_CHARS_MAX = 100
_ENDS = frozenset('.!?…。！？»”"')
BOLD_SHARE = 0.95
NODES_MAX = 400
BETWEEN_NODES = 40
_BOLD = frozenset({"b", "strong"})
_BOX = re.compile(r"notice|disclaim|info-?box|alert|banner|promo|warning|hinweis|aviso")
_FIRST = re.compile(r"first|drop|initial|has-|opener")
"""Classes that style the story's own first paragraph."""


def looks_apart(document: Document, node: Node) -> bool:
    """Whether a paragraph under the headline is a standfirst by its looks.

    It is bold as a whole where the next two paragraphs are not, or it has an element and a class
    of its own where the next two share both.
    """
    if node.tag != "p" or not CHARS_MIN <= node.chars <= CHARS_MAX or node.link_chars:
        return False
    if _is_boxed(node):
        return False
    following = list(islice(_prose(document, node), 2))
    text = document.text(node)
    if len(following) < 2 or text[-1] in ":：" or label_at_start(text)[0] or _is_dated(text):
        return False
    if _is_bold(node):
        return not any(map(_is_bold, following))
    if (
        text[-1] not in _ENDS
        or not node.hints
        or _FIRST.search(node.hints)
        or node.parent is following[0].parent
    ):
        return False
    first, second = following
    if first.index - node.end > BETWEEN_NODES:
        return False
    return first.hints == second.hints != node.hints and first.parent is second.parent


def _is_boxed(node: Node) -> bool:
    """Whether a paragraph stands in a box of its own: a notice, not what the story opens with."""
    around = [node, *islice(node.ancestors(), 2)]
    return any(n.tag == "aside" or _BOX.search(n.hints) for n in around)


def _is_dated(text: str) -> bool:
    """Whether a text is short and says which day it is of: a line about the article."""
    return len(text) < DATED_CHARS_MAX and bool(read_dates(text))


def _prose(document: Document, node: Node) -> Iterator[Node]:
    for after in document.nodes[node.end : node.end + NODES_MAX]:
        if after.tag == "p" and not after.hidden and after.chars - after.link_chars > PROSE_CHARS:
            yield after


def _is_bold(node: Node) -> bool:
    inside = [child for child in node.children if not isinstance(child, str)]
    return any(c.tag in _BOLD and c.chars >= BOLD_SHARE * node.chars for c in inside)
