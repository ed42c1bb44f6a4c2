"""/v1/articles: the document in its representations, lists, look-ups, revisions, deletion."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from msgspec import UNSET

from service import ingest
from service.address import identity_key
from service.api.answer import Answer
from service.api.conditional import wanted_tags
from service.api.lists import Cursor, Limit, Page, page_of
from service.api.request import ApiRequest
from service.api.rules import JSON_TYPES, MERGE_PATCH, media_type
from service.api.v1.pages import metadata_faults
from service.api.v1.representations import FORMS, Form, choose_form, document, revision
from service.api.v1.schema import (
    ArticlePatch,
    IdsIn,
    LookupIn,
    LookupOut,
    RevisionOut,
)
from service.api.validation import refuse
from service.article import Article
from service.db import articles
from service.document import decompress
from service.errors import FieldError, Gone, InvalidRequest, NotFound
from service.pace import paced

PATH = "/articles"
ONE = PATH + "/{article_id:uuid}"
NDJSON = "application/x-ndjson"
STEP = 20
NUMBER_MAX = 2**31 - 1
"""The largest revision that the column holds."""


@get(
    ONE, scope="read", operation_id="get_article", tags=["articles"], returns=FORMS,
    takes=("If-None-Match",), headers=("ETag",), problems=(406, 410),
)  # fmt: skip
async def get_article(
    request: ApiRequest, article_id: FromPath[UUID], format: FromQuery[Form | None] = None
) -> Answer:
    """Get the article as JSON, HTML, Markdown or plain text, by `Accept` or `?format=`."""
    form = choose_form(request, format)
    doc = await request.runtime.reader.doc(article_id)
    if doc is None:
        raise await absence(request, article_id)
    return document(request, doc, form)


async def absence(
    request: ApiRequest, article_id: UUID, missing: str = "there is no such article"
) -> NotFound | Gone:
    """Why there is nothing: the article was deleted, or something is ``missing``."""
    standing = await articles.standing(request.runtime.db, article_id)
    if standing is None or standing.deleted_at is None:
        return NotFound(missing)
    return Gone(f"the article was deleted on {standing.deleted_at:%Y-%m-%d}")


@patch(
    ONE,
    scope="ingest",
    operation_id="annotate_article",
    tags=["articles"],
    takes=("If-Match",),
    accepts=(*JSON_TYPES, MERGE_PATCH),
    problems=(410, 412),
    returns={"application/json": Article},
    headers=("ETag",),
)
async def annotate_article(
    request: ApiRequest, article_id: FromPath[UUID], data: ArticlePatch
) -> Answer:
    """Set `tags`, and merge `metadata` (a key that is null is removed).

    The content and its revision do not change; `/v1/changes` and webhooks report the update. In a
    merge patch (RFC 7396) null in place of either removes all of it; in plain JSON it changes
    nothing."""
    tags, metadata = data.tags, data.metadata
    if media_type(request.exchange.header(b"content-type")) != MERGE_PATCH:
        tags = UNSET if tags is None else tags
        metadata = UNSET if metadata is None else metadata
    refuse(list(metadata_faults(metadata or None)))
    doc = await ingest.annotate(
        request.runtime,
        article_id,
        tags=tags,
        metadata=metadata,
        if_match=wanted_tags(request.headers.get("if-match")),
    )
    return document(request, doc, "json")


@delete(
    ONE, scope="ingest", operation_id="delete_article", tags=["articles"], takes=("If-Match",),
    problems=(410, 412),
)  # fmt: skip
async def delete_article(request: ApiRequest, article_id: FromPath[UUID]) -> None:
    """Delete the article for everybody. It leaves a tombstone for 90 days."""
    wanted = wanted_tags(request.headers.get("if-match"))
    await ingest.delete(request.runtime, article_id, wanted)


@post(
    PATH + "/lookup", scope="read", operation_id="look_up_articles", tags=["articles"],
    status_code=200,
    examples={"application/json": {"urls": ["https://www.news.example/harbour-reopens/?utm_source=x"]}},
)  # fmt: skip
async def look_up_articles(request: ApiRequest, data: LookupIn) -> LookupOut:
    """Look up to 500 URLs and ids: for each the article's id, or null. Tracking parameters, `www`,
    scheme, trailing slash, AMP and mobile variants are ignored."""
    keys = await _keys(data.urls)
    known = {row.key: row.article_id for row in await articles.lookup(request.runtime.db, keys)}
    docs = await articles.docs(request.runtime.db, data.ids) if data.ids else []
    present = {doc.id for doc in docs}
    return LookupOut(
        urls=[known.get(key) for key in keys],
        ids=[article_id if article_id in present else None for article_id in data.ids],
    )


async def _keys(urls: Sequence[str]) -> list[str]:
    """The identity key of each address; raises ``InvalidRequest`` that names those without."""
    keys, wrong = [], []
    async for index, url in paced(enumerate(urls)):
        try:
            keys.append(identity_key(url))
        except InvalidRequest as error:
            wrong.append(FieldError(f"/urls/{index}", "url", error.detail))
    refuse(wrong)
    return keys


@post(
    PATH + "/batch-get", scope="read", operation_id="get_articles", tags=["articles"],
    status_code=200, returns={NDJSON: Article},
    examples={"application/json": {"ids": ["019a0000-0000-7000-8000-000000000000"]}},
)  # fmt: skip
async def get_articles(request: ApiRequest, data: IdsIn) -> Stream:
    """Get up to 200 articles as NDJSON, in the order of the ids; unknown ids are left out."""
    return Stream(_documents(request, data.ids), media_type=NDJSON)


async def _documents(request: ApiRequest, ids: list[UUID]) -> AsyncIterator[bytes]:
    """A few at a time: memory does not grow with the number asked for."""
    for start in range(0, len(ids), STEP):
        step = ids[start : start + STEP]
        found = {doc.id: doc for doc in await articles.docs(request.runtime.db, step)}
        lines = [
            decompress(found[article_id].body) + b"\n" for article_id in step if article_id in found
        ]
        if lines:
            yield b"".join(lines)


@get(
    ONE + "/revisions", scope="read", operation_id="list_revisions", tags=["articles"],
    headers=("Link",), problems=(410,),
)  # fmt: skip
async def list_revisions(
    request: ApiRequest, article_id: FromPath[UUID], cursor: Cursor = None, limit: Limit = 50
) -> Response[Page[RevisionOut]]:
    """List the revisions of an article, newest first."""
    binding = ("revisions", article_id)
    (before,) = request.cursors.read(cursor, binding, tuple[int]) or (None,)
    found = await articles.revisions(request.runtime.db, article_id, before, limit + 1)
    if not found and before is None:
        raise await absence(request, article_id)
    shown = [
        RevisionOut(
            number=row.number,
            content_hash=row.content_hash.hex(),
            extractor_version=row.extractor_version,
            created_at=row.created_at,
        )
        for row in found
    ]
    return page_of(request, shown, limit, binding, lambda revision: (revision.number,))


@get(
    ONE + "/revisions/{number:int}", scope="read", operation_id="get_revision", tags=["articles"],
    returns=FORMS, headers=("ETag",), problems=(406, 410),
)  # fmt: skip
async def get_revision(
    request: ApiRequest,
    article_id: FromPath[UUID],
    number: FromPath[int],
    format: FromQuery[Form | None] = None,
) -> Answer:
    """Get one revision of the article. A revision never changes."""
    form = choose_form(request, format)
    body = None
    if 0 < number <= NUMBER_MAX:
        body = await articles.revision(request.runtime.db, article_id, number)
    if body is None:
        raise await absence(request, article_id, "there is no such revision")
    return revision(request, body, f"{article_id.hex}.{number}", form)
