"""A phone that holds every article: first sync, a week away, broken connections, few bytes."""

from __future__ import annotations

import asyncio
import random
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.seeds import revise, seed

COUNT = 5_000
GZIP = {"Accept-Encoding": "gzip"}


class Phone:
    """What a phone holds: articles by id, and its cursor once a whole page has arrived.

    ``drops`` is the chance that the connection breaks in the middle of a page.
    """

    def __init__(self, server: httpx.AsyncClient, include: str, drops: float = 0.0) -> None:
        self.server, self.include, self.drops = server, include, drops
        self.held: dict[str, tuple[int, str | None]] = {}
        self.cursor: str | None = None
        self.bytes_received = self.lost = 0
        self.pick = random.Random(3)

    async def sync(self) -> None:
        """All that the server had when its last page was cut is here."""
        while await self._next_page():
            pass

    async def _next_page(self) -> bool:
        """Whether there is more. A page that breaks off is asked for again, by the same cursor."""
        asked = {"limit": 200, "include": self.include}
        asked |= {"cursor": self.cursor} if self.cursor else {}
        request = self.server.build_request("GET", "/v1/changes", params=asked, headers=GZIP)
        answer = await self.server.send(request, stream=True)
        assert answer.status_code == 200
        if self.pick.random() < self.drops:
            await answer.aclose()
            self.lost += 1
            return True
        page = await answer.aread() and answer.json()
        self.bytes_received += answer.num_bytes_downloaded
        for change in page["changes"]:
            self._apply(change)
        self.cursor = page["cursor"]
        return bool(page["has_more"] or page["changes"])

    def _apply(self, change: dict[str, Any]) -> None:
        if change["op"] == "delete":
            self.held.pop(change["article_id"], None)
            return
        headline = change["article"]["headline"] if change.get("article") else None
        self.held[change["article_id"]] = (change["revision"], headline)


async def on_server(database: asyncpg.Connection) -> dict[str, tuple[int, str | None]]:
    """What a phone should hold."""
    rows = await database.fetch(
        "select id, revision, headline from article where deleted_at is null"
    )
    return {str(row["id"]): (row["revision"], row["headline"]) for row in rows}


@pytest.fixture(scope="module")
async def seeded(settings: Any) -> list[UUID]:
    """The ids of the first articles."""
    database = await asyncpg.connect(settings.database_url)
    try:
        return await seed(database, range(COUNT))
    finally:
        await database.close()


async def a_week(
    admin: httpx.AsyncClient, database: asyncpg.Connection, ids: list[UUID], first: int
) -> None:
    """Edits, tags, deletions and new articles, some of one article after another."""
    pick = random.Random(first)
    chosen = pick.sample(range(len(ids)), 200)
    for number in chosen[:100]:
        await revise(database, ids[number], number, 2)
    for number in chosen[:20]:
        await revise(database, ids[number], number, 3)
    for number in chosen[80:120]:
        answer = await admin.patch(f"/v1/articles/{ids[number]}", json={"tags": ["kept"]})
        assert answer.status_code == 200, answer.text
    for number in chosen[90:150]:
        assert (await admin.delete(f"/v1/articles/{ids[number]}")).status_code == 204
    await seed(database, range(first, first + 300))


async def test_a_phone_holds_what_the_server_holds(
    admin: httpx.AsyncClient, database: asyncpg.Connection, seeded: list[UUID]
) -> None:
    """Through a changing first sync, a week offline and broken connections; in few bytes."""
    phone = Phone(admin, "card", drops=0.2)
    for _ in range(5):
        await phone._next_page()
    fresh = await seed(database, range(10_000, 10_010))  # while the first sync is under way
    await revise(database, seeded[0], 0, 4)
    await phone.sync()
    first_bytes, first_held = phone.bytes_received, dict(phone.held)
    assert first_held == await on_server(database)
    assert str(fresh[0]) in first_held

    await a_week(admin, database, seeded, 20_000)
    await phone.sync()

    week_bytes = phone.bytes_received - first_bytes
    assert phone.held == await on_server(database)
    assert phone.lost >= 3
    assert first_bytes / COUNT < 450, first_bytes / COUNT
    assert week_bytes < first_bytes / 5


async def test_ids_alone_cost_far_less(
    admin: httpx.AsyncClient, database: asyncpg.Connection, seeded: list[UUID]
) -> None:
    """A phone that only asks what there is gets it for a fraction of the bytes of cards."""
    cards, ids = Phone(admin, "card"), Phone(admin, "ids")

    await asyncio.gather(cards.sync(), ids.sync())

    assert set(ids.held) == set(cards.held) == set(await on_server(database))
    assert ids.bytes_received < cards.bytes_received / 5
    assert ids.bytes_received / len(ids.held) < 60


async def test_what_is_unchanged_has_no_body(
    admin: httpx.AsyncClient, database: asyncpg.Connection, seeded: list[UUID]
) -> None:
    """A document, a list and a feed asked for again with their ETags are 304 without a body."""
    held = await on_server(database)
    alive = [id for id in seeded if str(id) in held][:5]
    paths = [f"/v1/articles/{id}" for id in alive]
    paths += ["/v1/articles?lang=fr", "/v1/articles?format=atom&limit=5"]
    etags = {path: (await admin.get(path, headers=GZIP)).headers["etag"] for path in paths}

    again = [
        await admin.get(path, headers=GZIP | {"If-None-Match": etag})
        for path, etag in etags.items()
    ]
    number = seeded.index(alive[0])
    await revise(database, alive[0], number, 7)
    changed = await admin.get(paths[0], headers=GZIP | {"If-None-Match": etags[paths[0]]})

    assert [(one.status_code, one.num_bytes_downloaded) for one in again] == [(304, 0)] * len(paths)
    assert (changed.status_code, changed.json()["revision"]) == (200, 7)
