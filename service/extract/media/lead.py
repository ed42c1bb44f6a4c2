"""The image of the article as a whole: what the page claims, matched to what it prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from service.article import Figure, LeadImage
from service.extract.media.signs import is_decor_file

CLAIMS_MAX = 8

_GENERIC = re.compile(
    r"(?:^|[/_.-])(?:default|placeholder|logo|fallback|share|sharing|social|og-?image|opengraph|"
    r"facebook|twitter|generic|site-?image|no-?image|noimage|icon|favicon|blank|brand|masthead|"
    r"dummy|standard|avatar)s?(?:[-_]?(?:image|img|card|share|default|logo|square|large|\d{1,4}x?\d{0,4}))*"
    r"(?:$|[/.])",
    re.IGNORECASE,
)
_ASSET = re.compile(r"[0-9a-f]{12,}|\d{6,}")
_NAME = re.compile(r"(?:^|[/?&=])([^/?&=]{1,200}?)\.(?:jpe?g|png|webp|gif|avif)")
_SIZE = re.compile(
    r"[-_]?(?:\d{2,4}x\d{2,4}|scaled|large|medium|small|thumb(?:nail)?|[wh]?\d{3,4})$"
)


def is_generic(url: str) -> bool:
    """Whether an address is that of a logo or a picture for sharing any page of the site."""
    name = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return _GENERIC.search(name[:300]) is not None or is_decor_file(name)


def same_asset(one: str, other: str) -> bool:
    """Whether two addresses are sizes of one picture: equal files or a shared long number."""
    if one == other:
        return True
    first, second = _file(one), _file(other)
    if len(first) >= 6 and first == second:
        return True
    return bool(set(_ASSET.findall(one.lower())) & set(_ASSET.findall(other.lower())))


def _file(url: str) -> str:
    """The name of the picture file in an address, without its size: of the inner address where a
    resizer carries one."""
    names = _NAME.findall(unquote(unquote(url[:4096])).lower())
    return _SIZE.sub("", names[-1]) if names else ""


def read_lead(
    claims: Sequence[str], figures: Sequence[Figure], opening: Figure | None
) -> LeadImage | None:
    """The lead image: the claimed one with the words of the figure that shows it, else the figure
    that opens the story, else a claim that the page does not print. Its figure gets the role lead.
    A figure that opens the story with words of its own goes before one that comes later.

    Claims that name a logo or a picture for sharing any page are refused.
    """
    claimed = [url for url in claims if not is_generic(url)][:CLAIMS_MAX]
    if opening is not None and (opening.caption or opening.credit or not claimed):
        figures = figures[: figures.index(opening) + 1]
    for url in claimed:
        if figure := _shown(url, figures):
            return _lead(figure, url if _is_same_file(url, figure) else None)
    if opening is not None and (opening.caption or opening.credit or not claimed):
        return _lead(opening)
    return LeadImage(src=claimed[0]) if claimed else None


def _shown(url: str, figures: Sequence[Figure]) -> Figure | None:
    """The figure that shows a claimed picture: of several the first that says something."""
    shown = [f for f in figures if f.image and f.image.src and same_asset(url, f.image.src)]
    return next((f for f in shown if f.caption or f.credit), shown[0] if shown else None)


def _is_same_file(url: str, figure: Figure) -> bool:
    return bool(figure.image and figure.image.src and _file(url) == _file(figure.image.src))


def _lead(figure: Figure, url: str | None = None) -> LeadImage | None:
    image = figure.image
    if image is None:
        return None
    figure.role = "lead"
    return LeadImage(
        src=url or image.src, width=image.width, height=image.height, mime=image.mime,
        alt=image.alt, candidates=image.candidates, caption=figure.caption,
        credit=figure.credit, copyright_notice=figure.copyright_notice,
    )  # fmt: skip
