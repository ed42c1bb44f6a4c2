"""Generated articles: multilingual, with the skew of real sites and tags.

Rows are made as the service makes them (``document.pack``, ``document.card``, ``terms``);
``benchmarks.loading`` puts them into a database.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec import Struct

from benchmarks.words import SYLLABLES, Language
from service import document
from service.article import (
    Article,
    Author,
    Heading,
    LeadImage,
    Paragraph,
    Quote,
    Site,
    Timestamp,
    with_ids,
)
from service.article import Language as Code
from service.likeness import PERMUTATIONS, bands
from service.terms import config_of, indexed

SITES, AUTHORS, KEYWORDS, SECTIONS, TAGS = 2_000, 20_000, 10_000, 40, 5_000
NOW = datetime(2026, 9, 1, tzinfo=UTC)
YEARS = timedelta(days=3 * 365)
BODY_WORDS = (40, 60, 80, 120, 160, 240, 400)
"""Lengths of bodies that are searched; a body that is shown has ``BLOCKS`` blocks."""
LEAD_WORDS = 25
COPY_EVERY = 25
"""Of so many articles one is a copy of the one before it: the same story."""
SIGNED = 5
"""Of so many articles, the last have a signature; the copy and its original among them."""
LATE_EVERY = 10
"""Of so many articles one comes late, at any time after it was published: archives are filled."""
BLOCKS = 60
KINDS = {"author": AUTHORS, "keyword": KEYWORDS, "section": SECTIONS, "tag": TAGS}
FLAGS = ("image", "video", "table", "quote", "embed")
PAGE_KINDS = ("article", "live_blog", "gallery", "video")
COLUMNS = {
    "article": [
        "id",
        "url",
        "canonical_url",
        "site_id",
        "page_kind",
        "language",
        "headline",
        "section",
        "published_at",
        "sort_at",
        "word_count",
        "has",
        "is_free",
        "paywall",
        "tags",
        "revision",
        "content_hash",
        "text_hash",
        "extractor_version",
        "card",
        "fetched_at",
        "created_at",
        "updated_at",
        "cluster_id",
    ],
    "article_doc": ["id", "etag", "body"],
    "change": ["op", "article_id", "reason", "revision"],
    "article_likeness": ["id", "sort_at", "bands", "signature"],
    "bench_text": ["id", "sort_at", "site_id", "cfg", "facets", "headline", "lead", "body"],
}
FACET_BASES: dict[str, int] = {}
_base = 1
for _kind, _count in (
    *KINDS.items(), ("has", len(FLAGS)), ("page_kind", len(PAGE_KINDS)), ("lang", len(SYLLABLES))
):  # fmt: skip
    FACET_BASES[_kind] = _base
    _base += _count


class Made(Struct, frozen=True):
    """The rows of one article, by table."""

    article: tuple[Any, ...]
    facets: list[int]
    likeness: tuple[Any, ...] | None
    text: tuple[Any, ...]
    doc: tuple[Any, ...] | None


def skewed(pick: random.Random, count: int) -> int:
    """A number below ``count``; small ones are frequent, as sites and tags are."""
    return min(int(count ** pick.random()) - 1, count - 1)


def name_of(kind: str, number: int) -> str:
    """The value of a facet, or a site's domain."""
    return f"site{number}.example" if kind == "site" else f"{kind} {number}"


def article_id(at: datetime, number: int) -> UUID:
    """A UUID version 7 of that instant."""
    ms = int(at.timestamp() * 1000)
    return UUID(int=(ms << 80) | (7 << 76) | (2 << 62) | (number * 2_654_435_761 % (1 << 60)))


