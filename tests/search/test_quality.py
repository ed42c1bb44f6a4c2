"""Searches are judged: what a reader asks for is found, in the order a reader would agree with."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from msgspec import Struct

from service import document
from service.db import ranking, search
from service.db.filters import Filters
from service.db.session import Command, Db, Query, open_db
from service.settings import Settings
from service.terms import query_of, searchable
from tests.search.judged import Asked, SetName, Story, by_kind, queries, scored, stories

FIRST_AT = datetime(2024, 5, 1, tzinfo=UTC)
STORE = Command(
    """
    insert into article (id, page_kind, sort_at, word_count, revision, content_hash, text_hash,
      extractor_version, card, fetched_at)
    values ($1, 'article', $2, 50, 1, $3, $3, '1', $4, $2)
    """
)


class Server(Struct, frozen=True):
    """The server's version: 18."""

    major: int


VERSION = Query(Server, "select current_setting('server_version_num')::int / 10000 as major")
NAIVE_TABLE = "create table naive (id text, words tsvector)"
NAIVE_PUT = "insert into naive values ($1, to_tsvector('english', $2))"
NAIVE = """
    select id from naive, websearch_to_tsquery('english', $1) query
    where words @@ query order by ts_rank(words, query) desc, id limit 20
"""
FLOOR = 0.91
FLOORS = {
    "accents": 1.0, "compound": 0.6, "exclusion": 1.0, "inflected": 0.83, "name": 1.0,
    "nothing": 1.0, "phrase": 1.0, "unparted": 0.95, "words": 0.9,
}  # fmt: skip
"""nDCG of the first ten, as measured; compounds are the known weakness."""
Runs = list[tuple[Asked, Sequence[str]]]


@pytest.fixture(scope="module")
async def db(settings: Settings) -> AsyncIterator[Db]:
    async with open_db(settings.database_url, pool_max=2, timeout_s=30) as db:
        yield db


async def store_one(db: Db, story: Story, day: int) -> UUID:
    """The story is stored and can be found; ``day`` is its date."""
    article, at = story.article(), FIRST_AT + timedelta(days=day)
    id = UUID(bytes=hashlib.sha256(story.id.encode()).digest()[:16])
    digest = hashlib.sha256(story.id.encode()).digest()
    async with db.transaction() as transaction:
        await transaction.run(STORE, id, at, digest, document.card(article))
        await search.index(
            transaction, id, at, site_id=None, facet_ids=[], texts=searchable(article)
        )
    return id


@pytest.fixture(scope="module")
async def named(settings: Settings, db: Db) -> dict[UUID, str]:
    """The stories are stored, one a day, for us and for the naive search; their names by id."""
    return await stored("first", settings, db)


async def stored(name: SetName, settings: Settings, db: Db) -> dict[UUID, str]:
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(NAIVE_TABLE)
    named: dict[UUID, str] = {}
    for day, story in enumerate(stories(name)):
        named[await store_one(db, story, day)] = story.id
        text = " ".join([story.headline, story.standfirst, story.author, story.body, story.caption])
        await connection.execute(NAIVE_PUT, story.id, text)
    await connection.close()
    return named


async def runs_of_ours(db: Db, name: SetName, named: dict[UUID, str]) -> Runs:
    runs: Runs = []
    for asked in queries(name, (await db.only(VERSION)).major):
        page = await ranking.search_ranked(db, Filters(query=query_of(asked.q)), None, 20)
        runs.append((asked, [named[row.id] for row in page.found]))
    return runs


async def runs_of_naive(database: asyncpg.Connection, name: SetName) -> Runs:
    return [
        (asked, [row["id"] for row in await database.fetch(NAIVE, asked.q)])
        for asked in queries(name, database.get_server_version().major)
    ]


