# ruff: noqa: E501  # texts of six languages stay whole
"""Lists, search and sync over HTTP, on articles in six languages."""

from __future__ import annotations

import asyncio
import random
from typing import Any
from uuid import UUID

import httpx
import pytest
from msgspec.structs import astuple

from service.api.cursor import Cursors
from service.api.v1.changes import Position
from service.db import changes, clients
from service.db.session import Command
from service.db.sync_epoch import begin_anew
from service.ingest import Submission
from service.runtime import Runtime
from tests.working import ended, submitted, working

TOUCH = Command(
    "insert into change (op, article_id, reason, revision) values ('upsert', $1, 't', 1)"
)
PRUNE = Command("delete from change")
OF_ANOTHER_SERVER = Command("update change set xid = (xid::text::bigint + 1000000)::text::xid8")
STORIES: dict[str, tuple[str, str, str]] = {
    "en": ("Harbour workers agree", "The workers of the harbour agreed on Monday night to end their "
           "strike after ten days. Ships had been waiting outside the breakwater, and the cranes "
           "move again. Both sides signed a contract that raises wages.", "news.example"),
    "fr": ("Les grévistes élus au conseil", "Les employés du port ont mis fin à leur grève après "
           "dix jours de négociations. Les navires attendaient devant la jetée et les grues se "
           "remettent à bouger. Un accord a été signé par les deux parties.", "journal.example"),
    "de": ("Hafenarbeiter einigen sich", "Die Hafenarbeiter haben ihren Streik nach zehn Tagen "
           "beendet. Die Schiffe warteten vor der Mole, und die Kräne bewegen sich wieder. Beide "
           "Seiten unterschrieben in der Nacht einen Vertrag über höhere Löhne.", "zeitung.example"),
    "ru": ("Докеры прекратили забастовку", "Рабочие порта договорились в понедельник прекратить "
           "забастовку, которая длилась десять дней. Корабли ждали у волнореза, и краны снова "
           "работают. Обе стороны подписали договор о повышении зарплаты.", "gazeta.example"),
    "ar": ("عمال الميناء ينهون الإضراب", "وافق عمال الميناء ليلة الاثنين على إنهاء إضرابهم بعد "
           "عشرة أيام من المفاوضات. كانت السفن تنتظر خارج الميناء وعادت الرافعات إلى العمل. وقع "
           "الطرفان عقدا جديدا يرفع الأجور في السنوات القادمة.", "sahifa.example"),
    "ja": ("港湾労働者がストライキを終結", "港湾労働者は月曜日の夜、十日間続いたストライキを終えることで合意した。"
           "船は防波堤の外で待っていたが、クレーンは再び動き始めた。双方は賃金を引き上げる契約に署名した。"
           "東京都の港でも同じような交渉が続いている。", "shimbun.example"),
}  # fmt: skip


def html(lang: str, headline: str, text: str, day: int, *, copies: int = 3) -> str:
    """A page that tells a story in its language, on a day of December 2024."""
    parts = "".join(f"<p>{text}</p>" for _ in range(copies))
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{headline}</title>'
        f'<meta property="article:published_time" content="2024-12-{day:02}T08:00:00Z">'
        f"</head><body><article><h1>{headline}</h1>{parts}</article></body></html>"
    )


@pytest.fixture(scope="module")
async def stored(runtime: Runtime) -> dict[str, UUID]:
    """The stories, each with the id of its article; published on the first days of December."""
    client_id = (await clients.create(runtime.db, "writer")).id
    sent = [
        Submission(
            kind="html", url=f"https://{site}/{lang}/harbour",
            content=html(lang, headline, text, day).encode(),
        )
        for day, (lang, (headline, text, site)) in enumerate(STORIES.items(), 1)
    ]  # fmt: skip
    async with working(runtime):
        done = await ended(runtime, *await submitted(runtime, client_id, *sent))
    assert [one.outcome for one in done] == ["created"] * len(sent), done
    return {lang: one.article_id for lang, one in zip(STORIES, done, strict=True) if one.article_id}


