"""/v1/extract: the article of a page, at once, nothing stored."""

from __future__ import annotations

from litestar import post
from litestar.params import FromQuery

from service import ingest
from service.api.request import ApiRequest
from service.api.v1.pages import PAGE_BODY, PAGE_EXAMPLES, PAGE_TYPES, read_page
from service.api.v1.schema import Debug, ExtractOut, Url
from service.article import Article


@post(
    "/extract", scope="ingest", operation_id="extract", tags=["extract"],
    status_code=200, accepts=PAGE_TYPES, body=PAGE_BODY, examples=PAGE_EXAMPLES,
    problems=(422, 502),
)  # fmt: skip
async def extract(
    request: ApiRequest, url: FromQuery[Url | None] = None, debug: FromQuery[bool] = False
) -> ExtractOut:
    """Extract the article of a page without storing anything. `debug=1` adds how it was found."""
    article = await ingest.extract(request.runtime, await read_page(request, url))
    return ExtractOut(article=article, debug=_debug(article) if debug else None)


def _debug(article: Article) -> Debug:
    """What the extractor says of itself: its version, sureness, and the reader of each field."""
    return Debug(
        page_kind=article.page_kind,
        quality=article.quality,
        provenance=article.provenance,
        extractor=article.extractor,
    )
