"""robots.txt by RFC 9309."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from redis.asyncio import Redis

from service.errors import (
    ConnectFailed,
    FetchError,
    OriginFailed,
    OriginRefused,
    RobotsDenied,
    TooManyRedirects,
)
from service.fetch.client import Fetcher, Request
from service.fetch.robots import Rulebook, Verdict
from service.fetch.url import parse
from service.settings import Settings
from tests.web import Reply, Web

AGENT = "Broadsheet/1.0 (+https://github.com/broadsheet)"
Read = Callable[[str], Awaitable[bytes]]


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url, legacy_responses=False) as redis:
        await redis.flushdb()
        yield redis


class Site:
    """A robots.txt, or the error that reading it raises, and how often it was read."""

    def __init__(self, answer: bytes | FetchError) -> None:
        self.answer = answer
        self.reads = 0

    async def read(self, url: str) -> bytes:
        assert url.endswith("/robots.txt")
        self.reads += 1
        if isinstance(self.answer, FetchError):
            raise self.answer
        return self.answer


async def check(site: Site, path: str, redis: Redis | None = None) -> Verdict:
    return await Rulebook(redis, AGENT).check(parse(f"https://a.example{path}"), site.read)


# robots.txt, what it allows, what it does not
RULES = [
    ("User-agent: *\nDisallow: /a", ["/", "/b", "/A"], ["/a", "/ab", "/a/b"]),
    ("User-agent: *\nDisallow: /\nAllow: /a/", ["/a/b"], ["/", "/b"]),
    ("User-agent: *\nDisallow: /a*c$", ["/abcd", "/ac?x"], ["/abc", "/ac"]),
    ("User-agent: *\nDisallow: /\n\nUser-agent: broadsheet\nDisallow: /no", ["/a"], ["/no"]),
    ("User-agent: broadsheet-news\nDisallow: /", ["/"], []),
    ("User-agent: github\nDisallow: /", ["/"], []),
    ("User-agent: x\nUser-agent: BROADSHEET\nDisallow: /a", ["/b"], ["/a"]),
    ("\ufeffUser-agent: *\nDisallow: /a", ["/b"], ["/a"]),
    ("user-AGENT : * # all\r\ndisallow:/a # this\r\n", ["/b"], ["/a"]),
    ("User-agent: *\nDisallow:", ["/a"], []),
    ("User-agent: *\nDisallow: /caf%C3%A9", ["/cafe"], ["/café", "/caf%c3%a9"]),
    ("Disallow: /", ["/a"], []),
    ("<!DOCTYPE html><h1>Not found</h1>", ["/a"], []),
    ("", ["/a"], []),
    ("\0\xff\x00garbage: \n:::\nUser-agent", ["/a"], []),
]


@pytest.mark.parametrize(("text", "allowed", "denied"), RULES)
async def test_rules_are_those_of_the_rfc(text: str, allowed: list[str], denied: list[str]) -> None:
    """Longest match, wildcards, groups by product token, odd files allow."""
    site = Site(text.encode())

    for path in allowed:
        assert (await check(site, path)).state == "obeyed"
    for path in denied:
        with pytest.raises(RobotsDenied):
            await check(site, path)


async def test_the_delay_is_read() -> None:
    """From Crawl-delay, or from Request-rate."""
    site = Site(b"User-agent: *\nCrawl-delay: 2.5\nSitemap: x")
    rate = Site(b"User-agent: *\nRequest-rate: 1/10")

    assert (await check(site, "/")).delay_s == 2.5
    assert (await check(rate, "/")).delay_s == 10


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_site_without_robots_txt_allows_all(status: int) -> None:
    """RFC 9309 2.3.1.3: any 4xx means that there is none."""
    verdict = await check(Site(OriginRefused("", http_status=status)), "/a")

    assert verdict.state == "absent"


async def test_endless_redirects_of_robots_txt_allow_all() -> None:
    """RFC 9309 2.3.1.2: after five redirects it may be taken for absent."""
    assert (await check(Site(TooManyRedirects("")), "/a")).state == "absent"


@pytest.mark.parametrize(
    "error", [OriginFailed("", http_status=503), OriginRefused("", http_status=429)]
)
async def test_an_unreachable_robots_txt_denies_for_now(redis: Redis, error: FetchError) -> None:
    """RFC 9309 2.3.1.4: nothing may be fetched; it is asked again after five minutes."""
    site = Site(error)

    for _ in range(3):
        with pytest.raises(OriginFailed) as raised:
            await check(site, "/a", redis)

    assert (raised.value.stage, raised.value.retryable) == ("robots", True)
    assert raised.value.retry_after_s == 300
    assert site.reads == 1
    assert 0 < await redis.ttl("robots:https://a.example") <= 300


async def test_after_a_month_an_unreachable_robots_txt_is_forgiven(redis: Redis) -> None:
    """RFC 9309 2.3.1.4: a reasonably long time later it counts as absent."""
    seconds, _ = await redis.time()
    await redis.set("robots-down:https://a.example", seconds - 31 * 86_400)

    verdict = await check(Site(OriginFailed("", http_status=500)), "/a", redis)

    assert verdict.state == "absent"


async def test_a_host_that_is_down_fails_with_its_own_reason(redis: Redis) -> None:
    """A connection that fails is the host's trouble, not a word about robots."""
    with pytest.raises(ConnectFailed):
        await check(Site(ConnectFailed("", stage="connect")), "/a", redis)

    assert await redis.keys("robots*") == []


async def test_workers_share_what_was_read(redis: Redis) -> None:
    """One worker reads robots.txt, all obey it, for at most a day."""
    site, other = Site(b"User-agent: *\nDisallow: /no"), Site(b"")
    await check(site, "/a", redis)

    with pytest.raises(RobotsDenied):
        await check(other, "/no", redis)

    assert (site.reads, other.reads) == (1, 0)
    assert 0 < await redis.ttl("robots:https://a.example") <= 86_400


async def test_a_process_reads_it_once(redis: Redis) -> None:
    """A parsed file is kept in the process; other origins have their own."""
    site, book = Site(b"User-agent: *\nDisallow: /no"), Rulebook(None, AGENT)
    for url in (
        "https://a.example/1",
        "https://a.example/2",
        "http://a.example/",
        "https://b.example/",
    ):
        await book.check(parse(url), site.read)

    known = await book.known("https://a.example")

    assert site.reads == 3
    assert known is not None and known.status == 200


async def test_broken_memory_is_read_anew(redis: Redis) -> None:
    """What Redis holds is a hint: nonsense there is neither obeyed nor an error."""
    await redis.set("robots:https://a.example", b"nonsense")

    assert (await check(Site(b""), "/a", redis)).state == "obeyed"


async def test_a_long_robots_txt_is_cut_and_a_redirected_one_followed(origin: Web) -> None:
    """The first 500 KiB count; five redirects are followed."""
    long = b"User-agent: *\nDisallow: /no\n" + b"# x\n" * 200_000 + b"Disallow: /late\n"
    for number in range(5):
        origin.reply(f"/r{number}", Reply(302, b"", {"Location": f"/r{number + 1}"}))
    origin.reply("/robots.txt", Reply(301, b"", {"Location": "/r1"}))
    origin.reply("/r5", Reply(200, long, {"Content-Type": "text/plain"}))
    late, no = origin.page("/late", "x"), origin.page("/no", "x")

    async with Fetcher(Settings(fetch_allow=("127.0.0.1",)), None) as fetcher:
        page = await fetcher.fetch(Request(url=late))
        with pytest.raises(RobotsDenied):
            await fetcher.fetch(Request(url=no))

    assert page.robots.state == "obeyed"
