"""The floor of acceptance: bare ASGI and asyncpg, one INSERT of the bytes as they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.floors.pool import opened

if TYPE_CHECKING:
    from benchmarks.floors.pool import Pool

CREATE = """
    create table if not exists bench_accept (id bigint generated always as identity primary key,
      content bytea not null, created_at timestamptz not null default now());
    alter table bench_accept alter column content set storage external
"""
INSERT = "insert into bench_accept (content) values ($1) returning id"
_pool: Pool | None = None


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """``POST``: the body is stored, its id answered."""
    if scope["type"] != "http":
        return
    global _pool
    if _pool is None:
        _pool = await opened()
        await _pool.execute(CREATE)
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    number = await _pool.fetchval(INSERT, b"".join(parts))
    body = b'{"id":%d}' % number
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 202, "headers": headers})
    await send({"type": "http.response.body", "body": body})
