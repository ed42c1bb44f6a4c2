"""/v1/articles/{id}/source: the bytes that an article was made from, safe to hand out.

They are another site's page: an attachment under a sandbox, never sniffed, never transformed.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response.base import ASGIResponse
from msgspec import Struct

from service.api.conditional import http_date, quoted
from service.api.request import ApiRequest
from service.api.v1.articles import absence
from service.db import snapshots
from service.db.snapshots import Snapshot
from service.pace import offloaded
from service.packed import unpack

SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"
EXTENSIONS = {"text/html": "html", "application/xhtml+xml": "xhtml", "text/plain": "txt"}


class OriginalOut(Struct, kw_only=True):
    """Where the bytes came from, and what the origin sent with them."""

    url: str | None
    status: int | None
    headers: Any
    media_type: str
    charset: str | None
    sha256: str
    content_bytes: int
    fetched_at: datetime


@get(
    "/articles/{article_id:uuid}/source",
    scope="source", operation_id="get_article_source", tags=["articles"],
    headers=("ETag", "Repr-Digest"), problems=(410,),
    returns={"application/json": OriginalOut, **dict.fromkeys(EXTENSIONS, str)},
)  # fmt: skip
async def get_source(
    request: ApiRequest,
    article_id: FromPath[UUID],
    format: FromQuery[Literal["raw", "json"]] = "raw",
) -> ASGIResponse:
    """Get the original bytes as an attachment; with `format=json`, what the origin sent with them:
    URL, status, headers, digest."""
    snapshot = await snapshots.of_article(request.runtime.db, article_id)
    if snapshot is None:
        missing = "there is no such article, or its original bytes are not kept"
        raise await absence(request, article_id, missing)
    form = _described if format == "json" else _attached
    return await offloaded(snapshot.content_bytes, form, snapshot)


def _described(snapshot: Snapshot) -> ASGIResponse:
    content = unpack(snapshot.content, snapshot.content_bytes)
    out = OriginalOut(
        url=snapshot.url,
        status=snapshot.status,
        headers=msgspec.json.decode(snapshot.headers),
        media_type=snapshot.media_type,
        charset=snapshot.charset,
        sha256=hashlib.sha256(content).hexdigest(),
        content_bytes=snapshot.content_bytes,
        fetched_at=snapshot.fetched_at,
    )
    return ASGIResponse(
        body=msgspec.json.encode(out), headers={"cache-control": "private, no-cache"}
    )


def _attached(snapshot: Snapshot) -> ASGIResponse:
    content = unpack(snapshot.content, snapshot.content_bytes)
    digest = hashlib.sha256(content)
    charset = f"; charset={snapshot.charset}" if snapshot.charset else ""
    name = f"source.{EXTENSIONS.get(snapshot.media_type, 'bin')}"
    return ASGIResponse(
        body=content,
        headers={
            "content-type": snapshot.media_type + charset,
            "content-disposition": f'attachment; filename="{name}"',
            "content-security-policy": SANDBOX,
            "repr-digest": f"sha-256=:{b64encode(digest.digest()).decode()}:",
            "etag": quoted(digest.hexdigest()),
            "last-modified": http_date(snapshot.fetched_at),
            "cache-control": "private, no-cache, no-transform",
        },
    )
