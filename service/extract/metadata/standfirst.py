"""The printed text under the headline, and the description that the head declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from service.extract.document import INLINE, Document, Node
from service.extract.metadata.claims import Claim
from service.extract.metadata.dates import spans
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.hints import teller
from service.extract.metadata.nearby import PROSE_CHARS, is_elsewhere
from service.extract.metadata.opening import looks_apart
from service.extract.metadata.people import label_at_end, label_at_start
from service.extract.metadata.titles import key, similarity
from service.extract.vocabulary import kind_of

_HEADINGS = frozenset({"h2", "h3", "h4"})
CHARS_MIN, CHARS_MAX = 20, 900
SHORT_CHARS, WORDS_MIN = 40, 5
ABOUT_CHARS_MAX = 100
SENTENCE_CHARS, LONG_CHARS = 70, 110
PARAGRAPHS_MAX = 3
PROSE_MAX = 2
"""Where paragraphs are no ``p``, the story begins with so many: notices and captions come first."""
MORE_WORDS_MAX = 12
"""Of a text that names an author: with a date in it so many more words are about him, else one."""
BESIDE_NODES, AROUND_MAX = 2, 4
NODES_MAX = 120
BEFORE_NODES = 12
_HINT = re.compile(
    r"standfirst|(?:^|[\s_-])(?:dek|deck|sub-?title|sub-?headline|sub-?head|lead|lede|leadtext|leadin|lead-?in"
    r"|chapo|chapeau|intro|introduction|introtext|summary|excerpt|vorspann|sapo|entradilla|bajada|copete"
    r"|ingress|manchet|perex|apertura|sommario|occhiello|strapline|abstract|teaser-?text|description"
    r"|preamble|zajawka|anons|bajante|subtitulo|subtitel|untertitel|onderkop|anlauf|einleitung"
    r"|alternativeheadline|tagline|spot|resumen|resumo|linha-?fina|lid|ingres|kurztext|lead-?paragraph|dropin)(?:$|[\s_-])"
    r"|__(?:dek|deck|intro|lead|summary|standfirst|subtitle|description|excerpt|teaser|subline)\b"
    r"|(?:article|post|story|entry|news|content|page|detail)[_-]{0,2}(?:dek|intro|lead|summary|subtitle|sub-?headline|excerpt|description|abstract|lede|chapo)"
    r"|headline-sub|subheading|subheadline|subtitle|mid-?_?title|article-?sub|stand-?first"
)
_says_picture = teller(
    "caption figure gallery legend media__ image photo slideshow",
    r"(?:^|[\s_-])(?:img|pic)[_-]?cap",
)
_says_person = teller(
    "biograph", r"author[-_]{0,2}(?:box|card|info|bio|desc|about|dropdown|profile|detail|block)"
)
_NOT = re.compile(
    r"image|photo|figure|caption|author|byline|video|player|share|meta|related|toc|list-item|audio"
    r"|editor|tooltip|biograph|subscri|newsletter|legal|with-summary|hatnote"
    r"|(?:^|\s)(?:articlebody|post-body|entry-content)(?:\s|$)"
)
_OFFERED = re.compile(
    r"^(?:join|sign up|subscribe|get|receive)\b.{0,60}\bnewsletters?\b"
    r"|^(?:audio|video|podcast)\b.{0,12}\d:\d\d",
    re.IGNORECASE,
)
"""A newsletter, or what plays so many minutes."""
_SENTENCE_ENDS = frozenset('.!?…。»”"')
_GLUED = re.compile(r"(?<=[^\W\d])(?=\d)")
_METAS = ("og:description", "description", "twitter:description", "dc.description",
          "dcterms.description", "dcterms.abstract", "sailthru.description")  # fmt: skip


def read_description(page: Evidence) -> Claim | None:
    """The page's own description, verbatim but for white space: meta, og, then JSON-LD."""
    for name in ("description", "og:description", "twitter:description", "dc.description",
                 "dcterms.description"):  # fmt: skip
        text = page.document.meta(name)
        if text:
            return Claim(" ".join(text.split())[:2000], "meta")
    text = page.data.text(page.article, "description")
    return Claim(text[:2000], "json-ld") if text else None


def read_standfirst(page: Evidence, headline: Node | None) -> Claim | None:
    """The text printed under the headline as an element of its own, not the first paragraph.

    Classes say so, or the head declares the same text and the element is no plain paragraph.
    """
    if headline is None:
        return None
    title = key(page.document.text(headline))
    declared = [key(t) for t in _declared(page)]
    for node in _after(page.document, headline):
        if not CHARS_MIN <= node.chars <= CHARS_MAX or 2 * node.link_chars > node.chars:
            continue
        text = page.document.text(node)
        few = len(text) < SHORT_CHARS and text.isascii() and len(text.split()) < WORDS_MIN
        if (
            few
            or _is_of_picture(node)
            or _is_of_person(node, headline)
            or _repeats(key(text), title)
            or kind_of(text)
        ):
            continue
        if _OFFERED.search(text) or _holds_story(page.document, node):
            continue
        if len(text) <= ABOUT_CHARS_MAX and _is_about(text, page.language):
            continue
        if (
            _says_standfirst(node.hints)
            or (node.tag in _HEADINGS and (_is_sentence(text) or _is_long_beside(node, headline)))
            or (_is_apart(node) and _is_said(key(text), declared))
            or looks_apart(page.document, node)
        ):
            inner = _inner(node)
            if inner is not node and kind_of(page.document.text(inner)):
                continue
            return Claim(page.document.text(inner), "dom", (inner,))
    return None


