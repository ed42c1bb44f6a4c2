"""From submission to stored article."""

from __future__ import annotations

from service.db import articles
from service.document import unpack
from service.ingest import Submission
from service.runtime import Runtime
from tests.web import Web
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
