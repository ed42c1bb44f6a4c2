"""Site rules at work: found for a host, tried on kept pages, joining the parts of a story."""

from __future__ import annotations

import pytest

from service import ingest
from service.db import articles, site_rules
from service.document import unpack
from service.errors import InvalidRequest
from service.ingest import Submission
from service.ingest.rules import domains_of
from service.runtime import Runtime
from tests.web import Reply, Web
from tests.working import a_client, ended, page, submitted, working

PART = (
    "Part {n} tells what happened in year {n} of the long dispute over the bridge, when the "
    "council of the town had met {n} times and had voted against the plan on each occasion."
)


@pytest.mark.parametrize(
    ("url", "domains"),
    [
        (
            "https://www.a.example.co.uk/x",
            ["www.a.example.co.uk", "a.example.co.uk", "example.co.uk"],
        ),
        ("http://example.com:8080/", ["example.com"]),
        ("http://127.0.0.1:8000/", ["127.0.0.1"]),
        ("nonsense", []),
        ("", []),
    ],
)
def test_a_rule_is_looked_for_from_the_host_up(url: str, domains: list[str]) -> None:
    """The nearest domain comes first, the registrable one last."""
    assert domains_of(url) == domains


async def test_a_story_of_three_pages_is_one_article(runtime: Runtime, origin: Web) -> None:
    """The rule's headers are sent, its next pages fetched from the same site and joined."""
    for n in (1, 2, 3):
        following = f'<a class=next href="/story/{n + 1}">next</a>' if n < 3 else ""
        text = "".join(f"<p>{PART.format(n=n * 10 + i)}</p>" for i in range(4))
        origin.page(
            f"/story/{n}",
            "<html><title>Bridge</title><body><h1>The bridge dispute</h1>"
            f"<div id=story>{text}</div>"
            f"<a class=next href='https://elsewhere.example/x'>x</a>{following}</body></html>",
        )
    text = "title: //h1\nbody: //div[@id='story']\nnext_page_link: //a[@class='next']/@href\n"
    await site_rules.put(runtime.db, "127.0.0.1", text + "http_header(x-reader): yes")
    client_id = await a_client(runtime)

    async with working(runtime):
        made = await submitted(
            runtime, client_id, Submission(kind="url", url=f"{origin.url}/story/1")
        )
        (done,) = await ended(runtime, *made)
    await site_rules.delete(runtime.db, "127.0.0.1")

    assert done.state == "succeeded", (done.error_code, done.error_detail)
    assert done.article_id
    body = await articles.revision(runtime.db, done.article_id, 1)
    assert body
    article = unpack(body)
    text = "\n".join(getattr(block, "text", "") or "" for block in article.body)
    for n in (10, 23, 33):
        assert PART.format(n=n) in text
    assert article.headline == "The bridge dispute"
    assert (await origin.received(1, "/story/1"))[0].headers["x-reader"] == "yes"


async def test_a_rule_that_cannot_be_read_is_refused(runtime: Runtime) -> None:
    """With the line at fault."""
    with pytest.raises(InvalidRequest, match="line 1"):
        await ingest.try_rule(runtime, "example.com", "body: //div[")


async def test_a_rule_is_tried_on_kept_pages(runtime: Runtime, database: object) -> None:
    """One that finds the story passes; one that strips it all does not."""
    client_id = await a_client(runtime)
    sent = Submission(kind="html", url="https://tried.example/a", content=page().encode())
    async with working(runtime):
        made = await submitted(runtime, client_id, sent)
        (done,) = await ended(runtime, *made)
    assert done.state == "succeeded"

    good = await ingest.try_rule(runtime, "tried.example", "body: //article")
    bad = await ingest.try_rule(
        runtime, "tried.example", "body: //article\nstrip: //p[position()>1]"
    )

    assert [trial.passed for trial in good] == [True]
    assert [trial.passed for trial in bad] == [False]


async def test_a_rule_is_tried_on_the_pages_that_it_names(runtime: Runtime, origin: Web) -> None:
    """They are fetched, with all their parts and the rule's headers; what the rule says of them is
    looked for. A page that cannot be had is told and does not count."""
    part = "".join(f"<p>{PART.format(n=n)}</p>" for n in range(1, 5))
    first = page().replace("</article>", "</article><a id=more href=/named/2>more</a>")
    origin.page("/named/1", first)
    origin.page("/named/2", f"<html><body><article>{part}</article></body></html>")
    origin.reply("/named/gone", Reply(404))
    rule = (
        "body: //article\nnext_page_link: //a[@id='more']/@href\nhttp_header(x-reader): yes\n"
        f"test_url: {origin.url}/named/1\ntest_contains: had  met 4 times\n"
        f"test_url: {origin.url}/named/1?x=2\ntest_contains: nowhere in it\n"
        f"test_url: {origin.url}/named/gone\n"
        "test_url: https://elsewhere.example/a\ntest_url: nonsense"
    )
    origin.page("/named/1?x=2", first)

    trials = await ingest.try_rule(runtime, "127.0.0.1", rule)

    named = [trial for trial in trials if trial.is_named]
    assert [(one.passed, one.was_read, one.error) for one in named] == [
        (True, True, None),
        (False, True, None),
        (False, False, "http_4xx"),
        (False, False, "invalid_request"),
        (False, False, "invalid_request"),
    ]
    assert [one.speaks_against for one in named] == [False, True, False, False, False]
    assert named[1].missing == ("nowhere in it",)
    assert (await origin.received(1, "/named/1"))[0].headers["x-reader"] == "yes"
    assert "/robots.txt" in {request.path for request in origin.requests}


async def test_a_named_page_that_is_kept_is_not_fetched(runtime: Runtime) -> None:
    """The kept bytes are those that count, also where the site is gone."""
    client_id = await a_client(runtime)
    sent = Submission(
        kind="html", url="https://named.example/kept", content=page(note="kept").encode()
    )
    async with working(runtime):
        await ended(runtime, *await submitted(runtime, client_id, sent))

    rule = "body: //article\ntest_url: http://www.named.example/kept/\ntest_contains: kept Part 1"
    kept, named = await ingest.try_rule(runtime, "named.example", rule)

    assert (kept.is_named, kept.passed) == (False, True)
    assert (named.is_named, named.was_read, named.passed) == (True, True, True)
