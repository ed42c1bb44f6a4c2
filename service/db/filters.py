"""What a list is narrowed by, as conditions of SQL. Texts come in as parameters, never as SQL."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

FACETS = ("author", "tag", "keyword", "feed_id", "section", "page_kind", "has", "lang")
"""Filters that are facets."""
SETS = (*FACETS, "site")
"""Filters that one index knows together: of facets, and the site."""


class Choice(Struct, frozen=True):
    """One of ``any_of``, if given, and none of ``none_of``."""

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


class Span(Struct, frozen=True):
    """At or after ``after`` and before ``before``."""

    after: datetime | None = None
    before: datetime | None = None


THERE = "a.deleted_at is null"
"""The condition that holds in every list."""
ALL = Choice()
ALWAYS = Span()


class Filters(Struct, frozen=True, kw_only=True):
    """All that must hold of an article in a list. Facet values are case-folded."""

    query: str | None = None
    site: Choice = ALL
    lang: Choice = ALL
    author: Choice = ALL
    tag: Choice = ALL
    keyword: Choice = ALL
    section: Choice = ALL
    page_kind: Choice = ALL
    has: Choice = ALL
    feed_id: Choice = ALL
    cluster_id: tuple[UUID, ...] = ()
    ids: tuple[UUID, ...] = ()
    published: Span = ALWAYS
    created: Span = ALWAYS
    updated: Span = ALWAYS
    word_count_min: int | None = None
    word_count_max: int | None = None
    is_free: bool | None = None
    is_collapsed: bool = False


class Values:
    """The parameters of a statement under construction.

    Each stands in a SELECT of its own: of a bare one the planner sees the value, as soon as there
    are many articles holds each run for cheaper than what it expects of any, and plans every
    statement anew, which costs more than to run it (a million articles: a list .1 to .5 ms, a
    search 1.5).
    """

    def __init__(self) -> None:
        self.all: list[object] = []

    def add(self, value: object, kind: str) -> str:
        """The placeholder of ``value``: ``(select $3::text[])::text[]``."""
        self.all.append(value)
        return f"(select ${len(self.all)}::{kind})::{kind}"


def given(filters: Filters) -> list[str]:
    """The sets that ``filters`` asks for, the choosiest first."""
    named = ("author", "tag", "keyword", "feed_id", "site", "section", "page_kind", "has", "lang")
    return [name for name in named if getattr(filters, name).any_of]


def site_ids(chosen: tuple[str, ...], values: Values) -> str:
    """A subquery of the numbers of sites."""
    return f"(select id from site where domain {_one_of(chosen, values)})"


def set_ids(name: str, chosen: tuple[str, ...], values: Values, shown: str = "{}") -> str:
    """A subquery of the numbers of sets in ``article_facet``, where that of a site is negative; or
    of what is ``shown`` of each."""
    if name == "site":
        return f"(select {shown.format('-id')} from site where domain {_one_of(chosen, values)})"
    which = f"kind = '{name}' and value {_one_of(chosen, values)}"
    return f"(select {shown.format('id')} from facet where {which})"


def may_hold(filters: Filters, values: Values, mask: str, names: Collection[str]) -> list[str]:
    """What must hold of the ``mask`` of an article that is in the sets ``names``; that of some
    others fits too. It is in the row that is read anyway, so most look-ups are saved."""
    chosen = {name: values_of for name in names if (values_of := getattr(filters, name).any_of)}
    masks = {
        name: set_ids(name, values_of, values, "set_mask({})") for name, values_of in chosen.items()
    }
    single = [made for name, made in masks.items() if len(chosen[name]) == 1]
    several = [made for name, made in masks.items() if len(chosen[name]) > 1]
    parts = [f"({mask} | ~(select {' | '.join(single)})) = -1"] if single else []
    return parts + [
        f"exists (select from unnest(array{made}) bits where ({mask} | ~bits) = -1 offset 0)"
        for made in several
    ]


def _one_of(chosen: tuple[str, ...], values: Values) -> str:
    """A test of a column. Of an array the planner expects ten values, for which it reads a table of
    two thousand sites from end to end, which is half of what a list of one site costs."""
    if len(chosen) == 1:
        return f"= {values.add(chosen[0], 'text')}"
    return f"= any({values.add(list(chosen), 'text[]')})"


def sets(
    filters: Filters, values: Values, *, only: Collection[str] = SETS, but: Collection[str] = ()
) -> str:
    """What must hold of ``s``, a row of ``article_search``, for ``SETS``."""
    parts = []
    for kind in (kind for kind in FACETS if kind in only and kind not in but):
        choice: Choice = getattr(filters, kind)
        for chosen, sign in ((choice.any_of, ""), (choice.none_of, "not ")):
            if chosen:
                parts.append(f"and {sign}s.facets && array{set_ids(kind, chosen, values)}")
    sites = filters.site if "site" in only and "site" not in but else ALL
    for chosen, test in ((sites.any_of, "= any"), (sites.none_of, "<> all")):
        if len(chosen) == 1 and test == "= any":  # an array is left to a filter by the planner
            parts.append(f"and s.site_id = {site_ids(chosen, values)}")
        elif chosen:
            parts.append(f"and s.site_id {test}(array{site_ids(chosen, values)})")
    return " ".join(parts)


def conditions(
    filters: Filters, values: Values, *, row: str = "a", but: Collection[str] = ()
) -> str:
    """What must hold of ``row`` of ``article``, beginning with ``a.deleted_at is null``; ``but``
    are the filters that are held elsewhere, what they exclude as well."""
    named = [name for name in FACETS if name not in but]
    faceted = holding(filters, values, f"{row}.id", f"sort_at = {row}.sort_at", named)
    parts = [f"{row}.deleted_at is null", *faceted]
    if "site" not in but:
        parts += _site(filters.site, values, row)
    parts += _uuids(filters, values, row)
    parts += _spans(filters, values, row)
    parts += _rest(filters, values, row)
    if filters.is_collapsed:
        parts.append(_first(filters, values))
    return "\n      and ".join(parts)


def _first(filters: Filters, values: Values) -> str:
    """``a`` is the first of its story, by id, among those that pass the other filters.

    Earlier ones are met in the index of stories, and asked until one passes: a place in the list,
    or in a part of the matches, does not count, so that pages agree. ``offset 0`` keeps the
    planner from reading all stories at once. ``asked`` is the query (``db.index_query``).
    """
    held = conditions(replace(filters, is_collapsed=False), values, row="o")
    found = "" if filters.query is None else (
        "and exists (select from article_search t join asked w on w.cfg = t.cfg"
        " where t.id = o.id and t.tsv @@ w.query)"
    )  # fmt: skip
    return f"""not exists (select from article o
        where o.cluster_id = a.cluster_id and o.id < a.id and {held} {found}
        order by o.sort_at, o.id offset 0)"""


def holding(
    filters: Filters, values: Values, id: str, at: str, names: Collection[str]
) -> list[str]:
    """What must hold of the sets ``names`` of the article ``id``, of which ``at`` says one of its
    times: ``"sort_at = a.sort_at"``."""
    return [
        part for name in names for part in _in_set(name, getattr(filters, name), values, id, at)
    ]


def _in_set(name: str, choice: Choice, values: Values, id: str, at: str) -> list[str]:
    """One look into an index of lists for each row, where the neighbours of a list's rows are
    neighbours; ``offset 0`` keeps the planner from reading all. An array of one value would be
    taken apart and sorted for every row.
    """
    parts = []
    for chosen, sign in ((choice.any_of, ""), (choice.none_of, "not ")):
        if chosen:
            ids = set_ids(name, chosen, values)
            which = ids if len(chosen) == 1 else f"any(array{ids})"
            parts.append(
                f"{sign}exists (select from article_facet f where f.article_id = {id}"
                f" and f.{at} and f.facet_id = {which} offset 0)"
            )
    return parts


def _site(choice: Choice, values: Values, row: str) -> list[str]:
    parts = []
    if choice.any_of:
        parts.append(f"{row}.site_id = any(array{site_ids(choice.any_of, values)})")
    if choice.none_of:
        parts.append(f"coalesce({row}.site_id, 0) <> all(array{site_ids(choice.none_of, values)})")
    return parts


def _uuids(filters: Filters, values: Values, row: str) -> list[str]:
    named = {"cluster_id": filters.cluster_id, "id": filters.ids}
    return [
        f"{row}.{column} = any({values.add(list(chosen), 'uuid[]')})"
        for column, chosen in named.items()
        if chosen
    ]


def _spans(filters: Filters, values: Values, row: str) -> list[str]:
    spans = {
        f"{row}.published_at": filters.published,
        f"{row}.sort_at": filters.published,
        f"{row}.created_at": filters.created,
        f"{row}.updated_at": filters.updated,
    }
    return [part for column, span in spans.items() for part in within(column, span, values)]


def within(column: str, span: Span, values: Values) -> list[str]:
    """The conditions of ``span`` on a time. Of ``published`` they hold of ``sort_at`` too, which
    says where an index begins and ends: it is never later."""
    parts = []
    if span.after is not None:
        parts.append(f"{column} >= {values.add(span.after, 'timestamptz')}")
    if span.before is not None:
        parts.append(f"{column} < {values.add(span.before, 'timestamptz')}")
    return parts


def _rest(filters: Filters, values: Values, row: str) -> list[str]:
    parts = []
    if filters.word_count_min is not None:
        parts.append(f"{row}.word_count >= {values.add(filters.word_count_min, 'integer')}")
    if filters.word_count_max is not None:
        parts.append(f"{row}.word_count <= {values.add(filters.word_count_max, 'integer')}")
    if filters.is_free is not None:
        parts.append(f"{row}.is_free = {values.add(filters.is_free, 'boolean')}")
    return parts
