"""/v1/articles: the list with its filters, search, sorts, views and formats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, cast
from urllib.parse import urljoin
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import QueryParameter

from service import document
from service.api import negotiation
from service.api.answer import Answer
from service.api.cursor import Binding, bind
from service.api.lists import Cursor, Limit, link_header, next_link, page_of_bytes
from service.api.request import ApiRequest
from service.api.v1.highlights import highlights
from service.api.v1.schema import CardPage
from service.api.v1.selection import (
    BY_RELEVANCE,
    At,
    Authors,
    Count,
    Duplicates,
    Has,
    Ids,
    Keywords,
    Kinds,
    Langs,
    ListFormat,
    Q,
    Sections,
    Selection,
    Sites,
    Sort,
    Tags,
    View,
    Words,
    filters_of,
)
from service.article import Article
from service.db import articles, listing, ranking, search, totals, walks
from service.db.filters import Filters
from service.errors import FieldError, InvalidRequest
from service.pace import paced
from service.render import ATOM_TYPE, JSON_FEED_TYPE, FeedHead, to_atom, to_json_feed

FORMATS: dict[str, str] = {
    "json": "application/json",
    "jsonfeed": JSON_FEED_TYPE,
    "atom": ATOM_TYPE,
}
RETURNS = {"application/json": CardPage, **dict.fromkeys(list(FORMATS.values())[1:], str)}
FIELDS = frozenset(Article.__struct_fields__)
CARD_FIELDS = frozenset(document.CARD_FIELDS)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Asked(msgspec.Struct, frozen=True):
    """A page of a list, as it was asked for."""

    selection: Selection
    sort: Sort
    cursor: str | None
    limit: int
    view: View
    wanted: frozenset[str] | None
    count: Count | None
    highlight: bool


class Rows(msgspec.Struct):
    """A page of rows: ids, cards, and the cursor's place after them, if there is more."""

    ids: list[UUID]
    cards: list[bytes]
    next_place: tuple[Any, ...] | None


