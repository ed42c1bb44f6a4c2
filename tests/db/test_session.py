"""Connections between statements: some stay in hand, and nobody waits for those."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from msgspec import Struct

from service.db.durability import weaknesses
from service.db.session import IN_HAND_MAX, Command, Db, Query, is_open, open_db
from service.errors import DatabaseUnavailable
from service.settings import Settings
from tests.working import eventually


class Backend(Struct, frozen=True):
    """The server's process of a connection."""

    pid: int


PID = Query(Backend, "select pg_backend_pid() as pid")
SLEEP = Query(Backend, "select pg_backend_pid() as pid from pg_sleep($1)")
KILL = Query(Backend, "select 1 as pid from pg_terminate_backend($1)")

MAKE = Command("insert into client (name) values ('half made')")
MADE = Query(Backend, "select count(*)::int as pid from client where name = 'half made'")


async def pids(db: Db, together: int) -> set[int]:
    """The backends that serve so many statements at once."""
    rows = await asyncio.gather(*(db.only(SLEEP, 0.05) for _ in range(together)))
    return {row.pid for row in rows}


async def test_one_caller_keeps_one_connection(settings: Settings) -> None:
    """Statement after statement."""
    async with open_db(settings.database_url, pool_max=5, timeout_s=60) as db:
        first = await db.only(PID)

        others = [await db.only(PID) for _ in range(5)]

        assert others == [first] * 5
        assert (db.connections_open, db.connections_idle) == (1, 1)


async def test_nobody_waits_for_a_connection_in_hand(settings: Settings) -> None:
    """A small pool serves many at once, statements and transactions, and all are idle then."""
    async with open_db(settings.database_url, pool_max=2, timeout_s=60) as db:

        async def transact() -> int:
            async with db.transaction() as transaction:
                return (await transaction.only(SLEEP, 0.01)).pid

        await asyncio.gather(*(transact() for _ in range(20)), pids(db, 10))

        assert db.connections_open == db.connections_idle == 2


async def test_only_a_few_stay_in_hand(settings: Settings) -> None:
    """The rest is the pool's, which closes what is idle for long."""
    async with open_db(settings.database_url, pool_max=8, timeout_s=60) as db:
        assert len(await pids(db, 8)) == 8

        assert len(db._pool._in_hand) == IN_HAND_MAX
        assert db.connections_idle == 8


async def test_a_connection_that_was_lost_is_replaced(settings: Settings) -> None:
    """Whoever comes after notices nothing, once the loss is known here."""
    async with (
        open_db(settings.database_url, pool_max=3, timeout_s=60) as db,
        open_db(settings.database_url, pool_max=1, timeout_s=60) as other,
    ):
        lost = (await db.only(PID)).pid
        await other.only(KILL, lost)
        async with asyncio.timeout(60):
            while is_open(db._pool._in_hand[0]):
                await asyncio.sleep(0.01)

        assert (await db.only(PID)).pid != lost


async def test_what_failed_is_not_kept(settings: Settings) -> None:
    """A statement that was cancelled leaves its connection to the pool, which puts it right."""
    async with open_db(settings.database_url, pool_max=1, timeout_s=0.2) as db:
        with pytest.raises(DatabaseUnavailable):
            await db.only(SLEEP, 5.0)

        assert not db._pool._in_hand
        await eventually(lambda: answers(db), "another statement is answered")


async def answers(db: Db) -> bool:
    """Whether a statement ends within the time that the database is given."""
    with suppress(DatabaseUnavailable):
        return bool((await db.only(PID)).pid)
    return False


@pytest.mark.parametrize(
    "state",
    ["53100", "53200", "53300", "57P01", "57014", "25006", "57P03"],
    ids=["disk full", "out of memory", "connections", "shutdown", "cancelled", "standby", "start"],
)
async def test_an_exhausted_server_is_an_outage_and_keeps_no_part(
    settings: Settings, state: str
) -> None:
    """What was written before it is gone with its transaction, and the next one goes well."""
    fail = Command(f"do $$ begin raise sqlstate '{state}'; end $$")
    async with open_db(settings.database_url, pool_max=5, timeout_s=60) as db:
        with pytest.raises(DatabaseUnavailable):
            async with db.transaction() as transaction:
                await transaction.run(MAKE)
                await transaction.run(fail)

        assert (await db.only(MADE)).pid == 0


async def test_a_server_that_may_lose_commits_is_told(settings: Settings) -> None:
    """By the settings that make it so; a worker logs them when it starts."""
    url = settings.database_url
    weak = f"{url}{'&' if '?' in url else '?'}synchronous_commit=off"
    async with (
        open_db(url, pool_max=1, timeout_s=60) as sound,
        open_db(weak, pool_max=1, timeout_s=60) as db,
    ):
        assert await weaknesses(sound) == []
        assert await weaknesses(db) == ["synchronous_commit=off"]


class Limits(Struct, frozen=True):
    jit: str
    statement: str
    idle: str


async def test_each_connection_has_the_limits_of_the_process(settings: Settings) -> None:
    """Also those that take another's place: the server itself ends what takes too long."""
    shown = Query(Limits, """
        select current_setting('jit') as jit, current_setting('statement_timeout') as statement,
          current_setting('idle_in_transaction_session_timeout') as idle
    """)  # fmt: skip
    async with open_db(settings.database_url, pool_max=3, timeout_s=7) as db:
        found = await asyncio.gather(*(db.only(shown) for _ in range(3)))
    assert set(found) == {Limits("off", "7s", "7s")}
