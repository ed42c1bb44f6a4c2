"""Masks of sets: lists by several sets are what the rows say, whoever wrote them and whatever was
edited."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from msgspec import Struct

from service.db import facets, listing, search, stores, walks
from service.db.filters import Choice, Filters
from service.db.stores import Stored
from service.db.walks import Sort
from service.runtime import Runtime
from service.settings import Settings
from service.terms import Searchable

COUNT = 400
KINDS = {"author": 12, "tag": 4, "section": 3, "lang": 3}
"""Facets of each kind; the first are the most frequent."""
SITES = 6
NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = Searchable(config="bs_simple", headline="a", lead="", captions="", body="")
BEFORE = """
    WITH unlisted AS (
      DELETE FROM article_facet
      WHERE article_id = $1 AND NOT (facet_id = any($2::integer[]) AND sort_at = $3)
    ), moved AS (
      UPDATE article SET site_id = $4, sort_at = $3 WHERE id = $1)
    INSERT INTO article_facet (facet_id, sort_at, article_id)
    SELECT facet_id, $3, $1 FROM unnest($2::integer[]) facet_id ON CONFLICT DO NOTHING
"""
"""As processes of the version before 0084 write, which knew neither masks nor rows of sites."""
WRONG = """
    SELECT count(*) FROM article_facet f JOIN article a ON a.id = f.article_id
    WHERE mask <> (SELECT bit_or(set_mask(facet_id)) FROM article_facet WHERE article_id = a.id)
      OR f.sort_at <> a.sort_at OR facet_id < 0 AND facet_id <> -a.site_id
      OR f.created_at <> a.created_at OR f.updated_at <> a.updated_at
