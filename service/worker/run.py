"""The worker process: its lanes and the sweeper, until it is stopped."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Sequence
from typing import Any

from service.db.migrate import SchemaBehind, check_schema
from service.errors import DatabaseUnavailable
from service.log import log
from service.pace import every
from service.runtime import Runtime
from service.sweep import sweep_until
from service.worker.articles import IngestionLane
from service.worker.deliveries import DeliveryLane
from service.worker.dispatch import Dispatch
from service.worker.lane import Lane
from service.worker.polls import FeedLane, ask_hubs_until

PAUSE_S = 1.0


def worker_name() -> str:
    """A name that no other worker has: host, process and a few random letters."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


async def run_worker(
    runtime: Runtime, stop: asyncio.Event, *, lanes: Sequence[Lane[Any]] | None = None
) -> None:
    """Works until ``stop`` is set; then ends or puts back what is under way, within ``drain_s``.

    ``lanes`` are by default all that the service has.
    """
    name = worker_name()
    if lanes is None:
        lanes = [lane(runtime, name) for lane in (IngestionLane, DeliveryLane, FeedLane)]
    await until_migrated(runtime, stop)
    log.info("worker started", worker=name, lanes=[lane.name for lane in lanes])
    async with asyncio.TaskGroup() as group:
        for lane in lanes:
            group.create_task(Dispatch(runtime, lane).run(stop))
        group.create_task(sweep_until(runtime, stop))
        group.create_task(ask_hubs_until(runtime, stop))
    log.info("worker stopped", worker=name)


async def until_migrated(runtime: Runtime, stop: asyncio.Event) -> None:
    """The database has every migration of this code, or ``stop`` is set; each reason to wait is
    logged once."""
    logged = ""
    async for _ in every(PAUSE_S, stop):
        try:
            await check_schema(runtime.db)
            return
        except (SchemaBehind, DatabaseUnavailable) as error:
            if logged != (logged := str(error)):
                log.error("worker waits", reason=logged, cause=repr(error.__cause__))
