"""/v1/articles/reextract: kept pages read again, when the extractor or a site's rule is better."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import post
from msgspec import Meta, Struct

from service.address import site_domain
from service.api.request import ApiRequest
from service.api.v1.schema import Input
from service.db import ingestions
from service.extract import VERSION

QUEUED_MAX = 10_000


class ReextractIn(Input, kw_only=True):
    """Which articles: those of one ``site``, one article, or all. Only those that another version
    of the extractor made, unless ``every``."""

    site: Annotated[str, Meta(min_length=1, max_length=253)] | None = None
    article_id: UUID | None = None
    every: bool = False
    limit: Annotated[int, Meta(ge=1, le=QUEUED_MAX)] = 1_000


class ReextractOut(Struct, kw_only=True):
    """How many stored pages were queued; fewer than the limit means that no more are left."""

    queued: int
    extractor_version: str


@post(
    "/articles/reextract", scope="admin", operation_id="reextract_articles", tags=["articles"],
    status_code=202, examples={"application/json": {"site": "news.example"}},
)  # fmt: skip
async def reextract_articles(request: ApiRequest, data: ReextractIn) -> ReextractOut:
    """Queue stored pages to be extracted again, as low-priority ingestions and without a fetch.
    Unchanged content makes no new revision."""
    made = await ingestions.reextract(
        request.runtime.db,
        request.caller.client_id,
        version_not=None if data.every else VERSION,
        site=site_domain(f"https://{data.site}/") if data.site else None,
        article_id=data.article_id,
        limit=data.limit,
    )
    return ReextractOut(queued=len(made), extractor_version=VERSION)