async def found(admin: httpx.AsyncClient, query: str) -> list[str]:
    """The ids that a list of ``query`` shows, in order."""
    answer = await admin.get("/v1/articles?view=ids&" + query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("q", "lang"),
    [
        ("worker agreeing", "en"), ('"ten days"', "en"), ("harbour -grève", "en"),
        ("grues", "fr"), ("gréviste", "fr"), ("ELUS", "fr"), ("greve", "fr"), ("négociation", "fr"),
        ("Schiff", "de"), ("Krane", "de"), ("Löhnen", "de"), ("Hafenarbeitern", "de"),
        ("забастовки", "ru"), ("кораблей", "ru"), ("договора", "ru"),
        ("السفن", "ar"), ("الرافعات", "ar"),
        ("労働者", "ja"), ("東京", "ja"), ("京都", "ja"), ("賃金", "ja"), ('"防波堤の外"', "ja"),
        ("nothing or крана", "ru"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["-published_at", "-relevance"])
async def test_each_language_is_searched_by_its_own_rules(
    admin: httpx.AsyncClient, stored: dict[str, UUID], q: str, lang: str, sort: str
) -> None:
    """Inflected forms, lost accents, phrases, exclusions and unparted scripts are found."""
    ids = await found(admin, str(httpx.QueryParams({"q": q, "sort": sort})))

    assert ids == [str(stored[lang])]


async def test_words_that_are_nowhere_find_nothing(
    admin: httpx.AsyncClient, stored: dict[str, UUID]
) -> None:
    """A typo is an empty page, not an error."""
    assert await found(admin, "q=zzyzx") == []
    assert await found(admin, "q=harbour&lang=fr") == []


async def test_highlights_name_blocks(admin: httpx.AsyncClient, stored: dict[str, UUID]) -> None:
    """A match tells its block and which part of the fragment it is."""
    [item] = (await admin.get("/v1/articles?q=ships&highlight=1")).json()["items"]
    article = (await admin.get(f"/v1/articles/{item['id']}")).json()

    blocks = {block["id"] for block in article["body"]}
    first = item["highlights"][0]
    assert {h["block_id"] for h in item["highlights"]} <= blocks | {None}
    assert [p["text"] for p in first["parts"] if p["is_match"]] == ["Ships"]


FILTERS = [
    ("lang=fr", ["fr"]), ("lang=fr&lang=de", ["de", "fr"]), ("lang=-fr&lang=-ja", ["ar", "ru", "de", "en"]),
    ("site=news.example", ["en"]), ("site=-news.example&lang=en", []),
    ("published_after=2024-12-05T00:00:00Z", ["ja", "ar"]),
    ("published_before=2024-12-02T00:00:00Z", ["en"]),
    ("page_kind=article&limit=2", ["ja", "ar"]), ("page_kind=-article", []),
    ("has=video", []), ("word_count_min=100000", []), ("duplicates=collapse&lang=en", ["en"]),
    ("author=nobody", []), ("tag=t1", []), ("created_before=2020-01-01T00:00:00Z", []),
]  # fmt: skip


@pytest.mark.parametrize(("query", "langs"), FILTERS)
async def test_filters_narrow(
    admin: httpx.AsyncClient, stored: dict[str, UUID], query: str, langs: list[str]
) -> None:
    """Filters are ANDed, alternatives ORed, a leading minus excludes, newest first."""
    assert await found(admin, query) == [str(stored[lang]) for lang in langs]


async def pages(admin: httpx.AsyncClient, query: str) -> list[str]:
    """All ids, page by page."""
    ids: list[str] = []
    cursor = ""
    while True:
        answer = (await admin.get(f"/v1/articles?view=ids&{query}{cursor}")).json()
        ids += [item["id"] for item in answer["items"]]
        if answer["next_cursor"] is None:
            return ids
        cursor = "&cursor=" + answer["next_cursor"]


@pytest.mark.parametrize(
    "query",
    ["", "sort=-created_at", "sort=-updated_at", "page_kind=article", "lang=en&lang=fr&lang=ja",
     "site=news.example&site=journal.example", "q=days or jours or Tagen or 十日 or дней",
     "q=days or jours or Tagen or 十日 or дней&sort=-relevance"],
)  # fmt: skip
async def test_pages_join_without_holes(
    admin: httpx.AsyncClient, stored: dict[str, UUID], query: str
) -> None:
    """Pages of one and pages of all show the same articles in the same order."""
    small = await pages(admin, f"limit=1&{query}")
    large = await pages(admin, f"limit=200&{query}")

    assert small == large
    assert len(set(small)) == len(small) >= 2


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("nonsense=1", "nonsense"), ("sort=-relevance", "sort"), ("fields=body,colour", "fields"),
        ("published_after=2024-12-01T00:00:00", "published_after"), ("q=%22%22", "q"), ("q=-harbour", "q"), ("q=NOT+harbour", "q"),
        ("limit=0", "limit"), ("sort=sideways", "sort"), ("q=a&sort=-created_at", "sort"), ("ids=1", "ids"),
        ("created_before=0001-01-01T00:00:00%2B14:00", "created_before"),
        ("&".join(["ids=01912345-0000-7000-8000-000000000000"] * 201), "ids"),
    ],
)  # fmt: skip
async def test_what_cannot_be_used_is_named(
    admin: httpx.AsyncClient, query: str, parameter: str
) -> None:
    """A wrong parameter is a 400 that names it."""
    answer = await admin.get("/v1/articles?" + query)

    assert answer.status_code == 400
    assert parameter in str(answer.json()["errors"])


