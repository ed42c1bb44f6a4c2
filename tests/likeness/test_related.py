"""What is related to an article is about the same matter, in other words; what is not, is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from service.db import likeness
from service.db.session import Db, open_db
from service.settings import Settings
from tests.likeness.pairs import stories
from tests.search.judged import Story
from tests.search.test_quality import store_one

STRIKE = {
    "en1": (
        "Ferry crews strike over night shifts",
        "Ferry crews on the Kerlann line began a strike on Monday. The union says that night shifts"
        " on the ferry have doubled. Kerlann, an island of 900 people, has no bridge. The company"
        " calls the strike unlawful. A ferry lies at the Kerlann pier with food for the island.",
    ),
    "en2": (
        "Islanders wait as Kerlann ferry stays in port",
        "The shop of Kerlann is out of milk. Since the strike of the ferry crews the island gets"
        " its post by fishing boat. Nurses sleep on Kerlann. The union met the company; the strike"
        " goes on, and no ferry will sail before Friday.",
    ),
    "zh1": (
        "地铁司机罢工第三天",
        "地铁司机继续罢工。工会说，司机的夜班太多。市民改坐公交车，地铁站关闭。"
        "公司要求司机停止罢工。地铁何时恢复还不清楚。",
    ),
    "zh2": (
        "罢工让早高峰陷入混乱",
        "由于地铁停运，早上道路堵车严重。司机罢工已经三天，工会与公司谈判没有结果。"
        "许多人希望地铁司机早日复工。罢工可能持续到周末。",
    ),
}


@pytest.fixture(scope="module")
async def db(settings: Settings) -> AsyncIterator[Db]:
    async with open_db(settings.database_url, pool_max=2, timeout_s=30) as db:
        yield db


@pytest.fixture(scope="module")
async def stored(db: Db) -> dict[str, UUID]:
    """Two reports of a strike in each of two languages, among others of that month."""
    told = [
        Story(
            id=f"{story.lang}9{number}", headline=story.headline, standfirst="", author="",
            caption="", body=story.text,
        )
        for number, story in enumerate(stories())
    ]  # fmt: skip
    told += [
        Story(id=id, headline=headline, standfirst="", author="", caption="", body=body)
        for id, (headline, body) in STRIKE.items()
    ]
    return {story.id: await store_one(db, story, day) for day, story in enumerate(told)}


@pytest.mark.parametrize(("of", "is_related"), [("en1", "en2"), ("zh1", "zh2"), ("zh2", "zh1")])
async def test_another_report_of_the_matter_is_related(
    db: Db, stored: dict[str, UUID], of: str, is_related: str
) -> None:
    """In scripts without blanks too; nothing else is."""
    found = await likeness.related(db, stored[of], 5)

    assert [(one.id, one.is_same_story) for one in found] == [(stored[is_related], False)]


async def test_what_has_no_like_has_nothing_related(db: Db, stored: dict[str, UUID]) -> None:
    """A list that is filled with anything would tell a reader nothing."""
    for name, id in stored.items():
        if name not in STRIKE:
            assert await likeness.related(db, id, 5) == []
