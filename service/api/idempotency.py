"""``Idempotency-Key``: the first full answer to a creating POST, given again to its repeats.

The key belongs to its client and stands for one request: method, address, type and body. The
answer is kept in the transaction of the write, so there is no moment at which one is there
without the other. Source: draft-ietf-httpapi-idempotency-key-header-07.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec
from litestar import Response

from service.api import answer as api
from service.api.request import ApiRequest
from service.db import Transaction
from service.db.idempotency import Answer, IdempotencyKey, once
from service.errors import FieldError, InvalidRequest
from service.pace import offloaded

HEADER = "Idempotency-Key"
CHARS_MAX = 255


async def read_key(request: ApiRequest) -> IdempotencyKey | None:
    """The request's key with the hash of the request; None when it carries none.

    A quoted key (as the draft has it) and a bare one are the same. Raises ``InvalidRequest``.
    """
    exchange = request.exchange
    if b"idempotency-key" not in exchange.headers:
        return None
    given = exchange.header(b"idempotency-key").strip()
    key = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not key.strip() or len(given) > CHARS_MAX or not (key.isascii() and key.isprintable()):
        raise InvalidRequest(
            f"{HEADER} must be 1 to {CHARS_MAX} printable ASCII characters",
            errors=(FieldError(HEADER, "invalid"),),
        )
    return IdempotencyKey(request.caller.client_id, key, await _hash(request))


async def _hash(request: ApiRequest) -> bytes:
    exchange = request.exchange
    parts = (
        exchange.method.encode(),
        exchange.path.encode(),
        request.scope["query_string"],
        exchange.headers.get(b"content-type", b""),
        await request.body(),
    )
    return await offloaded(len(parts[-1]), _digest, parts)


def _digest(parts: Iterable[bytes]) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.digest()


async def answered_once(
    request: ApiRequest, write: Callable[[Transaction], Awaitable[Answer]]
) -> Response[Any]:
    """What ``write`` answers in a transaction of its own, or answered when the key was new."""
    key = await read_key(request)
    async with request.runtime.db.transaction() as transaction:
        if key is None:
            return to_response(await write(transaction))
        return to_response(await once(transaction, key, lambda: write(transaction)))


def created(value: Any, location: str, status: int = 201) -> Answer:
    """The answer that shows ``value``, which is now at ``location``."""
    return Answer(status, [("Location", location)], msgspec.json.encode(value))


def given(answer: Answer) -> api.Answer:
    """``answer`` as it was, marked when it is a repeat."""
    headers = {name.lower().encode(): value.encode("latin-1") for name, value in answer.headers}
    if answer.is_replay:
        headers[b"idempotency-replayed"] = b"true"
    return api.Answer(answer.body, {b"content-type": b"application/json"} | headers, answer.status)


def to_response(answer: Answer) -> Response[Any]:
    """``answer`` as it was, marked when it is a repeat."""
    headers = dict(answer.headers)
    if answer.is_replay:
        headers["Idempotency-Replayed"] = "true"
    return Response(
        answer.body, status_code=answer.status, headers=headers, media_type="application/json"
    )
