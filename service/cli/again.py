"""Kept pages, queued to be extracted by the engine of today."""

from __future__ import annotations

from uuid import UUID

from service.db import ingestions, open_db
from service.settings import Settings

TIMEOUT_S = 300.0


async def queue(
    settings: Settings,
    client_id: UUID,
    *,
    version_not: str | None,
    site: str | None,
    article_id: UUID | None,
    limit: int,
) -> int:
    """How many kept pages were queued as ingestions of the client; workers do the rest."""
    async with open_db(settings.database_url, pool_max=1, timeout_s=TIMEOUT_S) as db:
        made = await ingestions.reextract(
            db, client_id, version_not=version_not, site=site, article_id=article_id, limit=limit
        )
    return len(made)
