"""Fixtures of all tests: real Postgres and Valkey, and two web servers on loopback.

The servers are those of ``DATABASE_URL`` and ``REDIS_URL``, or embedded ones that start once for
each process of the run (about 1.5 s). The schema is migrated once, into a template; each test
*module* works on a clone of it (about 50 ms) and on an empty Redis database, so modules never see
each other's rows. A module runs whole in one process (``--dist loadfile``), and processes share
neither a database nor a Redis database, also not on servers that are given.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import hypothesis
import pytest
from msgspec import Struct
from redis.asyncio import Redis

from service.db.migrate import migrate
from service.embedded import Servers
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from tests.web import Web

hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")
"""By default an example that takes 200 ms by the wall clock fails: on a busy machine any may."""


class Outside(Struct, frozen=True):
    """Where the servers of this run are."""

    database_url: str
    redis_url: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that no process is left with a long one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder for this run; its path is short, as those of sockets must be."""
    path = Path(tempfile.mkdtemp(prefix="bs"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def outside(folder: Path) -> Iterator[Outside]:
    """Running servers."""
    given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    wheels = {"DATABASE_URL": "postgres", "REDIS_URL": "valkey"}
    missing = tuple(wheels[name] for name, url in given.items() if not url)
    with Servers(folder / "servers", missing) as servers:
        yield Outside(
            given["DATABASE_URL"] or servers.database_url, given["REDIS_URL"] or servers.redis_url
        )


@pytest.fixture(scope="session")
async def template(outside: Outside) -> AsyncIterator[str]:
    """The name of a migrated database without rows, which is gone after the run."""
    name = f"broadsheet_test_{uuid4().hex[:12]}"
    await run_sql(
        outside.database_url, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"
    )
    await migrate(with_database(outside.database_url, name))
    yield name
    await run_sql(outside.database_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
async def redis_url(outside: Outside) -> str:
    """The address of a Redis database that is empty: nobody's data are flushed.

    Each process of the run looks at numbers of its own, so no two find the same one empty.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    for number in range(15 - process, -1, -processes):
        url = with_number(outside.redis_url, number)
        async with Redis.from_url(url, legacy_responses=False) as redis:
            if await redis.dbsize() == 0:
                return url
    pytest.exit(
        f"REDIS_URL has too few empty databases among 0 to 15 for {processes} processes: "
        "tests flush the one they use"
    )


@pytest.fixture(scope="module")
async def settings(
    outside: Outside, template: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Settings]:
    """Settings of a service with an empty migrated database and an empty Redis."""
    name = f"{template}_{uuid4().hex[:6]}"
    await run_sql(outside.database_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    async with Redis.from_url(redis_url, legacy_responses=False) as redis:
        await redis.flushdb()
    yield Settings(
        database_url=with_database(outside.database_url, name),
        redis_url=redis_url,
        data_dir=str(tmp_path_factory.mktemp("data")),
        secret="a secret of the tests, 32 bytes.",
        database_pool_max=5,
        parsers=1,
        fetch_allow=("127.0.0.1",),
        sweep_s=0.2,
        shutdown_delay_s=0.0,
    )
    await run_sql(outside.database_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
async def runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """All that a process works with, on the module's database and Redis."""
    async with open_runtime(settings) as runtime:
        yield runtime


@pytest.fixture
async def empty(outside: Outside) -> AsyncIterator[str]:
    """The address of a database without anything in it."""
    name = f"broadsheet_empty_{uuid4().hex[:8]}"
    await run_sql(
        outside.database_url, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"
    )
    yield with_database(outside.database_url, name)
    await run_sql(outside.database_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A plain connection to the module's database, to arrange and to look."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def origin() -> AsyncIterator[Web]:
    """The web that pages are fetched from."""
    async with Web() as web:
        yield web


@pytest.fixture
async def receiver() -> AsyncIterator[Web]:
    """The server that webhooks are sent to."""
    async with Web() as web:
        yield web


async def run_sql(database_url: str, statement: str) -> None:
    """The statement has run on a connection of its own."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def with_database(database_url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(database_url)._replace(path=f"/{name}"))


def with_number(redis_url: str, number: int) -> str:
    """The same Redis, another of its databases."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"unix://{parts.netloc}{parts.path}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))
