"""Repair: what is due becomes ready, lost leases end, batches complete, old rows go.

Every worker sweeps; an advisory lock lets one do it at a time. Nothing here is needed while all is
well, and whatever went wrong elsewhere is repaired here.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from service.db import deliveries, durability, endpoints, frequent_words, pruning, repairs, sources
from service.db.claims import Ending
from service.db.repairs import Lost
from service.db.session import Command, Transaction
from service.errors import DatabaseUnavailable
from service.log import log
from service.notify.record import record_batch, record_ingestion
from service.pace import every
from service.queue import Job
from service.runtime import Runtime
from service.settings import Settings

ROWS_MAX = 1_000
PRUNE_EVERY = 30
"""Sweeps between two prunings."""

DAY_S = 86_400.0


async def sweep_until(runtime: Runtime, stop: asyncio.Event) -> None:
    """Sweeps every ``sweep_s`` until ``stop`` is set; an outage only makes it wait."""
    count = 0
    async for _ in every(runtime.settings.sweep_s, stop):
        try:
            if count == 0:
                await warn_of_weakness(runtime)
            await sweep(runtime)
            if count % PRUNE_EVERY == 0:
                await prune(runtime)
            count += 1
        except DatabaseUnavailable as error:
            log.warning("not swept", error=str(error), cause=repr(error.__cause__))
        except Exception as error:
            log.error("sweep broke", exc_info=error)


async def warn_of_weakness(runtime: Runtime) -> None:
    """An error is logged if the server may lose commits in a crash."""
    weak = await durability.weaknesses(runtime.db)
    if weak:
        log.error("this Postgres may lose what was accepted", settings=weak)


async def sweep(runtime: Runtime) -> dict[str, int]:
    """Everything that is due is ready, every lost lease has ended; returns how many of each."""
    counts = {
        "woken": await wake(runtime),
        "expired": await expire(runtime),
        "completed": await complete(runtime),
        "deliveries": await deliveries_due(runtime),
        "paired": await pair(runtime),
    }
    if any(counts.values()):
        log.info("swept", **counts)
    return counts


async def wake(runtime: Runtime) -> int:
    """Retries whose time has come are ready and hinted."""
    async with runtime.db.transaction() as transaction:
        if not await repairs.lock(transaction, "wake"):
            return 0
        woken = await repairs.wake(transaction, ROWS_MAX)
    runtime.streams.send(Job("ingestion", row.id, row.priority) for row in woken)
    return len(woken)


async def expire(runtime: Runtime) -> int:
    """Ingestions whose worker was lost are queued again, or have failed for that reason."""
    async with runtime.db.transaction() as transaction:
        if not await repairs.lock(transaction, "expire"):
            return 0
        lost = await repairs.expire(transaction, ROWS_MAX)
        failed = [id for row in lost for id in await _record_failure(transaction, row)]
    again = [Job("ingestion", row.id, row.priority) for row in lost if row.state == "queued"]
    runtime.streams.send([*again, *(Job("delivery", id) for id in failed)])
    for row in lost:
        runtime.bell.ring(row.id)
        log.warning("worker lost", ingestion_id=row.id, state=row.state, error_code=row.error_code)
    return len(lost)


async def _record_failure(transaction: Transaction, lost: Lost) -> list[UUID]:
    if lost.state != "failed":
        return []
    ending = Ending(
        stage="parse", duration_ms=0, error_code=lost.error_code, error_detail=lost.error_detail
    )
    return await record_ingestion(transaction, lost, ending)


async def complete(runtime: Runtime) -> int:
    """Batches whose last ingestion has ended are complete, and the event is recorded."""
    async with runtime.db.transaction() as transaction:
        if not await repairs.lock(transaction, "complete"):
            return 0
        batches = await repairs.complete(transaction, ROWS_MAX)
        ids = [id for batch in batches for id in await record_batch(transaction, batch)]
    runtime.streams.send(Job("delivery", id) for id in ids)
    return len(batches)


async def deliveries_due(runtime: Runtime) -> int:
    """Deliveries whose retry is due are ready, and so are those of lost workers."""
    async with runtime.db.transaction() as transaction:
        if not await repairs.lock(transaction, "deliveries"):
            return 0
        ripe = await deliveries.ripen(transaction, ROWS_MAX)
        lost = await deliveries.reclaim(transaction, ROWS_MAX)
    return ripe + lost


async def pair(runtime: Runtime) -> int:
    """Some older articles are indexed by pairs of words that have become frequent."""
    async with runtime.db.transaction() as transaction:
        if not await repairs.lock(transaction, "pair"):
            return 0
        return await frequent_words.renew(transaction)


async def prune(runtime: Runtime) -> int:
    """What was kept long enough is deleted, as far as one pass gets."""
    async with runtime.db.transaction() as transaction:
        if not await repairs.lock(transaction, "prune"):
            return 0
        await endpoints.retire_secrets(transaction)
        await sources.retire_secrets(transaction)
        await frequent_words.list_words(transaction)
        pruned = 0
        for what, keep_s in periods(runtime.settings):
            pruned += await pruning.prune(transaction, what, keep_s)
    return pruned


def periods(settings: Settings) -> list[tuple[Command, float]]:
    """What is pruned, and after how many seconds."""
    found = [
        (pruning.IDEMPOTENCY, settings.idempotency_keep_s),
        (pruning.TOMBSTONES, settings.tombstone_keep_days * DAY_S),
        (pruning.CHANGES, settings.tombstone_keep_days * DAY_S),
        (pruning.EVENTS, settings.delivery_keep_days * DAY_S),
        (pruning.INBOX, settings.delivery_keep_days * DAY_S),
        (pruning.INGESTIONS, settings.ingestion_keep_days * DAY_S),
    ]
    if settings.snapshot_keep_days:
        found.append((pruning.SNAPSHOTS, settings.snapshot_keep_days * DAY_S))
    return found
