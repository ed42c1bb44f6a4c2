"""Generated articles in a migrated database: multilingual, with the skew of real sites and tags.

Rows are made as the service makes them (``document.pack``, ``document.card``, ``terms``), then
loaded by COPY. Indexes are built after the rows, as anyone would who loads a million.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct

from benchmarks.words import Language, languages
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
from service.terms import config_of, paired

SITES, AUTHORS, KEYWORDS, SECTIONS, TAGS = 2_000, 20_000, 10_000, 40, 5_000
NOW = datetime(2026, 9, 1, tzinfo=UTC)
YEARS = timedelta(days=3 * 365)
SEARCH_WORDS = 120
BLOCKS = 60
CHUNK = 5_000
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
    "article_facet": ["facet_id", "sort_at", "article_id"],
    "change": ["op", "article_id", "reason", "revision"],
    "bench_text": ["id", "sort_at", "site_id", "cfg", "headline", "body"],
}
INDEX_TEXTS = """
    insert into article_search (id, sort_at, bucket, site_id, cfg, tsv)
    select id, sort_at, extract(year from sort_at at time zone 'utc')::int * 12
        + extract(month from sort_at at time zone 'utc')::int, site_id, cfg::regconfig,
      setweight(to_tsvector(cfg::regconfig, headline), 'A')
        || setweight(to_tsvector(cfg::regconfig, body), 'D')
    from bench_text
"""
INDEXES = """
    select indexname, indexdef from pg_indexes
    where schemaname = 'public' and tablename = any($1::text[])
      and indexname not in (select conname from pg_constraint)
"""
FACET_BASES: dict[str, int] = {}
_base = 1
for _kind, _count in (*KINDS.items(), ("has", len(FLAGS)), ("page_kind", len(PAGE_KINDS))):
    FACET_BASES[_kind] = _base
    _base += _count


class Made(Struct, frozen=True):
    """The rows of one article, by table."""

    article: tuple[Any, ...]
    facets: list[int]
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
    at = NOW - YEARS * pick.random()
    site = skewed(pick, SITES)
    body, headline = language.text(pick, SEARCH_WORDS), language.text(pick, 9)
    chosen = {kind: skewed(pick, count) for kind, count in KINDS.items()}
    flags = [flag for n, flag in enumerate(FLAGS) if pick.random() < 0.8 / (1 + 3 * n)]
    page_kind = PAGE_KINDS[min(skewed(pick, 16) // 4, 3)]
    id = article_id(at, number)
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
        created_at=at, updated_at=at, fetched_at=at, cluster_id=id,
    )  # fmt: skip
    doc = full(made, pick, language) if is_full else None
    digest = sha256(str(id).encode()).digest()
    row = (
        id, made.url, made.canonical_url, site + 1, page_kind, language.code, headline,
        made.section, at, at, made.word_count, flags, made.is_free, "unknown", made.tags, 1,
        digest, digest, "1", document.card(made), at, at, at, id,
    )  # fmt: skip
    numbers = [FACET_BASES[kind] + n for kind, n in chosen.items()]
    numbers += [FACET_BASES["has"] + FLAGS.index(flag) for flag in flags]
    numbers.append(FACET_BASES["page_kind"] + PAGE_KINDS.index(page_kind))
    text = (id, at, site + 1, config_of(language.code), paired(headline), paired(body))
    return Made(row, numbers, text, doc)


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


async def load(
    url: str, count: int, *, docs: int = 0, seed: int = 1, say: Callable[[str], None] = print
) -> None:
    """``count`` articles are there, the first ``docs`` with documents, in an empty database."""
    connection = await asyncpg.connect(url, command_timeout=1800)
    try:
        is_super = await connection.fetchval(
            "select rolsuper from pg_roles where rolname = current_user"
        )
        if is_super:  # the rows refer to each other by their making; checks would double the time
            await connection.execute("set session_replication_role = replica")
        await connection.execute("set synchronous_commit = off; set maintenance_work_mem = '512MB'")
        await _name(connection)
        built = await _drop_indexes(connection)
        await _rows(connection, count, docs, seed, say)
        for definition in built:
            await connection.execute(definition)
        await connection.execute("vacuum analyze")
        await connection.execute("checkpoint" if is_super else "select 1")
    finally:
        await connection.close()


async def _name(connection: asyncpg.Connection) -> None:
    """Sites and facets have the numbers that ``article`` gives them."""
    sites = [(n + 1, name_of("site", n), f"Site {n}") for n in range(SITES)]
    await connection.copy_records_to_table("site", records=sites, columns=["id", "domain", "name"])
    facets = [
        (FACET_BASES[kind] + n, kind, name_of(kind, n), name_of(kind, n).title())
        for kind, count in KINDS.items()
        for n in range(count)
    ]
    for kind, values in (("has", FLAGS), ("page_kind", PAGE_KINDS)):
        facets += [(FACET_BASES[kind] + n, kind, v, v) for n, v in enumerate(values)]
    await connection.copy_records_to_table(
        "facet", records=facets, columns=["id", "kind", "value", "label"]
    )


async def _drop_indexes(connection: asyncpg.Connection) -> list[str]:
    tables = ["article", "article_facet", "article_search", "change", "facet", "site"]
    found = await connection.fetch(INDEXES, tables)
    for row in found:
        await connection.execute(f'drop index "{row["indexname"]}"')
    return [row["indexdef"] for row in found]


async def _rows(
    connection: asyncpg.Connection, count: int, docs: int, seed: int, say: Callable[[str], None]
) -> None:
    await connection.execute(
        "create unlogged table bench_text (id uuid, sort_at timestamptz, site_id int, cfg text,"
        " headline text, body text)"
    )
    spoken = languages(seed)
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        made = [article(n, seed, spoken, is_full=n < docs) for n in numbers]
        async with connection.transaction():
            for table, records in _by_table(made):
                await connection.copy_records_to_table(
                    table, records=records, columns=COLUMNS[table]
                )
            await connection.execute(INDEX_TEXTS)
            await connection.execute("truncate bench_text")
        if (start + CHUNK) % 100_000 == 0:
            say(f"  {start + CHUNK:,} of {count:,} articles")
    await connection.execute(
        "insert into search_bucket select distinct bucket from article_search;"
        "insert into search_config select distinct cfg from article_search; drop table bench_text"
    )


def _by_table(made: list[Made]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    yield "article", [one.article for one in made]
    yield "article_doc", [one.doc for one in made if one.doc]
    facets = [
        (facet, one.article[9], one.article[0])
        for one in made
        for facet in dict.fromkeys(one.facets)
    ]
    yield "article_facet", facets
    yield "change", [("upsert", one.article[0], "created", 1) for one in made]
    yield "bench_text", [one.text for one in made]
