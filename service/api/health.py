"""Probes and metrics: ``/livez``, ``/readyz``, ``/metrics``.

Open to anyone who reaches the port, and free of client names and page addresses; a public proxy
forwards ``/v1`` only. No place and no quota bounds them, so what costs is done once for all who
ask at one moment (200 who asked for metrics made a read take 800 ms).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from functools import partial
from typing import Any, Literal

import msgspec
from litestar import get
from msgspec import Struct
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    generate_latest,
    multiprocess,
)

from service.api import metrics
from service.api.answer import Answer
from service.api.request import ApiRequest
from service.db import gauges
from service.db.migrate import check_schema
from service.errors import BroadsheetError, DatabaseUnavailable
from service.notify.secrets import check_secrets

CHECK_S_MAX = 2.0
NO_STORE = {b"cache-control": b"no-store"}

Status = Literal["pass", "warn", "fail"]


class Check(Struct, omit_defaults=True):
    """The state of one dependency, and how long it took to answer."""

    status: Status
    duration_ms: float = 0.0
    detail: str | None = None


class Health(Struct):
    """``pass``, ``warn`` (works, but slower) or ``fail``, and why."""

    status: Status
    checks: dict[str, Check]


@get("/livez", public=True, operation_id="live", tags=["health"])
async def live() -> Health:
    """Check that the process answers. Touches neither Postgres nor Redis."""
    return Health("pass", {})


@get(
    "/readyz", public=True, operation_id="ready", tags=["health"], also=(503,),
    returns={"application/json": Health},
)  # fmt: skip
async def ready(request: ApiRequest) -> Answer:
    """Requests can be served: 200, or 503 while Postgres is gone or lacks migrations.

    Also 503 when the process will soon be stopped: it still serves, but new requests should go
    elsewhere. Without Redis the service works on, by polling: ``warn``. So it does where webhook
    secrets were sealed with another ``BROADSHEET_SECRET``, but for those webhooks.
    """
    return await request.shared.answer(b"/readyz", partial(_ready, request))


async def _ready(request: ApiRequest) -> Answer:
    runtime = request.runtime
    database, schema, redis, secrets = await asyncio.gather(
        _check("fail", gauges.ping(runtime.db)),
        _check("fail", check_schema(runtime.db)),
        _check("warn", runtime.redis.ping()),
        _check("warn", check_secrets(runtime)),
    )
    checks = {"database": database, "schema": schema, "redis": redis, "secrets": secrets}
    if request.app.state.admission.stopping.is_set():
        checks["process"] = Check("fail", detail="Stopping")
    worst = max((check.status for check in checks.values()), key=("pass", "warn", "fail").index)
    body = msgspec.json.encode(Health(worst, checks))
    headers = NO_STORE | {b"content-type": b"application/json"}
    return Answer(body, headers, 503 if worst == "fail" else 200)


async def _check(otherwise: Status, asking: Awaitable[Any]) -> Check:
    started_at = time.perf_counter()
    try:
        async with asyncio.timeout(CHECK_S_MAX):
            await asking
    except Exception as error:  # whatever it raises, the check has failed
        driver_says = error.__cause__ if isinstance(error, DatabaseUnavailable) else None
        return Check(otherwise, _since_ms(started_at), type(driver_says or error).__name__)
    return Check("pass", _since_ms(started_at))


def _since_ms(started_at: float) -> float:
    return round((time.perf_counter() - started_at) * 1000, 1)


@get("/metrics", public=True, include_in_schema=False)
async def show_metrics(request: ApiRequest) -> Answer:
    """Everything counted, in the text format of Prometheus."""
    return await request.shared.answer(b"/metrics", partial(_metrics, request))


async def _metrics(request: ApiRequest) -> Answer:
    await _measure(request)
    body = await asyncio.to_thread(_exposition, request.runtime.settings.api_processes > 1)
    return Answer(body, NO_STORE | {b"content-type": CONTENT_TYPE_LATEST.encode()})


async def _measure(request: ApiRequest) -> None:
    """What is asked at each scrape, not counted: the queue, and the pool."""
    try:
        async with asyncio.timeout(CHECK_S_MAX):
            await metrics.measure_store(request.runtime.db)
    except (BroadsheetError, TimeoutError):
        metrics.DATABASE_UP.set(0)


def _exposition(is_shared: bool) -> bytes:
    if not is_shared:
        return generate_latest(metrics.REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


ROUTES = (live, ready, show_metrics)
