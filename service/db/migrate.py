"""Brings a database to the schema of this code: numbered SQL files, each applied once.

    migrations/0001_articles.sql, 0002_...

A file runs in one transaction together with its row in the ledger ``schema_migrations``. A file
that starts with ``-- migrate: no-transaction`` holds one statement that must run outside of one
(CREATE INDEX CONCURRENTLY, a DO that commits), written so that it may run again (IF NOT EXISTS);
an index of the file whose making was cut short is dropped first. Files that were applied never
change: what is wrong is put right by the next one. There is no way down.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from functools import cache
from pathlib import Path

import asyncpg
from msgspec import Struct

from service.db.session import Query, Session
from service.errors import DatabaseUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"
NO_TRANSACTION = "-- migrate: no-transaction"
LOCK = 0x62726F6164  # "broad"
CONNECT_S = 10.0
LOCK_S = 300.0
POLL_S = 0.1

LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""
APPLIED = "SELECT number, name, sha256 FROM schema_migrations ORDER BY number"
RECORD = "INSERT INTO schema_migrations (number, name, sha256) VALUES ($1, $2, $3)"
UNFINISHED = """
SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND strpos($1, relname) > 0"""
SERVER = """
SELECT current_setting('server_version_num')::int / 10000 AS version,
       current_setting('server_encoding') AS encoding, current_database() AS name"""
OLDEST = 15
TRY_LOCK = "SELECT pg_try_advisory_lock($1)"
UNLOCK = "SELECT pg_advisory_unlock($1)"


class MigrationError(RuntimeError):
    """The database and the files do not fit together; the text says how."""


class SchemaBehind(MigrationError):
    """The database lacks migrations that this code has."""

    def __init__(self) -> None:
        super().__init__("the database is not up to date with this code: python -m service migrate")


class Reached(Struct, frozen=True):
    """The number of the last migration that was applied; 0 before the first."""

    number: int


REACHED = Query(Reached, "select coalesce(max(number), 0) as number from schema_migrations")


@cache
def newest(folder: Path = MIGRATIONS) -> int:
    """The number of the last migration of ``folder``."""
    return max(int(path.name[:4]) for path in folder.glob("*.sql"))


async def check_schema(session: Session) -> None:
    """The database has every migration of this code, and may have newer ones. Raises
    ``SchemaBehind``."""
    try:
        reached = (await session.only(REACHED)).number
    except DatabaseUnavailable as error:
        if isinstance(error.__cause__, asyncpg.UndefinedTableError):
            raise SchemaBehind from None
        raise
    if reached < newest():
        raise SchemaBehind


class Migration(Struct, frozen=True):
    """One file: ``number`` orders it, ``sha256`` (hex) pins its bytes."""

    number: int
    name: str
    sql: str
    sha256: str


async def migrate(database_url: str, folder: Path = MIGRATIONS) -> list[str]:
    """The database has every migration of ``folder``; returns the names of those applied now.

    Safe to run from many processes at once. Raises ``MigrationError`` when the database cannot be
    reached, is too old or not in UTF-8, an applied file was edited, or the database has one that
    ``folder`` does not know.
    """
    connection = await connect(database_url)
    try:
        await check_server(connection)
        await lock(connection)
        await connection.execute(LEDGER)
        pending = unapplied(read(folder), await connection.fetch(APPLIED))
        for migration in pending:
            await apply(connection, migration)
        await connection.execute(UNLOCK, LOCK)
        return [migration.name for migration in pending]
    finally:
        await connection.close()


async def connect(database_url: str) -> asyncpg.Connection:
    """A connection; raises ``MigrationError``, which names the reason and not the password."""
    try:
        return await asyncpg.connect(database_url, timeout=CONNECT_S)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error) or type(error).__name__  # a TimeoutError has no words
        raise MigrationError(f"the database of DATABASE_URL cannot be reached: {reason}") from error


async def check_server(connection: asyncpg.Connection) -> None:
    """The server is new enough and the database holds every character; raises ``MigrationError``,
    which says what to do."""
    [(version, encoding, name)] = await connection.fetch(SERVER)
    if version < OLDEST:
        raise MigrationError(f"PostgreSQL {OLDEST} or newer is needed, not {version}")
    if encoding != "UTF8":
        raise MigrationError(
            f"the database {name} has the encoding {encoding}, which cannot hold every article:"
            f" CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"
        )


async def lock(connection: asyncpg.Connection) -> None:
    """This connection alone migrates. Tries again and again, since a statement that *waits* for
    the lock holds a snapshot, for which CREATE INDEX CONCURRENTLY would wait in turn."""
    deadline = asyncio.get_running_loop().time() + LOCK_S
    while not await connection.fetchval(TRY_LOCK, LOCK):
        if asyncio.get_running_loop().time() > deadline:
            raise MigrationError(f"another process has been migrating for {LOCK_S:.0f} s")
        await asyncio.sleep(POLL_S)


def read(folder: Path) -> list[Migration]:
    """The migrations of ``folder`` in order."""
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = re.fullmatch(r"(\d{4})_[a-z0-9_]+", path.stem)
        number = int(match[1]) if match else 0
        if not match or number in found:
            raise MigrationError(f"{path.name}: expected a new number and a name, NNNN_name.sql")
        data = path.read_bytes()
        found[number] = Migration(
            number, path.stem, data.decode(), hashlib.sha256(data).hexdigest()
        )
    return list(found.values())


def unapplied(migrations: list[Migration], rows: list[asyncpg.Record]) -> list[Migration]:
    """The migrations that are still to do; raises ``MigrationError`` where files and ledger
    disagree."""
    known = {migration.number: migration for migration in migrations}
    for row in rows:
        migration = known.pop(row["number"], None)
        if migration is None:
            raise MigrationError(f"the database is newer than this code: it has {row['name']}")
        if migration.sha256 != row["sha256"]:
            raise MigrationError(f"{migration.name} was edited after it was applied: restore it")
    last = rows[-1]["number"] if rows else 0
    if late := [migration.name for migration in known.values() if migration.number < last]:
        raise MigrationError(f"{late[0]} comes before one that is applied: give it a new number")
    return list(known.values())


async def apply(connection: asyncpg.Connection, migration: Migration) -> None:
    """The migration's effects and its row in the ledger are there."""
    record = (migration.number, migration.name, migration.sha256)
    try:
        if migration.sql.startswith(NO_TRANSACTION):
            for row in await connection.fetch(UNFINISHED, migration.sql):
                await connection.execute(f"DROP INDEX {row['name']}")
            await connection.execute(migration.sql)
            await connection.execute(RECORD, *record)
            return
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(RECORD, *record)
    except asyncpg.PostgresError as error:
        raise MigrationError(f"{migration.name}: {error}") from error
