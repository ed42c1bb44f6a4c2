# ruff: noqa: E501  # texts of seven languages stay whole
"""Highlights over HTTP: where in an article the words of a search are, in every kind of script."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from service.db import articles, clients
from service.db.session import Command
from service.ingest import Submission
from service.runtime import Runtime
from tests.api.test_retrieval import STORIES, html
from tests.working import ended, submitted, working

MORE = {
    "zh": ("地铁司机宣布罢工", "市里的地铁司机从星期一早上开始罢工，要求提高工资。公交公司增加了班次，许多乘客只好骑自行车上班。"
           "市长说，谈判将在NHK记者面前继续进行，双方都希望尽快达成协议。", "xinwen.example"),
    "th": ("คนงานท่าเรือหยุดงาน", "คนงานท่าเรือตกลงเมื่อคืนวันจันทร์ที่จะยุติการนัดหยุดงานหลังจากสิบวัน เรือหลายลำรออยู่นอกเขื่อนกันคลื่น "
           "และปั้นจั่นเริ่มเคลื่อนไหวอีกครั้ง ทั้งสองฝ่ายลงนามในสัญญาที่เพิ่มค่าจ้าง", "khao.example"),
    "ko": ("서울 지하철 노조가 파업을 시작했다", "노조는 월요일 새벽부터 파업에 들어갔다. 시는 버스를 더 운행하기로 했고 많은 시민들은 자전거로 출근했다. "
           "시장은 협상이 계속될 것이라고 말했으며 양측은 빠른 합의를 바란다고 밝혔다.", "sinmun.example"),
    "pl": ("Rolnicy zablokowali most", "Rolnicy domagają się wyższych cen zboża i zapowiadają, że protest potrwa do piątku. Kierowcy stoją w korkach, "
           "a minister zapowiada rozmowy. W zeszłym roku podobna blokada skończyła się po dwóch dniach.", "gazeta.example"),
}  # fmt: skip
TOLD = {**STORIES, **MORE}
Parts = list[tuple[str, bool]]


@pytest.fixture(scope="module")
async def stored(runtime: Runtime) -> dict[str, UUID]:
    """Each story, told in a page of three equal paragraphs, with the id of its article."""
    client_id = (await clients.create(runtime.db, "writer of stories")).id
    sent = [
        Submission(
            kind="html", url=f"https://{site}/{lang}/harbour",
            content=html(lang, headline, text, day).encode(),
        )
        for day, (lang, (headline, text, site)) in enumerate(TOLD.items(), 1)
    ]  # fmt: skip
    async with working(runtime):
        done = await ended(runtime, *await submitted(runtime, client_id, *sent))
    return {lang: one.article_id for lang, one in zip(TOLD, done, strict=True) if one.article_id}


async def highlighted(admin: httpx.AsyncClient, q: str, lang: str) -> list[dict[str, Any]]:
    """The highlights of the one article that is found."""
    query = str(httpx.QueryParams({"q": q, "lang": lang, "highlight": "1"}))
    [item] = (await admin.get(f"/v1/articles?{query}")).json()["items"]
    highlights: list[dict[str, Any]] = item["highlights"]
    return highlights


@pytest.mark.parametrize(
    ("q", "lang", "marked"),
    [
        ("罢工", "zh", {"罢工"}), ("地铁司机", "zh", {"地铁司机"}), ("地铁罢工", "zh", {"地铁", "罢工"}),
        ("铁", "zh", {"铁"}), ('"提高工资"', "zh", {"提高工资"}), ("NHK 协议", "zh", {"NHK", "协议"}),
        ("nhk", "zh", {"NHK"}), ("罢工 -火车", "zh", {"罢工"}), ("火车 or 乘客", "zh", {"乘客"}),
        ("労働者", "ja", {"労働者"}), ("ストライキ", "ja", {"ストライキ"}), ("京都", "ja", {"京都"}),
        ("港湾のストライキ", "ja", {"港湾", "ストライキ"}), ('"防波堤の外"', "ja", {"防波堤の外"}),
        ("버스", "ko", {"버스"}), ("파업", "ko", {"파업"}), ("시민 출근", "ko", {"시민", "출근"}),
        ("minister", "pl", {"minister"}), ("korki", "pl", {"korkach"}),
        ("ท่าเรือ", "th", {"ท่าเรือ"}), ("สัญญา ค่าจ้าง", "th", {"สัญญา", "ค่าจ้าง"}),
        ("greves", "fr", {"grève"}), ("navire", "fr", {"navires"}), ("Schiff", "de", {"Schiffe"}),
        ("Krane", "de", {"Kräne"}), ("забастовки", "ru", {"забастовку"}), ("кораблей", "ru", {"Корабли"}),
        ("السفن", "ar", {"السفن"}), ("contract ships", "en", {"contract", "Ships"}),
    ],
)  # fmt: skip
async def test_what_was_found_is_marked(
    admin: httpx.AsyncClient, stored: dict[str, UUID], q: str, lang: str, marked: set[str]
) -> None:
    """Every fragment is a piece of its block, and has what was asked for marked, nothing else."""
    article = (await admin.get(f"/v1/articles/{stored[lang]}")).json()
    blocks = {block["id"]: block["text"] for block in article["body"]}

    highlights = await highlighted(admin, q, lang)

    assert highlights
    for one in highlights:
        text = "".join(part["text"] for part in one["parts"])
        whole = article["headline"] if one["block_id"] is None else blocks[one["block_id"]]
        assert all(piece in whole for piece in text.split(" ... ")), text
        assert any(part["is_match"] for part in one["parts"]), one
    assert {p["text"] for one in highlights for p in one["parts"] if p["is_match"]} == marked


async def test_a_block_without_what_was_asked_for_is_not_shown(
    admin: httpx.AsyncClient, stored: dict[str, UUID]
) -> None:
    """The headline of the Chinese story says nothing of wages."""
    highlights = await highlighted(admin, "工资", "zh")

    assert None not in {one["block_id"] for one in highlights}


async def test_a_long_block_is_shown_in_part(
    admin: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """A fragment is what stands around the match, however long the paragraph."""
    client_id = (await clients.create(runtime.db, "writer of long stories")).id
    filler = "市民们在广场上谈论天气和菜价，孩子们在河边放风筝。" * 12
    page = html("zh", "城里的一天", f"{filler}博物馆重新开放了。{filler}", 20)
    sent = Submission(kind="html", url="https://chang.example/a", content=page.encode())
    async with working(runtime):
        await ended(runtime, *await submitted(runtime, client_id, sent))

    highlights = await highlighted(admin, "博物馆", "zh")

    for one in highlights:
        text = "".join(part["text"] for part in one["parts"])
        assert "博物馆重新开放了" in text
        assert len(text) <= 160


async def test_a_block_with_one_of_two_words_shows_it(
    admin: httpx.AsyncClient, runtime: Runtime
) -> None:
    """However late in the block it is; a block with neither is not shown for what it lacks."""
    client_id = (await clients.create(runtime.db, "writer of two paragraphs")).id
    filler = "The evening began quietly in the small town by the lake, as evenings there do. " * 5
    page = html("en", "A quiet evening", f"{filler}Then a turbine failed. {filler}</p><p>{filler}"
                f"Later the cathedral went dark. {filler}", 21, copies=1)  # fmt: skip
    sent = Submission(kind="html", url="https://lake.example/evening", content=page.encode())
    async with working(runtime):
        await ended(runtime, *await submitted(runtime, client_id, sent))

    for q in ("turbine cathedral", "turbine cathedral -mountain", "turbine or cathedral -lake"):
        highlights = await highlighted(admin, q, "en")

        marks = [[p["text"] for p in one["parts"] if p["is_match"]] for one in highlights]
        assert marks == [["turbine"], ["cathedral"]]


async def test_highlights_stay_with_their_article(
    admin: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """Also where one of the page is deleted between two statements, and is left out."""
    query = {"q": "contract or navires", "view": "full", "highlight": 1}
    gone, stays = (await admin.get("/v1/articles", params=query)).json()["items"]
    [doc] = await articles.docs(runtime.db, [UUID(gone["id"])])

    await runtime.db.run(Command("delete from article_doc where id = $1"), doc.id)
    left = (await admin.get("/v1/articles", params=query)).json()["items"]
    restore = Command("insert into article_doc (id, etag, body) values ($1, $2, $3)")
    await runtime.db.run(restore, doc.id, doc.etag, doc.body)

    assert {gone["id"], stays["id"]} == {str(stored["en"]), str(stored["fr"])}
    assert left == [stays]
    assert stays["highlights"]


@pytest.mark.parametrize(
    ("q", "marked"),
    [
        ("covid19", {"COVID-19"}), ("Covid-19", {"COVID-19"}), ("acdc", {"AC/DC"}),
        ("dc", {"DC"}), ("obrien", {"O’Brien"}), ("brien", {"Brien"}), ("tired", {"tired"}),
        ("12500", {"12,500"}), ("4500", {"4 500"}), ("us", {"U.S"}), ('"the who"', {"The", "Who"}), ("wellbeing", {"Well-being"}),
        ("example.org", {"example", "org"}), ("shouting", {"shouted"}),
    ],
)  # fmt: skip
async def test_words_with_signs_are_marked_as_they_are_written(
    admin: httpx.AsyncClient, runtime: Runtime, q: str, marked: set[str]
) -> None:
    """In typographic quotes too; of stop words those of the headline, of a word of several parts
    what was asked for."""
    text = ("“Tired,” said Liam O’Brien of AC/DC—and shouted. COVID-19 cost the U.S. tour 12,500 dollars, or 4 500 a day. "
            "Well-being comes first, he wrote to help@example.org &amp; others, who read 3 &lt; 4 with care.")  # fmt: skip
    page = html("en", "The Who go on without him", text, 22, copies=1)
    client_id = (await clients.create(runtime.db, "writer of signs")).id
    sent = Submission(kind="html", url="https://signs.example/a", content=page.encode())
    async with working(runtime):
        await ended(runtime, *await submitted(runtime, client_id, sent))
    query = str(httpx.QueryParams({"q": q, "site": "signs.example", "highlight": "1"}))

    [item] = (await admin.get(f"/v1/articles?{query}")).json()["items"]

    parts = [part for one in item["highlights"] for part in one["parts"]]
    assert {part["text"].capitalize() for part in parts if part["is_match"]} == {
        word.capitalize() for word in marked
    }
