"""What a process works with: settings, Postgres, Redis, the web and the parsers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from service.db import Db, open_db
from service.settings import Settings


class Runtime(Struct, frozen=True):
    """Everything that a story needs from outside."""

    settings: Settings
    db: Db


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """A Runtime whose parts are closed when the block ends; no server need be up yet."""
    async with open_db(
        settings.database_url,
        pool_max=settings.database_pool_max,
        timeout_s=settings.database_timeout_s,
    ) as db:
        yield Runtime(settings, db)
