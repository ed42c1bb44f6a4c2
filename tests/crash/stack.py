"""A whole installation that may be hurt: own Postgres and Valkey, real worker processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg

from service.db.migrate import migrate
from service.embedded import Servers
from service.runtime import Runtime, open_runtime
from service.settings import Settings

QUICK = {
    "BROADSHEET_LEASE_S": "3",
    "BROADSHEET_HEARTBEAT_S": "0.5",
    "BROADSHEET_SWEEP_S": "0.3",
    "BROADSHEET_DRAIN_S": "4",
    "BROADSHEET_PARSERS": "1",
    "BROADSHEET_FETCH_ALLOW": "127.0.0.1",
    "BROADSHEET_FETCH_PER_HOST_MAX": "16",
    "BROADSHEET_SECRET": "a secret of the tests, 32 bytes.",
    "BROADSHEET_ATTEMPTS_MAX": "20",
}
"""Leases short enough for a test; attempts enough for many kills."""

ENDED = "select count(*) from ingestion where finished_at is null"


class Stack:
    """Servers, workers and a runtime to submit with; see the methods for what may happen."""

    def __init__(self, folder: Path) -> None:
        self.postgres = Servers(folder / "p", ("postgres",))
        self.valkey = Servers(folder / "v", ("valkey",))
        self.workers: list[Process] = []
        folder.mkdir(parents=True, exist_ok=True)
        self.log = (folder / "workers.log").open("ab")

    async def start(self) -> None:
        """Both servers answer and the schema is there."""
        await asyncio.gather(
            asyncio.to_thread(self.postgres.start), asyncio.to_thread(self.valkey.start)
        )
        self.environ = QUICK | {
            "DATABASE_URL": self.postgres.database_url,
            "REDIS_URL": self.valkey.redis_url,
        }
        await migrate(self.postgres.database_url)

    async def stop(self) -> None:
        """Nothing is left running."""
        for worker in list(self.workers):
            await self.kill(worker)
        await asyncio.gather(
            asyncio.to_thread(self.postgres.stop), asyncio.to_thread(self.valkey.stop)
        )

    @property
    def settings(self) -> Settings:
        """Settings of a process that submits."""
        return Settings(
            database_url=self.postgres.database_url,
            redis_url=self.valkey.redis_url,
            parsers=1,
            attempts_max=20,
            database_pool_max=4,
            secret=QUICK["BROADSHEET_SECRET"],
        )

    async def worker(self) -> Process:
        """A new worker process."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "service", "worker",
            env=os.environ | self.environ,
            stderr=self.log,
        )  # fmt: skip
        self.workers.append(process)
        return process

    async def kill(self, worker: Process) -> None:
        """The worker is gone, without a chance to tidy up."""
        self.workers.remove(worker)
        if worker.returncode is None:
            worker.send_signal(signal.SIGKILL)
        await worker.wait()


@asynccontextmanager
async def standing(folder: Path) -> AsyncIterator[tuple[Stack, Runtime]]:
    """A running Stack, and a runtime on it."""
    stack = Stack(folder)
    async with AsyncExitStack() as opened:
        await stack.start()
        opened.push_async_callback(stack.stop)
        yield stack, await opened.enter_async_context(open_runtime(stack.settings))


async def all_ended(stack: Stack, within_s: float) -> None:
    """Every ingestion has ended; fails after ``within_s``, and outlives a server that restarts."""
    deadline = asyncio.get_running_loop().time() + within_s
    while (left := await unended(stack)) != 0:
        assert asyncio.get_running_loop().time() < deadline, f"{left} still open"
        await asyncio.sleep(0.1)


async def unended(stack: Stack) -> int:
    """Ingestions that have not ended; -1 while Postgres is gone."""
    try:
        connection = await asyncpg.connect(stack.postgres.database_url, timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return -1
    try:
        return int(await connection.fetchval(ENDED))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return -1
    finally:
        connection.terminate()  # a farewell would wait for a server that may be gone


async def counted(stack: Stack, sql: str) -> int:
    """What ``sql`` counts."""
    connection = await asyncpg.connect(stack.postgres.database_url)
    try:
        return int(await connection.fetchval(sql))
    finally:
        await connection.close()


WRONGS = {
    "articles that share an address": """
        select count(*) from (select url from article where deleted_at is null
          group by url having count(*) > 1) x""",
    "articles created more than once": """
        select count(*) from (select article_id from event where type = 'article.created'
          group by article_id having count(*) > 1) x""",
    "articles without a document, key, revision or change": """
        select count(*) from article a where deleted_at is null and not (
          exists (select from article_doc d where d.id = a.id)
          and exists (select from article_key k where k.article_id = a.id)
          and exists (select from change c where c.article_id = a.id)
          and (select count(*) from revision r where r.article_id = a.id) = a.revision)""",
    "ingestions that ended without telling it once": """
        select count(*) from ingestion i where state in ('succeeded', 'failed')
          and (select count(*) from event e where e.ingestion_id = i.id) <> 1""",
    "ingestions that failed without a reason": """
        select count(*) from ingestion where state = 'failed' and error_code is null""",
    "ingestions of an article that is not there": """
        select count(*) from ingestion i where state = 'succeeded'
          and not exists (select from article a where a.id = i.article_id)""",
    "attempts that ended well more than once": """
        select count(*) from (select ingestion_id from attempt where error_code is null
          group by ingestion_id having count(*) > 1) x""",
}
"""What must never be: each counts its cases."""


async def wrongs(stack: Stack) -> dict[str, int]:
    """What is wrong in the store, and how often; empty when nothing is."""
    connection = await asyncpg.connect(stack.postgres.database_url)
    try:
        counts = {what: await connection.fetchval(sql) for what, sql in WRONGS.items()}
    finally:
        await connection.close()
    return {what: count for what, count in counts.items() if count}
