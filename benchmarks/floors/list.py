"""The floor of a list: bare ASGI and asyncpg, one SELECT of twenty stored cards, joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.floors.pool import opened

if TYPE_CHECKING:
    from benchmarks.floors.pool import Pool

SELECT = """
    select card from article where deleted_at is null order by sort_at desc, id desc limit 20
"""
_pool: Pool | None = None


async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """``GET /v1/articles``, newest twenty."""
    if scope["type"] != "http":
        return
    global _pool
    if _pool is None:
        _pool = await opened()
    rows = await _pool.fetch(SELECT)
    body = b'{"items":[' + b",".join(row["card"] for row in rows) + b"]}"
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
