"""Feeds are polled: every item once, news again, failures told."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from service.db import feeds, ingestions
from service.db.feeds import FeedRow
from service.db.ingestions import Ingestion
from service.db.session import Command
from service.runtime import Runtime
from service.subscribe import poll
from service.subscribe.discover import discover
from service.subscribe.items import Options
from tests.web import Reply, Web
from tests.working import a_client, eventually, page, working

DUE = Command("update feed set due_at = now() where lease_until is null or lease_until < now()")
"""But of a feed that is being polled, which a second poll at once would ask alike."""


def rss(origin: Web, *items: str, extra: str = "") -> bytes:
    """A feed of items given as ``<item>`` contents."""
    joined = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="2.0" xmlns:content='
        f'"http://purl.org/rss/1.0/modules/content/"><channel><title>The Paper</title>'
        f"<link>{origin.url}/</link>{extra}{joined}</channel></rss>"
    ).encode()


def item(origin: Web, name: str, *, content: str = "") -> str:
    """One item that links to ``/name``."""
    full = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    return f"<guid>{name}</guid><title>{name}</title><link>{origin.url}/{name}</link>{full}"


def sent(body: bytes, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(200, body, {"Content-Type": "application/rss+xml"} | named)


async def a_feed(runtime: Runtime, client_id: UUID, url: str, **options: object) -> FeedRow:
    """A feed that is due."""
    text = msgspec.json.encode(Options(**options)).decode()  # type: ignore[arg-type]
    made = await feeds.create(
        runtime.db, client_id, url=url, identity_key=url, title=None, options=text
    )
    assert made
    return made


async def of(runtime: Runtime, client_id: UUID) -> list[Ingestion]:
    """The client's ingestions, oldest first."""
    found = await ingestions.list_ingestions(runtime.db, client_id, None, 100)
    return sorted(found, key=lambda one: one.id)


async def ended(runtime: Runtime, client_id: UUID, count: int) -> list[Ingestion]:
    async def check() -> bool:
        found = await of(runtime, client_id)
        return len(found) >= count and all(one.finished_at for one in found)

    await eventually(check, f"{count} ingestions")
    return await of(runtime, client_id)


async def polled(runtime: Runtime, feed: FeedRow, check_state: str = "active") -> FeedRow:
    """The feed after its poll."""
    before = await feeds.find(runtime.db, feed.client_id, feed.id)
    await runtime.db.run(DUE)
    found = before

    async def check() -> bool:
        nonlocal found
        found = await feeds.find(runtime.db, feed.client_id, feed.id)
        assert found and before
        return found.polled_at is not None and found.polled_at != before.polled_at

    await eventually(check, "a poll")
    assert found
    assert found.state == check_state, found.error_detail
    return found


async def test_each_item_comes_once(runtime: Runtime, origin: Web):
    """Items become articles; a second poll brings only what is new or has changed."""
    client_id = await a_client(runtime)
    for name in ("one", "two", "three"):
        origin.page(f"/{name}", page(name, note=name))
    first = rss(origin, item(origin, "one"), item(origin, "two"))
    url = origin.reply("/feed", sent(first, ETag='"1"'))
    feed = await a_feed(runtime, client_id, url)

    async with working(runtime):
        await polled(runtime, feed)
        await ended(runtime, client_id, 2)
        await polled(runtime, feed)
        origin.reply("/feed", sent(rss(origin, item(origin, "three"), item(origin, "one"))))
        found = await polled(runtime, feed)
        done = await ended(runtime, client_id, 3)

    conditional = [one for one in origin.requests if one.path == "/feed"][1]
    assert [one.outcome for one in done] == ["created"] * 3
    assert {one.requested_url for one in done} == {
        origin.url + "/" + n for n in ("one", "two", "three")
    }
    assert conditional.headers["if-none-match"] == '"1"'
    assert (found.kind, found.title, found.items_seen) == ("rss", "The Paper", 3)


