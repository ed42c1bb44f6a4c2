"""One way to run SQL: a ``Query`` names its row Struct, a ``Session`` runs it.

``Db`` (each statement on its own) and ``Transaction`` are Sessions, so a function of this
package takes a ``Session`` where either will do and a ``Transaction`` where it must be one.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import asyncpg

from service.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[asyncpg.Record]

Row = TypeVar("Row")

UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.QueryCanceledError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What asyncpg raises when the server is gone, going, starting, full, stuck, a standby, or knows
neither us nor our database."""

BEHIND = (
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
    asyncpg.UndefinedTableError,
)
"""What it raises while migrations are missing: a test prepares every statement."""

IN_HAND_MAX = 8
"""Connections that are kept between statements."""
PAUSE_S = 2.0
"""``Retry-After`` of an outage, and the longest wait for a connection."""


class Query(Generic[Row]):
    """A statement whose columns are the fields of ``row``, in order; one test holds them equal."""

    __slots__ = ("row", "sql")

    def __init__(self, row: type[Row], sql: str) -> None:
        self.row = row
        self.sql = sql


class Command:
    """A statement that returns no row."""

    __slots__ = ("sql",)

    def __init__(self, sql: str) -> None:
        self.sql = sql


class Session(Protocol):
    """Where a statement runs. Every method raises ``DatabaseUnavailable`` on an outage."""

    async def all(self, query: Query[Row], *values: object) -> list[Row]:
        """Every row."""
        ...

    async def one(self, query: Query[Row], *values: object) -> Row | None:
        """The first row, or None."""
        ...

    async def only(self, query: Query[Row], *values: object) -> Row:
        """The row of a statement that always has one."""
        ...

    async def run(self, command: Command, *values: object) -> int:
        """Runs ``command``; the number of rows it touched."""
        ...


class Transaction:
    """A Session whose statements are committed together, or not at all."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def all(self, query: Query[Row], *values: object) -> list[Row]:
        return _rows(query, await self._connection.fetch(query.sql, *values))

    async def one(self, query: Query[Row], *values: object) -> Row | None:
        record = await self._connection.fetchrow(query.sql, *values)
        return None if record is None else query.row(*record)

    async def only(self, query: Query[Row], *values: object) -> Row:
        row: Row | None = await self.one(query, *values)
        return _present(row)

    async def run(self, command: Command, *values: object) -> int:
        return touched(await self._connection.execute(command.sql, *values))


class Db:
    """The pool. Connections are given back without a reset query, which halves the cost of a
    statement; so nothing may SET, LISTEN or lock beyond its transaction on a pooled connection.
    """

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = _Kept(pool)

    async def all(self, query: Query[Row], *values: object) -> list[Row]:
        async with self._acquired() as connection:
            return _rows(query, await connection.fetch(query.sql, *values))

    async def one(self, query: Query[Row], *values: object) -> Row | None:
        async with self._acquired() as connection:
            record = await connection.fetchrow(query.sql, *values)
        return None if record is None else query.row(*record)

    async def only(self, query: Query[Row], *values: object) -> Row:
        row: Row | None = await self.one(query, *values)
        return _present(row)

    async def run(self, command: Command, *values: object) -> int:
        async with self._acquired() as connection:
            return touched(await connection.execute(command.sql, *values))

    @asynccontextmanager
    async def transaction(self, locks: Iterable[int] = ()) -> AsyncIterator[Transaction]:
        """A transaction that commits when the block ends and rolls back when it raises.

        It holds the advisory ``locks`` from before its first statement to its end; they are taken
        with its BEGIN, in one round trip.
        """
        async with self._acquired() as connection:
            try:
                await connection.execute(begin(locks))
                yield Transaction(connection)
            except BaseException:
                await connection.execute("rollback")
                raise
            await connection.execute("commit")

    @property
    def connections_open(self) -> int:
        """Connections of the pool, in use or not."""
        return self._pool.size

    @property
    def connections_idle(self) -> int:
        """Connections of the pool that nobody uses."""
        return self._pool.idle

    async def close(self) -> None:
        """All connections are closed."""
        await self._pool.close()

    def _acquired(self) -> _Lent:
        return _Lent(self._pool)


class _Lent:
    """A connection for the length of a block. An outage in it is a ``DatabaseUnavailable``."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: _Kept) -> None:
        self._pool = pool

    async def __aenter__(self) -> Connection:
        try:
            self._connection = await self._pool.take()
        except UNREACHABLE as error:
            raise _unavailable() from error
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> None:
        try:
            await self._pool.give_back(self._connection, is_clean=error is None)
        except UNREACHABLE as lost:
            raise _unavailable() from lost
        if isinstance(error, asyncpg.DataError):
            return  # a value of the wrong type, though asyncpg counts it among InterfaceErrors
        if isinstance(error, UNREACHABLE):
            raise _unavailable() from error
        if isinstance(error, BEHIND):
            raise _unavailable("lacks migrations of this version") from error