@get(
    "/articles", scope="read", operation_id="list_articles", tags=["articles"],
    returns=RETURNS, headers=("Link", "ETag"), takes=("If-None-Match",), problems=(406,),
)  # fmt: skip
async def list_articles(  # noqa: PLR0917  # they are the query parameters, by name
    request: ApiRequest,
    q: Q = None,
    lang: Langs = None,
    site: Sites = None,
    author: Authors = None,
    section: Sections = None,
    tag: Tags = None,
    keyword: Keywords = None,
    page_kind: Kinds = None,
    has: Has = None,
    feed_id: Annotated[
        tuple[UUID, ...] | None,
        QueryParameter(description="Of any of these feeds, whichever of them had it first."),
    ] = None,
    cluster_id: Ids = None,
    ids: Ids = None,
    published_after: At = None,
    published_before: At = None,
    created_after: At = None,
    created_before: At = None,
    updated_after: At = None,
    updated_before: At = None,
    word_count_min: Words = None,
    word_count_max: Words = None,
    is_free: Annotated[
        bool | None, QueryParameter(description="Can be read without paying.")
    ] = None,
    duplicates: Annotated[
        Duplicates,
        QueryParameter(
            description="`collapse`: of each story only the article that was stored first among "
            "those that match the other filters."
        ),
    ] = "include",
    sort: Annotated[
        Sort,
        QueryParameter(
            description="`-relevance` needs `q`; with `,-published_at` the newer of two articles "
            "that are about equally relevant comes first."
        ),
    ] = "-published_at",
    view: Annotated[
        View, QueryParameter(description="`full` has the body, `ids` the id alone.")
    ] = "card",
    fields: Annotated[
        str | None, QueryParameter(description="Comma-separated: return only these fields.")
    ] = None,
    count: Annotated[
        Count | None,
        QueryParameter(description="Adds `count`; `exact` counts every article, so it is slow."),
    ] = None,
    highlight: Annotated[
        bool, QueryParameter(description="Adds fragments with the block ids of matches of `q`.")
    ] = False,
    format: Annotated[ListFormat | None, QueryParameter(description="Overrides `Accept`.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    """List or search articles, newest first, as JSON, JSON Feed or Atom. All filters must match."""
    selection = Selection(
        q=q, lang=lang, site=site, author=author, section=section, tag=tag, keyword=keyword,
        page_kind=page_kind, has=has, feed_id=feed_id, cluster_id=cluster_id, ids=ids,
        published_after=published_after, published_before=published_before,
        created_after=created_after, created_before=created_before,
        updated_after=updated_after, updated_before=updated_before,
        word_count_min=word_count_min, word_count_max=word_count_max, is_free=is_free,
        duplicates=duplicates,
    )  # fmt: skip
    asked = Asked(selection, sort, cursor, limit, view, _fields(fields), count, highlight)
    form = format or negotiation.choose(request.exchange.header(b"accept"), FORMATS)
    if form != "json":
        return await _feed(request, asked, form)
    query: bytes = request.scope["query_string"]
    return await request.shared.answer(query, lambda: _page(request, asked))


async def _page(request: ApiRequest, asked: Asked) -> Answer:
    filters, rows, token = await _found(request, asked)
    items = await _items(request, rows, asked.view, asked.wanted)
    if asked.highlight and filters.query is not None:
        items = await highlights(request, items, filters.query)
    extra = {"count": await _count(request, filters, asked.count)} if asked.count else {}
    return page_of_bytes(request, list(items.values()), token, extra)


async def _found(request: ApiRequest, asked: Asked) -> tuple[Filters, Rows, str | None]:
    """The rows of the page, and the cursor of the next one."""
    filters = filters_of(asked.selection)
    if asked.sort in BY_RELEVANCE and filters.query is None:
        raise _refused("sort", "needs_q", f"{asked.sort} needs q")
    binding = _binding(asked.sort, asked.selection)
    rows = await _rows(
        request, filters, asked.sort, binding=binding, cursor=asked.cursor, limit=asked.limit
    )
    token = request.cursors.write(binding, rows.next_place) if rows.next_place else None
    return filters, rows, token


@lru_cache(maxsize=1_024)
def _binding(sort: Sort, selection: Selection) -> Binding:
    """What a cursor of this list is bound to."""
    return bind(("articles", sort, selection))


async def _rows(
    request: ApiRequest,
    filters: Filters,
    sort: Sort,
    *,
    binding: object,
    cursor: str | None,
    limit: int,
) -> Rows:
    db = request.runtime.db
    if sort in BY_RELEVANCE:
        place = request.cursors.read(cursor, binding, ranking.RankedPlace)
        return await _ranked(request, filters, place, limit, is_fresh=sort != "-relevance")
    before = request.cursors.read(cursor, binding, tuple[datetime, UUID])
    if filters.query is not None and sort == "-published_at":
        found = await search.search(db, filters, before, limit + 1)
    elif filters.query is not None:
        raise _refused("sort", "not_with_q", "with q, sort by -published_at or -relevance")
    else:
        by_date = cast("walks.Sort", sort)  # those by relevance need a query
        found = await listing.listed(db, filters, by_date, before, limit + 1)
    shown = found[:limit]
    last = (shown[-1].at, shown[-1].id) if len(found) > limit else None
    return Rows([row.id for row in shown], [row.card for row in shown], last)


async def _ranked(
    request: ApiRequest,
    filters: Filters,
    place: ranking.RankedPlace | None,
    limit: int,
    *,
    is_fresh: bool,
) -> Rows:
    page = await ranking.search_ranked(request.runtime.db, filters, place, limit, is_fresh=is_fresh)
    following = msgspec.structs.astuple(page.next) if page.next else None
    return Rows([row.id for row in page.found], [row.card for row in page.found], following)


async def _items(
    request: ApiRequest, rows: Rows, view: View, wanted: frozenset[str] | None
) -> dict[UUID, bytes]:
    """The JSON of each article of the page, in its order."""
    if view == "ids":
        return {id: b'{"id":"%s"}' % str(id).encode() for id in rows.ids}
    is_full = view == "full" or (wanted is not None and not wanted <= CARD_FIELDS)
    if is_full:
        items = await _documents(request, rows.ids)
    else:
        items = dict(zip(rows.ids, rows.cards, strict=True))
    return items if wanted is None else {id: _pick(item, wanted) for id, item in items.items()}


async def _documents(request: ApiRequest, ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The documents of ``ids`` in their order; one deleted meanwhile is left out."""
    found = {doc.id: doc.body for doc in await articles.docs(request.runtime.db, ids)}
    return {id: document.decompress(found[id]) for id in ids if id in found}


def _pick(item: bytes, wanted: frozenset[str]) -> bytes:
    given = msgspec.json.decode(item, type=dict[str, msgspec.Raw])
    return msgspec.json.encode({n: v for n, v in given.items() if n in wanted or n == "id"})


def _fields(fields: str | None) -> frozenset[str] | None:
    if fields is None:
        return None
    wanted = frozenset(name.strip() for name in fields.split(",") if name.strip())
    unknown = sorted(wanted - FIELDS)
    if unknown or not wanted:
        named = ", ".join(unknown)[:200] or "none given"
        known = ", ".join(sorted(FIELDS))
        raise _refused("fields", "unknown", f"no such field of an article: {named}; known: {known}")
    return wanted


async def _count(request: ApiRequest, filters: Filters, count: Count) -> int:
    db = request.runtime.db
    if filters.query is not None:
        return await search.count(db, filters)
    exact = count == "exact"
    return await (totals.count(db, filters) if exact else totals.estimate(db, filters))


async def _feed(request: ApiRequest, asked: Asked, form: str) -> Answer:
    _, rows, token = await _found(request, asked)
    docs = await _documents(request, rows.ids)
    shown = [msgspec.json.decode(doc, type=Article) async for doc in paced(docs.values())]
    base = request.runtime.settings.public_url or str(request.base_url)
    following = next_link(request, token).partition("<")[2].partition(">")[0] if token else None
    head = FeedHead(
        title="Broadsheet",
        home_page_url=base,
        feed_url=str(request.url),
        updated_at=max((one.updated_at for one in shown if one.updated_at), default=EPOCH),
        next_url=urljoin(base, following) if following else None,
    )
    parts = to_json_feed(shown, head) if form == "jsonfeed" else to_atom(shown, head)
    body = b"".join([part async for part in paced(parts)])
    content_type = f"{FORMATS[form]}; charset=utf-8".encode()
    return Answer(body, {b"content-type": content_type} | link_header(request, token))


def _refused(parameter: str, code: str, detail: str) -> InvalidRequest:
    return InvalidRequest(detail, errors=(FieldError(parameter, code, detail),))
