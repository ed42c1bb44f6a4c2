"""Deletes what is kept for a limited time, a bounded number of rows at once, oldest first."""

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
INGESTIONS = Command(
    f"""
    with gone as (
      delete from ingestion where ctid = any(array(
        select ctid from ingestion
        where finished_at < now() - make_interval(secs => $1)
        order by finished_at limit {ROWS_MAX}))
      returning id, snapshot_id, outcome
    )
    delete from snapshot s using gone
    where s.id = gone.snapshot_id and s.ingestion_id = gone.id
      and gone.outcome is distinct from 'created' and gone.outcome is distinct from 'updated'
    """
)
"""Ended ingestions, with the bytes of those that made no revision."""

SNAPSHOTS = _of(
    "snapshot", "fetched_at",
    "not exists (select from ingestion i where i.id = snapshot.ingestion_id"
    " and i.finished_at is null)",
)  # fmt: skip


async def prune(session: Session, what: Command, keep_s: float) -> int:
    """Rows of ``what`` older than ``keep_s`` are gone, at most ``ROWS_MAX``; how many."""
    return await session.run(what, keep_s)