"""


class Known(Struct):
    """What is true of an article."""

    at: datetime
    site: int | None
    named: dict[str, set[int]]


def skewed(pick: random.Random, count: int) -> int:
    return min(int(pick.expovariate(3 / count)), count - 1)


def drawn(pick: random.Random) -> Known:
    """An article of some author, section, tags and language, or of none."""
    named = {kind: {skewed(pick, n) for _ in range(pick.randrange(3))} for kind, n in KINDS.items()}
    site = None if pick.random() < 0.1 else skewed(pick, SITES)
    return Known(NOW - timedelta(minutes=pick.randrange(2 * COUNT)), site, named)


class Writer:
    """Writes articles as this version does, and as the one before did."""

    def __init__(self, runtime: Runtime, sites: list[int]) -> None:
        self.runtime, self.sites = runtime, sites

    async def write(self, id: UUID, known: Known, *, is_before: bool = False) -> None:
        named = [(k, f"{k} {n}", f"{k} {n}") for k, ns in known.named.items() for n in ns]
        site_id = None if known.site is None else self.sites[known.site]
        async with self.runtime.db.transaction() as transaction:
            numbers = await facets.numbers(transaction, named)
            if is_before:
                sql = stores.Command(BEFORE)
                await transaction.run(sql, id, numbers, known.at, site_id)
            else:
                await stores.store(transaction, stored(id, known.at, site_id, numbers))
            await search.index(
                transaction, id, known.at, site_id=site_id, facet_ids=numbers, texts=TEXTS
            )


def stored(id: UUID, at: datetime, site_id: int | None, numbers: list[int]) -> Stored:
    return Stored(
        id=id, url=None, canonical_url=None, site_id=site_id, page_kind="article", language=None,
        headline="a", section=None, published_at=at, modified_at=None, sort_at=at, word_count=9,
        has=[], is_free=None, paywall="unknown", tags=[], metadata="{}", feed_ids=[], revision=1,
        content_hash=bytes(32), text_hash=bytes(32), snapshot_id=None, extractor_version="1",
        origin_etag=None, origin_modified=None, card=b"{}", fetched_at=at, etag="a", body=b"a",
        ingestion_id=None, facet_ids=numbers, keys=[str(id)], reason="created", cluster_id=id,
        bands=[], signature=None,
    )  # fmt: skip


@pytest.fixture(scope="module")
async def held(runtime: Runtime, settings: Settings) -> dict[UUID, Known]:
    """Articles, two thirds of them written again, by this version or the one before."""
    pick = random.Random(4)
    database = await asyncpg.connect(settings.database_url)
    rows = await database.fetch(
        "insert into site (domain) select 'site' || n || '.example'"
        " from generate_series(0, $1) n returning id", SITES - 1,
    )  # fmt: skip
    await database.close()
    writer = Writer(runtime, [row["id"] for row in rows])
    found = {uuid4(): drawn(pick) for _ in range(COUNT)}
    for number, (id, known) in enumerate(found.items()):
        await writer.write(id, known)
        for is_before in random.Random(number).choices((True, False), k=number % 3):
            again = drawn(pick)
            known.named, known.site = again.named, again.site
            if number % 5 == 0:
                known.at = again.at
            await writer.write(id, known, is_before=is_before)
    return found


def choice(pick: random.Random, name: str, count: int) -> Choice:
    """One value, several, or all but one; of a few that nobody has."""
    values = [f"site{skewed(pick, count)}.example" if name == "site" else
              f"{name} {skewed(pick, count + 1)}" for _ in range(3)]  # fmt: skip
    kind = pick.randrange(6)
    if kind == 0:
        return Choice(none_of=(values[0],))
    return Choice(any_of=tuple(set(values)) if kind == 1 else (values[0],))


def passes(known: Known, name: str, chosen: Choice) -> bool:
    """Whether the article is in one of the sets, and in none of the others."""
    if name == "site":
        own = {f"site{known.site}.example"}
    else:
        own = {f"{name} {n}" for n in known.named[name]}
    return (not chosen.any_of or bool(own & {*chosen.any_of})) and not own & {*chosen.none_of}


@pytest.fixture(params=[12, walks.WALK])
def walk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Rows that are walked: so few that the other ways follow, or all."""
    size: int = request.param
    monkeypatch.setattr(walks, "PROBE", size // 3)
    monkeypatch.setattr(listing, "WALKED", {"walked": size, "rarest": 3 * size})
    return size


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("sort", walks.COLUMNS)
async def test_lists_of_several_sets_are_what_rows_say(
    runtime: Runtime,
    database: asyncpg.Connection,
    held: dict[UUID, Known],
    walk: int,
    sort: Sort,
    seed: int,
) -> None:
    """Two pages of one to three sets in each sort, whichever way leads to them."""
    pick = random.Random(seed)
    at = {row["id"]: row["at"] for row in await database.fetch(
        f"select id, {walks.COLUMNS[sort]} as at from article")}  # fmt: skip
    names = pick.sample([*KINDS, "site"], pick.choice((1, 2, 2, 3)))
    chosen = {name: choice(pick, name, (KINDS | {"site": SITES})[name]) for name in names}
    filters: Any = Filters(**chosen)
    right = sorted(
        ((at[id], id) for id, known in held.items()
         if all(passes(known, name, one) for name, one in chosen.items())), reverse=True,
    )  # fmt: skip

    first = await listing.listed(runtime.db, filters, sort, None, 8)
    last = (first[-1].at, first[-1].id) if first else None
    second = await listing.listed(runtime.db, filters, sort, last, 8) if last else []

    assert [(row.at, row.id) for row in (*first, *second)] == right[:16]


async def test_masks_and_rows_of_sites_are_true_whoever_wrote(
    database: asyncpg.Connection, held: dict[UUID, Known]
) -> None:
    """Each row's mask is that of all sets of its article; each article is listed by its site."""
    assert await database.fetchval(WRONG) == 0
    sites = await database.fetchval("select count(*) from article_facet where facet_id <= 0")
    assert sites == len(held)


async def test_a_tag_that_comes_later_is_in_every_mask(
    runtime: Runtime, database: asyncpg.Connection, held: dict[UUID, Known]
) -> None:
    """An annotation changes the masks of rows that it does not write."""
    id = next(id for id, known in held.items() if known.named["author"])
    async with runtime.db.transaction() as transaction:
        number = await facets.numbers(transaction, [("tag", "late", "late")])
        kept = (
            "select array_agg(facet_id) from article_facet where article_id = $1 and facet_id > 0"
        )
        numbers = await database.fetchval(kept, id) + number
        await transaction.only(stores.ANNOTATE, id, ["late"], "{}", b"{}", "b", b"b", numbers, 1)
    author = f"author {min(held[id].named['author'])}"
    filters = Filters(author=Choice(any_of=(author,)), tag=Choice(any_of=("late",)))

    found = await listing.listed(runtime.db, filters, "-published_at", None, 8)

    assert [row.id for row in found] == [id]
    assert await database.fetchval(WRONG) == 0


async def test_this_version_writes_masks_itself(
    runtime: Runtime, database: asyncpg.Connection, held: dict[UUID, Known]
) -> None:
    """The trigger, which is for the version before, has only the row of the site to add."""
    writer = Writer(runtime, [await database.fetchval("select id from site limit 1")])
    id, known = uuid4(), Known(NOW, 0, {"author": {1, 2}, "tag": {1}})

    await database.execute("alter table article_search disable trigger article_search_listed")
    await writer.write(id, known)
    await database.execute("alter table article_search enable trigger article_search_listed")

    masks = await database.fetch(
        "select distinct mask from article_facet where article_id = $1", id
    )
    sets = (
        "select bit_or(set_mask(n)) from unnest((select facets from article_search where id = $1)"
    )
    right = await database.fetchval(f"{sets} || -$2::integer) n", id, writer.sites[0])
    assert [row["mask"] for row in masks] == [right]
