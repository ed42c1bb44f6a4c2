"""Lists and search at depth, and under every odd question: no holes, no doubles, no 5xx."""

from __future__ import annotations

import asyncio
import random
from urllib.parse import quote_from_bytes, urlencode
from uuid import UUID

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from service.settings import Settings
from tests.seeds import AUTHORS, LANGUAGES, SECTIONS, SITES, WORDS, seed

COUNT = 2_000


@pytest.fixture(scope="module")
async def seeded(settings: Settings) -> list[UUID]:
    """The ids of the articles that are there from the start."""
    database = await asyncpg.connect(settings.database_url)
    try:
        return await seed(database, range(COUNT))
    finally:
        await database.close()


def a_list(pick: random.Random) -> list[tuple[str, str]]:
    """A random list: filters that leave much, and a sort."""
    chosen = [
        [("lang", one) for one in pick.sample(LANGUAGES, 2)],
        [("site", one) for one in pick.sample(SITES, 2)],
        [("section", one) for one in pick.sample(SECTIONS, 2)],
        [("author", AUTHORS[0]), ("author", AUTHORS[1])],
        [("lang", "-" + pick.choice(LANGUAGES))],
        [("word_count_min", "200"), ("page_kind", "article")],
        [("is_free", "true")],
        [("published_after", "2024-03-01T00:00:00Z"), ("duplicates", "collapse")],
        [("q", f"{WORDS[pick.randrange(9)]} or {WORDS[9]} or {WORDS[10]}")],
    ]
    parts = [part for group in pick.sample(chosen, pick.randrange(3)) for part in group]
    sorts = ["-published_at", "-created_at", "-updated_at"]
    if any(name == "q" for name, _ in parts):
        sorts = ["-published_at", "-relevance"]
    return [*dict.fromkeys(parts), ("sort", pick.choice(sorts))]


async def walked(
    admin: httpx.AsyncClient, asked: list[tuple[str, str]], limits: list[int]
) -> list[str]:
    """All ids of a list, by pages of ``limits`` in turn."""
    ids: list[str] = []
    cursor: str | None = None
    for turn in range(10_000):
        size = limits[turn % len(limits)]
        query = [*asked, ("view", "ids"), ("limit", str(size))]
        query += [("cursor", cursor)] if cursor else []
        answer = await admin.get("/v1/articles", params=query)
        assert answer.status_code == 200, (query, answer.text)
        page = answer.json()
        assert len(page["items"]) <= size
        ids += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return ids
    raise AssertionError("the list does not end")


@pytest.mark.parametrize("number", range(3))
async def test_pages_join_while_articles_come(
    admin: httpx.AsyncClient, database: asyncpg.Connection, seeded: list[UUID], number: int
) -> None:
    """Pages of any size, read while articles are stored, miss none that was there; no doubles."""
    pick = random.Random(number)
    asked = a_list(pick)
    before = await walked(admin, asked, [200])
    limits = [pick.randrange(1, 201) for _ in range(5)] + [pick.randrange(1, 8)]
    first = 10_000 + 1_000 * number

    async def storing() -> None:
        for start in range(first, first + 60, 6):
            await seed(database, range(start, start + 6))

    during, _ = await asyncio.gather(walked(admin, asked, limits), storing())

    known = set(before)
    assert len(before) == len(known) > 50, asked
    assert len(during) == len(set(during)), asked
    if ("sort", "-relevance") in asked:  # a pool of a thousand is ranked: what comes moves it
        assert known <= set(during), asked
    else:
        assert [id for id in during if id in known] == before, asked


ODD = st.text(max_size=12) | st.sampled_from(
    ["", "-", "--", "-a", "%", "_", "\\", "'", "''", '"', "a'b", "{}", "{a,b}", "NULL", "\x00",
     "é", "İ", "ß", "東京都", "a" * 200, "a" * 201, "a\nb", "!", "&", "|", "a & b", "a <-> b",
     '"a" -"b"', "-a", "a or", "or", "a:*", "(a", "a)", "https://a.example/b?c=d", "\u202e",
     "\ufffe"]
)  # fmt: skip
TIMES = st.sampled_from(
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999Z",
     "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+23:59", "2024-02-29T23:59:60Z",
     "2024-12-01", "2024-12-01T00:00:00", "2024-12-01T00:00:00+00:00", "1733011200", "-1", "now",
     "infinity", "0000-01-01T00:00:00Z", "2024-06-01T00:00:00.000000001Z"]
)  # fmt: skip
NUMBERS = st.sampled_from(
    ["0", "-0", "1", "-1", "10000000", "10000001", "2147483648", "9" * 30, "1e3", "1.5", "NaN", ""]
)
IDS = st.uuids().map(str) | st.sampled_from(["", "0", "{}", "0" * 32, "f" * 32])
VALUES: dict[str, st.SearchStrategy[str]] = (
    dict.fromkeys(["lang", "site", "author", "section", "tag", "keyword", "page_kind", "has"], ODD)
    | dict.fromkeys([f"{p}_{s}" for p in ("published", "created", "updated")
                     for s in ("after", "before")], TIMES)
    | dict.fromkeys(["feed_id", "cluster_id", "ids"], IDS)
    | dict.fromkeys(["word_count_min", "word_count_max", "limit"], NUMBERS)
    | {
        "q": ODD | st.sampled_from(WORDS) | st.lists(ODD, max_size=6).map(" ".join),
        "sort": st.sampled_from(["-published_at", "-created_at", "-updated_at", "-relevance"]),
        "view": st.sampled_from(["card", "full", "ids"]),
        "count": st.sampled_from(["exact", "estimate"]),
        "format": st.sampled_from(["json", "jsonfeed", "atom"]),
        "duplicates": st.sampled_from(["include", "collapse"]),
        "highlight": st.sampled_from(["1", "true", "0"]),
        "is_free": st.sampled_from(["true", "false", "1", "maybe"]),
        "fields": st.sampled_from(["headline", "body,id", ",", "x"]),
        "cursor": ODD,
    }
)  # fmt: skip
PARAMETERS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), VALUES[name])
)


def asked_in_bytes(parts: list[tuple[str, str]]) -> str:
    """The query, lone surrogates and all."""
    return urlencode(
        parts, quote_via=lambda text, *_: quote_from_bytes(text.encode("utf-8", "surrogatepass"))
    )


@examples(
    max_examples=70, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate],
)  # fmt: skip
@given(parts=st.lists(PARAMETERS, max_size=5))
async def test_no_odd_question_is_a_server_error(
    admin: httpx.AsyncClient, seeded: list[UUID], parts: list[tuple[str, str]]
) -> None:
    """Any mix of filters is a page of articles or a 400 that says what is wrong."""
    answer = await admin.get("/v1/articles?" + asked_in_bytes(parts))

    assert answer.status_code in {200, 400}, (parts, answer.text[:300])


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "cursor": ODD, "limit": NUMBERS, "include": st.sampled_from(["ids", "card", "full", "x"]),
        "wait": st.sampled_from(["0", "-1", "61", "x"]),
    },
)  # fmt: skip


@examples(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate],
)  # fmt: skip
@given(parts=CHANGES)
async def test_no_odd_sync_is_a_server_error(
    admin: httpx.AsyncClient, seeded: list[UUID], parts: dict[str, str]
) -> None:
    """Any mix of parameters of the sync is a page of changes or a 400."""
    answer = await admin.get("/v1/changes?" + asked_in_bytes(list(parts.items())))

    assert answer.status_code in {200, 400}, (parts, answer.text[:300])
