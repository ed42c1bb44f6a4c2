"""The application called in this process, without sockets: what stands around the bare route."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import uvloop
from litestar import Litestar, get
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from benchmarks.figures import Figure
from benchmarks.paths import Size
from benchmarks.stack import Stack
from service.api.app import GC_THRESHOLDS, create_app
from service.db.reader import Reader
from service.log import configure_log
from service.runtime import open_runtime

TOGETHER = 16
CALLS = 1_600


def run(stack: Stack, size: Size) -> list[Figure]:
    """CPU of GET /v1/articles/{id} with everything on, to that of the bare route."""
    url = stack.database(10_000)
    nowhere = open(os.devnull, "w")  # noqa: SIM115  # where lines of log go from now on
    with contextlib.redirect_stderr(nowhere):
        configure_log()
        bare, whole = uvloop.run(measured(stack, url, stack.key(url), size.rounds))
    print(f"bare route {bare:.0f} us, whole stack {whole:.0f} us of CPU a request")
    note = f"{whole:.0f} us to {bare:.0f} us"
    return [
        Figure(path="inproc", case="whole stack", base="bare route", metric="cpu",
               value=whole / bare, note=note)
    ]  # fmt: skip


def bare_app(reader: Reader) -> Litestar:
    """One route of the same framework over the same reader."""

    @get("/v1/articles/{article_id:uuid}")
    async def read(article_id: FromPath[UUID]) -> ASGIResponse:
        doc = await reader.doc(article_id)
        body = doc.body if doc else b""
        return ASGIResponse(
            body=body, media_type="application/json", headers={"content-encoding": "gzip"}
        )

    return Litestar([read], openapi_config=None, logging_config=None)


async def measured(stack: Stack, url: str, key: str, rounds: int) -> tuple[float, float]:
    """Microseconds of both, the median of rounds in turn."""
    settings = msgspec.structs.replace(stack.settings(url), rate_per_minute=100_000_000)
    connection = await asyncpg.connect(url)
    ids = [row["id"] for row in await connection.fetch("select id from article_doc limit 500")]
    await connection.close()
    headers = [(b"authorization", f"Bearer {key}".encode()), (b"accept-encoding", b"gzip")]
    async with open_runtime(settings) as runtime:
        whole = create_app(runtime)
        apps: list[Any] = [bare_app(runtime.reader), whole]
        spent: list[list[float]] = [[], []]
        async with whole.running():
            for app in apps:
                await calls(app, ids, headers, TOGETHER * 8)
            gc.collect()
            gc.freeze()
            gc.set_threshold(*GC_THRESHOLDS)
            for _ in range(rounds * 2):
                for app, found in zip(apps, spent, strict=True):
                    began = time.process_time()
                    await calls(app, ids, headers, CALLS)
                    found.append((time.process_time() - began) / CALLS * 1e6)
    return statistics.median(spent[0]), statistics.median(spent[1])


async def calls(app: Callable[..., Any], ids: list[UUID], headers: Any, count: int) -> None:
    """``count`` requests, some at once; fails on an answer that is no 200."""
    for _ in range(count // TOGETHER):
        await asyncio.gather(*(
            call(app, f"/v1/articles/{random.choice(ids)}", headers) for _ in range(TOGETHER)
        ))  # fmt: skip


async def call(app: Callable[..., Any], path: str, headers: Any) -> None:
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": b"", "headers": headers, "http_version": "1.1", "scheme": "http",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": "",
        "asgi": {"version": "3.0"}, "extensions": {}, "state": {},
    }  # fmt: skip
    statuses = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    if statuses != [200]:
        raise RuntimeError(f"{path}: {statuses}")
