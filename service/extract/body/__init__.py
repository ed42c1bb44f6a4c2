"""The body of an article: which lines of a page are the story, as blocks in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.article import AnyBlock, Related
from service.extract.body.blocks import Builder, heading_levels
from service.extract.body.bold import raise_bold
from service.extract.body.captioned import take_captions
from service.extract.body.container import SENTENCE_CHARS_MIN, Prose, choose
from service.extract.body.context import Context, words
from service.extract.body.fallback import read_scripts
from service.extract.body.headed import sign_headed
from service.extract.body.judge import judge
from service.extract.body.lines import Line, gather
from service.extract.body.related import read_related
from service.extract.body.thread import find_discussion, opening
from service.extract.document import Document
from service.extract.language import is_narrow
from service.extract.media import Media
from service.extract.thread.signed import Signature

BARE_CHARS_MAX, BARE_PROSE_MAX = 600, 0.5
"""A page with no more text, links included, is hardly more than its story, though its sentences are
short."""
SHORT_CHARS = 250
"""A page that shows less is asked for what its scripts hold."""

_UNSPACED = re.compile("[\u3040-\u9fff]")
_SYLLABLES = re.compile("[\uac00-\ud7a3]")
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_WHOLE = ("headline", "standfirst")
"""What metadata may take out though it holds a paragraph; a quotation is no byline."""

__all__ = ["Body", "read_body", "read_context"]


@dataclass(slots=True)
class Body:
    """What was read; ``trace`` pairs each line of the page with the reason to drop it."""

    blocks: list[AnyBlock]
    context: Context
    related: list[Related] = field(default_factory=list)
    trace: list[tuple[Line, str]] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    """Who wrote each post, and when, where the page is a discussion."""
    is_opened: bool = False
    """Whether the first post opens the discussion; a question may stand above all posts."""


def read_body(document: Document, metadata: Any, media: Media) -> Body:
    """The body of ``document``, without what ``metadata`` and ``media`` have consumed."""
    context = read_context(document, metadata, media)
    trace = _judged(context, media)
    if discussion := find_discussion(document, context, media):
        above = opening(discussion.thread, trace, metadata.headline_index or 0)
        trace = discussion.trace(above)
        signatures = [post.signature for post in discussion.thread.posts]
        opens = all(why for _, why in above) and discussion.thread.has_opening
        related = read_related(document, trace)
        return Body(discussion.blocks(trace), context, related, trace, signatures, opens)
    if not any(line.text and not why for line, why in trace) and metadata.standfirst:
        context = read_context(document, metadata, media, given_back="standfirst")
        headline = metadata.headline_index or 0
        trace = [
            (line, reason or ("above" if line.index < headline else ""))
            for line, reason in _judged(context, media)
        ]
    kept = [line for line, reason in trace if not reason]
    raise_bold(kept, context.scale)
    blocks = Builder(document, media.blocks, heading_levels(kept)).blocks(kept)
    if sum(line.chars for line in kept) < SHORT_CHARS:
        blocks = read_scripts(document, metadata) or blocks
    return Body(blocks, context, read_related(document, trace), trace)


def _judged(context: Context, media: Media) -> list[tuple[Line, str]]:
    reasons = judge(context)
    take_captions(context.lines, reasons, media)
    return list(zip(context.lines, reasons, strict=True))


def read_context(document: Document, metadata: Any, media: Media, given_back: str = "") -> Context:
    """The lines of a page, and all that they are judged by.

    What metadata took out in the role ``given_back`` is a line all the same: the standfirst, where
    it is all that a page says.
    """
    said = {
        index
        for index, role in metadata.consumed.items()
        if role != given_back and (role in _WHOLE or not document.nodes[index].paragraphs)
    }
    consumed = media.consumed.union(said - _dated_headings(document, metadata.consumed))
    lines = gather(document, media.blocks, consumed)
    lines = sign_headed(document, lines, metadata.headline_index)
    scale = _scale(document)
    amounts = Prose(lines, scale)
    chars = document.body.chars * scale
    if chars <= BARE_CHARS_MAX and amounts.held(document.body) < BARE_PROSE_MAX * chars:
        amounts = Prose(lines, scale, SENTENCE_CHARS_MIN)
    container = choose(document, amounts)
    names = words(" ".join([metadata.site.name or "", *(a.name for a in metadata.authors)]))
    headline = metadata.headline or ""
    return Context(document, lines, container, amounts, scale=scale, headline=headline, names=names)


def _dated_headings(document: Document, consumed: Mapping[int, str]) -> set[int]:
    """Headings read as dates where several are: they head versions, days, entries of a diary."""
    dated = [document.nodes[index] for index, role in consumed.items() if role == "date"]
    counts = Counter(node.tag for node in dated)
    return {node.index for node in dated if node.tag in _HEADINGS and counts[node.tag] > 1}


def _scale(document: Document) -> float:
    """How much a character weighs: three times as much where there are no spaces, twice where
    one is a syllable."""
    sample = document.sample()
    if is_narrow(sample):
        return 1.0
    if len(_UNSPACED.findall(sample)) * 3 > len(sample):
        return 3.0
    return 2.0 if len(_SYLLABLES.findall(sample)) * 3 > len(sample) else 1.0
