"""The floor of a list: bare ASGI and asyncpg, one SELECT of twenty stored cards, joined."""

from __future__ import annotations

import os
from typing import Any

import asyncpg

SELECT = """
    select card from article where deleted_at is null order by sort_at desc, id desc limit 20
"""
_pool: asyncpg.Pool[asyncpg.Record] | None = None


async def _keep(_connection: object) -> None:
    """Stands for the reset query: a floor does without the second round trip."""


async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """``GET /v1/articles``, newest twenty."""
    if scope["type"] != "http":
        return
    global _pool
    if _pool is None:
        _pool = await asyncpg.create_pool(
            os.environ["DATABASE_URL"], min_size=4, max_size=10, reset=_keep
        )
    rows = await _pool.fetch(SELECT)
    body = b'{"items":[' + b",".join(row["card"] for row in rows) + b"]}"
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
