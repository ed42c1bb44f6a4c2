"""The fetcher against a web server that behaves."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator

import brotli
import pytest
import zstandard

from service.errors import (
    FetchError,
    HostBusy,
    OriginFailed,
    OriginRefused,
    RobotsDenied,
    TooManyRedirects,
    TypeUnsupported,
    UrlForbidden,
)
from service.fetch.client import Fetcher, Redirect, Request
from service.settings import Settings
from tests.timing import least_s
from tests.web import Reply, Web
from tests.web import Request as Asked

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = b"<html><body><p>A page.</p></body></html>"


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A fetcher that may reach loopback, counting hosts by itself."""
    settings = Settings(fetch_allow=("127.0.0.1",), fetch_per_host_max=50)
    async with Fetcher(settings, None) as fetcher:
        yield fetcher


def moved(to: str, status: int = 302, **headers: str) -> Reply:
    sent = {"Location": to} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, b"", sent)


async def test_a_page_comes_as_it_was_sent(fetcher: Fetcher, origin: Web) -> None:
    """Bytes, status, charset and validators are those of the origin."""
    validators = {"ETag": '"1"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    url = origin.reply("/a", Reply(200, PAGE, HTML | validators))

    page = await fetcher.fetch(Request(url=url))

    assert (page.status, page.content, page.url) == (200, PAGE, url)
    assert (page.media_type, page.charset) == ("text/html", "utf-8")
    assert (page.etag, page.last_modified) == (validators["ETag"], validators["Last-Modified"])
    assert (page.not_modified, page.wire_bytes, page.redirects) == (False, len(PAGE), [])


async def test_we_say_who_we_are_and_nothing_else(fetcher: Fetcher, origin: Web) -> None:
    """The User-Agent is honest and names a contact; no cookie, no referrer."""
    await fetcher.fetch(Request(url=origin.page("/a", "x")))

    headers = (await origin.received(1, "/a"))[0].headers
    assert headers["user-agent"].startswith("Broadsheet/") and "+http" in headers["user-agent"]
    assert headers["host"] == f"127.0.0.1:{origin.port}"
    assert not {"cookie", "referer", "authorization", "x-forwarded-for"} & headers.keys()


async def test_a_page_that_did_not_change_is_not_sent_again(fetcher: Fetcher, origin: Web) -> None:
    """The validators of the copy held are sent; a 304 is ``not_modified``."""
    url = origin.reply("/a", Reply(304))

    page = await fetcher.fetch(Request(url=url, etag='"1"', last_modified="yesterday"))

    assert (page.not_modified, page.content, page.status) == (True, b"", 304)
    headers = (await origin.received(1, "/a"))[0].headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"1"', "yesterday")


async def test_a_304_that_was_not_asked_for_is_no_page(fetcher: Fetcher, origin: Web) -> None:
    """Without validators there is no copy that it could mean."""
    with pytest.raises(OriginFailed):
        await fetcher.fetch(Request(url=origin.reply("/a", Reply(304))))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_and_told(fetcher: Fetcher, origin: Web, status: int) -> None:
    """The page says where it was found and what sent us there."""
    end = origin.page("/b/c", "here")
    start = origin.reply("/a", moved("b/c#part", status))

    page = await fetcher.fetch(Request(url=start))

    assert (page.url, page.content) == (end, b"here")
    assert page.redirects == [Redirect(start, status)]


async def test_five_redirects_pass_and_six_do_not(fetcher: Fetcher, origin: Web) -> None:
    """The limit counts every hop of a fetch."""
    for number in range(6):
        origin.reply(f"/{number}", moved(f"/{number + 1}"))
    origin.page("/6", "end")

    page = await fetcher.fetch(Request(url=f"{origin.url}/1"))

    assert len(page.redirects) == 5
    with pytest.raises(TooManyRedirects):
        await fetcher.fetch(Request(url=f"{origin.url}/0"))


async def test_a_loop_ends_at_its_second_turn(fetcher: Fetcher, origin: Web) -> None:
    """A URL that was left is not visited again."""
    origin.reply("/b", moved("/a"))

    with pytest.raises(TooManyRedirects):
        await fetcher.fetch(Request(url=origin.reply("/a", moved("/b"))))

    assert len([one for one in origin.requests if one.path in "/a/b"]) == 2


async def test_a_page_that_waits_for_its_cookie_gets_it(fetcher: Fetcher, origin: Web) -> None:
    """A consent bounce ends: the cookie comes back within the fetch, and never in another one."""
    url = origin.reply("/a", moved("/a", Set_Cookie="seen=1; Path=/"), Reply(200, PAGE, HTML))

    page = await fetcher.fetch(Request(url=url))
    await fetcher.fetch(Request(url=url))

    assert page.content == PAGE
    cookies = [one.headers.get("cookie") for one in await origin.received(3, "/a")]
    assert cookies == [None, "seen=1", None]


async def test_a_meta_refresh_is_a_redirect(fetcher: Fetcher, origin: Web) -> None:
    """The page behind the page is fetched; its refresh is told as a redirect of status 200."""
    origin.page("/b", "the page")
    start = origin.page("/a", '<meta http-equiv="refresh" content="0; url=/b">')

    page = await fetcher.fetch(Request(url=start))

    assert (page.content, page.redirects) == (b"the page", [Redirect(start, 200)])


async def test_a_third_refresh_is_the_page(fetcher: Fetcher, origin: Web) -> None:
    """Two refreshes are followed, no more."""
    for number in range(3):
        origin.page(f"/{number}", f'<meta http-equiv=refresh content="0;URL={number + 1}">')

    page = await fetcher.fetch(Request(url=f"{origin.url}/0"))

    assert page.url == f"{origin.url}/2"


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/", "http://169.254.169.254/latest/", "ftp://127.0.0.1/", "file:///etc/passwd",
        "//10.0.0.1/", "http://user@127.0.0.1/", "javascript:1", "http://[::1]/", "//127.1\\@x/", "http:///",
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["location", "refresh"])
async def test_no_redirect_leads_past_the_guard(
    fetcher: Fetcher, origin: Web, target: str, way: str
) -> None:
    """Each hop is checked like the first, in the same words."""
    page = f'<meta http-equiv=refresh content="0;url={target}">'
    reply = moved(target) if way == "location" else Reply(200, page.encode(), HTML)

    with pytest.raises(UrlForbidden, match="may not be fetched"):
        await fetcher.fetch(Request(url=origin.reply("/a", reply)))


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE)),
        ("gzip", gzip.compress(PAGE[:10]) + gzip.compress(PAGE[10:]) + b"\0\0"),
        ("gzip", PAGE),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE, wbits=-15)),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE[:10]) + zstandard.compress(PAGE[10:])),
        ("identity", PAGE),
        ("gzip, br", brotli.compress(gzip.compress(PAGE))),
        ("zstd, identity, deflate", zlib.compress(zstandard.compress(PAGE))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_encodings_are_undone(
    fetcher: Fetcher, origin: Web, encoding: str, body: bytes
) -> None:
    """Whatever a server compresses with, alone or twice, and gzip that is none."""
    url = origin.reply("/a", Reply(200, body, HTML | {"Content-Encoding": encoding}))

    page = await fetcher.fetch(Request(url=url))

    assert (page.content, page.wire_bytes) == (PAGE, len(body))


@pytest.mark.parametrize(
    ("status", "error", "code", "retryable"),
    [
        (400, OriginRefused, "http_4xx", False),
        (401, OriginRefused, "http_4xx", False),
        (404, OriginRefused, "http_4xx", False),
        (408, OriginRefused, "http_4xx", True),
        (410, OriginRefused, "http_4xx", False),
        (425, OriginRefused, "http_4xx", True),
        (429, OriginRefused, "http_4xx", True),
        (500, OriginFailed, "http_5xx", True),
        (503, OriginFailed, "http_5xx", True),
        (599, OriginFailed, "http_5xx", True),
    ],
)
async def test_statuses_are_errors_with_a_code(
    fetcher: Fetcher, origin: Web, status: int, error: type[FetchError], code: str, retryable: bool
) -> None:
    """An error page is never a page; the error says whether to try again, and when."""
    url = origin.reply("/a", Reply(status, PAGE, HTML | {"Retry-After": "7"}))

    with pytest.raises(error) as raised:
        await fetcher.fetch(Request(url=url, robots=False))

    assert (raised.value.code, raised.value.retryable) == (code, retryable)
    assert (raised.value.http_status, raised.value.retry_after_s) == (status, 7.0)
    assert raised.value.stage == "headers"


@pytest.mark.parametrize(
    ("declared", "body", "media_type"),
    [
        ("text/html", PAGE, "text/html"),
        ("TEXT/HTML;charset=x", PAGE, "text/html"),
        ("application/xhtml+xml", PAGE, "text/html"),
        ("text/plain", b"A text.", "text/plain"),
        ("text/plain", b"<!DOCTYPE html><p>x", "text/html"),
        ("", b"  \n<!-- x --><html>", "text/html"),
        ("", b"<p>x", "text/html"),
        ("nonsense", b"<p>x", "text/html"),
        ("application/octet-stream", b"\xef\xbb\xbf<html>", "text/html"),
        ("text/xml", b'<?xml version="1.0"?><!DOCTYPE html><html>', "text/html"),
        ("", b"Just text, as some servers send it.", "text/plain"),
    ],
)
async def test_the_type_is_what_the_bytes_bear_out(
    fetcher: Fetcher, origin: Web, declared: str, body: bytes, media_type: str
) -> None:
    """Servers say nothing, or too little, about pages."""
    url = origin.reply("/a", Reply(200, body, {"Content-Type": declared} if declared else {}))

    assert (await fetcher.fetch(Request(url=url))).media_type == media_type


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        ("application/pdf", b"%PDF-1.7"),
        ("text/html", b"%PDF-1.7"),
        ("text/html", b"\x89PNG\r\n"),
        ("", b"\xff\xd8\xff\xe0"),
        ("image/jpeg", PAGE),
        ("video/mp4", b""),
        ("application/json", b"{}"),
        ("application/rss+xml", b"<rss>"),
        ("application/xml", b"<?xml version='1.0'?><rss>"),
        ("application/zip", b"PK\x03\x04"),
    ],
)
async def test_what_is_no_page_is_not_taken_for_one(
    fetcher: Fetcher, origin: Web, declared: str, body: bytes
) -> None:
    """PDF, pictures, archives and feeds end as ``type_unsupported``."""
    url = origin.reply("/a", Reply(200, body, {"Content-Type": declared} if declared else {}))

    with pytest.raises(TypeUnsupported):
        await fetcher.fetch(Request(url=url))


