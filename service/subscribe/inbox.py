"""Signed webhooks: verified on the raw bytes, mapped, and accepted in one transaction.

A message is answered once: a replay of its id gets the first answer. What was refused after its
signature was right is kept with the reason, and may be run again when the mapping is corrected.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from service.db import articles, messages, sources
from service.db.messages import Message
from service.db.session import Transaction
from service.db.sources import Source
from service.errors import InvalidRequest, NotFound, RequestError, SignatureRejected
from service.feeds.mapping import Entry, ItemMapping, read_entries
from service.ingest import erase, hint, identity_of
from service.pace import offloaded
from service.packed import pack, unpack
from service.queue import Job
from service.runtime import Runtime
from service.signing import Headers, Verifier, verify
from service.subscribe.items import insert, options_of, submission_of

BODY_BYTES_MAX = 20_000_000
_verifiers: msgspec.json.Decoder[Verifier] = msgspec.json.Decoder(Verifier)
_mappings = msgspec.json.Decoder(ItemMapping)


class Received(Struct, frozen=True, kw_only=True):
    """What a message led to; ``deleted`` are articles, ``is_replay`` an answer given before."""

    message_id: str
    ingestions: list[UUID]
    deleted: list[UUID]
    is_replay: bool = False


_received = msgspec.json.Decoder(Received)


async def receive(
    runtime: Runtime, source_id: UUID, headers: Headers, body: bytes, media_type: str
) -> Received:
    """The message is verified and its items are accepted.

    Raises ``NotFound``, ``SignatureRejected``, ``SecretUnreadable`` and ``InvalidRequest``.
    """
    source = await sources.receiver(runtime.db, source_id)
    if source is None:
        raise NotFound("there is no such source")
    verifier = _verifiers.decode(source.verifier)
    seal = runtime.seal
    opened = seal.open_any(source.secrets)
    try:
        message_id = verify(verifier, opened, headers, body, int(time.time()))
    except SignatureRejected:
        for sealed in source.secrets:  # one that cannot be opened may be the sender's
            seal.open(sealed)
        raise
    return await _once(runtime, source, message_id, body, media_type)


async def rerun(runtime: Runtime, source: Source, message_id: str) -> Received:
    """The kept message goes through the present mapping. Raises as ``receive``."""
    message = await messages.find(runtime.db, source.id, message_id)
    if message is None or message.body is None:
        raise NotFound("there is no such message")
    body = unpack(message.body, BODY_BYTES_MAX)
    async with runtime.db.transaction() as transaction:
        await messages.lock(transaction, source.id, message_id)
        outcome = await _answer(transaction, runtime, source, message_id, body)
    return _finish(runtime, outcome)


class _Outcome(Struct):
    """What a transaction has written, and what is to be done once it is committed."""

    received: Received
    accepted: Sequence[Any] = ()
    deliveries: Sequence[UUID] = ()
    error: RequestError | None = None


async def _once(
    runtime: Runtime, source: Source, message_id: str, body: bytes, media_type: str
) -> Received:
    packed, digest = await offloaded(len(body), _as_kept, body)
    async with runtime.db.transaction() as transaction:
        first = await messages.reserve(
            transaction, source.id, message_id, body_hash=digest, body=packed,
            media_type=media_type[:200],
        )  # fmt: skip
        if first is not None and first.error_code is None:
            return msgspec.structs.replace(_received.decode(first.answer), is_replay=True)
        outcome = await _answer(transaction, runtime, source, message_id, body)
    return _finish(runtime, outcome)


def _as_kept(body: bytes) -> tuple[bytes, bytes]:
    """The body packed, and its SHA-256."""
    return pack(body), hashlib.sha256(body).digest()


async def _answer(
    transaction: Transaction, runtime: Runtime, source: Source, message_id: str, body: bytes
) -> _Outcome:
    """The outcome, written down; an error of the sender's is written too, and raised later."""
    received = Received(message_id=message_id, ingestions=[], deleted=[])
    try:
        entries = read_entries(_mappings.decode(source.mapping), _document(body))
    except RequestError as error:
        await _keep(transaction, source, received, error)
        return _Outcome(received, error=error)
    options = options_of(source.options)
    if options.mode == "auto":  # who pushes content means it; a page without is fetched
        options = msgspec.structs.replace(options, mode="content")
    submissions = [
        submission
        for one in entries
        if one.op == "upsert"
        and (submission := submission_of(
            one.item, options, site_name=source.name, source_id=source.id, text=one.text
        ))
    ]  # fmt: skip
    accepted = await insert(transaction, runtime, source.client_id, submissions)
    deleted, deliveries = await _delete(transaction, entries)
    received = Received(
        message_id=message_id, ingestions=[row.id for row in accepted], deleted=deleted
    )
    await _keep(transaction, source, received, None)
    return _Outcome(received, accepted, deliveries)


def _finish(runtime: Runtime, outcome: _Outcome) -> Received:
    if outcome.error is not None:
        raise outcome.error
    hint(runtime, outcome.accepted)
    runtime.streams.send(Job("delivery", id) for id in outcome.deliveries)
    return outcome.received


def _document(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest("the body is not valid JSON") from error


async def _delete(
    transaction: Transaction, entries: Sequence[Entry]
) -> tuple[list[UUID], list[UUID]]:
    """The articles at the addresses that a message withdraws are deleted; returns their ids, and
    those of the deliveries. Two addresses may be of one article; two messages lock in one order."""
    keys = {identity_of(one.item.url) for one in entries if one.op == "delete"}
    found = await articles.lookup(transaction, [key for key in keys if key])
    gone = sorted({one.article_id for one in found})
    return gone, [id for article_id in gone for id in await erase(transaction, article_id)]


async def _keep(
    transaction: Transaction, source: Source, received: Received, error: RequestError | None
) -> None:
    await messages.answer(
        transaction,
        Message(
            source_id=source.id,
            message_id=received.message_id,
            status=error.status if error else 202,
            answer=msgspec.json.encode(received),
            body=None,
            media_type=None,
            ingestions=received.ingestions,
            error_code=error.code if error else None,
            error_detail=error.detail if error else None,
            replays=0,
            received_at=None,
        ),
    )
