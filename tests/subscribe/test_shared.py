"""Feeds that have the same article: each of them lists it, and its followers are told."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from service.db import delivery_log, endpoints, feeds, listing, search, totals, walks
from service.db.feeds import FeedRow
from service.db.filters import Choice, Filters
from service.db.ingestions import Ingestion
from service.ingest import Submission, annotate, delete
from service.runtime import Runtime
from tests.subscribe.test_poll import a_feed, ended, item, polled, rss, sent
from tests.web import Reply, Web
from tests.working import a_client, page, submitted, working
from tests.working import ended as all_ended

MASKS = """
    select count(*) from article_facet f where mask <> (
      select bit_or(set_mask(facet_id)) from article_facet where article_id = f.article_id)
"""


async def brought(
    runtime: Runtime, origin: Web, client_id: UUID, feed: str, *names: str
) -> tuple[FeedRow, dict[str, Ingestion]]:
    """A new feed of the pages ``names``, and what became of them once it is polled."""
    items = [item(origin, name) for name in names]
    made = await a_feed(runtime, client_id, origin.reply(f"/{feed}", sent(rss(origin, *items))))
    known = len(await ended(runtime, client_id, 0))
    async with working(runtime):
        await polled(runtime, made)
        done = await ended(runtime, client_id, known + len(names))
    return made, {str(one.requested_url).rpartition("/")[2]: one for one in done}


def of(*shown: FeedRow, lang: str | None = None) -> Filters:
    ids = tuple(str(feed.id) for feed in shown)
    return Filters(feed_id=Choice(any_of=ids), lang=Choice(any_of=(lang,)) if lang else Choice())


async def listed(runtime: Runtime, filters: Filters) -> list[UUID]:
    """The ids of a list, which are those of each sort and of the count."""
    sorts = [
        [row.id for row in await listing.listed(runtime.db, filters, sort, None, 50)]
        for sort in walks.COLUMNS
    ]
    assert len(sorts[0]) == await totals.count(runtime.db, filters)
    assert all(sorted(ids) == sorted(sorts[0]) for ids in sorts)
    return sorted(sorts[0])


async def test_a_feed_lists_what_another_had_first(
    runtime: Runtime, database: asyncpg.Connection, origin: Web
) -> None:
    """The same page, the same text at another address, and a page that is gone by now."""
    client_id = await a_client(runtime)
    for name in ("one", "two", "three", "four"):
        origin.page(f"/{name}", page(name, note=name))
    origin.page("/two-again", page("two", note="two"))
    first, had = await brought(runtime, origin, client_id, "first", "one", "two", "three")
    origin.reply("/three", Reply(404))

    second, has = await brought(
        runtime, origin, await a_client(runtime), "second", "one", "two-again", "three", "four"
    )

    ids = sorted(one.article_id for one in had.values() if one.article_id)
    assert {name: one.outcome for name, one in has.items()} == {
        "one": "unchanged", "two-again": "duplicate", "three": "kept_previous", "four": "created",
    }  # fmt: skip
    assert await listed(runtime, of(first)) == ids
    everything = sorted([*ids, has["four"].article_id])  # type: ignore[type-var]
    assert await listed(runtime, of(second)) == everything
    assert await listed(runtime, of(first, second)) == everything
    assert await listed(runtime, of(second, lang="en")) == everything
    assert await listed(runtime, of(second, lang="fr")) == []
    asked = Filters(query="four", feed_id=Choice(any_of=(str(second.id),)))
    found = await search.search(runtime.db, asked, None, 50)
    assert [row.id for row in found] == [has["four"].article_id]
    assert await database.fetchval(MASKS) == 0


@pytest.fixture
async def shared(runtime: Runtime, origin: Web) -> tuple[FeedRow, FeedRow, UUID]:
    """Two feeds that have one article, whose page is ``/shared``."""
    origin.page("/shared", page("Shared", note=origin.url))
    client_id = await a_client(runtime)
    first, had = await brought(runtime, origin, client_id, "first", "shared")
    second, _ = await brought(runtime, origin, await a_client(runtime), "second", "shared")
    id = had["shared"].article_id
    assert id
    return first, second, id


async def test_both_feeds_keep_it(
    runtime: Runtime,
    database: asyncpg.Connection,
    origin: Web,
    shared: tuple[FeedRow, FeedRow, UUID],
) -> None:
    """Through tags, a revision that no feed brought, and the end of a feed; not its own end."""
    first, second, id = shared

    async def lists() -> list[list[UUID]]:
        return [await listed(runtime, of(feed)) for feed in (first, second)]

    await annotate(runtime, id, tags=["kept"])
    assert await lists() == [[id], [id]]

    html = page("Shared", note=f"{origin.url} once more").encode()
    again = Submission(kind="html", url=f"{origin.url}/shared", content=html)
    async with working(runtime):
        [done] = await all_ended(runtime, *await submitted(runtime, await a_client(runtime), again))
    assert done.outcome == "updated"
    assert await lists() == [[id], [id]]
    assert await database.fetchval(MASKS) == 0

    await feeds.delete(runtime.db, second.client_id, second.id)
    assert await lists() == [[id], [id]]

    await delete(runtime, id)
    assert await lists() == [[], []]


async def test_who_follows_a_feed_is_told_once(runtime: Runtime, origin: Web) -> None:
    """An article is created for each endpoint when the first of its feeds has it."""
    origin.page("/told", page("Told", note=origin.url))
    client_id = await a_client(runtime)
    first, _ = await brought(runtime, origin, client_id, "first")
    second, _ = await brought(runtime, origin, client_id, "second")
    followers = {}
    for followed in ((first,), (second,), (first, second), ()):
        ids = [str(feed.id) for feed in followed]
        made = await endpoints.create(
            runtime.db, client_id, url=f"{origin.url}/hook", description=None, payload="thin",
            event_types=["article.created", "article.deleted"],
            secret=runtime.seal.close("whsec_a"),
            filter=f'{{"feed_ids": {ids}}}'.replace("'", '"') if ids else None,
        )  # fmt: skip
        followers[followed] = made.id

    async def told() -> list[list[str]]:
        logs = [
            await delivery_log.list_deliveries(
                runtime.db, client_id, endpoint_id, before=None, state=None, limit=100
            )
            for endpoint_id in followers.values()
        ]
        return [[one.event_type for one in reversed(log)] for log in logs]

    created, deleted = ["article.created"], ["article.created", "article.deleted"]
    async with working(runtime):
        origin.reply("/first", sent(rss(origin, item(origin, "told"))))
        await polled(runtime, first)
        [one] = await ended(runtime, client_id, 1)
        assert await told() == [created, [], created, created]
        origin.reply("/second", sent(rss(origin, item(origin, "told"))))
        await polled(runtime, second)
        await ended(runtime, client_id, 2)
        assert await told() == [created] * 4
        assert one.article_id
        await delete(runtime, one.article_id)
        assert await told() == [deleted] * 4