async def test_feeds_may_be_what_pages_may_not(fetcher: Fetcher, origin: Web) -> None:
    """The purpose decides what is read, and what is asked for."""
    url = origin.reply("/a", Reply(200, b"<rss/>", {"Content-Type": "application/rss+xml"}))

    feed = await fetcher.fetch(Request(url=url, purpose="feed"))

    assert (feed.content, feed.media_type) == (b"<rss/>", "application/rss+xml")
    assert "rss" in (await origin.received(1, "/a"))[0].headers["accept"]


async def test_a_sites_own_headers_go_to_that_site_alone(
    fetcher: Fetcher, origin: Web, receiver: Web
) -> None:
    """A rule's cookie does not follow a redirect; what frames the request cannot be set."""
    settings = Settings(fetch_allow=("a.example", "b.example"))
    addresses = {"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]}

    async def lookup(host: str) -> list[str]:
        return addresses[host]

    receiver.page("/b", "end")
    origin.reply("/a", moved(f"http://b.example:{receiver.port}/b"))
    own = {"Cookie": "a=1", "User-Agent": "Other", "Host": "evil.example"}
    async with Fetcher(settings, None, lookup=lookup) as two_sites:
        await two_sites.fetch(Request(url=f"http://a.example:{origin.port}/a", headers=own))

    first, second = (await origin.received(1, "/a"))[0], (await receiver.received(1, "/b"))[0]
    assert (first.headers["cookie"], first.headers["user-agent"]) == ("a=1", "Other")
    assert first.headers["host"] == f"a.example:{origin.port}"
    assert "cookie" not in second.headers and second.headers["user-agent"] != "Other"


async def test_robots_txt_is_obeyed_unless_overridden(fetcher: Fetcher, origin: Web) -> None:
    """A page that robots.txt forbids is not asked for; the verdict is told."""
    origin.page(
        "/robots.txt", "User-agent: Broadsheet\nDisallow: /no\nSitemap: https://x.example/s"
    )
    forbidden, free = origin.page("/no", "x"), origin.page("/yes", "x")

    with pytest.raises(RobotsDenied) as raised:
        await fetcher.fetch(Request(url=forbidden))
    allowed = await fetcher.fetch(Request(url=free))
    overridden = await fetcher.fetch(Request(url=forbidden, robots=False))

    assert (raised.value.stage, raised.value.retryable) == ("robots", False)
    assert allowed.robots.state == "obeyed"
    assert overridden.robots.state == "ignored"
    assert [one.path for one in origin.requests] == ["/robots.txt", "/yes", "/no"]


async def test_robots_txt_is_checked_again_after_a_redirect(fetcher: Fetcher, origin: Web) -> None:
    """A redirect is no way around it."""
    origin.page("/robots.txt", "User-agent: *\nDisallow: /no")
    origin.page("/no", "x")

    with pytest.raises(RobotsDenied):
        await fetcher.fetch(Request(url=origin.reply("/a", moved("/no"))))


async def test_a_post_sends_exact_bytes_and_takes_any_answer(
    fetcher: Fetcher, receiver: Web
) -> None:
    """Redirects are answers, the body is neither changed nor inflated, long replies are cut."""
    body = b'{"a": 1}\n'
    url = receiver.reply("/hook", Reply(302, b"x" * 100_000, {"Location": "/other"}))

    answer = await fetcher.post(url, body, {"Content-Type": "application/json", "webhook-id": "1"})

    assert (answer.status, len(answer.body_head)) == (302, 65_536)
    (request,) = receiver.requests
    assert (request.method, request.body, request.headers["webhook-id"]) == ("POST", body, "1")


async def test_a_post_passes_the_same_guard(fetcher: Fetcher) -> None:
    """A webhook is no way in."""
    with pytest.raises(UrlForbidden):
        await fetcher.post("http://10.0.0.1/", b"", {})


async def test_a_busy_host_is_put_off_and_others_are_not(origin: Web, receiver: Web) -> None:
    """While a host holds its places, one more is refused within two seconds with a time to wait."""
    settings = Settings(fetch_allow=("127.0.0.1",), fetch_per_host_max=2, robots=False)
    free = asyncio.Event()

    async def hold(_: Asked, __: asyncio.StreamWriter) -> None:
        await free.wait()

    slow = origin.reply("/slow", hold)
    other = receiver.page("/b", "x")
    async with Fetcher(settings, None) as fetcher:
        held = [asyncio.create_task(fetcher.fetch(Request(url=slow))) for _ in range(2)]
        await origin.received(2, "/slow")

        async def refused() -> None:
            with pytest.raises(HostBusy) as raised:
                await fetcher.fetch(Request(url=slow))
            assert raised.value.retry_after_s is not None and raised.value.retry_after_s > 0

        refused_s = await least_s(refused, 2)
        other_s = await least_s(lambda: fetcher.fetch(Request(url=other)), 1)
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        free.set()

    assert refused_s < 2
    assert other_s < 1
