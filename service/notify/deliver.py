"""Makes deliveries: claimed in Postgres, signed, posted once, the answer recorded.

A delivery may be posted twice, when a worker dies between the answer and the commit: with the
same id and the same bytes, which were stored with the event in the transaction of what it tells.
"""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime

from service.db import deliveries, endpoints
from service.db.deliveries import Claim, Ended, NewAttempt
from service.document import decompress
from service.errors import FetchError, SecretUnreadable
from service.log import log
from service.notify.outcome import FAILING_DAYS_MAX, Arrived, Failed, judge, wait_s
from service.notify.record import record
from service.queue import Job
from service.runtime import Runtime
from service.signing import new_secret, signed_headers

TIMEOUT_S = 15.0
RESPONSE_CHARS_MAX = 1_000


async def deliver(runtime: Runtime, claim: Claim) -> None:
    """One attempt of ``claim`` is made and its outcome stored."""
    started = asyncio.get_running_loop().time()
    verdict, status, response = await _post(runtime, claim)
    failed = verdict if isinstance(verdict, Failed) else None
    attempt = NewAttempt(
        duration_ms=int((asyncio.get_running_loop().time() - started) * 1000),
        http_status=status,
        response=response,
        error_code=failed.code if failed else None,
        error_detail=failed.detail if failed else None,
    )
    if failed is None:
        await deliveries.succeed(runtime.db, claim, attempt)
    else:
        await _fail(runtime, claim, attempt, failed)
    log.info(
        "delivery", delivery_id=claim.id, endpoint_id=claim.endpoint_id, attempt=claim.attempt,
        http_status=status, duration_ms=attempt.duration_ms, error_code=attempt.error_code,
    )  # fmt: skip


async def _post(runtime: Runtime, claim: Claim) -> tuple[Arrived | Failed, int | None, str | None]:
    body, now, spread = body_of(claim), datetime.now(UTC), random.random()
    try:
        secrets = await _secrets(runtime, claim)
    except SecretUnreadable as error:
        return Failed(error.code, error.detail, wait_s(claim.attempt, spread)), None, None
    signed = signed_headers(secrets, str(claim.event_id), int(now.timestamp()), body)
    headers = {"content-type": "application/json", **signed}
    try:
        posted = await runtime.fetcher.post(claim.url, body, headers, TIMEOUT_S)
    except FetchError as error:
        retry_s = wait_s(claim.attempt, spread)
        return Failed(error.code, error.detail or error.code, retry_s), error.http_status, None
    answered = {name.lower(): value for name, value in posted.headers}
    verdict = judge(posted.status, answered, claim.attempt, spread, now)
    return verdict, posted.status, _printable(posted.body_head)


async def _secrets(runtime: Runtime, claim: Claim) -> list[str]:
    sealed = claim.secrets
    if not sealed:
        fresh = runtime.seal.close(new_secret())
        sealed = await endpoints.arm(runtime.db, claim.endpoint_id, fresh)
    return runtime.seal.open_any(sealed)


def body_of(claim: Claim) -> bytes:
    """What every attempt of ``claim`` sends: its event, ``{"type": ..., "data": {...}}``.

    In the full payload the article is the last of its data.
    """
    if claim.document is None:
        return claim.body
    article = decompress(claim.document)
    return claim.body[: -len(b"}}")] + b',"article":' + article + b"}}"


def _printable(body: bytes) -> str:
    text = body[: 4 * RESPONSE_CHARS_MAX].decode("utf-8", "replace").replace("\x00", "")
    return text[:RESPONSE_CHARS_MAX]


async def _fail(runtime: Runtime, claim: Claim, attempt: NewAttempt, failed: Failed) -> None:
    ids = []
    async with runtime.db.transaction() as transaction:
        ended = await deliveries.fail(
            transaction, claim, attempt, retry_s=failed.retry_s, pause_s=failed.pause_s
        )
        reason = _reason_to_disable(failed, ended)
        endpoint = reason and await endpoints.disable(transaction, claim.endpoint_id, reason)
        if endpoint:
            data = {"endpoint_id": endpoint.id, "url": endpoint.url, "reason": reason}
            ids = await record(transaction, "endpoint.disabled", data, client_id=endpoint.client_id)
    runtime.streams.send(Job("delivery", id) for id in ids)


def _reason_to_disable(failed: Failed, ended: Ended | None) -> str | None:
    if ended is None:  # the lease was lost: another worker's attempt counts
        return None
    if failed.gone:
        return "the endpoint answered 410 Gone"
    if ended.failing_days >= FAILING_DAYS_MAX:
        return f"every delivery failed for {FAILING_DAYS_MAX} days"
    return None
