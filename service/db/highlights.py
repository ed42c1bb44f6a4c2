"""Which texts hold the words of a search, and where."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from service.db.index_query import asked
from service.db.session import Query, Session
from service.terms import UNSTEMMED, as_configured

Text = tuple[str, bool, str]
"""A configuration, whether it is a headline, and the text, as it is indexed."""


class Holding(Struct, frozen=True):
    """The place of a text among those given."""

    number: int


class Marked(Struct, frozen=True):
    """A text with its words marked by the characters U+0002 and U+0003."""

    number: int
    text: str


_GIVEN = "unnest($1::integer[], $2::text[], $3::boolean[], $4::text[])"
_WANTED = f"""
    with given as materialized (
      select number, cfg::regconfig, is_headline, text
      from {_GIVEN} t (number, cfg, is_headline, text)
    ), asked as materialized ({asked("select distinct cfg from given", "$5::text", "$6::text")}
    ), wanted as materialized (
      select cfg, is_all, case when is_all then search_all(cfg) else cfg end as read_by,
        replace(querytree(query), ' & ', ' | ')::tsquery as words
      from asked where querytree(query) not in ('', 'T')
    )"""
"""Any word of the query (``querytree`` leaves out what is excluded), by configuration."""
HOLDING = Query(
    Holding,
    f"""{_WANTED}
    select t.number from given t join wanted w on w.cfg = t.cfg and w.is_all <= t.is_headline
    where to_tsvector(w.read_by, t.text) @@ w.words
    """,
)
MARKED = Query(
    Marked,
    f"""{_WANTED}
    select t.number, ts_headline(w.read_by, t.text, w.words,
      'StartSel=\x02, StopSel=\x03, HighlightAll=true') as text
    from given t join wanted w on w.cfg = t.cfg
    """,
)


async def holding(session: Session, query: str, texts: Sequence[Text]) -> set[int]:
    """The numbers of those of ``texts`` with any word of ``query``."""
    return {row.number for row in await session.all(HOLDING, *_values(query, texts))}


async def marked(session: Session, query: str, texts: Sequence[Text]) -> dict[int, str]:
    """Each of ``texts``, by number, with the words of ``query`` marked."""
    return {row.number: row.text for row in await session.all(MARKED, *_values(query, texts))}


def _values(query: str, texts: Sequence[Text]) -> list[object]:
    configs, headlines, plain = ([text[n] for text in texts] for n in range(3))
    numbers = list(range(len(texts)))
    return [numbers, configs, headlines, plain, query, as_configured(query, UNSTEMMED)]
