"""Figures, galleries, video, audio and embeds of a page, and its lead image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.article import AnyBlock, Figure, LeadImage
from service.extract.document import Document
from service.extract.media.figures import FigureReader, Found
from service.extract.media.lead import read_lead
from service.extract.media.signs import Signs

__all__ = ["Media", "read_media"]

PROSE_CHARS_MIN = 60
PROSE_BEFORE = 3
"""An opening picture stands before this many paragraphs, standfirst included."""
NODES_ABOVE = 60
"""An opening picture above the headline is at most so many elements away."""


@dataclass(slots=True)
class Media:
    """What a page shows besides text.

    ``blocks`` are keyed by the index of the element that stands for each. ``consumed`` are the
    indexes of elements whose text is told here: captions, credits, players.
    """

    blocks: Mapping[int, AnyBlock]
    consumed: frozenset[int] = field(default_factory=frozenset)
    lead_image: LeadImage | None = None


def read_media(document: Document, metadata: Any) -> Media:
    """All that ``document`` shows besides text, anywhere on the page; the body decides what of it
    is inside the story."""
    signs = Signs()
    blocks: dict[int, AnyBlock] = {}
    consumed: set[int] = set()
    found = FigureReader(document, signs, []).read()
    for each in found:
        blocks.setdefault(each.anchor.index, each.figure)
        consumed |= each.consumed
    claims = [url for url, _source in metadata.images]
    figures = [each.figure for each in found]
    lead = read_lead(claims, figures, _opening(document, found))
    return Media(blocks, frozenset(consumed), lead)


def _opening(document: Document, found: list[Found]) -> Figure | None:
    """The figure between the headline and the third paragraph, or just above the headline."""
    start = next((node.index for node in document.by_tag.get("h1", ()) if not node.hidden), 0)
    prose = [
        node.index
        for node in document.by_tag.get("p", ())
        if node.index > start and node.chars - node.link_chars > PROSE_CHARS_MIN and not node.hidden
    ]
    end = prose[min(PROSE_BEFORE, len(prose) - 1)] if prose else start + NODES_ABOVE
    after = [each.figure for each in found if start < each.anchor.index < end]
    above = [each.figure for each in found if start - NODES_ABOVE < each.anchor.index < start]
    return after[0] if after else above[-1] if above else None
