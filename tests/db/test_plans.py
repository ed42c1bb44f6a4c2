"""Plans of lists, searches, changes and point reads on twenty thousand generated articles."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from benchmarks import data, loading, retrieval
from benchmarks.retrieval import Statement
from service.db import articles, changes, claims, ranking
from service.db.filters import ALL, Choice, Filters, Span
from service.settings import Settings

ARTICLES = 20_000
LARGE = {
    "article", "article_doc", "article_facet", "article_search", "article_key", "change",
    "ingestion",
}  # fmt: skip
ID = "019a0000-0000-7000-8000-000000000000"
WORDS = {name: ["tratra"] for name in (*retrieval.CLASSES, "absent")}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def plain(settings: Settings) -> Any:
    """A connection to a database with articles."""
    await loading.load(settings.database_url, ARTICLES, say=lambda _: None)
    connection = await asyncpg.connect(settings.database_url, server_settings={"jit": "off"})
    yield connection
    await connection.close()


def statements() -> dict[str, Statement]:
    """All that callers wait for."""
    pick = random.Random(7)
    found = {f"list: {name}": one for name, one in retrieval.lists(pick).items()}
    found |= {f"list: collapsed, {name}": one for name, one in collapsed().items()}
    found |= dict(then for name, one in found.items() for then in following(name, one))
    found |= {f"search: {name}": one for name, one in retrieval.searches(WORDS, pick).items()}
    return found | {
        "search: collapsed": retrieval.found("tratra", is_collapsed=True),
        "search: ranked": retrieval.ranked("tratra", ranking.RankedPlace()),
        "search: ranked, the rest": retrieval.ranked("tratra", ranking.RankedPlace(is_rest=True)),
        "changes": retrieval.synced(5_000),
        "changes: walk": Statement(changes.WALK.sql, (ID, 200, "card")),
        "article: documents": Statement(articles.DOCS.sql, ([ID],)),
        "article: standing": Statement(articles.STANDING.sql, (ID,)),
        "article: look-up": Statement(articles.KEYS.sql, (["news.example/a"],)),
        "ingestion: next": Statement(claims.BY_TURN.sql, (16, "worker", 20.0)),
    }


def following(name: str, one: Statement) -> Iterator[tuple[str, Statement]]:
    """What is asked where ``one`` did not make the page whole."""
    while one.then is not None:
        one = one.then
        yield f"{name}, {one.way}", one


def collapsed() -> dict[str, Statement]:
    """Of each story the first that passes filters of every kind."""
    tag, lang = Choice(any_of=("tag 1",)), Choice(any_of=("fr",))
    narrowed = {
        "of a tag": Filters(tag=tag, is_collapsed=True),
        "of a tag in a language": Filters(tag=tag, lang=lang, is_collapsed=True),
        "of a site": Filters(site=Choice(any_of=("site1.example",)), is_collapsed=True),
        "but a site, long": Filters(
            site=Choice(none_of=("site1.example",)), word_count_min=600, is_collapsed=True
        ),
    }
    return {name: retrieval.listed(filters) for name, filters in narrowed.items()}


STATEMENTS = statements()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.mark.parametrize("name", STATEMENTS)
async def test_only_indexes_are_used(plain: asyncpg.Connection, name: str) -> None:
    """No statement that a caller waits for reads a large table from end to end."""
    statement = STATEMENTS[name]
    is_filled = name.startswith(("list", "search", "changes"))
    # A table without rows is read from end to end, unless there is an index and no choice.
    await plain.execute(f"set enable_seqscan = {'on' if is_filled else 'off'}")

    rows = await plain.fetch("explain (format json) " + statement.sql, *statement.values)

    plan = json.loads(rows[0][0])[0]["Plan"]
    scans = [node for node in nodes(plan) if node["Node Type"] == "Seq Scan"]
    read = {node["Relation Name"] for node in scans} & LARGE
    assert not read, json.dumps(plan, indent=1)


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_page_is_reached_by_counting(name: str) -> None:
    """No statement skips rows by OFFSET (``offset 0`` skips none: it fences the planner)."""
    words = STATEMENTS[name].sql.lower().replace("offset 0", "").split()

    assert "offset" not in words


async def test_a_search_goes_by_month_and_words(plain: asyncpg.Connection) -> None:
    """A search uses the index of months and words, not the dates."""
    statement = STATEMENTS["search: rare"]

    rows = await plain.fetch("explain (format json) " + statement.sql, *statement.values)

    used = {node.get("Index Name") for node in nodes(json.loads(rows[0][0])[0]["Plan"])}
    assert "article_search_found" in used


async def test_what_is_rare_is_found_by_four_looks(plain: asyncpg.Connection) -> None:
    """A word that nobody wrote is looked for in two days, in a month and in all that is older."""
    statement = retrieval.found("xyzzyplughon")

    rows = await plain.fetch("explain (analyze, format json) " + statement.sql, *statement.values)

    plan = nodes(json.loads(rows[0][0])[0]["Plan"])
    looks = [node for node in plan if node.get("Index Name") == "article_search_found"]
    assert sum(node["Actual Loops"] for node in looks) == 4


async def test_what_is_not_in_both_sets_is_hardly_looked_up(plain: asyncpg.Connection) -> None:
    """Masks, in the index itself, tell apart most of an author's articles that lack a tag."""
    filters = Filters(author=Choice(any_of=("author 9",)), tag=Choice(any_of=("tag 9",)))
    statement = retrieval.listed(filters)

    rows = await plain.fetch("explain (analyze, format json) " + statement.sql, *statement.values)

    plan = [*nodes(json.loads(rows[0][0])[0]["Plan"])]
    walked = next(node for node in plan if node.get("Alias") == "d")
    looks = sum(node["Actual Loops"] for node in plan if node.get("Alias") == "f")
    assert walked["Node Type"] == "Index Only Scan"
    assert 0 < looks < walked["Actual Rows"] / 2


@pytest.mark.parametrize("sort", ["newest", "tag"])
async def test_a_time_in_the_past_is_where_the_index_begins(
    plain: asyncpg.Connection, sort: str
) -> None:
    """``published_before`` does not walk over all that is newer."""
    filters = Filters(
        published=Span(before=data.NOW - data.YEARS / 2),
        tag=Choice(any_of=("tag 1",)) if sort == "tag" else ALL,
    )
    statement = retrieval.listed(filters)

    rows = await plain.fetch("explain (format json) " + statement.sql, *statement.values)

    found = nodes(json.loads(rows[0][0])[0]["Plan"])
    assert any("sort_at <" in node.get("Index Cond", "") for node in found)


@pytest.mark.parametrize("name", [n for n in STATEMENTS if n.startswith(("list", "search"))])
def test_a_statement_is_planned_once(name: str) -> None:
    """Each value stands in a SELECT of its own, so that no run seems cheaper than any run."""
    sql = STATEMENTS[name].sql

    bare = re.sub(r"\(select \$\d+::[a-z0-9]+(\[\])?\)", "", sql)

    assert "$" not in bare
