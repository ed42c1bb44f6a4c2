"""Every filter of lists, alone and in pairs, against the articles themselves."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from service import document
from service.article import Article
from service.settings import Settings
from tests.seeds import AUTHORS, SECTIONS, SITES, WORDS, seed

COUNT = 1_500
MIDDLE = "2024-06-15T00:00:00Z"
AT = datetime(2024, 6, 15, tzinfo=UTC)
Holds = Callable[[Article], bool]
Asked = tuple[str, Holds]


def said(article: Article, word: str) -> bool:
    return word in (article.headline or "").casefold().split()


def when(article: Article, name: str) -> datetime:
    at: datetime = getattr(article, name)
    return at


FILTERS: list[Asked] = [
    ("lang=fr", lambda a: a.language.code == "fr"),  # type: ignore[union-attr]
    ("lang=fr&lang=ja", lambda a: a.language.code in {"fr", "ja"}),  # type: ignore[union-attr]
    ("lang=-fr", lambda a: a.language.code != "fr"),  # type: ignore[union-attr]
    (f"site={SITES[0]}", lambda a: a.site.domain == SITES[0]),
    (f"site=www.{SITES[0].upper()}", lambda a: a.site.domain == SITES[0]),
    (f"site=-{SITES[0]}&site=-{SITES[1]}", lambda a: a.site.domain == SITES[2]),
    ("author=ada quill", lambda a: a.authors[0].name == AUTHORS[0]),
    ("author=-Ada Quill", lambda a: a.authors[0].name != AUTHORS[0]),
    ("section=sport&section=world", lambda a: a.section in {"Sport", "World"}),
    ("section=-Science", lambda a: a.section != SECTIONS[2]),
    ("page_kind=article", lambda a: True),
    ("page_kind=-article", lambda a: False),
    ("has=video", lambda a: False),
    ("has=-video", lambda a: True),
    ("tag=rare", lambda a: "rare" in a.tags),
    ("tag=-rare", lambda a: "rare" not in a.tags),
    ("keyword=-none", lambda a: True),
    (f"published_after={MIDDLE}", lambda a: when(a, "published_at") >= AT),
    (f"published_before={MIDDLE}", lambda a: when(a, "published_at") < AT),
    (f"created_after={MIDDLE}", lambda a: when(a, "created_at") >= AT),
    (f"created_before={MIDDLE}", lambda a: when(a, "created_at") < AT),
    (f"updated_after={MIDDLE}", lambda a: when(a, "updated_at") >= AT),
    (f"updated_before={MIDDLE}", lambda a: when(a, "updated_at") < AT),
    ("word_count_min=500", lambda a: a.word_count >= 500),
    ("word_count_max=499", lambda a: a.word_count <= 499),
    ("is_free=true", lambda a: a.is_free is True),
    ("is_free=false", lambda a: a.is_free is False),
    ("duplicates=collapse", lambda a: True),
]
SEARCHES: list[Asked] = [
    (f"q={WORDS[0]}", lambda a: said(a, WORDS[0])),
    (f"q={WORDS[1]} -{WORDS[2]}", lambda a: said(a, WORDS[1]) and not said(a, WORDS[2])),
]
PAIRS = [(one, other) for one, other in itertools.combinations([*FILTERS, *SEARCHES], 2)
         if one[0].partition("=")[0] != other[0].partition("=")[0]]  # fmt: skip


@pytest.fixture(scope="module")
async def held(settings: Settings, admin: httpx.AsyncClient) -> list[Article]:
    """All articles as they are stored; a few of them tagged."""
    database = await asyncpg.connect(settings.database_url)
    ids: list[UUID] = await seed(database, range(COUNT))
    for id in ids[::97]:
        await admin.patch(f"/v1/articles/{id}", json={"tags": ["Rare"]})
    await database.execute(
        "update article set updated_at = created_at where id <> all($1)", ids[::97]
    )
    await database.execute("update article_search set facets = facets")  # lists follow it
    rows = await database.fetch(
        "select d.body, a.created_at, a.updated_at from article_doc d join article a using (id)"
    )
    await database.close()
    articles = [document.unpack(row["body"]) for row in rows]
    for article, row in zip(articles, rows, strict=True):
        article.created_at, article.updated_at = row["created_at"], row["updated_at"]
        article.tags = [tag.casefold() for tag in article.tags]
    return articles


def expected(held: list[Article], asked: list[Asked], sort: str) -> list[str]:
    """The ids of all that pass, the newest first."""
    name = sort.removeprefix("-")
    passed = [article for article in held if all(holds(article) for _, holds in asked)]
    passed.sort(key=lambda a: (when(a, name), a.id), reverse=True)
    return [str(article.id) for article in passed]


async def listed(admin: httpx.AsyncClient, query: str, size: int) -> list[str]:
    """The ids of the first two pages."""
    url = f"/v1/articles?view=ids&limit={size}&{query}".replace(" ", "%20")
    first = (await admin.get(url)).json()
    ids = [item["id"] for item in first["items"]]
    if first["next_cursor"]:
        second = (await admin.get(f"{url}&cursor={first['next_cursor']}")).json()
        ids += [item["id"] for item in second["items"]]
    return ids


@pytest.mark.parametrize("sort", ["-published_at", "-created_at", "-updated_at"])
@pytest.mark.parametrize("asked", FILTERS, ids=lambda asked: asked[0])
async def test_a_filter_leaves_what_it_says(
    admin: httpx.AsyncClient, held: list[Article], asked: Asked, sort: str
) -> None:
    """In each sort, over two pages; and the count is right."""
    ids = await listed(admin, f"{asked[0]}&sort={sort}", 60)
    answer: dict[str, Any] = (
        await admin.get(f"/v1/articles?limit=1&count=exact&{asked[0].replace(' ', '%20')}")
    ).json()

    right = expected(held, [asked], sort)
    assert ids == right[:120]
    assert answer["count"] == len(right)


async def test_filters_hold_in_pairs(admin: httpx.AsyncClient, held: list[Article]) -> None:
    """Two filters leave what passes both, whichever of them leads."""
    wrong = []
    for number, pair in enumerate(PAIRS):
        sort = "-published_at" if "q=" in pair[1][0] or number % 3 else "-updated_at"
        query = "&".join(part for part, _ in pair)
        ids = await listed(admin, f"{query}&sort={sort}", 20)
        if ids != expected(held, list(pair), sort)[:40]:
            wrong.append(query)

    assert wrong == []


async def test_an_estimate_is_near(admin: httpx.AsyncClient, held: list[Article]) -> None:
    """Up to ten thousand it is the count itself."""
    for query in ("lang=fr", "site=-north.example", "word_count_min=500", f"q={WORDS[0]}"):
        counts = [
            (await admin.get(f"/v1/articles?limit=1&{query}&count={how}")).json()["count"]
            for how in ("exact", "estimate")
        ]
        assert counts[0] == counts[1] > 0


async def test_a_language_holds_its_regions(
    admin: httpx.AsyncClient, database: asyncpg.Connection, held: list[Article]
) -> None:
    """An article in pt-BR is found by pt and by pt-br, and by nothing less."""
    article = held[0]
    assert article.language is not None
    code, article.language.code = article.language.code, "pt-BR"
    kinds = [(value, label) for kind, value, label in document.facets(article) if kind == "lang"]
    article.language.code = code

    assert kinds == [("pt-br", "pt-BR"), ("pt", "pt")]
