"""Articles by the thousand, written as rows: for tests of reading, which need no extraction."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from service import document
from service.article import Article, Author, Extractor, Language, Paragraph, Site
from service.terms import config_of, searchable

FIRST_AT = datetime(2024, 1, 1, tzinfo=UTC)
LANGUAGES = ("en", "fr", "de", "ja")
SITES = ("north.example", "south.example", "east.example")
SECTIONS = ("World", "Sport", "Science")
AUTHORS = ("Ada Quill", "Bo Inkwell", "Cy Galley")
WORDS = [
    "harbour", "council", "bridge", "winter", "vote", "river", "strike", "engine", "market",
    "garden", "letter", "signal", "copper", "valley", "report", "mayor", "ferry", "school",
    "budget", "storm", "library", "train", "orchard", "festival", "museum", "doctor",
]  # fmt: skip
ROWS = {
    "article": "id url site_id page_kind language headline section published_at sort_at "
    "word_count has revision content_hash text_hash extractor_version card fetched_at "
    "created_at updated_at cluster_id is_free",
    "article_doc": "id etag body",
    "revision": "article_id number content_hash extractor_version body",
    "article_key": "key article_id",
    "change": "op article_id reason revision",
    "article_facet": "facet_id sort_at article_id",
}
SEARCHABLE = """
    with put as (
      insert into article_search (id, sort_at, bucket, site_id, cfg, facets, tsv)
      select id, sort_at,
        extract(year from sort_at at time zone 'utc')::int * 12
          + extract(month from sort_at at time zone 'utc')::int,
        site_id, c.cfg,
        array(select facet_id from article_facet where article_id = article.id),
        to_tsvector(c.cfg, c.words)
      from article join unnest($1::uuid[], $2::text[], $3::text[]) l (id, name, words) using (id),
        lateral (select l.name::regconfig as cfg, l.words) c
      returning bucket)
    insert into search_bucket select distinct bucket from put on conflict do nothing
"""


def an_article(id: UUID, number: int, *, revision: int = 1) -> Article:
    """Article ``number``, always the same; dates and the like repeat among them."""
    pick = random.Random(number)
    paragraphs = [" ".join(pick.choices(WORDS, k=60)).capitalize() + "." for _ in range(2)]
    headline = " ".join(pick.choices(WORDS, k=7)).capitalize()
    language, site = pick.choice(LANGUAGES), pick.choice(SITES)
    at = FIRST_AT + timedelta(hours=pick.randrange(8_000))
    return Article(
        id=id, revision=revision, url=f"https://{site}/{number}", site=Site(domain=site),
        language=Language(code=language, confidence=1.0, source="caller"),
        headline=f"{headline} {revision}",
        excerpt=paragraphs[0][:200], section=pick.choice(SECTIONS),
        authors=[Author(name=pick.choice(AUTHORS))], published_at=at, cluster_id=id,
        body=[Paragraph(id=f"p{n}", text=text) for n, text in enumerate(paragraphs)],
        word_count=pick.randrange(100, 900), is_free=pick.choice([True, False, None]),
        extractor=Extractor(version="1"), fetched_at=at,
        created_at=at + timedelta(minutes=number % 7), updated_at=at + timedelta(days=number % 5),
    )  # fmt: skip


async def seed(database: asyncpg.Connection, numbers: range) -> list[UUID]:
    """The articles of ``numbers`` are stored, in one transaction; their ids."""
    async with database.transaction():
        found = await database.fetch(
            "select new_id() as id from generate_series(1, $1)", len(numbers)
        )
        articles = [an_article(row["id"], n) for row, n in zip(found, numbers, strict=True)]
        sites, facets = await _sites(database), await _facets(database)
        rows = [_rows(article, sites, facets) for article in articles]
        for table, columns in ROWS.items():
            await database.copy_records_to_table(
                table, columns=columns.split(), records=[row for one in rows for row in one[table]]
            )
        configs = [config_of(code) for code in LANGUAGES]
        await database.execute(
            "insert into search_config select unnest($1::text[])::regconfig on conflict do nothing",
            configs,
        )
        found_by = [searchable(article) for article in articles]
        await database.execute(
            SEARCHABLE, [row["id"] for row in found], [one.config for one in found_by],
            [one.headline for one in found_by],
        )  # fmt: skip
    return [row["id"] for row in found]


async def revise(database: asyncpg.Connection, id: UUID, number: int, revision: int) -> None:
    """The article says something else: its next revision."""
    article = an_article(id, number, revision=revision)
    doc = document.pack(article)
    await database.execute(
        "with c as (insert into change (op, article_id, reason, revision)"
        " values ('upsert', $1, 'updated', $2)),"
        " d as (update article_doc set etag = $3, body = $4, updated_at = now() where id = $1)"
        " update article set revision = $2, card = $5, headline = $6, updated_at = now()"
        " where id = $1",
        id, revision, doc.etag, doc.body, document.card(article), article.headline,
    )  # fmt: skip


async def _sites(database: asyncpg.Connection) -> dict[str, int]:
    await database.execute(
        "insert into site (domain) select unnest($1::text[]) on conflict do nothing", list(SITES)
    )
    return {row["domain"]: row["id"] for row in await database.fetch("select * from site")}


async def _facets(database: asyncpg.Connection) -> dict[tuple[str, str], int]:
    named = [("section", name) for name in SECTIONS] + [("author", name) for name in AUTHORS]
    named += [("page_kind", "article"), *(("lang", code) for code in LANGUAGES)]
    await database.executemany(
        "insert into facet (kind, value, label) values ($1, $2, $3) on conflict do nothing",
        [(kind, name.casefold(), name) for kind, name in named],
    )
    found = await database.fetch("select id, kind, value from facet")
    return {(row["kind"], row["value"]): row["id"] for row in found}


def _rows(
    article: Article, sites: dict[str, int], facets: dict[tuple[str, str], int]
) -> dict[str, Sequence[tuple[Any, ...]]]:
    """What each table holds of ``article``, in the columns of ``ROWS``."""
    doc, id, at = document.pack(article), article.id, article.published_at
    digest = hashlib.sha256(str(id).encode()).digest()
    named = [facets[kind, value] for kind, value, _ in document.facets(article)]
    assert article.language
    assert article.site.domain
    return {
        "article": [(
            id, article.url, sites[article.site.domain], "article", article.language.code,
            article.headline, article.section, at, at, article.word_count, [], 1, digest, digest,
            "1", document.card(article), article.fetched_at, article.created_at,
            article.updated_at, id, article.is_free,
        )],
        "article_doc": [(id, doc.etag, doc.body)],
        "revision": [(id, 1, digest, "1", doc.body)],
        "article_key": [(f"seed:{article.url}", id)],
        "change": [("upsert", id, "created", 1)],
        "article_facet": [(number, at, id) for number in named],
    }  # fmt: skip