async def test_a_304_keeps_the_validators(runtime: Runtime, origin: Web):
    """A server need not repeat them: the next poll is conditional too."""
    client_id = await a_client(runtime)
    first = sent(rss(origin), ETag='"1"', Last_Modified="Mon, 02 Mar 2026 08:00:00 GMT")
    feed = await a_feed(runtime, client_id, origin.reply("/same", first, Reply(304)))

    async with working(runtime):
        for _ in range(3):
            await polled(runtime, feed)

    asked = [one.headers for one in origin.requests if one.path == "/same"]
    assert [one.get("if-none-match") for one in asked[:3]] == [None, '"1"', '"1"']
    assert "if-modified-since" in asked[2]


async def test_an_item_that_cannot_be_stored_loses_only_itself(runtime: Runtime, origin: Web):
    """NUL, lone surrogates and endless addresses in a feed keep nothing else from coming."""
    client_id = await a_client(runtime)
    origin.page("/good", page(note="good"))
    items = [
        {"id": "long", "url": "https://a.example/" + "a" * 9_000},
        {"id": "n\0l", "title": "N\0L", "url": origin.url + "/go\0od"},
        {"id": "broken", "url": "http://[::1", "content_html": ""},
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "A\0B", "items": items}
    body = msgspec.json.encode(feed).replace(b'"n', b'"\\ud800n')
    made = await a_feed(runtime, client_id, origin.reply("/odd.json", sent(body)))

    async with working(runtime):
        found = await polled(runtime, made)
        [done] = await ended(runtime, client_id, 1)

    assert found.title == "AB"
    assert (done.requested_url, done.state) == (origin.url + "/good", "succeeded")


def sitemap(*urls: str, kind: str = "urlset", entry: str = "url") -> bytes:
    """A sitemap, or an index of some."""
    entries = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls)
    return (
        f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'.encode()
    )


async def test_an_index_of_sitemaps_is_read_through(runtime: Runtime, origin: Web):
    """The pages of its sitemaps come, however slow the host is, and new ones though the index
    stays as it is; a missing sitemap, or another index, costs only itself."""
    client_id = await a_client(runtime)
    xml = {"Content-Type": "application/xml"}
    pages = [origin.page(f"/mapped{n}", page(note=f"mapped {n}")) for n in (1, 2)]
    slow = Reply(200, sitemap(*pages), xml, delay_s=1.5)
    index = {"kind": "sitemapindex", "entry": "sitemap"}
    parts = [
        origin.reply("/gone.xml", Reply(404)),
        origin.reply("/more.xml", Reply(200, sitemap(origin.url + "/deep.xml", **index), xml)),
        origin.reply("/pages.xml", slow),
    ]
    same = Reply(200, sitemap(*parts, **index), xml | {"ETag": '"1"'}, delay_s=1.5)
    feed = await a_feed(runtime, client_id, origin.reply("/sitemap.xml", same))

    async with working(runtime):
        found = await polled(runtime, feed)
        first = await ended(runtime, client_id, 2)
        pages.append(origin.page("/mapped3", page(note="mapped 3")))
        origin.reply("/pages.xml", Reply(200, sitemap(*pages), xml))
        await polled(runtime, feed)
        done = await ended(runtime, client_id, 3)

    assert (found.kind, found.error_code) == ("sitemap_index", None)
    assert {one.requested_url for one in first} == set(pages[:2])
    assert {one.requested_url for one in done} == set(pages)


@pytest.mark.parametrize("kind", ["application/gzip", "application/x-gzip", "application/xml"])
async def test_a_sitemap_kept_as_gzip_is_read(runtime: Runtime, origin: Web, kind: str):
    """``.xml.gz`` is a file that holds a sitemap, not a coding of HTTP."""
    packed = gzip.compress(sitemap(origin.page("/packed", page(note="packed"))))
    url = origin.reply("/sitemap.xml.gz", Reply(200, packed, {"Content-Type": kind}))
    feed = await a_feed(runtime, await a_client(runtime), url)

    async with working(runtime):
        found = await polled(runtime, feed)

    assert (found.kind, found.error_code, found.items_seen) == ("sitemap", None, 1)


