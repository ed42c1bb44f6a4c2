"""The parameters of a list of articles, and the filters that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import astuple

from service.address import site_domain
from service.article import ARTICLE_KINDS
from service.db.filters import Choice, Filters, Span
from service.document import FLAGS
from service.errors import FieldError, InvalidRequest, named
from service.terms import QUERY_CHARS_MAX, has_words, query_of

LANG = re.compile(r"-?[a-z]{2,3}(-[a-z0-9]{1,8})*", re.IGNORECASE)
"""The form of BCP 47: no language in use has a longer code."""
VALUES_MAX = 50
IDS_MAX = 200

Sort = Literal[
    "-published_at", "-created_at", "-updated_at", "-relevance", "-relevance,-published_at"
]
BY_RELEVANCE = ("-relevance", "-relevance,-published_at")
View = Literal["card", "full", "ids"]
ListFormat = Literal["json", "jsonfeed", "atom"]
Count = Literal["estimate", "exact"]
Duplicates = Literal["include", "collapse"]


def _many(what: str) -> QueryParameter:
    text = f"{what} Repeat it for alternatives; a value after `-` is excluded."
    return QueryParameter(description=text)


Q = Annotated[
    str | None,
    QueryParameter(
        max_length=QUERY_CHARS_MAX,
        description='Words to search for: `harbour strike`, `"exact phrase"`, `-not`, `or`.',
    ),
]
Langs = Annotated[tuple[str, ...] | None, _many("Language code, such as fr.")]
Sites = Annotated[
    tuple[str, ...] | None,
    _many("Registrable domain, such as news.example; a host stands for its site."),
]
Authors = Annotated[tuple[str, ...] | None, _many("Name as printed; case does not matter.")]
Sections = Annotated[tuple[str, ...] | None, _many("Section of the newspaper.")]
Tags = Annotated[tuple[str, ...] | None, _many("A tag that callers gave.")]
Keywords = Annotated[tuple[str, ...] | None, _many("A keyword that the page declares.")]
Kinds = Annotated[
    tuple[str, ...] | None, _many("article, live_blog, discussion, gallery, video or audio.")
]
Has = Annotated[tuple[str, ...] | None, _many("image, video, table, quote or embed.")]
Ids = Annotated[tuple[UUID, ...] | None, QueryParameter(description="Any of these values.")]
At = Annotated[datetime | None, QueryParameter(description="RFC 3339, with a time zone.")]
Words = Annotated[int | None, QueryParameter(ge=0, le=10_000_000)]


class Selection(Struct, frozen=True, kw_only=True):
    """The parameters as they came."""

    q: str | None = None
    lang: tuple[str, ...] | None = None
    site: tuple[str, ...] | None = None
    author: tuple[str, ...] | None = None
    section: tuple[str, ...] | None = None
    tag: tuple[str, ...] | None = None
    keyword: tuple[str, ...] | None = None
    page_kind: tuple[str, ...] | None = None
    has: tuple[str, ...] | None = None
    feed_id: tuple[UUID, ...] | None = None
    cluster_id: tuple[UUID, ...] | None = None
    ids: tuple[UUID, ...] | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    word_count_min: int | None = None
    word_count_max: int | None = None
    is_free: bool | None = None
    duplicates: Duplicates = "include"


CHOICES = ("lang", "site", "author", "section", "tag", "keyword", "page_kind", "has")
KNOWN = {"page_kind": ARTICLE_KINDS, "has": frozenset(FLAGS.values())}
UUIDS = ("feed_id", "cluster_id", "ids")
INSTANTS = ("published", "created", "updated")


@lru_cache(maxsize=1_024)
def filters_of(given: Selection) -> Filters:
    """The filters of a selection. Raises ``InvalidRequest`` that names what is wrong."""
    faults = [fault for name in CHOICES for fault in _faults(name, getattr(given, name))]
    faults += [
        FieldError(name, "too_many", f"at most {IDS_MAX} ids")
        for name in UUIDS
        if len(getattr(given, name) or ()) > IDS_MAX
    ]
    faults += [
        fault
        for part in INSTANTS
        for name in (f"{part}_after", f"{part}_before")
        for fault in _instant_faults(name, getattr(given, name))
    ]
    if faults:
        raise InvalidRequest(f"not valid: {named(faults)}", errors=tuple(faults))
    choices: dict[str, Any] = {name: _choice(getattr(given, name)) for name in CHOICES}
    choices["site"] = Choice(*(_sites(values) for values in astuple(choices["site"])))
    spans: dict[str, Any] = {
        part: Span(getattr(given, f"{part}_after"), getattr(given, f"{part}_before"))
        for part in INSTANTS
    }
    return Filters(
        query=_query(given.q),
        **choices,
        **spans,
        feed_id=Choice(any_of=tuple(sorted({str(id) for id in given.feed_id or ()}))),
        cluster_id=tuple(given.cluster_id or ()),
        ids=tuple(given.ids or ()),
        word_count_min=given.word_count_min,
        word_count_max=given.word_count_max,
        is_free=given.is_free,
        is_collapsed=given.duplicates == "collapse",
    )


def _faults(name: str, chosen: Sequence[str] | None) -> list[FieldError]:
    if not chosen:
        return []
    if len(chosen) > VALUES_MAX:
        return [FieldError(name, "too_many", f"at most {VALUES_MAX} values")]
    if known := KNOWN.get(name):
        detail = f"one of {', '.join(sorted(known))}, or one of them after `-`"
        strange = not all(value.removeprefix("-") in known for value in chosen)
        return [FieldError(name, "invalid", detail)] if strange else []
    if name == "lang" and not all(map(LANG.fullmatch, chosen)):
        return [FieldError(name, "invalid", "a language code, as in fr or pt-BR (en, not english)")]
    return [
        FieldError(name, "invalid", "1 to 200 characters without NUL")
        for value in chosen
        if not 0 < len(value.removeprefix("-")) <= 200 or "\x00" in value
    ]


def _instant_faults(name: str, at: datetime | None) -> list[FieldError]:
    if at is None:
        return []
    if at.tzinfo is None:
        return [FieldError(name, "no_time_zone", "give an offset, as in 2026-01-31T08:00:00Z")]
    try:
        at.astimezone(UTC)
    except OverflowError:
        return [FieldError(name, "out_of_range", "give an instant of the years 1 to 9999 in UTC")]
    return []


def _choice(chosen: Sequence[str] | None) -> Choice:
    values = [" ".join(value.casefold().split()) for value in chosen or ()]
    return Choice(
        any_of=tuple(sorted({value for value in values if not value.startswith("-")})),
        none_of=tuple(sorted({value[1:] for value in values if value.startswith("-")})),
    )


def _sites(hosts: Sequence[str]) -> tuple[str, ...]:
    """The sites that ``hosts`` belong to, since an article knows its site and not its host:
    ``www.news.example`` is ``news.example``. A name outside ASCII is looked for as written too."""
    found = {site for host in hosts for site in (_site(host), *(() if host.isascii() else (host,)))}
    return tuple(sorted(found))


def _site(host: str) -> str:
    if not re.fullmatch(r"[\w.-]+", host):
        return host  # no name of a host: no article has it
    try:
        return site_domain(f"https://{host}/")
    except InvalidRequest:
        return host


def _query(q: str | None) -> str | None:
    if q is None:
        return None
    query = query_of(q).strip()
    if not has_words(query):
        fault = FieldError("q", "no_words", "give at least one word to search for")
        raise InvalidRequest("there is nothing to search for", errors=(fault,))
    return query