async def test_searches_answer_as_readers_judge(
    db: Db, named: dict[UUID, str], database: asyncpg.Connection
) -> None:
    """Far better than one configuration for all languages; a floor for all, and for each kind."""
    ours = await runs_of_ours(db, "first", named)
    naive = await runs_of_naive(database, "first")

    told = "\n".join(f"{kind}: {score}" for kind, score in by_kind(ours).items())
    assert scored(ours).ndcg >= FLOOR, told
    assert scored(ours).ndcg >= 1.7 * scored(naive).ndcg, told
    assert {k: s for k, s in by_kind(ours).items() if s.ndcg < FLOORS[k]} == {}, told


PLACES = ("headline", "standfirst", "author", "body", "caption")


async def test_where_a_word_stands_decides(db: Db, named: dict[UUID, str]) -> None:
    """Headline before standfirst and authors, before body, before captions, whatever the date."""
    ids = {}
    for number, place in enumerate(PLACES):
        texts = dict.fromkeys(PLACES, "Nothing to see here") | {place: "Quokkas in town"}
        ids[place] = await store_one(db, Story(id=f"en-{place}", **texts), 900 + number)

    page = await ranking.search_ranked(db, Filters(query="quokka"), None, 20)

    order = [next(place for place in PLACES if ids[place] == row.id) for row in page.found]
    assert order[0] == "headline"
    assert set(order[1:3]) == {"standfirst", "author"}
    assert order[3:] == ["body", "caption"]


async def test_what_an_article_is_about_is_found_among_newer_mentions(
    db: Db, named: dict[UUID, str]
) -> None:
    """The one old article with the words in its headline comes first, though far more than a pool
    of newer ones mention them; pages go on through all of them, each once."""
    parts = dict.fromkeys(PLACES, "Nothing to see here")
    mentions = ranking.POOL + 150
    about = await store_one(db, Story(id="en-old", **parts | {"headline": "Axolotl escapes"}), -900)
    for number in range(mentions):
        story = Story(id=f"en-{number}", **parts | {"body": f"An axolotl, {number}"})
        await store_one(db, story, 1_000 + number)

    seen: list[UUID] = []
    place = None
    while True:
        page = await ranking.search_ranked(db, Filters(query="axolotl"), place, 200)
        seen += [row.id for row in page.found]
        place = page.next
        if place is None:
            break

    assert seen[0] == about
    assert len(seen) == len(set(seen)) == mentions + 1


async def test_what_comes_between_pages_moves_nothing(db: Db, named: dict[UUID, str]) -> None:
    """Newer matches that come while pages are read double none and hide none of those that were
    there, though each pool of a thousand is full."""
    parts = dict.fromkeys(PLACES, "Nothing to see here")
    there = set()
    for number in range(ranking.POOL + 60):
        story = Story(
            id=f"en-k{number}", **parts | {"body": f"A kakapo, {'kakapo ' * (number % 5)}"}
        )
        there.add(await store_one(db, story, 3_000 + number))

    seen: list[UUID] = []
    place, turn = None, 0
    while True:
        page = await ranking.search_ranked(db, Filters(query="kakapo"), place, 200)
        seen += [row.id for row in page.found]
        place, turn = page.next, turn + 1
        if place is None:
            break
        for number in range(10):
            story = Story(id=f"en-l{turn}{number}", **parts | {"body": "A kakapo, late"})
            await store_one(db, story, 3_500 + 100 * turn + number)

    assert len(seen) == len(set(seen))
    assert there <= set(seen)


async def test_freshness_breaks_ties_on_request(db: Db, named: dict[UUID, str]) -> None:
    """Of two articles that are about equally relevant the newer comes first, if asked for."""
    parts = dict.fromkeys(PLACES, "Nothing to see here")
    older = Story(id="en-older", **parts | {"body": "A numbat and a numbat."})
    newer = Story(id="en-newer", **parts | {"body": "A numbat and, some words later, a numbat."})
    ids = [await store_one(db, older, 2_000), await store_one(db, newer, 2_001)]

    strict = await ranking.search_ranked(db, Filters(query="numbat"), None, 5)
    fresh = await ranking.search_ranked(db, Filters(query="numbat"), None, 5, is_fresh=True)

    assert [row.id for row in strict.found] == ids
    assert [row.id for row in fresh.found] == ids[::-1]
