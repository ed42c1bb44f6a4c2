"""What the words of class, id and itemprop say about a part of a page that shows a picture."""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["", "caption", "credit", "skip"]
HINTS_CHARS_MAX = 400

_CAPTION = re.compile(
    r"caption|legend|bildunter|bildtext|bildbeschreib|bildtit|bildzeile|bildinfo|bild-info|subline|"
    r"pie[-_]?(?:de[-_]?)?(?:foto|imagen|media)|epigrafe|didascal|cutline|img[-_]?(?:desc|info|text)|"
    r"image[-_]{0,2}(?:desc|info|text|title|meta)|photo[-_]{0,2}(?:desc|info|text|title)|"
    r"foto[-_]?(?:text|info|desc|tekst)|figure[-_]{0,2}(?:desc|text|info)|"
    r"media[-_]{0,2}(?:desc|info|text|meta)|(?:^|[-_ ])desc(?:ription)?(?:$|[ -])|"
    r"zdj[-_]?opis|opis[-_]?zdj|billedtekst|bildetekst|kuvateksti|podpis",
)
_CREDIT = re.compile(
    r"(?<!ac)credit|copyright|quelle|fotograf|photographer|photo[-_]?(?:by|author|source)|byline|"
    r"attribution|agenc|agentur|(?<![a-z])rights|(?<!re)source|author(?!i)|autor|courtesy|fuente|"
    r"(?<![a-z])fonte|\bbron\b|(?<![a-z])firma|(?<![a-z])owner|kredit|supplier|contributor|"
    r"licen[sc]|distributor",
)
_SKIP = re.compile(
    r"share|sharing|social|zoom|lightbox-(?:trigger|button|close)|fullscreen|expan[ds]|enlarge|toggle|button|"
    r"\bbtn|icon|counter|pager|pagination|navigation|tooltip|reading-?time|comment|\bads?\b|advert|promo|"
    r"newsletter|related|teaser|sr-only|screen-?reader|duration|play-?(?:er)?-?(?:button|icon|label)|headline|"
    r"kicker|timestamp|publish|dateline",
)
_DECOR = re.compile(
    r"avatar|(?:^|[ _-])logo|emoji|badge|author|byline|writer|contributor|gravatar|"
    r"related|recirc|recommend|teaser|newsletter|sponsor|advert|"
    r"most-?(?:read|popular|viewed)|breadcrumb|outbrain|taboola|"
    r"read-?(?:more|next|also)|more-?(?:stories|news|on)|trending|product-?card",
)
_DECOR_LOOSE = re.compile(
    r"icon|share|social|comment|menu|navbar|promo|footer|profile|popular|banner|topic-?(?:list|card)|"
    r"(?:^| )ads?(?:$| |[-_](?:container|wrapper|slot|box|unit|block|label|banner))",
)
"""Words that name decoration unless a ``figure`` stands between them and the picture."""
_MAIN = re.compile(
    r"hero|lead|header|main|featured|opener|aufmacher|article[-_]{0,2}(?:image|img|photo|foto|bild)|"
    r"top[-_]?(?:image|media|bild|foto)|key-?visual|titelbild|portada",
)
_FRAME = re.compile(
    r"figure|image|img|photo|foto|bild|picture|media|hero|visual|thumbnail|billede|imagen|immagine|"
    r"illustration|kuva|zdjec|gallery|slide|lead|featured|opener|aufmacher|portada|doc_media",
)
_GALLERY = re.compile(
    r"galler|galerie|galeria|slideshow|slider|swiper|carousel|carrousel|bilderstrecke|fotostrecke|"
    r"slick|splide|glide|flickity|diashow|photo-?essay|photo-?set",
)
_DECOR_FILE = re.compile(
    r"(?:^|[/_.-])(?:logos?|icons?|avatars?|autoren|authors?|autores|profiles?|favicon|sprite|emoji|badge|gravatar|button|btn|arrow|share|"
    r"facebook|twitter|whatsapp|pixel|tracking|beacon|counter|smiley|smilies|separator|divider)"
    r"(?:$|[/_.-])|doubleclick|piwik|matomo|/collect\?|/pagead/|scorecardresearch|google-analytics|facebook\.com/tr|\.svg(?:$|\?)",
)


class Signs:
    """The signs of one page's elements; every set of words is read once."""

    def __init__(self) -> None:
        self._roles: dict[str, Role] = {}
        self._decor: dict[str, bool] = {}
        self._loose: dict[str, bool] = {}
        self._frames: dict[str, bool] = {}

    def role(self, hints: str) -> Role:
        """What a part of a picture's frame is by its words; see ``role_of``."""
        role = self._roles.get(hints)
        if role is None:
            role = self._roles[hints] = role_of(hints[:HINTS_CHARS_MAX])
        return role

    def is_decor(self, hints: str) -> bool:
        """Whether words name something whose pictures are not of the story: an avatar, a teaser."""
        decor = self._decor.get(hints)
        if decor is None:
            words = hints[:HINTS_CHARS_MAX]
            decor = _DECOR.search(words) is not None and _MAIN.search(words) is None
            self._decor[hints] = decor
        return decor

    def is_loose_decor(self, hints: str) -> bool:
        """Whether words name decoration of a page, unless they are around a figure."""
        decor = self._loose.get(hints)
        if decor is None:
            words = hints[:HINTS_CHARS_MAX]
            decor = _DECOR_LOOSE.search(words) is not None and _MAIN.search(words) is None
            self._loose[hints] = decor
        return decor

    def is_frame(self, hints: str) -> bool:
        """Whether words name something that is there to hold a picture."""
        frame = self._frames.get(hints)
        if frame is None:
            frame = self._frames[hints] = bool(_FRAME.search(hints[:HINTS_CHARS_MAX]))
        return frame


def role_of(hints: str) -> Role:
    """What a part of a picture's frame is, by its words; the later word of a class decides.

    ``"article-caption__credit"`` is a credit, ``"copyright-caption"`` a caption.
    """
    captions = [match.start() for match in _CAPTION.finditer(hints)]
    credits = [match.start() for match in _CREDIT.finditer(hints)]
    if captions or credits:
        return "caption" if not credits or (captions and captions[-1] > credits[-1]) else "credit"
    return "skip" if _SKIP.search(hints) else ""


def is_gallery(hints: str) -> bool:
    """Whether words name a set of pictures."""
    return _GALLERY.search(hints[:HINTS_CHARS_MAX]) is not None


def is_decor_file(url: str) -> bool:
    """Whether an address is that of an icon, a logo or a pixel."""
    return _DECOR_FILE.search(url[:2048].lower()) is not None
