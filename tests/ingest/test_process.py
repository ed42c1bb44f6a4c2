"""From submission to stored article."""

from __future__ import annotations

import asyncio

import msgspec

from service.db import articles, snapshots
from service.document import unpack
from service.ingest import Submission
from service.runtime import Runtime
from tests.web import Request, Web
from tests.working import a_client, ended, page, submitted, working


async def test_html_becomes_an_article(runtime: Runtime):
    """Sent HTML ends as a stored article, revision 1, under the address it came with."""
    client_id = await a_client(runtime)
    sent = Submission(kind="html", url="https://a.example/bridge", content=page().encode())

    async with working(runtime):
        [done] = await ended(runtime, *await submitted(runtime, client_id, sent))

    assert (done.state, done.outcome, done.revision) == ("succeeded", "created", 1)
    assert done.article_id
    doc = await runtime.reader.doc(done.article_id)
    assert doc
    article = unpack(doc.body)
    assert article.headline == "Bridge stays open"
    assert article.id == done.article_id
    assert len(article.body) == 6


async def test_url_is_fetched(runtime: Runtime, origin: Web):
    """A submitted address is fetched, and what it answers is stored."""
    client_id = await a_client(runtime)
    url = origin.page("/bridge", page("Fetched headline"))

    async with working(runtime):
        [done] = await ended(
            runtime, *await submitted(runtime, client_id, Submission(kind="url", url=url))
        )

    assert (done.state, done.outcome) == ("succeeded", "created"), done.error_detail
    assert done.article_id
    assert [
        row.number for row in await articles.revisions(runtime.db, done.article_id, None, 9)
    ] == [1]


async def test_an_empty_page_is_read_from_its_amp_variant(runtime: Runtime, origin: Web):
    """A page that a script would fill is taken from the variant that it names at its own site."""
    client_id = await a_client(runtime)
    amp = origin.page("/story/amp", page("Told by the variant"))
    shell = (
        "<!doctype html><html><head><title>Told by the variant</title>"
        '<link rel="amphtml" href="/story/amp"></head>'
        '<body><div id="app"></div><script src="/app.js"></script></body></html>'
    )
    url = origin.page("/story", shell)

    async with working(runtime):
        [done] = await ended(
            runtime, *await submitted(runtime, client_id, Submission(kind="url", url=url))
        )

    assert (done.state, done.outcome) == ("succeeded", "created"), done.error_detail
    assert done.article_id
    doc = await runtime.reader.doc(done.article_id)
    assert doc
    article = unpack(doc.body)
    assert (article.headline, article.requested_url) == ("Told by the variant", url)
    assert article.url == amp


async def test_an_amp_variant_of_another_site_is_left_alone(runtime: Runtime, origin: Web):
    """An empty page fails for its own reason, and nobody else is asked."""
    client_id = await a_client(runtime)
    shell = (
        "<!doctype html><html><head><title>A shell</title>"
        "<link rel=amphtml href=https://amp.example/story></head><body></body></html>"
    )
    url = origin.page("/shell", shell)

    async with working(runtime):
        [done] = await ended(
            runtime, *await submitted(runtime, client_id, Submission(kind="url", url=url))
        )

    assert (done.state, done.error_code, done.page_kind) == ("failed", "page_rejected", "empty")


async def test_headers_that_are_no_utf_8_cost_no_page(runtime: Runtime, origin: Web):
    """They are read as Latin-1, as browsers do, and kept with the page."""
    body = page(note="latin").encode()
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\xef\xbd\x95tf-8\r\nX-By: Ren\xe9\r\n"
        b'ETag: "\xe9"\r\nContent-Length: %d\r\n\r\n' % len(body)
    )

    async def answer(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head + body)
        await writer.drain()

    sent = Submission(kind="url", url=origin.reply("/latin", answer))
    async with working(runtime):
        [done] = await ended(runtime, *await submitted(runtime, await a_client(runtime), sent))

    assert (done.state, done.error_detail) == ("succeeded", None)
    assert done.article_id
    kept = await snapshots.of_article(runtime.db, done.article_id)
    assert kept
    assert msgspec.json.decode(kept.headers)["x-by"] == "Ren\xe9"
    assert kept.charset is None
