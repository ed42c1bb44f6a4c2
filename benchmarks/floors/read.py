"""The floor of reading: bare ASGI and asyncpg, one SELECT of the stored bytes, nothing else.

What one would write by hand for this one endpoint: no authentication, no limits, no negotiation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from benchmarks.floors.pool import opened

if TYPE_CHECKING:
    from benchmarks.floors.pool import Pool

SELECT = "select body from article_doc where id = $1"
HEADERS = [(b"content-type", b"application/json"), (b"content-encoding", b"gzip")]
_pool: Pool | None = None


async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """``GET /v1/articles/{id}``."""
    if scope["type"] != "http":
        return
    global _pool
    if _pool is None:
        _pool = await opened()
    row = await _pool.fetchrow(SELECT, UUID(scope["path"].rpartition("/")[2]))
    body = row["body"]
    headers = [*HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
