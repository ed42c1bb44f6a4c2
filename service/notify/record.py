"""Events are recorded in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from service.db import events
from service.db.events import NewEvent
from service.db.session import Transaction

_encoder = msgspec.json.Encoder()


def encode(data: Mapping[str, Any]) -> str:
    """The ``data`` of an event as JSON text."""
    return _encoder.encode(data).decode()


async def record(
    transaction: Transaction,
    type: str,
    data: Mapping[str, Any],
    *,
    client_id: UUID | None = None,
    article_id: UUID | None = None,
    ingestion_id: UUID | None = None,
    callback_id: UUID | None = None,
) -> list[UUID]:
    """The event ``type`` has happened; returns the ids of its deliveries, to be hinted on commit.

    Its payload is ``{"type", "timestamp", "data"}`` as in Standard Webhooks 1.0, the time that of
    the transaction. Without a ``client_id`` it goes to the endpoints of every client; to the
    endpoint ``callback_id`` it goes in any case.
    """
    event = NewEvent(
        type=type,
        data=encode(data),
        client_id=client_id,
        article_id=article_id,
        ingestion_id=ingestion_id,
        callback_id=callback_id,
    )
    return await events.record(transaction, [event])


async def record_only(
    transaction: Transaction, type: str, data: Mapping[str, Any], client_id: UUID
) -> UUID:
    """The event ``type`` has happened and nobody is told; returns its id."""
    event = NewEvent(type=type, data=encode(data), client_id=client_id)
    return await events.record_only(transaction, event)
