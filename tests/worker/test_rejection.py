"""Pages that are no articles."""

from __future__ import annotations

import asyncpg

from service.db.ingestions import Ingestion
from service.document import unpack
from service.ingest import Submission
from service.runtime import Runtime
from tests.web import Reply, Web
from tests.working import a_client, ended, page, submitted, working

HTML = {"Content-Type": "text/html"}
CAPTCHA = """<!doctype html><html><head><title>Just a moment...</title></head><body>
<h1>Checking your browser</h1><p>Please complete the captcha to continue. Verify you are human.</p>
<form action="/verify"><div class="g-recaptcha" data-sitekey="x"></div>
<iframe src="https://www.google.com/recaptcha/api2/anchor"></iframe></form></body></html>"""


async def fetched(runtime: Runtime, url: str) -> Ingestion:
    """The ended ingestion of an address."""
    client_id = await a_client(runtime)
    rows = await submitted(runtime, client_id, Submission(kind="url", url=url))
    return (await ended(runtime, *rows))[0]


async def test_a_page_that_is_no_article_makes_none(
    runtime: Runtime, origin: Web, database: asyncpg.Connection
):
    """A captcha fails with its kind as the reason; its bytes are kept, and no article is made."""
    url = origin.reply("/captcha", Reply(200, CAPTCHA.encode(), HTML))

    async with working(runtime):
        done = await fetched(runtime, url)

    assert (done.state, done.outcome, done.error_code) == ("failed", "rejected", "page_rejected")
    assert (done.page_kind, done.article_id) == ("captcha", None)
    kept = "select content_bytes from snapshot where id = $1"
    assert await database.fetchval(kept, done.snapshot_id) == len(CAPTCHA.encode())
    assert await database.fetchval("select count(*) from article") == 0


async def test_a_captcha_does_not_replace_an_article(runtime: Runtime, origin: Web):
    """When a known page shows a captcha, its article stays as it was and is named."""
    good = Reply(200, page("Before the captcha").encode(), HTML)
    url = origin.reply("/story", good, Reply(200, CAPTCHA.encode(), HTML))

    async with working(runtime):
        first = await fetched(runtime, url)
        second = await fetched(runtime, url)

    assert (second.state, second.outcome) == ("failed", "kept_previous")
    assert (second.page_kind, second.article_id) == ("captcha", first.article_id)
    assert first.article_id
    doc = await runtime.reader.doc(first.article_id)
    assert doc
    assert unpack(doc.body).headline == "Before the captcha"
