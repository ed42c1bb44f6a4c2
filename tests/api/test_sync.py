"""Sync under writers that commit late, roll back and delete, and readers that stop anywhere."""

from __future__ import annotations

import random
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from service.settings import Settings
from tests.seeds import revise, seed

COUNT = 60
STEPS = 120
DELETE = """
    with gone as (update article set deleted_at = now() where id = $1 and deleted_at is null
      returning id)
    insert into change (op, article_id, reason) select 'delete', id, 'deleted' from gone
"""


class Writer:
    """A connection with, at most, one transaction open; each article is one writer's alone."""

    def __init__(self, connection: asyncpg.Connection, own: dict[UUID, int]) -> None:
        self.connection, self.own = connection, own
        self.revision = 1
        self.open: asyncpg.transaction.Transaction | None = None

    async def step(self, pick: random.Random) -> None:
        """Begins, writes, or ends what is open, one way or the other."""
        if self.open is None:
            self.open = self.connection.transaction()
            await self.open.start()
        elif pick.random() < 0.25:
            await self.end(is_kept=pick.random() < 0.7)
            return
        id = pick.choice(list(self.own))
        if pick.random() < 0.15:
            await self.connection.execute(DELETE, id)
        elif await self.connection.fetchval(
            "select deleted_at is null from article where id = $1", id
        ):
            self.revision += 1
            await revise(self.connection, id, self.own[id], self.revision)

    async def end(self, *, is_kept: bool) -> None:
        if self.open is not None:
            await (self.open.commit() if is_kept else self.open.rollback())
            self.open = None


class Reader:
    """A client that keeps its cursor only when it has read a whole page."""

    def __init__(self, server: httpx.AsyncClient, pick: random.Random) -> None:
        self.server, self.pick = server, pick
        self.cursor: str | None = None
        self.held: dict[str, int] = {}

    async def page(self) -> bool:
        """Whether there was anything; one page in five breaks off half way."""
        asked = {"limit": self.pick.randrange(1, 30), "include": "ids"}
        asked |= {"cursor": self.cursor} if self.cursor else {}
        answer = await self.server.get("/v1/changes", params=asked)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        named = [change["article_id"] for change in page["changes"]]
        assert len(named) == len(set(named)), "an article comes once on a page"
        is_broken = self.pick.random() < 0.2
        for change in page["changes"][: len(named) // 2 if is_broken else None]:
            if change["op"] == "delete":
                self.held.pop(change["article_id"], None)
            else:
                self.held[change["article_id"]] = change["revision"]
        if not is_broken:
            self.cursor = page["cursor"]
        return is_broken or bool(named) or page["has_more"]


@pytest.mark.parametrize("number", range(4))
async def test_a_reader_ends_where_the_server_is(
    admin: httpx.AsyncClient, settings: Settings, database: asyncpg.Connection, number: int
) -> None:
    """Whatever the order of beginnings, writes, commits and rollbacks, and wherever it stopped."""
    pick = random.Random(number)
    ids = await seed(database, range(number * 1_000, number * 1_000 + COUNT))
    readers = [Reader(admin, pick) for _ in range(3)]
    async with AsyncExitStack() as opened:
        writers = []
        for turn in range(4):
            connection = await asyncpg.connect(settings.database_url)
            opened.push_async_callback(connection.close)
            own = {id: number * 1_000 + n for n, id in enumerate(ids) if n % 4 == turn}
            writers.append(Writer(connection, own))
        for _ in range(STEPS):
            await pick.choice(writers).step(pick)
            if pick.random() < 0.3:
                await pick.choice(readers).page()
        for writer in writers:
            await writer.end(is_kept=pick.random() < 0.5)

    for reader in readers:
        while await reader.page():
            pass

    rows = await database.fetch("select id, revision from article where deleted_at is null")
    server = {str(row["id"]): row["revision"] for row in rows}
    assert [reader.held for reader in readers] == [server] * 3
