"""Pairs of frequent words: a phrase is found whatever was listed when its article was written."""

from __future__ import annotations

import random
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import pytest

from service.db import frequent_words, search
from service.db.filters import Filters, Values
from service.db.index_query import index_query
from service.runtime import Runtime
from service.terms import Searchable, query_of

WORDS = ("harbour", "bridge", "strike", "ferry", "minister", "winter")
SPARE = "lighthouse"
PHRASES = [f'"{a} {b}"' for a in WORDS for b in WORDS if a != b]
LONGER = ['"harbour bridge strike"', '"ferry harbour bridge winter"', "winter \"bridge strike\"",
          '"harbour bridge" or "strike ferry"', '"harbour bridge" -winter', "harbour-bridge",
          f'"{SPARE} harbour bridge"']  # fmt: skip
ARTICLE = """
    INSERT INTO article (page_kind, sort_at, word_count, revision, content_hash, text_hash,
      extractor_version, card, fetched_at)
    VALUES ('article', now() - make_interval(mins => $1), 9, 1, sha256('a'), sha256('b'), '1', 'c',
      now()) RETURNING id, sort_at
"""
LISTED = "INSERT INTO search_frequent (word, generation) SELECT unnest($1::text[]), $2"
MANY = "UPDATE pg_class SET reltuples = 60000 WHERE oid = 'article_search'::regclass"
STANDING = """
    SELECT id FROM article_search s JOIN search_config USING (cfg)
    WHERE tsv @@ websearch_to_tsquery(cfg, $1)
"""
"""What holds, without an index."""


async def write(runtime: Runtime, database: asyncpg.Connection, seed: int) -> list[UUID]:
    """Thirty articles of random words in two languages, in headline, lead and body."""
    pick, made = random.Random(seed), []
    for number in range(30):
        row = await database.fetchrow(ARTICLE, 40 * number)
        texts = [" ".join(pick.choices((*WORDS, SPARE), k=size)) for size in (3, 4, 9)]
        async with runtime.db.transaction() as transaction:
            await search.index(
                transaction, row["id"], row["sort_at"], site_id=None, facet_ids=[],
                texts=Searchable(
                    config=pick.choice(("bs_english", "bs_french")), headline=texts[0],
                    lead=texts[1], captions="", body=texts[2],
                ),
            )  # fmt: skip
        made.append(row["id"])
    return made


async def stems(database: asyncpg.Connection, words: Sequence[str]) -> list[str]:
    sql = """SELECT DISTINCT unnest(tsvector_to_array(to_tsvector(cfg, $1))) AS word
      FROM search_config"""
    return [row["word"] for row in await database.fetch(sql, " ".join(words))]


async def found(runtime: Runtime, query: str) -> set[UUID]:
    return {row.id for row in await search.search(runtime.db, Filters(query=query), None, 500)}


@pytest.fixture
async def written(runtime: Runtime, database: asyncpg.Connection) -> None:
    """Articles from before anything was listed, since a first list, and since a second."""
    await database.execute("TRUNCATE article, search_frequent CASCADE")
    await write(runtime, database, 1)
    await database.execute(LISTED, await stems(database, WORDS[:3]), 1)
    await write(runtime, database, 2)
    await database.execute(LISTED, await stems(database, WORDS[3:]), 2)
    await write(runtime, database, 3)


@pytest.mark.parametrize("is_renewed", [False, True])
async def test_phrases_find_what_holds_them(
    runtime: Runtime, database: asyncpg.Connection, written: None, is_renewed: bool
) -> None:
    """Each article that holds a phrase, and no other, of all generations of the list."""
    if is_renewed:
        assert await frequent_words.renew(runtime.db) == 60
        assert await frequent_words.renew(runtime.db) == 0
    for phrase in PHRASES + LONGER:
        query = query_of(phrase)
        held = {row["id"] for row in await database.fetch(STANDING, query)}

        assert await found(runtime, query) == held, phrase


async def test_the_index_finds_a_pair_alone(
    runtime: Runtime, database: asyncpg.Connection, written: None
) -> None:
    """Of rows that know the pair the index finds none that only holds both words."""
    await frequent_words.renew(runtime.db)
    for phrase in PHRASES:
        values = Values()
        words = index_query(Filters(query=query_of(phrase)), values)
        sql = f"{words} SELECT id FROM article_search s WHERE {search.FOUND['all']}"

        looked_at = {row["id"] for row in await database.fetch(sql, *values.all)}

        held = {row["id"] for row in await database.fetch(STANDING, query_of(phrase))}
        assert looked_at == held, phrase


async def test_words_are_listed_once_there_are_many_rows(
    runtime: Runtime, database: asyncpg.Connection
) -> None:
    """What ANALYZE finds frequent is listed, once, where a search would not soon have read all."""
    await database.execute("TRUNCATE article, search_frequent CASCADE")
    numbered = Searchable(
        config="bs_english", headline=" ".join(f"w{n}" for n in range(120)), lead="", captions="",
        body="",
    )  # fmt: skip
    for at in range(4):
        row = await database.fetchrow(ARTICLE, at)
        async with runtime.db.transaction() as transaction:
            await search.index(
                transaction, row["id"], row["sort_at"], site_id=None, facet_ids=[], texts=numbered
            )
    await database.execute("ANALYZE article_search")
    listed = [await frequent_words.list_words(runtime.db)]
    await database.execute(MANY)

    listed += [await frequent_words.list_words(runtime.db) for _ in range(2)]

    assert listed == [0, 120, 0]
    assert await frequent_words.renew(runtime.db) == 4
