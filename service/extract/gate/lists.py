"""Whether a page leads to stories rather than tells one: fronts, sections, hubs, shelves."""

from __future__ import annotations

import re
from itertools import chain
from urllib.parse import urlsplit

from service.extract.gate.evidence import Evidence
from service.extract.language import weight

POINTS_MIN = 20.0
LINKS_MIN = 12
TALE_WEIGHT = 500
TOLD_WEIGHT = 600
"""With one paragraph and a body of these weights a page tells a story, unless it is the front."""
LONG_WEIGHT = 200
NAME_WEIGHT = 30
"""A headline of no more is the name of a section or a shelf: two or three words."""
SHELF_POINTS_MAX = 8.0
PRICES_MIN = 12
TEXT_CHARS_MAX = 100_000
_PRICE = re.compile(r"[$€£] ?\d|\d ?(?:€|EUR\b|USD\b|zł|kr\b|₽)")
_SHELF = re.compile(
    r"/(?:collections|c|cat|categor(?:y|ies)|browse|topics?|tags?|shop|listings?)(?:/[^/]+){1,3}/?$"
    r"|/(?:news|blog|shop)/?$"
)
_NUMBERED = re.compile(r"(?:^|[=&])\d{3,}(?:&|$)")
_SHELVES = frozenset({
    "collectionpage", "itemlist", "searchresultspage", "profilepage", "blog", "offercatalog",
    "productgroup",
})  # fmt: skip


def is_list(evidence: Evidence) -> bool:
    """Whether a page leads to stories rather than tells one.

    The points are a logistic regression over 1,511 article pages against 137 listing and
    collection pages (corpus of autumn 2026, tested on sites left out), rounded: of the latter it
    finds 60 %, of the former it takes 0.3 %, most of them front pages. What says that it is a dated
    article is none, nor what tells a tale, unless it stands on a shelf.
    """
    metadata, document = evidence.metadata, evidence.document
    if evidence.is_declared and metadata.published.at is not None:
        return False
    front = _is_root(document.url)
    if len(document.by_tag.get("a", ())) < LINKS_MIN:
        return False
    missing = POINTS_MIN - _by_head(evidence, front=front) - _by_page(evidence)
    shelf = 0.0 if evidence.is_declared or missing > SHELF_POINTS_MAX else _by_shelf(evidence)
    return missing <= shelf and bool(front or shelf or not _tells_tale(evidence))


def _tells_tale(evidence: Evidence) -> bool:
    longest = max((heavy for _, heavy in evidence.told), default=0)
    return longest >= TALE_WEIGHT and evidence.told_weight >= TOLD_WEIGHT


def _by_shelf(evidence: Evidence) -> float:
    """The points for the address of a shelf and for many prices: shops write prose beneath, too."""
    document = evidence.document
    points = 4.0 * bool(_SHELF.search(urlsplit(document.url or "").path))
    if evidence.metadata.published.at is not None:
        return points
    text = document.text(document.body)[:TEXT_CHARS_MAX]
    return points + 4.0 * (len(_PRICE.findall(text)) >= PRICES_MIN)


def _by_head(evidence: Evidence, *, front: bool) -> float:
    """The points for what the page says about itself, its address included."""
    metadata = evidence.metadata
    points = 4.2 * (not evidence.is_declared) + 4.1 * (metadata.published.at is None)
    points += 1.5 * (not metadata.authors) + 4.8 * bool(_SHELVES & metadata.types)
    points += 2.2 * (weight(metadata.headline or "") <= NAME_WEIGHT)
    return points + 2.8 * front + _by_address(evidence.document.url)


def _by_address(url: str | None) -> float:
    """The points for an address without the number or the many words of a story's.

    ``/world/`` and ``/?ref=a1b2c3d4`` look like a list, ``/a-b-c-d`` and ``/x?id=1234`` do not.
    """
    if not url:
        return 0.0
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    name = path.rpartition("/")[2]
    if sum(map(str.isdigit, name)) >= 4 or _NUMBERED.search(parts.query):
        return 0.7 * (path.count("/") <= 1)
    gaps = name.count("-") + name.count("_")
    return 3.1 * (gaps < 3) + 1.3 * (gaps < 2) + 0.7 * (path.count("/") <= 1)


def _by_page(evidence: Evidence) -> float:
    """The points for how little of the page is its own text, and how much leads elsewhere."""
    tags = evidence.document.by_tag
    told, shown = evidence.told_weight, evidence.shown_weight
    mean = told / (len(evidence.told) or 1)
    long = sum(heavy >= LONG_WEIGHT for _, heavy in evidence.told)
    points = 0.5 * (told < 150) + 1.9 * (told < 600) + 1.6 * (mean < 100) + 0.7 * (long < 3)
    points += 1.6 * (told < 0.4 * shown) + 1.5 * (told < 0.1 * shown)
    points += 1.1 * (evidence.link_share >= 0.35) + 1.0 * (len(tags.get("a", ())) > 150)
    return points + 3.3 * (len(tags.get("time", ())) >= 5) + 1.4 * (_linked_heads(evidence) >= 5)


def _linked_heads(evidence: Evidence) -> int:
    """How many headings are links: those of teasers."""
    tags = evidence.document.by_tag
    heads = chain.from_iterable(tags.get(tag, ()) for tag in ("h2", "h3", "h4", "h5"))
    return sum(
        node.in_link or 5 * node.link_chars >= 4 * node.chars
        for node in heads
        if node.chars and not node.hidden
    )


def _is_root(url: str | None) -> bool:
    return bool(url) and not urlsplit(url or "").path.strip("/")
