"""The text of a printed line in its parts, as its elements set them apart."""

from __future__ import annotations

import re

from service.extract.document import INLINE, Document, Node

_FOOTNOTE = re.compile(r"[\d*†‡§,\s]+")
_BLANKS = re.compile(r"\s+")


def broken(node: Node) -> str:
    """The text of a line with its parts on lines of their own: a name apart from its role; without
    the numbers of notes and the organisation of a name (hCard)."""
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(_BLANKS.sub(" ", child))
        elif not child.hidden and child.hints != "org" and not _is_footnote(child):
            apart = child.tag == "a" or child.hints or child.tag not in INLINE
            parts.append(f"\n{broken(child)}\n" if apart else broken(child))
    return "".join(parts)


def _is_footnote(node: Node) -> bool:
    """Whether an element is the number of a note behind a name."""
    first = node.children[0] if node.tag == "sup" and node.children else None
    return isinstance(first, str) and bool(_FOOTNOTE.fullmatch(first))


def name_in(document: Document, link: Node) -> str:
    """The text of a link; of one with elements for first and last name only these."""
    names = [document.text(n) for n in link.elements() if n.hints.endswith("name")]
    return " ".join(names) or document.text(link)