async def test_a_cursor_belongs_to_its_list(
    admin: httpx.AsyncClient, stored: dict[str, UUID]
) -> None:
    """The cursor of one filter is refused by another."""
    cursor = (await admin.get("/v1/articles?limit=1")).json()["next_cursor"]

    assert (await admin.get(f"/v1/articles?limit=1&cursor={cursor}")).status_code == 200
    assert (await admin.get(f"/v1/articles?limit=1&lang=fr&cursor={cursor}")).status_code == 400


async def test_views_and_fields(admin: httpx.AsyncClient, stored: dict[str, UUID]) -> None:
    """Cards have no body, full items do, and fields choose."""
    card = (await admin.get("/v1/articles?lang=en")).json()["items"][0]
    full = (await admin.get("/v1/articles?lang=en&view=full")).json()["items"][0]
    few = (await admin.get("/v1/articles?lang=en&fields=headline,word_count")).json()["items"][0]
    counted = (await admin.get("/v1/articles?lang=en&count=exact")).json()

    assert "body" not in card
    assert full["body"][0]["type"] == "paragraph"
    assert set(few) == {"id", "headline", "word_count"}
    assert counted["count"] == 1


async def test_feeds_of_a_list(admin: httpx.AsyncClient, stored: dict[str, UUID]) -> None:
    """Any list is also a JSON Feed with next_url, and an Atom feed."""
    feed = await admin.get("/v1/articles?limit=2", headers={"Accept": "application/feed+json"})
    atom = await admin.get("/v1/articles?limit=2&format=atom")

    told: dict[str, Any] = feed.json()
    assert feed.headers["content-type"].startswith("application/feed+json")
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert len(told["items"]) == 2
    assert "cursor=" in told["next_url"]
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert atom.text.count("</entry>") == 2


