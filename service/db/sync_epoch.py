"""A database that was brought back from a backup, and the cursors of sync that outlived it.

A place in the sync log is a transaction's number. Restored by ``pg_restore``, the log keeps the
numbers of a server whose counter was elsewhere: what changes from now on would come before
places that clients have read, and be skipped. So the log begins a new epoch, empty; a cursor of
another epoch is 410 ``cursor_expired``, and its client walks over all that is there again.
"""

from __future__ import annotations

from msgspec import Struct

from service.db.migrate import connect
from service.db.session import Command, Query


class Found(Struct, frozen=True):
    """Whether the log knows transactions that this server has not begun yet."""

    is_of_another_server: bool


ASK = Query(
    Found,
    """
    select exists (select from change where xid >= pg_snapshot_xmax(pg_current_snapshot()))
      or exists (select from change_horizon where xid >= pg_snapshot_xmax(pg_current_snapshot()))
      as is_of_another_server
    """,
)
EMPTY = Command("truncate change")
BEGIN_EPOCH = Command("""
    update change_horizon set xid = '0', id = 0,
      epoch = greatest(epoch + 1, extract(epoch from clock_timestamp())::bigint)
    """)


async def begin_anew(database_url: str, *, asked: bool) -> bool:
    """Whether the log of sync was begun anew: where its numbers are another server's, or where it
    was ``asked``, since a backup of the server's files brings back its counter too, and of that
    nothing can be seen."""
    connection = await connect(database_url)
    try:
        if not (asked or await connection.fetchval(ASK.sql)):
            return False
        async with connection.transaction():
            await connection.execute(EMPTY.sql)
            await connection.execute(BEGIN_EPOCH.sql)
        return True
    finally:
        await connection.close()
