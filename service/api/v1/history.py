"""/v1/articles: differences between revisions, related articles, and the export of all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream
from msgspec import Struct

from service import document
from service.api.answer import Answer
from service.api.request import ApiRequest
from service.api.v1.articles import absence
from service.api.v1.representations import MEDIA_TYPES, choose_form, made
from service.api.v1.schema import Card
from service.article import Article
from service.db import articles, changes, likeness
from service.difference import BlockChange, FieldChange, difference
from service.pace import paced
from service.render import to_difference

NDJSON = "application/x-ndjson"
STEP, PART = 50, 10
"""Articles that an export reads at once, and that it makes ready and sends together."""
RELATED_MAX = 50
DifferenceForm = Literal["json", "html"]
DIFFERENCE_TYPES = {form: MEDIA_TYPES[form] for form in get_args(DifferenceForm)}
From = Annotated[int, QueryParameter(name="from", ge=1, le=2**31 - 1, description="A revision.")]
To = Annotated[int, QueryParameter(name="to", ge=1, le=2**31 - 1, description="A revision.")]


class DifferenceOut(Struct, kw_only=True):
    """The differences between two revisions, in reading order."""

    article_id: UUID
    from_number: int
    to_number: int
    fields: list[FieldChange]
    blocks: list[BlockChange]


class RelatedItem(Struct, kw_only=True):
    """A related article: `same_story` is a copy or another version of the text."""

    relation: str
    article: Card


class RelatedOut(Struct, kw_only=True):
    """Versions of the same story, newest first; then articles on similar subjects."""

    items: list[RelatedItem]


@get(
    "/articles/{article_id:uuid}/diff", scope="read", operation_id="diff_revisions",
    tags=["articles"], returns={"application/json": DifferenceOut, "text/html": str},
    problems=(406, 410),
)  # fmt: skip
async def diff_revisions(
    request: ApiRequest,
    article_id: FromPath[UUID],
    old: From,
    new: To,
    format: FromQuery[DifferenceForm | None] = None,
) -> Answer:
    """Compare two revisions block by block, changed blocks word by word; as JSON, or as a page with
    deletions struck out and insertions underlined."""
    form = choose_form(request, format, DIFFERENCE_TYPES)
    before = await _revision(request, article_id, old)
    after = await _revision(request, article_id, new)
    found = difference(before, after)
    if form == "html":
        return made(to_difference(after, found, old, new).encode(), form)
    out = DifferenceOut(
        article_id=article_id, from_number=old, to_number=new, fields=found.fields,
        blocks=found.blocks,
    )  # fmt: skip
    return made(msgspec.json.encode(out), form)


async def _revision(request: ApiRequest, article_id: UUID, number: int) -> Article:
    body = await articles.revision(request.runtime.db, article_id, number)
    if body is None:
        raise await absence(request, article_id, f"there is no revision {number} of this article")
    return document.unpack(body)


@get(
    "/articles/{article_id:uuid}/related", scope="read", operation_id="list_related",
    tags=["articles"], returns={"application/json": RelatedOut}, problems=(410,),
)  # fmt: skip
async def list_related(
    request: ApiRequest,
    article_id: FromPath[UUID],
    limit: Annotated[int, QueryParameter(ge=1, le=RELATED_MAX)] = 10,
) -> Response[bytes]:
    """List other versions of the same story, then articles on similar subjects."""
    standing = await articles.standing(request.runtime.db, article_id)
    if standing is None or standing.deleted_at is not None:
        raise await absence(request, article_id)
    found = await likeness.related(request.runtime.db, article_id, limit)
    items = [
        {"relation": "same_story" if one.is_same_story else "similar",
         "article": msgspec.Raw(one.card)}
        for one in found
    ]  # fmt: skip
    return Response(msgspec.json.encode({"items": items}), media_type="application/json")


@get(
    "/articles/export", scope="read", operation_id="export_articles", tags=["articles"],
    returns={NDJSON: Article},
)  # fmt: skip
async def export_articles(
    request: ApiRequest,
    after: Annotated[
        UUID | None, QueryParameter(description="Continue after this id, the last one received.")
    ] = None,
) -> Stream:
    """Export every article as NDJSON, in the order of ids; `after` resumes an export."""
    return Stream(_exported(request, after), media_type=NDJSON)


async def _exported(request: ApiRequest, after: UUID | None) -> AsyncIterator[bytes]:
    """A step at a time, each a statement of its own: memory stays the same, no long snapshot."""
    while True:
        rows = await changes.walk(request.runtime.db, after, STEP, "full")
        parts = (rows[start : start + PART] for start in range(0, len(rows), PART))
        async for part in paced(parts):
            if lines := [document.decompress(row.body) + b"\n" for row in part if row.body]:
                yield b"".join(lines)
        if len(rows) < STEP:
            return
        after = rows[-1].id
