"""The text that stands for a picture: evidence of which line beside it is the caption, and, where
nothing is printed, of who made it."""

from __future__ import annotations

import re

from service.extract.document import Document, Node
from service.extract.media.captions import Split, credit_in, without_end

CHARS_MIN = 16
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WORD = re.compile(r"\w+")


def says_alt(document: Document, node: Node, split: Split, alt: str | None) -> bool:
    """Whether an element says what the text for a picture says, but for its credit.

    ``"Ruins in Genoa. Photo: Ann Lee"`` beside an image of alt ``"Ruins in Genoa."``. Headings do
    not count, nor a text that is the page's title.
    """
    wanted = _bare(alt or "")
    said = {_bare(document.text(node)), _bare(split.caption or "")}
    if not any(len(one) >= CHARS_MIN and one in wanted for one in said):
        return False
    is_heading = node.tag in _HEADINGS or document.within(node, *_HEADINGS)
    return not is_heading and not node.link_chars and wanted not in _bare(document.title)


def by_attributes(node: Node, split: Split) -> Split:
    """``split`` with the credit that the title of a picture, or the text for it, ends with."""
    for text in filter(None, (node.get("title"), node.get("alt"))):
        told = credit_in(text)
        if told.credit or told.copyright_notice:
            made_by = told.credit.text if told.credit else ""
            caption = without_end(split.caption or "", made_by)
            return Split(caption or None, told.credit, told.copyright_notice)
    return split


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
