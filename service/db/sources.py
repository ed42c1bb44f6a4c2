"""Sources: registered senders of signed webhooks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db import owned
from service.db.rows import columns_of
from service.db.session import Command, Query, Session

SECRETS_MAX = 2


class Source(Struct, frozen=True):
    """One sender; ``verifier``, ``mapping`` and ``options`` are JSON text, ``secrets`` sealed."""

    id: UUID
    client_id: UUID
    name: str
    verifier: str
    mapping: str
    secrets: list[bytes]
    options: str | None
    created_at: datetime
    updated_at: datetime


_COLUMNS = columns_of(Source)

CREATE = Query(
    Source,
    f"""
    insert into source (client_id, name, verifier, mapping, secrets, options)
    values ($1, $2, $3, $4, array[$5::bytea], $6)
    returning {_COLUMNS}
    """,
)


async def create(
    session: Session,
    client_id: UUID,
    *,
    name: str,
    verifier: str,
    mapping: str,
    secret: bytes,
    options: str | None,
) -> Source:
    """A new source of ``client_id``."""
    return await session.only(CREATE, client_id, name, verifier, mapping, secret, options)


FIND = owned.finding(Source, "source", _COLUMNS)


async def find(session: Session, client_id: UUID, source_id: UUID) -> Source | None:
    """The source, when it is of ``client_id``."""
    return await session.one(FIND, source_id, client_id)


RECEIVER = Query(Source, f"select {_COLUMNS} from source where id = $1 and deleted_at is null")


async def receiver(session: Session, source_id: UUID) -> Source | None:
    """The source that a message claims to be from: its signature says whether it is."""
    return await session.one(RECEIVER, source_id)


LIST = owned.listing(Source, "source", _COLUMNS)


async def list_sources(
    session: Session, client_id: UUID, after: UUID | None, limit: int
) -> list[Source]:
    """The client's sources in the order of their making, after the one with id ``after``."""
    return await session.all(LIST, client_id, after, limit)


UPDATE = Query(
    Source,
    f"""
    update source set name = $3, verifier = $4, mapping = $5, options = $6, updated_at = now()
    where id = $1 and client_id = $2 and deleted_at is null
    returning {_COLUMNS}
    """,
)


async def update(session: Session, source: Source) -> Source | None:
    """What a caller may change is as in ``source``; None when it is gone."""
    one = source
    return await session.one(
        UPDATE, one.id, one.client_id, one.name, one.verifier, one.mapping, one.options
    )


ROTATE = owned.rotation(Source, "source", _COLUMNS, SECRETS_MAX)


async def rotate(
    session: Session, client_id: UUID, source_id: UUID, secret: bytes, overlap_s: float
) -> Source | None:
    """``secret`` is accepted from now on, the one before it for ``overlap_s`` more."""
    return await session.one(ROTATE, source_id, client_id, secret, overlap_s)


RETIRE = owned.retirement("source")


async def retire_secrets(session: Session) -> int:
    """Old secrets whose overlap has ended are gone; the number of sources."""
    return await session.run(RETIRE)


DELETE = Command(
    """
    update source set deleted_at = now(), secrets = '{}'
    where id = $1 and client_id = $2 and deleted_at is null
    """
)


async def delete(session: Session, client_id: UUID, source_id: UUID) -> bool:
    """The source is gone: what it sends is refused."""
    return await session.run(DELETE, source_id, client_id) > 0