async def sync(
    admin: httpx.AsyncClient, held: dict[str, int], cursor: str | None, *, limit: int = 2
) -> str:
    """``held`` (id: revision) after all that has changed since ``cursor``."""
    while True:
        query = {"limit": limit, "include": "ids"} | ({"cursor": cursor} if cursor else {})
        answer = await admin.get("/v1/changes", params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        for change in page["changes"]:
            if change["op"] == "delete":
                held.pop(change["article_id"], None)
            else:
                held[change["article_id"]] = change["revision"]
        cursor = page["cursor"]
        if not page["has_more"] and not page["changes"]:
            return cursor


async def test_a_client_follows(
    admin: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """A first sync, then edits, deletions and new articles: the client holds what is there."""
    client_id = (await clients.create(runtime.db, "second writer")).id
    held: dict[str, int] = {}
    cursor = await sync(admin, held, None)
    assert set(held) >= {str(id) for id in stored.values()}

    def page_of(name: str, note: str) -> Submission:
        text = f"A story of {name} that is {note}, told at some length for the reader. " * 6
        return Submission(
            kind="html", url=f"https://sync.example/{name}",
            content=html("en", name.title(), text, 9).encode(),
        )  # fmt: skip

    async with working(runtime):
        made = await ended(
            runtime,
            *await submitted(runtime, client_id, page_of("apple", "new"), page_of("pear", "new")),
        )
        await ended(runtime, *await submitted(runtime, client_id, page_of("apple", "edited")))
    await admin.delete(f"/v1/articles/{made[1].article_id}")
    cursor = await sync(admin, held, cursor)

    assert held[str(made[0].article_id)] == 2
    assert str(made[1].article_id) not in held
    listed = set(await pages(admin, "limit=200"))
    assert set(held) == listed
    assert (await admin.get("/v1/changes", params={"cursor": cursor})).json()["changes"] == []


async def test_a_late_commit_is_not_skipped(
    admin: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """What a slow transaction wrote before a reader came is read after it commits."""
    cursor = (await admin.get("/v1/changes?cursor=now")).json()["cursor"]
    first, second = list(stored.values())[:2]

    async with runtime.db.transaction() as slow:
        await slow.run(TOUCH, first)
        async with runtime.db.transaction() as quick:
            await quick.run(TOUCH, second)
        early = (await admin.get("/v1/changes", params={"cursor": cursor})).json()
    late = (await admin.get("/v1/changes", params={"cursor": early["cursor"]})).json()

    seen = [change["article_id"] for page in (early, late) for change in page["changes"]]
    assert sorted(seen) == sorted([str(first), str(second)])


async def test_an_old_cursor_is_honestly_expired(
    admin: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """Once changes after a cursor were pruned, it is 410 with where to begin again."""
    cursor = (await admin.get("/v1/changes?cursor=now")).json()["cursor"]
    await runtime.db.run(TOUCH, stored["en"])
    await runtime.db.run(PRUNE)

    answer = await admin.get("/v1/changes", params={"cursor": cursor})
    fresh = await admin.get("/v1/changes", params={"cursor": "now"})

    assert (answer.status_code, answer.json()["code"]) == (410, "cursor_expired")
    assert fresh.status_code == 200


async def test_sync_goes_on_after_a_restore(
    admin: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """A dump that is read into another server brings transactions that this one has not begun.
    Cursors of before are expired, and those of after skip nothing."""
    url = runtime.settings.database_url
    healthy = await begin_anew(url, asked=False)
    before = (await admin.get("/v1/changes?cursor=now")).json()["cursor"]
    await runtime.db.run(TOUCH, stored["en"])
    await runtime.db.run(OF_ANOTHER_SERVER)

    begun = await begin_anew(url, asked=False)
    again = await begin_anew(url, asked=False)
    old = await admin.get("/v1/changes", params={"cursor": before})
    fresh = (await admin.get("/v1/changes?cursor=now")).json()["cursor"]
    await runtime.db.run(TOUCH, stored["en"])
    found = (await admin.get("/v1/changes", params={"cursor": fresh})).json()["changes"]

    assert (healthy, begun, again) == (False, True, False)
    assert (old.status_code, old.json()["code"]) == (410, "cursor_expired")
    assert [change["article_id"] for change in found] == [str(stored["en"])]


async def test_sync_begins_anew_where_it_is_asked(
    admin: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """A backup of the server's files brings its counter back too, so nothing can be seen of it;
    each time is an epoch of its own."""
    answers = []
    for _ in range(2):
        cursor = (await admin.get("/v1/changes?cursor=now")).json()["cursor"]
        await begin_anew(runtime.settings.database_url, asked=True)
        answers.append(await admin.get("/v1/changes", params={"cursor": cursor}))

    assert [answer.json()["code"] for answer in answers] == ["cursor_expired"] * 2


async def test_a_cursor_of_times_to_come_is_expired(
    admin: httpx.AsyncClient, runtime: Runtime
) -> None:
    """It was cut by a server that this one was restored from an earlier state of."""
    bounds = await changes.bounds(runtime.db)
    ahead = Position(bounds.end_xid + 1_000, 1, epoch=bounds.epoch)
    cursor = Cursors(runtime.settings.secret).write("changes", astuple(ahead))

    answer = await admin.get("/v1/changes", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (410, "cursor_expired")


async def test_a_change_ends_the_wait(
    admin: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """A long poll answers when something changes, with the article as asked for."""
    cursor = (await admin.get("/v1/changes?cursor=now")).json()["cursor"]
    waiting = asyncio.create_task(
        admin.get("/v1/changes", params={"cursor": cursor, "wait": 30, "include": "full"})
    )
    await asyncio.sleep(0)
    await runtime.db.run(TOUCH, stored["de"])

    [change] = (await asyncio.wait_for(waiting, 25)).json()["changes"]

    assert change["article_id"] == str(stored["de"])
    assert change["article"]["body"]


async def test_same_story_similar_and_diff(
    admin: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """A wire copy is the same story and collapses; an edit is told word by word."""
    client_id = (await clients.create(runtime.db, "third writer")).id
    chance = random.Random(5)
    vocabulary = [
        "river",
        "bridge",
        "valley",
        "water",
        "rain",
        "mayor",
        "farmer",
        "field",
        "road",
        "night",
        "village",
        "dam",
    ]
    sentences = [
        f"word{n} of the report: the {' and the '.join(chance.sample(vocabulary, 5))} {n * 7}"
        for n in range(40)
    ]
    text = ". ".join(sentences)

    def report(site: str, text: str) -> Submission:
        page = html("en", f"Flood report of {site}", text, 10)
        return Submission(kind="html", url=f"https://{site}/flood", content=page.encode())

    async with working(runtime):
        [first] = await ended(
            runtime, *await submitted(runtime, client_id, report("one.example", text))
        )
        copy = text.replace("word7 ", "water ").replace("word33 ", "mud ")
        [second] = await ended(
            runtime, *await submitted(runtime, client_id, report("two.example", copy))
        )
        edited = text.replace("word7 of", "seven of")
        await ended(runtime, *await submitted(runtime, client_id, report("one.example", edited)))

    related = (await admin.get(f"/v1/articles/{second.article_id}/related")).json()["items"]
    collapsed = await found(admin, "q=flood&duplicates=collapse")
    diff = (await admin.get(f"/v1/articles/{first.article_id}/diff?from=1&to=2")).json()
    assert "blocks" in diff, diff
    shown = await admin.get(
        f"/v1/articles/{first.article_id}/diff?from=1&to=2", headers={"Accept": "text/html"}
    )
    exported = (await admin.get("/v1/articles/export")).text.splitlines()
    resumed = (await admin.get(f"/v1/articles/export?after={first.article_id}")).text.splitlines()

    assert (related[0]["relation"], related[0]["article"]["id"]) == (
        "same_story",
        str(first.article_id),
    )
    assert collapsed == [str(first.article_id)]
    changed = [block for block in diff["blocks"] if block["op"] == "changed"]
    assert {("deleted", "word7"), ("inserted", "seven")} <= {
        (piece["op"], piece["text"]) for piece in changed[0]["pieces"]
    }
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert "<del>word7</del> <ins>seven</ins>" in shown.text
    assert len(exported) > len(resumed) >= 1
