"""``duplicates=collapse``: of each story the first article among those that pass the filters."""

from __future__ import annotations

import itertools
from collections import defaultdict
from uuid import UUID

import asyncpg
import httpx
import pytest

from service import document
from service.article import Article
from service.settings import Settings
from tests.api.test_filters import FILTERS, SEARCHES, Asked
from tests.seeds import seed

COUNT, TELLINGS = 600, 6
ASKED = [one for one in (*FILTERS, *SEARCHES) if "collapse" not in one[0]]
PAIRS = [pair for pair in itertools.combinations(ASKED, 2)
         if pair[0][0].partition("=")[0] != pair[1][0].partition("=")[0]][::7]  # fmt: skip


@pytest.fixture(scope="module")
async def told(settings: Settings, admin: httpx.AsyncClient) -> list[Article]:
    """Articles of which six each, on several sites and in several languages, tell one story."""
    database = await asyncpg.connect(settings.database_url)
    ids: list[UUID] = sorted(await seed(database, range(COUNT)))
    firsts = [ids[n % (COUNT // TELLINGS)] for n in range(COUNT)]
    await database.execute(
        "update article a set cluster_id = c.first, updated_at = created_at"
        " from unnest($1::uuid[], $2::uuid[]) c (id, first) where a.id = c.id",
        ids, firsts,
    )  # fmt: skip
    for id in ids[::97]:
        await admin.patch(f"/v1/articles/{id}", json={"tags": ["Rare"]})
    rows = await database.fetch(
        "select d.body, a.created_at, a.updated_at, a.cluster_id"
        " from article_doc d join article a using (id)"
    )
    await database.close()
    articles = [document.unpack(row["body"]) for row in rows]
    for article, row in zip(articles, rows, strict=True):
        article.created_at, article.updated_at = row["created_at"], row["updated_at"]
        article.cluster_id = row["cluster_id"]
        article.tags = [tag.casefold() for tag in article.tags]
    return articles


def expected(told: list[Article], *asked: Asked) -> list[str]:
    """Of each story the article with the least id among those that pass; the newest first."""
    stories: dict[UUID | None, list[Article]] = defaultdict(list)
    for article in told:
        if all(holds(article) for _, holds in asked):
            stories[article.cluster_id].append(article)
    firsts = [min(story, key=lambda a: a.id) for story in stories.values()]  # type: ignore[arg-type,return-value]
    firsts.sort(key=lambda a: (a.published_at, a.id), reverse=True)
    return [str(article.id) for article in firsts]


async def walked(admin: httpx.AsyncClient, query: str) -> list[str]:
    """The ids of all pages, forty a page."""
    url = f"/v1/articles?view=ids&limit=40&duplicates=collapse&{query}".replace(" ", "%20")
    ids: list[str] = []
    cursor = ""
    while True:
        page = (await admin.get(url + cursor)).json()
        ids += [item["id"] for item in page["items"]]
        if not page["next_cursor"]:
            return ids
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[0])
async def test_each_story_is_told_once_by_the_first_that_passes(
    admin: httpx.AsyncClient, told: list[Article], asked: Asked
) -> None:
    """A story whose first article is of another site, language or word is not lost; over all
    pages, and in the count."""
    ids = await walked(admin, asked[0])
    url = f"/v1/articles?limit=1&count=exact&duplicates=collapse&{asked[0]}".replace(" ", "%20")
    count = (await admin.get(url)).json()["count"]

    right = expected(told, asked)
    assert ids == right
    assert count == len(right)


async def test_it_holds_with_two_filters(admin: httpx.AsyncClient, told: list[Article]) -> None:
    """In each way to a page: of one set, of several, of searches."""
    wrong = []
    for pair in PAIRS:
        query = "&".join(part for part, _ in pair)
        if await walked(admin, query) != expected(told, *pair):
            wrong.append(query)

    assert wrong == []


async def test_ranked_pages_tell_each_story_once(
    admin: httpx.AsyncClient, told: list[Article]
) -> None:
    """By relevance the first is that of all matches, not of each part."""
    for asked in SEARCHES:
        ids = await walked(admin, f"{asked[0]}&sort=-relevance")

        assert sorted(ids) == sorted(expected(told, asked))


async def test_a_deleted_first_gives_its_place_to_the_next(
    admin: httpx.AsyncClient, told: list[Article]
) -> None:
    """The story stays in the list."""
    first = min(told, key=lambda a: a.id)  # type: ignore[arg-type,return-value]
    story = sorted(str(a.id) for a in told if a.cluster_id == first.cluster_id)

    await admin.delete(f"/v1/articles/{first.id}")

    assert [id for id in await walked(admin, "") if id in story] == [story[1]]