def article(number: int, seed: int, spoken: list[Language], *, is_full: bool) -> Made:
    """Article ``number`` of the data set ``seed``; ``is_full`` with a document of 60 blocks."""
    pick = random.Random(seed * 1_000_003 + number)
    language = spoken[min(skewed(pick, 7 * 4) // 4, 6)]
    at = instant(number, seed)
    site = skewed(pick, SITES)
    body, headline = language.text(pick, pick.choice(BODY_WORDS)), language.text(pick, 9)
    chosen = {kind: skewed(pick, count) for kind, count in KINDS.items()}
    flags = [flag for n, flag in enumerate(FLAGS) if pick.random() < 0.8 / (1 + 3 * n)]
    page_kind = PAGE_KINDS[min(skewed(pick, 16) // 4, 3)]
    id, first = article_id(at, number), number - is_copy(number)
    cluster = article_id(instant(first, seed), first)
    made = Article(
        id=id, revision=1, url=f"https://site{site}.example/{number}", direction="ltr",
        canonical_url=f"https://site{site}.example/{number}", headline=headline,
        site=Site(domain=name_of("site", site), name=f"Site {site}"), page_kind=page_kind,
        language=Code(code=language.code, confidence=0.99, source="text"),
        standfirst=body[:160], excerpt=body[:200], byline=f"By Author {chosen['author']}",
        authors=[Author(name=f"Author {chosen['author']}")], published_at=at,
        published=Timestamp(at=at, raw=at.isoformat(), precision="second", source="json-ld"),
        section=name_of("section", chosen["section"]), tags=[name_of("tag", chosen["tag"])],
        lead_image=LeadImage(src=f"https://site{site}.example/{number}.jpg", width=1600),
        word_count=400 + number % 900, reading_time_s=120, is_free=pick.random() < 0.8,
        created_at=at, updated_at=at, fetched_at=at, cluster_id=cluster,
    )  # fmt: skip
    doc = full(made, pick, language) if is_full else None
    digest = sha256(str(id).encode()).digest()
    row = (
        id, made.url, made.canonical_url, site + 1, page_kind, language.code, headline,
        made.section, at, at, made.word_count, flags, made.is_free, "unknown", made.tags, 1,
        digest, digest, "1", document.card(made), at, at, at, cluster,
    )  # fmt: skip
    numbers = [FACET_BASES[kind] + n for kind, n in chosen.items()]
    numbers += [FACET_BASES["has"] + FLAGS.index(flag) for flag in flags]
    numbers.append(FACET_BASES["page_kind"] + PAGE_KINDS.index(page_kind))
    numbers.append(FACET_BASES["lang"] + spoken.index(language))
    numbers = sorted(set(numbers))
    lead = f"{language.text(pick, LEAD_WORDS)} Author {chosen['author']}"
    config = config_of(language.code)
    texts = [indexed(text, config) for text in (headline, lead, body)]
    text = (id, at, site + 1, config, numbers, *texts)
    is_signed = number % COPY_EVERY >= COPY_EVERY - SIGNED
    likeness = (id, at, *signed(number, seed)) if is_signed else None
    return Made(row, numbers, likeness, text, doc)


def is_copy(number: int) -> bool:
    return number % COPY_EVERY == COPY_EVERY - 1


def instant(number: int, seed: int) -> datetime:
    """When article ``number`` was published; a copy a day after what it is a copy of."""
    if is_copy(number):
        return instant(number - 1, seed) + timedelta(days=1)
    return NOW - YEARS * random.Random(f"instant {seed} {number}").random()


def in_order(count: int, seed: int) -> list[int]:
    """Articles as a service comes to know them: by their time, but for those that come late."""
    pick = random.Random(seed)
    came = {
        number: NOW - YEARS * pick.random() if number % LATE_EVERY == 0 else instant(number, seed)
        for number in range(count)
    }
    return sorted(came, key=came.__getitem__)


def signed(number: int, seed: int) -> tuple[list[int], bytes]:
    """Bands and signature: those of the original with one permutation in eight changed, or new."""
    own = random.Random(f"signature {seed} {number}").randbytes(4 * PERMUTATIONS)
    if is_copy(number):
        original = signed(number - 1, seed)[1]
        own = b"".join(
            (own if n % 8 == 0 else original)[4 * n : 4 * n + 4] for n in range(PERMUTATIONS)
        )
    return bands(own), own


def full(made: Article, pick: random.Random, language: Language) -> tuple[Any, ...]:
    """The row of the document, with a body of sixty blocks."""
    blocks: list[Any] = []
    for number in range(BLOCKS):
        text = language.text(pick, 26)
        kind = number % 12
        if kind == 5:
            blocks.append(Heading(text=text[:60]))
        elif kind == 9:
            blocks.append(Quote(blocks=[Paragraph(text=text)], attribution="A speaker"))
        else:
            blocks.append(Paragraph(text=text))
    with_ids(blocks)
    made.body = blocks
    packed = document.pack(made)
    return (made.id, packed.etag, packed.body)


def by_table(made: list[Made]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The rows of many articles, in the columns of ``COLUMNS``."""
    yield "article", [one.article for one in made]
    yield "article_doc", [one.doc for one in made if one.doc]
    yield "article_likeness", [one.likeness for one in made if one.likeness]
    yield "change", [("upsert", one.article[0], "created", 1) for one in made]
    yield "bench_text", [one.text for one in made]
