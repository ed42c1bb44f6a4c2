"""One article per page, whatever its address is spelled like and however often it comes."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from service import ingest
from service.db import articles, ingestions
from service.db.ingestions import Ingestion
from service.document import unpack
from service.ingest import Submission
from service.runtime import Runtime
from tests.web import Reply, Web
from tests.working import a_client, ended, page, submitted, working

pytestmark = pytest.mark.slow


async def sent(runtime: Runtime, url: str | None, html: str) -> Ingestion:
    """The ended ingestion of ``html``."""
    client_id = await a_client(runtime)
    submission = Submission(kind="html", url=url, content=html.encode())
    [done] = await ended(runtime, *await submitted(runtime, client_id, submission))
    return done


async def fetched(runtime: Runtime, url: str) -> Ingestion:
    """The ended ingestion of an address."""
    client_id = await a_client(runtime)
    rows = await submitted(runtime, client_id, Submission(kind="url", url=url))
    [done] = await ended(runtime, *rows)
    return done


async def test_spellings_of_an_address_are_one_article(runtime: Runtime):
    """Scheme, www, slash, tracking and AMP make no doubles; the same content is unchanged."""
    spellings = [
        "https://www.one.example/story",
        "http://one.example/story/",
        "https://one.example/story?utm_source=mail",
        "https://one.example/story#top",
        "https://m.one.example/story",
    ]

    async with working(runtime):
        done = [await sent(runtime, url, page("One")) for url in spellings]

    assert {one.article_id for one in done} == {done[0].article_id}
    assert [one.outcome for one in done] == ["created"] + ["unchanged"] * 4


async def test_other_content_is_a_new_revision(runtime: Runtime):
    """An edited page becomes revision 2 of its article, and revision 1 stays as it was."""
    url = "https://two.example/story"

    async with working(runtime):
        first = await sent(runtime, url, page("A bridge is opened"))
        second = await sent(runtime, url, page("A bridge is opened again"))

    assert (second.outcome, second.revision) == ("updated", 2)
    assert second.article_id == first.article_id
    assert first.article_id
    bodies = [await articles.revision(runtime.db, first.article_id, n) for n in (1, 2)]
    assert [unpack(body).headline for body in bodies if body] == [
        "A bridge is opened",
        "A bridge is opened again",
    ]
    doc = await runtime.reader.doc(first.article_id)
    assert doc
    assert doc.body == bodies[1]


async def test_one_page_many_times_at_once(runtime: Runtime, database: asyncpg.Connection):
    """Twenty simultaneous ingestions of one page make one article, created once."""
    client_id = await a_client(runtime)
    one = Submission(kind="html", url="https://three.example/s", content=page("Three").encode())

    async with working(runtime):
        rows = await submitted(runtime, client_id, *[one] * 20)
        done = await ended(runtime, *rows)

    assert sorted(row.outcome or "" for row in done) == ["created"] + ["unchanged"] * 19
    assert len({row.article_id for row in done}) == 1
    changes = await database.fetchval(
        "select count(*) from change where article_id = $1", done[0].article_id
    )
    assert changes == 1


async def test_text_without_an_address_is_known_by_itself(runtime: Runtime):
    """The same text without an address is the same article, another text another one."""
    client_id = await a_client(runtime)
    texts = ["A headline\n\nA first text. " * 9, "A headline\n\nA first text. " * 9, "Other. " * 9]
    submissions = [Submission(kind="text", content=text.encode()) for text in texts]

    async with working(runtime):
        done = []
        for one in submissions:
            done += await ended(runtime, *await submitted(runtime, client_id, one))

    assert [one.outcome for one in done] == ["created", "unchanged", "created"]


async def test_an_older_page_does_not_replace_a_newer_one(
    runtime: Runtime, database: asyncpg.Connection
):
    """Of two versions sent one after the other the later one stays, also if it is done first."""
    client_id = await a_client(runtime)
    url = "https://four.example/s"
    versions = [
        Submission(kind="html", url=url, content=page(headline).encode())
        for headline in ("The old story of it", "The new story of it")
    ]
    old, new = [(await submitted(runtime, client_id, one))[0] for one in versions]
    await database.execute(
        "update ingestion set turn = turn + 1000, is_ready = false, "
        "due_at = now() + interval '1 hour' where id = $1",
        old.id,
    )

    async with working(runtime):
        [new] = await ended(runtime, new)
        await database.execute("update ingestion set due_at = now() where id = $1", old.id)
        [old] = await ended(runtime, old)

    assert (new.outcome, old.outcome) == ("created", "unchanged")
    assert new.article_id
    doc = await runtime.reader.doc(new.article_id)
    assert doc
    assert unpack(doc.body).headline == "The new story of it"


async def test_an_unmodified_page_is_not_fetched_again(runtime: Runtime, origin: Web):
    """A second ingestion asks with the validators of the first, and a 304 leaves all as it is."""
    headers = {"Content-Type": "text/html", "ETag": '"v1"'}
    url = origin.reply("/s", Reply(200, page("Five").encode(), headers), Reply(304))

    async with working(runtime):
        first = await fetched(runtime, url)
        second = await fetched(runtime, url)

    assert (first.outcome, second.outcome) == ("created", "unchanged"), second.error_detail
    assert (second.article_id, second.revision) == (first.article_id, 1)
    asked = [one for one in origin.requests if one.path == "/s"]
    assert [one.headers.get("if-none-match") for one in asked] == [None, '"v1"']


async def test_a_failed_fetch_leaves_the_article(runtime: Runtime, origin: Web):
    """A 404 for a known page fails and says so; the last good revision is served on."""
    url = origin.reply("/s", Reply(200, page("Six").encode(), {"Content-Type": "text/html"}),
                       Reply(404, b"gone"))  # fmt: skip

    async with working(runtime):
        first = await fetched(runtime, url)
        second = await fetched(runtime, url)

    assert (second.state, second.outcome) == ("failed", "kept_previous")
    assert second.error_code == "http_4xx"
    assert second.article_id == first.article_id
    assert first.article_id
    doc = await runtime.reader.doc(first.article_id)
    assert doc
    assert unpack(doc.body).revision == 1


async def test_a_deleted_article_makes_room(runtime: Runtime, database: asyncpg.Connection):
    """Deleting leaves a tombstone and nothing to read; the page again is a new article."""
    url = "https://seven.example/s"

    async with working(runtime):
        first = await sent(runtime, url, page("Seven"))
        assert first.article_id
        await ingest.delete(runtime, first.article_id)
        again = await sent(runtime, url, page("Seven"))

    assert again.outcome == "created"
    assert again.article_id != first.article_id
    assert await runtime.reader.doc(first.article_id) is None
    standing = await articles.standing(runtime.db, first.article_id)
    assert standing
    assert standing.deleted_at
    log = await database.fetch(
        "select op from change where article_id = $1 order by id", first.article_id
    )
    assert [row["op"] for row in log] == ["upsert", "delete"]


async def test_kept_pages_are_extracted_anew(runtime: Runtime, database: asyncpg.Connection):
    """Reextraction works on the kept bytes: a new revision where the result is another one."""
    client_id = await a_client(runtime)

    async with working(runtime):
        first = await sent(runtime, "https://eight.example/s", page("Eight"))
        await database.execute(
            "update article set content_hash = $2 where id = $1", first.article_id, b"0" * 32
        )
        made = await ingestions.reextract(
            runtime.db,
            client_id,
            version_not="none",
            site="eight.example",
            article_id=first.article_id,
            limit=9,
        )
        rows = await database.fetch("select id from ingestion where client_id = $1", client_id)
        ingestion = await ended_by_id(runtime, client_id, rows[0]["id"])

    assert len(made) == 1
    assert (ingestion.outcome, ingestion.revision) == ("updated", 2)
    assert ingestion.article_id == first.article_id


async def ended_by_id(runtime: Runtime, client_id: UUID, ingestion_id: UUID) -> Ingestion:
    """The client's ingestion when it has ended."""
    found = await ingestions.find(runtime.db, client_id, ingestion_id)
    assert found
    return (await ended(runtime, found))[0]


async def test_events_are_recorded_with_the_change(runtime: Runtime, database: asyncpg.Connection):
    """A stored article is an event for all, its ingestion's end one for its client."""
    async with working(runtime):
        done = await sent(runtime, "https://nine.example/s", page("Nine"))

    events = await database.fetch(
        "select type, client_id, convert_from(body, 'UTF8')::json->>'type' as said "
        "from event where article_id = $1 order by type", done.article_id
    )  # fmt: skip
    assert [(row["type"], row["client_id"]) for row in events] == [
        ("article.created", None),
        ("ingestion.succeeded", done.client_id),
    ]
    assert all(row["said"] == row["type"] for row in events)


async def test_deleting_while_reading_together(runtime: Runtime):
    """Reads at one moment share a statement and each get their own document, or none."""
    async with working(runtime):
        done = [await sent(runtime, f"https://ten.example/{n}", page(f"Ten {n}")) for n in range(3)]
    wanted = [one.article_id for one in done if one.article_id]

    docs = await asyncio.gather(
        *(runtime.reader.doc(id) for id in wanted * 30), runtime.reader.doc(done[0].id)
    )

    assert [doc and doc.id for doc in docs[:-1]] == wanted * 30
    assert docs[-1] is None
