"""Clients and keys, straight in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from service.api.auth import hash_key, new_key
from service.db import Db, clients, open_db
from service.db.migrate import check_schema
from service.errors import NotFound
from service.settings import Settings

TIMEOUT_S = 10.0


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Db]:
    """A database that is up to date; raises ``SchemaBehind`` for one that is not."""
    async with open_db(settings.database_url, pool_max=1, timeout_s=TIMEOUT_S) as db:
        await check_schema(db)
        yield db


async def create(settings: Settings, name: str, scopes: tuple[str, ...]) -> str:
    """The key of a new client."""
    made = new_key(settings.secret)
    async with _opened(settings) as db:
        async with db.transaction() as session:
            client = await clients.create(session, name)
            row = await clients.create_key(
                session, client.id, prefix=made.prefix, hash=made.hash, scopes=scopes
            )
        if row is None:
            raise NotFound(f"the client {name} vanished while its key was made")
    return made.key


async def is_live(settings: Settings, key: str) -> bool:
    """Whether ``key`` is accepted."""
    async with _opened(settings) as db:
        return await clients.find_key(db, hash_key(key, settings.secret)) is not None


async def describe(settings: Settings) -> list[str]:
    """A line for each key: id, what may be shown of it, its state, scopes and client."""
    async with _opened(settings) as db:
        keys = await clients.list_keys(db)
    return [
        f"{key.id}  {key.prefix}...  {'revoked' if key.revoked_at else 'live   '}  "
        f"{','.join(key.scopes):32}  {key.name}"
        for key in keys
    ]


async def revoke(settings: Settings, key_id: UUID) -> bool:
    """Whether there was such a key; it is refused from now on."""
    async with _opened(settings) as db:
        return await clients.revoke_key(db, key_id)
