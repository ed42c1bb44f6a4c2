"""Endpoints: where events are sent. Secrets come and go sealed (signing.Seal), newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db import owned
from service.db.rows import RowId
from service.db.session import Command, Query, Session

SECRETS_MAX = 5


class Endpoint(Struct, frozen=True):
    """One endpoint; ``filter`` is JSON text. ``secrets`` are sealed.

    Nothing is sent before ``open_until``: the breaker is open, or the endpoint wants a pause.
    """

    id: UUID
    client_id: UUID
    kind: str
    url: str
    description: str | None
    event_types: list[str]
    filter: str | None
    payload: str
    secrets: list[bytes]
    state: str
    disabled_reason: str | None
    failing_since: datetime | None
    failures: int
    open_until: datetime | None
    created_at: datetime
    updated_at: datetime


COLUMNS = """
    id, client_id, kind, url, description, event_types, filter, payload, secrets, state,
    disabled_reason, failing_since, failures, greatest(open_until, paused_until) as open_until,
    created_at, updated_at
"""

CREATE = Query(
    Endpoint,
    f"""
    insert into endpoint (client_id, url, description, event_types, filter, payload, secrets)
    values ($1, $2, $3, $4, $5, $6, array[$7::bytea])
    returning {COLUMNS}
    """,
)


async def create(
    session: Session,
    client_id: UUID,
    *,
    url: str,
    description: str | None,
    event_types: Sequence[str],
    filter: str | None,
    payload: str,
    secret: bytes,
) -> Endpoint:
    """A new, enabled endpoint of ``client_id``; no ``event_types`` means all."""
    return await session.only(
        CREATE, client_id, url, description, list(event_types), filter, payload, secret
    )


CALLBACK = Query(
    RowId,
    """
    insert into endpoint (client_id, kind, url, secrets) values ($1, 'callback', $2, '{}')
    on conflict (client_id, url) where kind = 'callback' and deleted_at is null
      do update set url = excluded.url
    returning id
    """,
)


async def callback(session: Session, client_id: UUID, url: str) -> UUID:
    """The endpoint that stands for a callback URL; a new one gets its secret when first used."""
    return (await session.only(CALLBACK, client_id, url)).id


class Secrets(Struct, frozen=True):
    """The sealed secrets of an endpoint, newest first."""

    secrets: list[bytes]


ARM = Query(
    Secrets,
    """
    update endpoint set secrets = case when secrets = '{}' then array[$2::bytea] else secrets end
    where id = $1 returning secrets
    """,
)


async def arm(session: Session, endpoint_id: UUID, secret: bytes) -> list[bytes]:
    """The endpoint's secrets; ``secret`` is the first where there was none."""
    return (await session.only(ARM, endpoint_id, secret)).secrets


FIND = owned.finding(Endpoint, "endpoint", COLUMNS)


async def find(session: Session, client_id: UUID, endpoint_id: UUID) -> Endpoint | None:
    """The endpoint, when it is of ``client_id``."""
    return await session.one(FIND, endpoint_id, client_id)


LIST = owned.listing(Endpoint, "endpoint", COLUMNS)


async def list_endpoints(
    session: Session, client_id: UUID, after: UUID | None, limit: int
) -> list[Endpoint]:
    """The client's endpoints in the order of their making, after the one with id ``after``."""
    return await session.all(LIST, client_id, after, limit)


UPDATE = Query(
    Endpoint,
    f"""
    update endpoint set url = $3, description = $4, event_types = $5, filter = $6, payload = $7,
      updated_at = now()
    where id = $1 and client_id = $2 and deleted_at is null
    returning {COLUMNS}
    """,
)


async def update(session: Session, endpoint: Endpoint) -> Endpoint | None:
    """What a caller may change is as in ``endpoint``; None when it is gone."""
    one = endpoint
    return await session.one(
        UPDATE, one.id, one.client_id, one.url, one.description, one.event_types, one.filter,
        one.payload,
    )  # fmt: skip


ENABLE = Query(
    Endpoint,
    f"""
    update endpoint set state = 'enabled', disabled_reason = null, failing_since = null,
      failures = 0, open_until = null, paused_until = null, updated_at = now()
    where id = $1 and client_id = $2 and deleted_at is null
    returning {COLUMNS}
    """,
)


async def enable(session: Session, client_id: UUID, endpoint_id: UUID) -> Endpoint | None:
    """The endpoint is sent to again, its failures forgotten."""
    return await session.one(ENABLE, endpoint_id, client_id)


DISABLE = Query(
    Endpoint,
    f"""
    update endpoint set state = 'disabled', disabled_reason = $2, updated_at = now()
    where id = $1 and state = 'enabled' and deleted_at is null
    returning {COLUMNS}
    """,
)


async def disable(session: Session, endpoint_id: UUID, reason: str) -> Endpoint | None:
    """The endpoint is sent nothing; None when it was disabled already."""
    return await session.one(DISABLE, endpoint_id, reason)


ROTATE = owned.rotation(Endpoint, "endpoint", COLUMNS, SECRETS_MAX)


async def rotate(
    session: Session, client_id: UUID, endpoint_id: UUID, secret: bytes, overlap_s: float
) -> Endpoint | None:
    """``secret`` signs from now on; the older ones sign too for ``overlap_s``."""
    return await session.one(ROTATE, endpoint_id, client_id, secret, overlap_s)


RETIRE = owned.retirement("endpoint")


async def retire_secrets(session: Session) -> int:
    """Old secrets whose overlap has ended are gone; the number of endpoints."""
    return await session.run(RETIRE)


DELETE = Command(
    """
    with gone as (
      update endpoint set deleted_at = now(), secrets = '{}'
      where id = $1 and client_id = $2 and deleted_at is null returning id
    ), stopped as (
      update delivery d set state = 'cancelled', finished_at = now(), lease_until = null
      from gone where d.endpoint_id = gone.id and d.state = 'queued')
    select from gone
    """
)


async def delete(session: Session, client_id: UUID, endpoint_id: UUID) -> bool:
    """The endpoint is gone and its queued deliveries are cancelled."""
    return await session.run(DELETE, endpoint_id, client_id) > 0