def _unavailable(why: str = "cannot be reached") -> DatabaseUnavailable:
    return DatabaseUnavailable(f"the database {why}; try again", retry_after_s=PAUSE_S)


def is_open(connection: Connection) -> bool:
    """Whether the server is still there; if not, asyncpg has taken the connection back."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False


class _Kept:
    """asyncpg's pool, with a few connections in hand between statements: to acquire and release
    one costs more than a short statement. Nobody waits for those in hand: they are given to
    whoever comes next, and go back to the pool while somebody waits there."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = pool
        self._in_hand: list[Connection] = []
        self._waiting = 0

    @property
    def size(self) -> int:
        """Connections that are open."""
        return self._pool.get_size()

    @property
    def idle(self) -> int:
        """Connections that nobody uses."""
        return self._pool.get_idle_size() + len(self._in_hand)

    async def take(self) -> Connection:
        """A connection that is open."""
        while self._in_hand:
            connection = self._in_hand.pop()
            if is_open(connection):
                return connection
            await self._pool.release(connection)
        self._waiting += 1
        try:
            return await self._pool.acquire(timeout=PAUSE_S)
        finally:
            self._waiting -= 1

    async def give_back(self, connection: Connection, *, is_clean: bool) -> None:
        """The connection is free; one whose block failed is left to asyncpg to put right."""
        if is_clean and not self._waiting and len(self._in_hand) < IN_HAND_MAX:
            self._in_hand.append(connection)
        else:
            await self._pool.release(connection)

    async def close(self) -> None:
        """Connections in use are waited for, for at most ``PAUSE_S``; then all are closed."""
        while self._in_hand:
            await self._pool.release(self._in_hand.pop())
        try:
            await asyncio.wait_for(self._pool.close(), PAUSE_S)
        except TimeoutError:
            self._pool.terminate()


def _rows(query: Query[Row], records: Iterable[asyncpg.Record]) -> list[Row]:
    return list(itertools.starmap(query.row, records))


def _present(row: Row | None) -> Row:
    if row is None:
        raise LookupError("a statement that always returns a row returned none")
    return row


def begin(locks: Iterable[int]) -> str:
    """BEGIN, then ``locks`` in ascending order, so that no two transactions block each other."""
    return "begin" + "".join(
        f"; select pg_advisory_xact_lock({lock:d})" for lock in sorted(set(locks))
    )


def touched(status: str) -> int:
    """The count of a command tag: ``"UPDATE 3"`` is 3, ``"CREATE TABLE"`` is 0."""
    last = status.rpartition(" ")[2]
    return int(last) if last.isdigit() else 0


async def _keep(_connection: object) -> None:
    """Replaces the reset query that asyncpg would send."""


async def _configure(timeout_ms: int, connection: Connection) -> None:
    """A new connection's settings. Not among its first packet's, which poolers refuse."""
    await connection.execute(
        f"set jit = off; set statement_timeout = {timeout_ms};"
        f" set idle_in_transaction_session_timeout = {timeout_ms}",
        timeout=PAUSE_S,
    )


@asynccontextmanager
async def open_db(url: str, *, pool_max: int, timeout_s: float) -> AsyncIterator[Db]:
    """A Db of at most ``pool_max`` connections; the server need not be up yet.

    A statement ends after ``timeout_s``; a connection is given or refused within ``PAUSE_S``.
    """
    pool = await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=pool_max,
        timeout=PAUSE_S,
        command_timeout=timeout_s,
        reset=_keep,
        init=partial(_configure, int(timeout_s * 1000)),
        server_settings={"application_name": "broadsheet", "timezone": "UTC"},
    )
    db = Db(pool)
    try:
        yield db
    finally:
        await db.close()
