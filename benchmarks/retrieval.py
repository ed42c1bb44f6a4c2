"""Every kind of list and search, as the statement that the service would run on generated data."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct

from benchmarks.data import NOW, YEARS, name_of
from benchmarks.words import languages
from service.db import changes, listing, ranking, search
from service.db.filters import Choice, Filters, Span, Values
from service.db.index_query import index_query
from service.db.walks import Place, Sort
from service.terms import query_of

LIMIT = 21
DEEP = 20_000
"""Rows before page 1,000."""
CLASSES = {
    "rare": (0.0001, 0.0012), "low": (0.0012, 0.004), "mid": (0.004, 0.02),
    "common": (0.03, 0.09), "very common": (0.12, 1.0),
}  # fmt: skip
"""Classes of words by the share of articles that hold them."""


class Statement(Struct, frozen=True):
    """SQL and its parameters; ``then`` follows where ``way`` did not make the page whole."""

    sql: str
    values: Sequence[Any]
    way: listing.Way = "direct"
    sort: Sort = "-published_at"
    then: Statement | None = None

    def is_whole(self, rows: Sequence[Any]) -> bool:
        """Whether its rows are the page, as the service asks them."""
        if self.then is None:
            return True
        found = sum(row["id"] is not None for row in rows)
        return listing.is_whole(self.way, rows[0]["steps"], found, LIMIT)


def listed(
    filters: Filters, before: Place | None = None, sort: Sort = "-published_at"
) -> Statement:
    made: Statement | None = None
    for way in reversed(listing.ways(filters, sort)):
        query, values = listing.statement(way, filters, sort, before, LIMIT)
        made = Statement(query.sql, values, way, sort, made)
    assert made is not None
    return made


def found(word: str, before: Place | None = None, **narrowed: Any) -> Statement:
    query, values = search.newest(Filters(query=query_of(word), **narrowed), before, LIMIT)
    return Statement(query.sql, values)


def ranked(word: str, place: ranking.RankedPlace) -> Statement:
    query, values = ranking.ranked(Filters(query=query_of(word)), place, LIMIT)
    return Statement(query.sql, values)


def rankings(word: str) -> dict[str, Statement]:
    """The first page by relevance, of what is about ``word`` and of what mentions it."""
    return {
        "by rank": ranked(word, ranking.RankedPlace()),
        "by rank, the rest": ranked(word, ranking.RankedPlace(is_rest=True)),
    }


def any_of(*values: str) -> Choice:
    return Choice(any_of=values)


def anywhere(pick: random.Random) -> Place:
    """A place in the order of lists."""
    return NOW - YEARS * pick.random(), UUID(int=pick.getrandbits(128))


def lists(pick: random.Random) -> dict[str, Statement]:
    """One of each list, with values as callers pick them."""
    deep = anywhere(pick)
    near = pick.randrange(3)
    narrowed = {
        "site, common": {"site": any_of(name_of("site", near))},
        "site, rare": {"site": any_of(name_of("site", 1_000 + pick.randrange(900)))},
        "language": {"lang": any_of("fr")},
        "languages": {"lang": any_of("fr", "de")},
        "tag, common": {"tag": any_of(name_of("tag", near))},
        "tag, mid": {"tag": any_of(name_of("tag", 100 + pick.randrange(50)))},
        "tag, rare": {"tag": any_of(name_of("tag", 4_000 + pick.randrange(900)))},
        "author": {"author": any_of(name_of("author", 50 + pick.randrange(200)))},
        "keyword": {"keyword": any_of(name_of("keyword", 50 + pick.randrange(200)))},
        "section": {"section": any_of(name_of("section", pick.randrange(8)))},
        "page kind": {"page_kind": any_of("gallery")},
        "has video": {"has": any_of("video")},
        "tag and language": {"tag": any_of(name_of("tag", near)), "lang": any_of("de")},
        "site and section": {
            "site": any_of(name_of("site", near)), "section": any_of(name_of("section", near))
        },
        "rare site and section": {
            "site": any_of(name_of("site", 1_000 + pick.randrange(900))),
            "section": any_of(name_of("section", near)),
        },
        "tag and author": {"tag": any_of(name_of("tag", near)), "author": any_of(
            name_of("author", 5 + pick.randrange(20)))},
        "but a site": {"site": Choice(none_of=(name_of("site", near),))},
        "but a tag": {"tag": Choice(none_of=(name_of("tag", near),))},
        "published before": {"published": Span(before=deep[0])},
        "free, long": {"is_free": True, "word_count_min": 600},
        "collapsed": {"is_collapsed": True},
    }  # fmt: skip
    made = {name: listed(Filters(**chosen)) for name, chosen in narrowed.items()}
    return {
        "newest": listed(Filters()),
        "any depth": listed(Filters(), deep),
        "by creation": listed(Filters(), None, "-created_at"),
        "by update, any depth": listed(Filters(), deep, "-updated_at"),
        "rare tag by update": listed(
            Filters(tag=any_of(name_of("tag", 4_000 + pick.randrange(900)))), None, "-updated_at"
        ),
        "author by update": listed(
            Filters(author=any_of(name_of("author", 5 + pick.randrange(20)))), None, "-updated_at"
        ),
        "tag and author by creation": listed(
            Filters(
                tag=narrowed["tag, common"]["tag"], author=narrowed["tag and author"]["author"]
            ),
            None,
            "-created_at",
        ),
        "tag, any depth": listed(Filters(tag=any_of(name_of("tag", near))), deep),
        **made,
    }


def searches(words: dict[str, list[str]], pick: random.Random) -> dict[str, Statement]:
    """One of each class of search."""
    chosen = {name: pick.choice(some) for name, some in words.items()}
    both = f"{chosen['mid']} {chosen['common']}"
    return {
        **{name: found(word) for name, word in chosen.items()},
        "both of two": found(both),
        "either of two": found(both.replace(" ", " or ")),
        "phrase": found(f'"{chosen["very common"]} {chosen["common"]}"'),
        "with a site": found(chosen["mid"], site=any_of(name_of("site", pick.randrange(9)))),
        "with a language": found(chosen["mid"], lang=any_of("en")),
        "with a tag": found(chosen["common"], tag=any_of(name_of("tag", pick.randrange(9)))),
    }


def holding(word: str, rest: str) -> Statement:
    """Of the articles that the index finds by ``word``, ``rest``: a query without the walk."""
    values = Values()
    words = index_query(Filters(query=query_of(word)), values)
    sql = f"{words} {rest.format(search.FOUND['all'])}"
    return Statement(sql, values.all)


def naive(word: str) -> Statement:
    """The newest that hold ``word``, as a planner finds them that is left alone."""
    return holding(
        word,
        """select a.id, a.sort_at as at, a.card
        from article a join article_search s using (id)
        where a.deleted_at is null and {} order by a.sort_at desc, a.id desc limit 21""",
    )


async def classes(connection: asyncpg.Connection) -> dict[str, list[str]]:
    """Words of the data by class, as they are in this data set."""
    total = await connection.fetchval("select count(*) from article_search")
    english = languages(1)[0].words
    found: dict[str, list[str]] = {"absent": ["xyzzyplughon", "qwertzuiopan"]}
    for rank in sorted({int(6 * 1.14**n) for n in range(60)}):
        if rank >= len(english) or len(english[rank]) < 4:
            continue
        share = await held(connection, english[rank]) / total
        for name, (low, high) in CLASSES.items():
            if low <= share < high:
                found.setdefault(name, []).append(english[rank])
    return found


async def held(connection: asyncpg.Connection, word: str) -> int:
    """How many articles hold ``word``; by a bitmap that is exact, since a coarse one is checked
    row by row."""
    counted = holding(word, "select count(*) from article_search s where {}")
    async with connection.transaction():
        await connection.execute("set local work_mem = '64MB'")
        found: int = await connection.fetchval(counted.sql, *counted.values)
    return found


async def place(connection: asyncpg.Connection, offset: int) -> Place:
    """The place after ``offset`` rows of the newest; to begin deep pages at."""
    row = await connection.fetchrow(
        "select sort_at, id from article where deleted_at is null"
        " order by sort_at desc, id desc offset $1 limit 1", offset,
    )  # fmt: skip
    at: datetime = row["sort_at"]
    return at, row["id"]


def synced(offset: int = 0) -> Statement:
    """A page of changes, with cards."""
    return Statement(changes.SINCE_CARDS.sql, ("0", offset, LIMIT))
