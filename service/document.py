"""The forms in which an article is kept: document, card, facets, flags and hashes. Pure."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
from isal import isal_zlib
from msgspec import Struct

from service.article import (
    Article,
    Embed,
    Figure,
    Gallery,
    Quote,
    Table,
    Video,
    own_text,
    walk,
)

FACET_CHARS_MAX = 200
FACETS_MAX = 64
TEXT_WORDS_MIN = 50
"""Shorter texts are no evidence that two addresses show the same article."""

CARD_FIELDS = (
    "id", "revision", "url", "canonical_url", "site", "page_kind", "language", "direction",
    "kicker", "headline", "standfirst", "excerpt", "byline", "authors", "published",
    "published_at", "modified_at", "section", "lead_image", "word_count", "reading_time_s",
    "is_free", "paywall", "tags", "cluster_id", "created_at", "updated_at",
)  # fmt: skip
"""What a list shows of an article: all but its text."""

FLAGS: dict[type, str] = {
    Figure: "image", Gallery: "image", Video: "video", Table: "table", Quote: "quote",
    Embed: "embed",
}  # fmt: skip

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Article)


class Doc(Struct, frozen=True):
    """The document as it is served: ``body`` is gzip of the JSON, ``etag`` (hex) of the JSON."""

    etag: str
    body: bytes


def pack(article: Article) -> Doc:
    """The document of ``article``."""
    text = _encoder.encode(article)
    return Doc(hashlib.sha256(text).hexdigest()[:32], compress(text))


def unpack(body: bytes) -> Article:
    """The article in a document's body."""
    return _decoder.decode(decompress(body))


def compress(content: bytes) -> bytes:
    """Gzip: the form that every HTTP client takes, so that it is sent as it is stored."""
    compressor = isal_zlib.compressobj(2, isal_zlib.DEFLATED, 31)
    return bytes(compressor.compress(content) + compressor.flush())


def decompress(body: bytes) -> bytes:
    """What ``compress`` was given."""
    return bytes(isal_zlib.decompress(body, zlib.MAX_WBITS | 16))


def card(article: Article) -> bytes:
    """The JSON of ``article`` in a list."""
    shown: dict[str, Any] = {name: getattr(article, name) for name in CARD_FIELDS}
    return _encoder.encode(shown)


def flags(article: Article) -> list[str]:
    """Which of image, video, table, quote and embed the body has."""
    found = {FLAGS[kind] for kind in {type(block) for block in walk(article.body)} if kind in FLAGS}
    if article.lead_image is not None and article.lead_image.src:
        found.add("image")
    return sorted(found)


def facets(article: Article) -> list[tuple[str, str, str]]:
    """What ``article`` is listed by: kind, case-folded value, label as printed; each once."""
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for kind, text in _named(article):
        label = " ".join(text.replace("\0", "").split())[:FACET_CHARS_MAX]
        value = label.casefold()[:FACET_CHARS_MAX]
        if value and len(found) < FACETS_MAX:
            found.setdefault((kind, value), (kind, value, label))
    return list(found.values())


def _named(article: Article) -> Iterator[tuple[str, str]]:
    yield ("page_kind", article.page_kind)
    yield from (("has", flag) for flag in flags(article))
    if article.language is not None:
        yield ("lang", article.language.code)
        yield ("lang", article.language.code.split("-")[0])
    yield from (("tag", tag) for tag in article.tags)
    yield from (("author", author.name) for author in article.authors)
    yield from (("section", name) for name in (article.section,) if name)
    yield from (("keyword", keyword) for keyword in article.keywords)


def text_hash(article: Article) -> bytes:
    """SHA-256 of headline and text alone: equal for one text at two addresses."""
    texts = [article.headline or "", *(own_text(block) for block in walk(article.body))]
    normal = "\n".join(" ".join(text.casefold().split()) for text in texts if text)
    return hashlib.sha256(normal.encode("utf-8", "replace")).digest()


def plain(text: str | None) -> str | None:
    """``text`` without the NUL that Postgres does not store."""
    return text.replace("\0", "") if text else text