async def test_a_poll_that_breaks_is_put_off(
    runtime: Runtime, origin: Web, monkeypatch: pytest.MonkeyPatch
):
    """An error of ours is told like any failure of the feed, and is not met again at once."""
    client_id = await a_client(runtime)
    made = await a_feed(runtime, client_id, origin.reply("/breaks", sent(rss(origin))))

    async def broken(*_: object) -> None:
        raise LookupError("a fault that nobody foresaw")

    async with working(runtime):
        monkeypatch.setattr(poll, "_read", broken)
        found = await polled(runtime, made)

    assert (found.failures, found.error_code) == (1, "internal_error")
    assert (found.due_at - datetime.now(UTC)).total_seconds() > 60


async def test_full_content_stands_in_for_the_page(runtime: Runtime, origin: Web):
    """When the page cannot be fetched, the feed's own text becomes the article."""
    client_id = await a_client(runtime)
    text = "".join(f"<p>{part}</p>" for part in page(note="feed").split("<p>")[1:])
    body = rss(origin, item(origin, "missing", content=text))
    feed = await a_feed(runtime, client_id, origin.reply("/full", sent(body)))

    async with working(runtime):
        await polled(runtime, feed)
        [done] = await ended(runtime, client_id, 1)

    assert (done.state, done.outcome) == ("succeeded", "created"), done.error_detail


async def test_failures_are_told_and_recovery_too(runtime: Runtime, origin: Web):
    """Five failures make a feed failing, one success mends it; 410 ends it."""
    client_id = await a_client(runtime)
    url = origin.reply("/bad", Reply(404))
    feed = await a_feed(runtime, client_id, url)

    async with working(runtime):
        for count in range(1, 6):
            found = await polled(runtime, feed, "failing" if count == 5 else "active")
            assert found.failures == count
        origin.reply("/bad", sent(rss(origin)))
        assert (await polled(runtime, feed)).failures == 0
        origin.reply("/bad", Reply(410))
        gone = await polled(runtime, feed, "gone")

    assert gone.error_code == "http_4xx"


async def test_a_web_page_is_a_failure_that_says_where_feeds_are(runtime: Runtime, origin: Web):
    """From the beginning, and where a feed has become one: nobody waits in silence."""
    client_id = await a_client(runtime)
    link = "<!doctype html><link rel=alternate type=application/rss+xml href=/real.xml><p>News"
    feed = await a_feed(runtime, client_id, origin.page("/site", link))
    was = await a_feed(runtime, client_id, origin.reply("/was", sent(rss(origin))))

    async with working(runtime):
        named = await polled(runtime, feed)
        await polled(runtime, was)
        origin.page("/was", "<!doctype html><p>We have moved.")
        none = await polled(runtime, was)

    assert (named.failures, named.error_code) == (1, "feed_unreadable")
    assert f"feeds that it names: {origin.url}/real.xml" in (named.error_detail or "")
    assert (none.failures, none.kind) == (1, "rss")
    assert "/v1/feeds/discover" in (none.error_detail or "")


@pytest.mark.parametrize("way", ["named", "guessed", "itself"])
async def test_feeds_are_discovered(runtime: Runtime, origin: Web, way: str):
    """A page that names a feed, a site that only has one, and a feed itself lead to it."""
    origin.clear()
    link = '<link rel=alternate type=application/rss+xml title=All href="/feed.xml">'
    origin.page("/", f"<!doctype html><html><head>{link if way == 'named' else ''}</head></html>")
    origin.reply("/feed.xml", sent(rss(origin, item(origin, "one"))))

    found = await discover(runtime, origin.url + ("/feed.xml" if way == "itself" else "/"))

    assert [one.url for one in found] == [origin.url + "/feed.xml"]
