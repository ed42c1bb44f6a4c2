"""The image of the article as a whole: what the page claims, matched to what it prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from service.article import Article, Figure, Image, LeadImage
from service.extract.media.signs import is_decor_file

CLAIMS_MAX = 8
FILE_CHARS_MIN = 6
"""Shorter names of files, such as ``1.jpg``, are shared by many pictures."""

_GENERIC = re.compile(
    r"(?:^|[/_.-])(?:default|placeholder|logo|emblem|fallback|share|sharing|social|og-?image|opengraph|"
    r"facebook|twitter|generic|site-?image|no-?image|noimage|icon|favicon|blank|brand|masthead|"
    r"dummy|standard|avatar|clear|spacer|transparent|pixel|rss|app-?store|google-?play)s?(?:[-_]?(?:image|img|card|share|default|logo|square|large|\d{1,4}x?\d{0,4}))*"
    r"(?:$|[/.])",
    re.IGNORECASE,
)
_OF_SITE = re.compile(
    r"/(?:wp-content/(?:themes|plugins)|wp-includes|typo3conf/ext|tl_files/themes|sites/all/themes"
    r"|skin/frontend)/|[-_](?:512x512|270x270|192x192|180x180|32x32)\.png$",
    re.IGNORECASE,
)
"""Folders of publishing systems that hold the pictures of a site's design, and sizes of icons."""
_PORTRAIT = re.compile(
    r"/(?:authors?|autor(?:en|es|i)?|auteurs?|writers?|avatars?|headshots?|bylines?"
    r"|(?:author|user|staff)[_-]?(?:image|photo|picture|profile)s?)/",
    re.IGNORECASE,
)
"""Folders that hold the faces of those who write."""
_FACES = ("gravatar.com",)
"""Hosts that show the faces of users and the badges of blogs, and nothing else."""
_ASSET = re.compile(r"[0-9a-f]{12,}|\d{6,}")
_NAME = re.compile(r"(?:^|[/?&=])([^/?&=]{1,200}?)\.(?:jpe?g|png|webp|gif|avif)")
_SIZE = re.compile(
    r"[-_]?(?:\d{2,4}x\d{2,4}|scaled|large|medium|small|thumb(?:nail)?|[wh]?\d{3,4})$"
)


def is_generic(url: str) -> bool:
    """Whether an address is that of a logo or a picture for sharing any page of the site."""
    parts = urlsplit(url)
    if (parts.hostname or "").endswith(_FACES):
        return True
    if _OF_SITE.search(parts.path):
        return True
    name = parts.path.rstrip("/").rpartition("/")[2]
    return _GENERIC.search(name[:300]) is not None or is_decor_file(name)


class Asset(NamedTuple):
    """What tells that two addresses show one picture: its file's name, and long numbers."""

    url: str
    file: str
    numbers: frozenset[str]

    def is_same(self, other: Asset) -> bool:
        """Whether both are sizes or formats of one picture."""
        if self.url == other.url or (len(self.file) >= FILE_CHARS_MIN and self.file == other.file):
            return True
        return not self.numbers.isdisjoint(other.numbers)


@lru_cache(maxsize=1_024)
def read_asset(url: str) -> Asset:
    """The picture that an address shows."""
    return Asset(url, _file(url), frozenset(_ASSET.findall(url[:4096].lower())))


def _file(url: str) -> str:
    """The name of the picture file in an address, without its size: of the inner address where a
    resizer carries one."""
    url = url[:4096]
    names = _NAME.findall((unquote(unquote(url)) if "%" in url else url).lower())
    return _SIZE.sub("", names[-1]) if names else ""


def read_lead(
    claims: Sequence[str], figures: Sequence[Figure], opening: Figure | None
) -> LeadImage | None:
    """The lead image: the claimed one with the words of the figure that shows it, else the figure
    that opens the story, else a claim that the page does not print. Its figure gets the role lead.
    A figure that opens the story with words of its own goes before one that comes later.

    Claims that name a logo or a picture for sharing any page are refused.
    """
    claimed = [read_asset(url) for url in claims if not is_generic(url)][:CLAIMS_MAX]
    if opening is not None and opening.image and _PORTRAIT.search(opening.image.src or ""):
        opening = None
    is_told = opening is not None and bool(opening.caption or opening.credit or not claimed)
    if opening is not None and is_told:
        figures = figures[: figures.index(opening) + 1]
    shown = [(f, read_asset(f.image.src)) for f in figures if f.image and f.image.src]
    for claim in claimed:
        same = [(figure, asset) for figure, asset in shown if claim.is_same(asset)]
        told = [each for each in same if each[0].caption or each[0].credit]
        for figure, asset in (told or same)[:1]:
            return _lead(figure, claim.url if claim.file == asset.file else None)
    if opening is not None and is_told:
        return _lead(opening)
    return LeadImage(src=claimed[0].url) if claimed else None


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


def place_lead(article: Article) -> None:
    """The printed lead figure is part of the body: where it stands there, else before all.

    Pages often print it above the element that holds the story. A claimed picture that is not
    printed (no caption, credit or rights, and not read from the page) stays out of the body.
    """
    lead = article.lead_image
    if lead is None:
        return
    asset = read_asset(lead.src)
    for block in article.body:
        if isinstance(block, Figure) and _shows(block, lead, asset):
            block.role = "lead"
            return
    words = lead.caption or lead.credit or lead.copyright_notice
    if words or article.provenance.get("lead_image") == "dom":
        article.body.insert(0, _figure(lead))


def _shows(figure: Figure, lead: LeadImage, asset: Asset) -> bool:
    """Whether a figure of the body is the lead: the same picture, in another size perhaps, with
    the same words."""
    if figure.image is None or not figure.image.src or figure.caption != lead.caption:
        return False
    return figure.image.src == lead.src or read_asset(figure.image.src).is_same(asset)


def _figure(lead: LeadImage) -> Figure:
    fields = {name: getattr(lead, name) for name in Image.__struct_fields__}
    return Figure(
        image=Image(**fields),
        caption=lead.caption,
        credit=lead.credit,
        copyright_notice=lead.copyright_notice,
        role="lead",
    )