def _inner(node: Node) -> Node:
    """The one element inside that holds most of the text: the standfirst without a byline."""
    for child in node.elements():
        if node.blocks and child.chars * 5 >= node.chars * 3 and child.tag not in INLINE:
            return _inner(child)
    return node


def _is_about(text: str, language: str) -> bool:
    """Whether a short text says when, or when and by whom, the article was written."""
    dates = list(spans(text, language))
    if not dates:
        return False
    left = len(text) - sum(end - start for start, end in dates)
    return 2 * left <= len(text) or bool(label_at_start(text)[0])


def _repeats(text: str, title: str) -> bool:
    """Whether a text is the headline again, perhaps with a kicker before it."""
    longer = title in text and len(text) < 2 * len(title)
    return bool(title) and (longer or similarity(text, title) >= 0.8)


@lru_cache(maxsize=16_384)
def _says_standfirst(hints: str) -> bool:
    return bool(_HINT.search(hints)) and not _NOT.search(hints)


def _is_of_picture(node: Node) -> bool:
    """Whether the text belongs to a picture: beside or inside an element that shows one."""
    around = [node, *islice(node.ancestors(), 2)]
    return any(_says_picture(n.hints) for n in around) or any(
        n.tag in {"img", "picture", "figure", "video"} for n in node.elements()
    )


def _is_of_person(node: Node, headline: Node) -> bool:
    """Whether the text stands in a card of the author, below the headline."""
    around = islice(node.ancestors(), AROUND_MAX)
    return any(n.index > headline.index and _says_person(n.hints) for n in around)


def _holds_story(document: Document, node: Node) -> bool:
    """Whether an element holds parts with headings, tables or code, or more than a few paragraphs:
    publishing systems name the field of a short story after the summary that it may have."""
    parts = document.within(node, *_HEADINGS, "table", "pre")
    return node.paragraphs > PARAGRAPHS_MAX or (len(parts) > 0 and node.paragraphs > 0)


def _is_apart(node: Node) -> bool:
    """Whether ``node`` is no paragraph like those that follow it."""
    if node.blocks > 2 or (not node.hints and node.tag not in _HEADINGS):
        return False
    beside = node.parent.elements() if node.parent else []
    return all(
        other is node or other.tag != node.tag or other.hints != node.hints for other in beside
    )


def _declared(page: Evidence) -> Iterator[str]:
    for name in _METAS:
        if text := page.document.meta(name):
            yield text
    for name in ("description", "abstract", "alternativeHeadline"):
        if text := page.data.text(page.article, name):
            yield text


def _after(document: Document, headline: Node) -> Iterator[Node]:
    """The elements after the headline up to the first paragraph of the story, outer first."""
    nodes, at, prose = document.nodes, headline.end, 0
    stop = min(len(nodes), document.body.end, at + NODES_MAX)
    while at < stop:
        node = nodes[at]
        elsewhere = is_elsewhere(node) and not _HINT.search(node.hints)
        if node.hidden or not node.chars or elsewhere or _is_teaser(document, node):
            at = node.end
            continue
        yield node
        at += 1
        if node.chars - node.link_chars > PROSE_CHARS:
            prose += not node.blocks and node.tag not in INLINE
            if node.tag == "p" or prose > PROSE_MAX:
                return


def _is_teaser(document: Document, node: Node) -> bool:
    """Whether an ``article`` after the headline is another one: its heading is a link."""
    if node.tag != "article":
        return False
    headings = document.within(node, "h2", "h3", "h4")
    return bool(headings) and headings[0].link_chars * 2 > headings[0].chars


def _is_said(text: str, declared: list[str]) -> bool:
    return any(
        text == other or (len(text) > 30 and (text in other or similarity(text, other) >= 0.85))
        for other in declared
    )


def _is_long_beside(node: Node, headline: Node) -> bool:
    """Whether a heading follows the headline at once and is too long for a section's name."""
    return node.chars >= LONG_CHARS and node.index - headline.end <= BESIDE_NODES


def _is_sentence(text: str) -> bool:
    """Whether a heading right under the headline is a sentence rather than a section's name."""
    return len(text) >= SENTENCE_CHARS and text[-1] in '.!?…。»”"'


def unsigned(text: str, names: list[str]) -> str:
    """A standfirst without the signature that ends it; empty if it says no more than who and when.

    ``"Der Klimawandel kostet Geld. Von Heike Buchter"`` loses its last three words,
    ``"Thread starter lulug30 Start date Apr 12, 2024"`` all of them.
    """
    for name in names:
        head, found, tail = text.rpartition(name)
        if not found:
            continue
        before, label = label_at_end(head)
        if label and not tail.strip(" .)") and before.rstrip()[-1:] in _SENTENCE_ENDS:
            return before.rstrip()
        rest = _GLUED.sub(" ", f"{before} {tail}")
        dated = sum(end - start for start, end in spans(rest))
        if len(text) <= ABOUT_CHARS_MAX and len(rest.split()) <= (MORE_WORDS_MAX if dated else 1):
            return ""
    return text
