"""Figures, galleries, video, audio and embeds of a page, and its lead image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.article import AnyBlock, Figure, Image, LeadImage, Source, Video
from service.extract.document import Document
from service.extract.media.embeds import FoundEmbed, read_embeds
from service.extract.media.figures import FigureReader, Found, anchor_of
from service.extract.media.galleries import read_galleries
from service.extract.media.images import read_image
from service.extract.media.lead import read_lead
from service.extract.media.portraits import is_portrait
from service.extract.media.settled import settle
from service.extract.media.words import Frame, FrameReader, read_words

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
    lead_source: Source | None = None


def read_media(document: Document, metadata: Any) -> Media:
    """All that ``document`` shows besides text, anywhere on the page; the body decides what of it
    is inside the story."""
    embeds = read_embeds(document)
    reader = FigureReader(document, [each.anchor for each in embeds])
    figures = reader.read()
    for each in figures:
        settle(each.figure, metadata)
    stills = _caption(document, embeds, reader.frames)
    blocks: dict[int, AnyBlock] = {each.anchor.index: each.block for each in embeds}
    consumed: set[int] = set()
    in_galleries: set[int] = set()
    for index, (gallery, slides) in read_galleries(figures).items():
        blocks.setdefault(index, gallery)
        in_galleries |= {id(slide) for slide in slides}
    for each in figures:
        consumed |= each.consumed
        if id(each) not in in_galleries and not is_portrait(each.figure, metadata.authors):
            blocks.setdefault(each.anchor.index, each.figure)
    claims = {
        url: source
        for claim, source in metadata.images
        if (url := document.resolve(claim)) and url.startswith("http")
    }
    shown = sorted([*figures, *stills], key=lambda each: each.anchor.index)
    opening = _opening(document, shown)
    if opening is not None and is_portrait(opening, metadata.authors):
        others = [each for each in shown if not is_portrait(each.figure, metadata.authors)]
        opening = None if claims else _opening(document, others)
    lead = read_lead(list(claims), [each.figure for each in shown], opening)
    source = claims.get(lead.src, "dom") if lead and lead.src else None
    return Media(blocks, frozenset(consumed), lead, source)


def _caption(document: Document, embeds: list[FoundEmbed], frames: FrameReader) -> list[Found]:
    """Gives players and embeds what is printed about them; their frames then stand for them.
    The still of each, with these words, may be the lead image."""
    stills: list[Found] = []
    for each in embeds:
        frame = frames.frame(each.node)
        if each.anchor is not each.node:
            frame = Frame(each.node, each.anchor, each.anchor)
        words = frames.words(frame)
        if frame.figure is None and not words.is_signed:
            continue
        split, read = read_words(words, loose_counts=frame.figure is not None)
        each.anchor = anchor_of(frame, words, read)
        each.tell(split.caption)
        if image := _still(document, each):
            figure = Figure(image=image, caption=split.caption, credit=split.credit)
            stills.append(Found(figure, each.anchor, frame))
    return stills


def _still(document: Document, each: FoundEmbed) -> Image | None:
    if isinstance(each.block, Video) and each.block.poster:
        return Image(src=each.block.poster)
    pictures = document.within(each.anchor, "img")
    return read_image(document, pictures[0]) if pictures else None


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
