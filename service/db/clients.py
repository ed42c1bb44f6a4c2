"""Callers and their keys. A key is known by its HMAC alone; revoked ones stay listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Command, Query, Session


class Client(Struct, frozen=True):
    """A calling service."""

    id: UUID
    name: str
    created_at: datetime


class ClientKey(Struct, frozen=True):
    """A key of a client, without the key: ``prefix`` is what a list may show of it."""

    id: UUID
    client_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


CREATE = Query(Client, "insert into client (name) values ($1) returning id, name, created_at")


async def create(session: Session, name: str) -> Client:
    """A new client, without a key."""
    return await session.only(CREATE, name)


CREATE_KEY = Query(
    ClientKey,
    """
    insert into client_key (client_id, prefix, hash, scopes, expires_at)
    select c.id, $2, $3, $4, $5 from client c where c.id = $1 and c.deleted_at is null
    returning id, client_id, (select name from client where id = $1), prefix, scopes,
      created_at, last_used_at, expires_at, revoked_at
    """,
)


async def create_key(
    session: Session,
    client_id: UUID,
    *,
    prefix: str,
    hash: bytes,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
) -> ClientKey | None:
    """A new key of ``client_id``; None when there is no such client."""
    return await session.one(CREATE_KEY, client_id, prefix, hash, list(scopes), expires_at)


FIND_KEY = Query(
    ClientKey,
    """
    select k.id, k.client_id, c.name, k.prefix, k.scopes, k.created_at, k.last_used_at,
      k.expires_at, k.revoked_at
    from client_key k join client c on c.id = k.client_id
    where k.hash = $1 and k.revoked_at is null and c.deleted_at is null
      and (k.expires_at is null or k.expires_at > now())
    """,
)


async def find_key(session: Session, hash: bytes) -> ClientKey | None:
    """The live key whose HMAC is ``hash``."""
    return await session.one(FIND_KEY, hash)


LIST_KEYS = Query(
    ClientKey,
    """
    select * from (
      select k.id, k.client_id, c.name, k.prefix, k.scopes, k.created_at, k.last_used_at,
        k.expires_at, k.revoked_at
      from client_key k join client c on c.id = k.client_id
      where c.deleted_at is null and ($1::uuid[] is null or c.id = any($1))
      order by k.id desc limit 10000) newest
    order by id
    """,
)


async def list_keys(session: Session, client_ids: Sequence[UUID] | None = None) -> list[ClientKey]:
    """Keys of some clients or of all, oldest first, revoked ones included; the newest 10,000."""
    return await session.all(LIST_KEYS, None if client_ids is None else list(client_ids))


LIST = Query(
    Client,
    """
    select id, name, created_at from client
    where deleted_at is null and ($1::uuid is null or id > $1)
    order by id limit $2
    """,
)


async def list_clients(session: Session, after: UUID | None, limit: int) -> list[Client]:
    """Clients in the order of their making, after the one with id ``after``."""
    return await session.all(LIST, after, limit)


FIND = Query(Client, "select id, name, created_at from client where id = $1 and deleted_at is null")


async def find(session: Session, client_id: UUID) -> Client | None:
    """The client with this id."""
    return await session.one(FIND, client_id)


REVOKE_KEY = Command("update client_key set revoked_at = coalesce(revoked_at, now()) where id = $1")


async def revoke_key(session: Session, key_id: UUID) -> bool:
    """The key is refused from now on; False when there is no such key."""
    return await session.run(REVOKE_KEY, key_id) > 0


DELETE = Command(
    """
    with gone as (update client_key set revoked_at = coalesce(revoked_at, now())
      where client_id = $1)
    update client set deleted_at = now() where id = $1 and deleted_at is null
    """
)


async def delete(session: Session, client_id: UUID) -> bool:
    """The client and all its keys are refused from now on; what it made stays."""
    return await session.run(DELETE, client_id) > 0


TOUCH_KEYS = Command("update client_key set last_used_at = now() where id = any($1::uuid[])")


async def touch_keys(session: Session, key_ids: Sequence[UUID]) -> None:
    """The keys were used just now."""
    await session.run(TOUCH_KEYS, list(key_ids))
