"""What the words of class, id and itemprop say about a part of a page that shows a picture."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from service.extract.metadata.hints import finder, teller

Role = Literal["", "caption", "credit", "skip"]
HINTS_CHARS_MAX = 400
REMEMBERED_MAX = 4_096
"""Elements of a page, and pages of a site, repeat their words: each is read once."""

_CAPTION = re.compile(
    r"caption|legend|bildunter|bildtext|bildbeschreib|bildtit|bildzeile|bildinfo|bild-info|subline|"
    r"pie[-_]?(?:de[-_]?)?(?:foto|imagen|media)|epigrafe|didascal|cutline|img[-_]?(?:desc|info|text)|"
    r"image[-_]{0,2}(?:desc|info|text|title|meta)|photo[-_]{0,2}(?:desc|info|text|title)|"
    r"foto[-_]?(?:text|info|desc|tekst)|figure[-_]{0,2}(?:desc|text|info)|"
    r"(?<!block-)media[-_]{0,2}(?:desc|info|text|meta)|(?:^|[-_ ])desc(?:ription)?(?:$|[ -])|"
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
_says_decor = teller(
    "avatar emoji badge author byline writer contributor related recirc recommend teaser "
    "newsletter sponsor advert most-read mostread most-popular mostpopular most-viewed mostviewed "
    "breadcrumb outbrain taboola read-more readmore read-next readnext read-also readalso "
    "more-stories morestories more-news morenews more-on moreon trending product-card productcard",
    r"(?:^|[ _-])logo",
)
_says_loose_decor = teller(
    "icon share social comment menu navbar promo footer profile popular banner topic-list "
    "topiclist topic-card topiccard",
    r"(?:^| )ads?(?:$| |[-_](?:container|wrapper|slot|box|unit|block|label|banner))",
)
"""Words that name decoration unless a ``figure`` stands between them and the picture."""
_says_main = teller(
    "hero lead header main featured opener aufmacher key-visual keyvisual titelbild portada",
    r"article[-_]{0,2}(?:image|img|photo|foto|bild)|top[-_]?(?:image|media|bild|foto)",
)
_says_portrait = teller("", r"author[-_]{1,2}(?:photo|image|img|pic|avatar)")
_says_frame = teller(
    "figure image img photo foto bild picture media hero visual thumbnail billede imagen immagine "
    "illustration kuva zdjec gallery slide lead featured opener aufmacher portada"
)
_says_gallery = teller(
    "galler galerie galeria slideshow slider swiper carousel carrousel bilderstrecke fotostrecke "
    "slick splide glide flickity diashow photo-essay photoessay photo-set photoset"
)
_finds_decor_file = finder(
    "logo icon avatar autoren author autores profile sprite emoji badge button btn arrow share "
    "facebook twitter whatsapp pixel tracking beacon counter smil separator divider qr doubleclick "
    "piwik matomo /collect? /pagead/ scorecardresearch google-analytics .svg",
    r"(?:^|[/_.-])(?:logos?|icons?|avatars?|autoren|authors?|autores|profiles?|favicon|sprite|emoji"
    r"|badge|gravatar|button|btn|arrow|share|facebook|twitter|whatsapp|pixel|tracking|beacon|counter"
    r"|smiley|smilies|separator|divider|qr-?code)(?:$|[/_.-])|doubleclick|piwik|matomo|/collect\?"
    r"|/pagead/|scorecardresearch|google-analytics|facebook\.com/tr|\.svg(?:$|\?)",
)


@lru_cache(maxsize=REMEMBERED_MAX)
def role_of(hints: str) -> Role:
    """What a part of a picture's frame is, by its words; the later word of a class decides.

    ``"article-caption__credit"`` is a credit, ``"copyright-caption"`` a caption.
    """
    words = hints[:HINTS_CHARS_MAX]
    captions = [match.start() for match in _CAPTION.finditer(words)]
    credits = [match.start() for match in _CREDIT.finditer(words)]
    if captions or credits:
        return "caption" if not credits or (captions and captions[-1] > credits[-1]) else "credit"
    return "skip" if _SKIP.search(words) else ""


@lru_cache(maxsize=REMEMBERED_MAX)
def decor(hints: str) -> int:
    """How surely words name something whose pictures are not of the story: 2 an avatar or a teaser,
    1 decoration of a page, unless it is around a figure, 0 neither."""
    words = hints[:HINTS_CHARS_MAX]
    if _says_main(words) and not _says_portrait(words):
        return 0
    return 2 if _says_decor(words) else int(_says_loose_decor(words))


def is_frame(hints: str) -> bool:
    """Whether words name something that is there to hold a picture."""
    return _says_frame(hints[:HINTS_CHARS_MAX])


def is_gallery(hints: str) -> bool:
    """Whether words name a set of pictures."""
    return _says_gallery(hints[:HINTS_CHARS_MAX])


def is_decor_file(url: str) -> bool:
    """Whether an address is that of an icon, a logo or a pixel."""
    return _finds_decor_file(url[:2048].lower())
