"""The words by which articles are found: their language's stemmer, and pairs of characters where
words are not parted by blanks. Pure.

Chinese, Japanese, Thai, Lao, Khmer and Burmese are indexed and asked for as overlapping pairs:
東京都 is found by 東京 and by 京都, each pair next to the other.
"""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct

from service.article import Article, Code, Embed, Figure, Gallery, Video, own_text, walk

CONFIGS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""Language code -> the stemmer of PostgreSQL; any other language is not stemmed."""

BODY_CHARS_MAX = 40_000
"""Of a body; a tsvector holds at most 1 MB."""
QUERY_CHARS_MAX = 500

_UNPARTED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
)
_RUN = re.compile(f"[{_UNPARTED}]+")
_MARKS = re.compile(r"[\x00\ud800-\udfff]")


class Searchable(Struct, frozen=True, kw_only=True):
    """The texts of an article by weight: A headline, B lead, C captions, D body."""

    config: str
    headline: str
    lead: str
    captions: str
    body: str


def config_of(language: str | None) -> str:
    """The text search configuration of a language: ``"fr-CA"`` is ``"bs_french"``."""
    return "bs_" + CONFIGS.get((language or "").split("-")[0].lower(), "simple")


def searchable(article: Article) -> Searchable:
    """What ``article`` is found by."""
    texts: list[str] = []
    captions: list[str] = []
    for block in walk(article.body):
        is_caption = isinstance(block, Figure | Gallery | Video | Embed)
        if not isinstance(block, Code):
            (captions if is_caption else texts).append(own_text(block))
    names = " ".join(author.name for author in article.authors)
    lead = " ".join(filter(None, (article.kicker, article.standfirst, names)))
    return Searchable(
        config=config_of(article.language.code if article.language else None),
        headline=paired(article.headline or ""),
        lead=paired(lead),
        captions=paired(" ".join(captions)[:BODY_CHARS_MAX]),
        body=paired("\n".join(texts)[:BODY_CHARS_MAX]),
    )


def paired(text: str) -> str:
    """``text`` with every run of unparted script as its pairs: ``東京都`` is ``東京 京都``."""
    return _RUN.sub(lambda run: f" {_pairs(run.group())} ", _MARKS.sub(" ", text))


def query_of(text: str) -> str:
    """A reader's query for ``websearch_to_tsquery``: unparted runs become phrases of pairs."""
    parts = _MARKS.sub(" ", text[:QUERY_CHARS_MAX]).split('"')
    for number, part in enumerate(parts):
        is_quoted = number % 2 == 1
        parts[number] = paired(part) if is_quoted else _RUN.sub(_phrase, part)
    return '"'.join(parts)


def _phrase(run: re.Match[str]) -> str:
    pairs = _pairs(run.group())
    return f' "{pairs}" ' if " " in pairs else f" {pairs} "


def _pairs(run: str) -> str:
    return " ".join(a + b for a, b in pairwise(run)) or run
