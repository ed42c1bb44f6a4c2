"""Postgres and Valkey of the benchmarks, their databases, and the servers that are compared.

The generated data are kept in ``.cache/bench`` under a digest of what makes them, so that only
the first run loads them.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from benchmarks import loading
from service.cli import clients
from service.db.migrate import migrate
from service.embedded import Servers
from service.settings import Settings

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".cache" / "bench"
PEERS = ROOT / ".cache" / "bench-venv" / "bin" / "python"
SECRET = "a secret of the benchmarks, 32 b."
DOCS = 5_000
MAKERS = (
    "benchmarks/data.py", "benchmarks/loading.py", "benchmarks/words.py", "service/document.py",
    "service/terms.py", "service/word_forms.py", "service/likeness.py",
)  # fmt: skip
Command = tuple[Sequence[str], dict[str, str]]


class Stack:
    """Running servers; ``database`` makes or finds a data set."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.redis_url = servers.redis_url

    @property
    def postgres_pid(self) -> int:
        return self.servers.pid("postgres")

    def database(self, count: int) -> str:
        """The address of the data set of ``count`` articles; made if it is not kept."""
        name = f"bench_{count}_{digest()}"
        return asyncio.run(self._made(name, count))

    async def _made(self, name: str, count: int) -> str:
        url = with_database(self.servers.database_url, name)
        if not await self._exists(name):
            print(f"making {count:,} articles (kept for the next run) ...", flush=True)
            await self._run(f"create database {name}_new template template0")
            draft = with_database(self.servers.database_url, f"{name}_new")
            await migrate(draft)
            await loading.load(draft, count, docs=min(DOCS, count) if count <= 10_000 else 0)
            await self._run(f"alter database {name}_new rename to {name}")
        return url

    async def _exists(self, name: str) -> bool:
        connection = await asyncpg.connect(self.servers.database_url)
        try:
            await connection.execute(f"drop database if exists {name}_new with (force)")
            found = await connection.fetchval("select 1 from pg_database where datname = $1", name)
            return bool(found)
        finally:
            await connection.close()

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.servers.database_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    @contextlib.contextmanager
    def scratch(self) -> Iterator[str]:
        """An empty migrated database, gone afterwards: what is written is no load on the rest."""
        name = f"bench_scratch_{uuid4().hex[:8]}"
        asyncio.run(self._run(f"create database {name} template template0"))
        url = with_database(self.servers.database_url, name)
        asyncio.run(migrate(url))
        try:
            yield url
        finally:
            asyncio.run(self._run(f"drop database {name} with (force)"))

    def settings(self, url: str) -> Settings:
        """Settings of a process on the database ``url``."""
        return Settings(database_url=url, redis_url=self.redis_url, secret=SECRET, parsers=1)

    def key(self, url: str) -> str:
        """A client key for everything."""
        return asyncio.run(clients.create(self.settings(url), "bench", ("ingest", "read")))

    def environ(self, url: str) -> dict[str, str]:
        return {
            "DATABASE_URL": url,
            "REDIS_URL": self.redis_url,
            "BROADSHEET_SECRET": SECRET,
            "BROADSHEET_RATE_PER_MINUTE": "100000000",
            "BROADSHEET_QUEUE_DEPTH_MAX": "100000000",
            "BROADSHEET_QUEUE_DEPTH_PER_CLIENT_MAX": "100000000",
            "BROADSHEET_PARSERS": "1",
            "BROADSHEET_SHUTDOWN_DELAY_S": "0",
        }

    def api(self, url: str) -> Command:
        """The product, as it is shipped."""
        return [sys.executable, "-m", "service", "api"], self.environ(url)

    def floor(self, name: str, url: str) -> Command:
        """A bare ASGI application of ``benchmarks.floors`` under the same server."""
        return granian(sys.executable, f"benchmarks.floors.{name}:app"), {"DATABASE_URL": url}

    def peer(self, url: str) -> dict[str, Command]:
        """FastAPI, pydantic and SQLAlchemy; nothing where its environment was not made."""
        if not PEERS.exists():
            print("FastAPI is left out: .cache/bench-venv is made by `make bench`")
            return {}
        app = "benchmarks.peers.fastapi_sqlalchemy:app"
        return {"peer": (granian(str(PEERS), app), {"DATABASE_URL": url})}


def granian(python: str, app: str) -> list[str]:
    return [
        python, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{port}",
        "--workers", "1", "--loop", "uvloop", "--no-ws", "--no-access-log", "--log-level",
        "warning", app,
    ]  # fmt: skip


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def digest() -> str:
    """Of all that the data sets are made of: code and schema."""
    found = hashlib.sha256()
    for path in MAKERS:
        found.update((ROOT / path).read_bytes())
    for path in sorted((ROOT / "service/db/migrations").glob("*.sql")):
        found.update(path.read_bytes())
    return found.hexdigest()[:10]


@contextlib.contextmanager
def standing() -> Iterator[Stack]:
    """Servers that run within the block."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with Servers(CACHE / "servers") as servers:
        yield Stack(servers)
