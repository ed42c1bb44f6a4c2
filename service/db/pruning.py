"""What is kept for a time only. Each statement deletes a bounded number of rows, oldest first."""

from __future__ import annotations

from service.db.session import Command, Session

ROWS_MAX = 2_000


def _of(table: str, column: str, condition: str = "true") -> Command:
    return Command(
        f"""
        delete from {table} where ctid = any(array(
          select ctid from {table}
          where {column} < now() - make_interval(secs => $1) and {condition}
          order by {column} limit {ROWS_MAX}))
        """
    )


IDEMPOTENCY = _of("idempotency", "created_at")
TOMBSTONES = _of("article", "deleted_at", "deleted_at is not null")
CHANGES = _of("change", "created_at")
EVENTS = _of("event", "created_at")
INBOX = _of("inbox", "received_at")
INGESTIONS = _of("ingestion", "finished_at", "finished_at is not null")
SNAPSHOTS = _of(
    "snapshot", "fetched_at",
    "not exists (select from ingestion i where i.id = snapshot.ingestion_id"
    " and i.finished_at is null)",
)  # fmt: skip
UNUSED_SNAPSHOTS = _of(
    "snapshot", "fetched_at",
    "not exists (select from revision r where r.snapshot_id = snapshot.id)"
    " and not exists (select from ingestion i where i.snapshot_id = snapshot.id)",
)  # fmt: skip


async def prune(session: Session, what: Command, keep_s: float) -> int:
    """Rows of ``what`` older than ``keep_s`` are gone, at most ``ROWS_MAX``; how many."""
    return await session.run(what, keep_s)
