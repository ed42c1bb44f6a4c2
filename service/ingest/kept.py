"""Stored bytes as a page for the extractor."""

from __future__ import annotations

import msgspec

from service.db.snapshots import Snapshot
from service.extract import Page
from service.packed import unpack


def page_kept(snapshot: Snapshot) -> Page:
    """Stored bytes as a page, as their origin or sender described them."""
    headers: dict[str, str] = msgspec.json.decode(snapshot.headers)
    return Page(
        content=unpack(snapshot.content, snapshot.content_bytes),
        url=snapshot.url,
        kind="text" if snapshot.media_type == "text/plain" else "html",
        charset=snapshot.charset,
        status=snapshot.status or 200,
        headers=headers,
        fetched=snapshot.status is not None,
    )
