"""Politeness: the rules, that Lua and Python agree on them, and what happens without Redis."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from service.errors import ConnectFailed, HostBusy, OriginRefused, TypeUnsupported
from service.fetch.host_book import HostState, Leaving, LocalBook, Outcome, Rules
from service.fetch.host_redis import RedisBook
from service.fetch.hosts import REDIS_RETRY_S, Hosts
from tests.timing import least_s

RULES = Rules(at_once_max=2, lease_ms=40_000)
ANSWERED = Leaving("answered", visit_ms=200)
FAILED = Leaving("failed", visit_ms=200)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url, legacy_responses=False) as redis:
        await redis.flushdb()
        yield redis


def fail(state: HostState, count: int, now: int) -> None:
    for number in range(count):
        assert state.enter(RULES, f"{number}", now) is None
        state.leave(RULES, f"{number}", FAILED, now)


def test_two_at_once_and_no_third() -> None:
    """The third visitor is told when to come back; a place that is given back is free at once."""
    state = HostState()

    assert state.enter(RULES, "a", 0) is None
    assert state.enter(RULES, "b", 0) is None
    refusal = state.enter(RULES, "c", 0)
    state.leave(RULES, "a", ANSWERED, 10)

    assert refusal is not None and refusal.reason == "full" and refusal.wait_ms > 0
    assert state.enter(RULES, "c", 10) is None


def test_a_visitor_that_died_frees_its_place() -> None:
    """Leases end by themselves."""
    state = HostState()
    for token in "ab":
        state.enter(RULES, token, 0)

    assert state.enter(RULES, "c", 39_999) is not None
    assert state.enter(RULES, "c", 40_000) is None


def test_a_backlog_comes_back_spread_out() -> None:
    """Each refused visitor gets its own time, apart by what a visit takes, within 15 minutes."""
    state = HostState(visit_ms=400)
    for token in "ab":
        state.enter(RULES, token, 0)

    waits = [refusal.wait_ms for n in range(5_000) if (refusal := state.enter(RULES, f"{n}", 0))]

    assert waits[:4] == [200, 400, 600, 800]
    assert max(waits) <= 900_200


def test_a_crawl_delay_parts_visits() -> None:
    """One at a time, the delay after the last one; the next ones a delay apart."""
    state = HostState()
    state.enter(RULES, "a", 0)
    state.leave(RULES, "a", Leaving("answered", visit_ms=100, delay_ms=5_000), 100)

    waits = [refusal.wait_ms for n in range(3) if (refusal := state.enter(RULES, f"{n}", 100))]

    assert waits == [5_000, 10_000, 15_000]
    assert state.enter(RULES, "b", 5_100) is None
    assert state.enter(RULES, "c", 5_100) is not None


def test_a_pause_is_kept_and_ends() -> None:
    """``Retry-After`` holds for the host, not for one page."""
    state = HostState()
    state.enter(RULES, "a", 0)
    state.leave(RULES, "a", Leaving("answered", pause_ms=7_000), 0)

    refusal = state.enter(RULES, "b", 0)

    assert refusal is not None and (refusal.reason, refusal.wait_ms) == ("paused", 7_000)
    assert state.enter(RULES, "b", 7_000) is None


def test_five_failures_close_a_host_and_one_probe_opens_it() -> None:
    """Closed for 60 s; then one visitor goes ahead, and its success lets everybody in."""
    state = HostState()
    fail(state, 5, 0)

    refusal = state.enter(RULES, "x", 1_000)
    probe = state.enter(RULES, "probe", 60_000)
    second = state.enter(RULES, "y", 60_001)
    state.leave(RULES, "probe", ANSWERED, 60_100)

    assert refusal is not None and (refusal.reason, refusal.wait_ms) == ("open", 59_000)
    assert probe is None
    assert second is not None and second.reason == "probing"
    assert state.enter(RULES, "y", 60_100) is None
    assert state.failures == 0


def test_a_failed_probe_doubles_the_time_up_to_an_hour() -> None:
    """60 s, 120 s, ... 3,600 s."""
    state = HostState()
    fail(state, 5, 0)
    closed, now = [state.open_until], state.open_until
    for _ in range(8):
        fail(state, 1, now)
        closed.append(state.open_until - now)
        now = state.open_until

    assert [ms // 1_000 for ms in closed] == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]


def test_a_success_forgets_failures() -> None:
    """Only failures in a row count."""
    state = HostState()
    fail(state, 4, 0)
    state.enter(RULES, "a", 0)
    state.leave(RULES, "a", ANSWERED, 0)
    fail(state, 4, 0)

    assert state.open_until == 0


def test_failures_of_visits_under_way_do_not_close_it_twice() -> None:
    """Two visits that fail together are one reason to wait 60 s, not 120 s."""
    state = HostState()
    fail(state, 3, 0)
    for token in "ab":
        state.enter(RULES, token, 0)
    for token in "ab":
        state.leave(RULES, token, FAILED, 0)
    fail_more = HostState()
    fail(fail_more, 4, 0)
    for token in "ab":
        fail_more.enter(RULES, token, 0)
    for token in "ab":
        fail_more.leave(RULES, token, FAILED, 0)

    assert state.open_until == fail_more.open_until == 60_000


@pytest.mark.parametrize("seed", range(6))
async def test_lua_and_python_keep_the_same_rules(redis: Redis, seed: int) -> None:
    """Over 300 random visits the shared and the local book answer the same and hold the same."""
    chance = random.Random(seed)
    state, now, held = HostState(), 1_000_000, list[str]()
    book = RedisBook(redis, RULES)
    for number in range(300):
        now += chance.choice([0, 1, 50, 900, 30_000, 70_000, 400_000])
        book.now = now
        if held and chance.random() < 0.5:
            token = held.pop(chance.randrange(len(held)))
            leaving = some_leaving(chance)
            state.leave(RULES, token, leaving, now)
            await book.leave("h.example", token, leaving)
        else:
            expected = state.enter(RULES, f"{number}", now)
            assert await book.enter("h.example", f"{number}") == expected
            if expected is None:
                held.append(f"{number}")
        shared, _ = await book.read("h.example")
        shared.leases, leases = {}, state.leases
        state.leases = {}
        assert shared == state, number
        state.leases = leases


def some_leaving(chance: random.Random) -> Leaving:
    outcomes: list[Outcome] = ["answered", "failed", "failed", "failed", "unknown"]
    return Leaving(
        chance.choice(outcomes),
        visit_ms=chance.choice([0, 3, 250, 9_000]),
        delay_ms=chance.choice([None, None, None, 0, 2_000]),
        pause_ms=chance.choice([0, 0, 0, 60_000]),
    )


async def test_workers_share_a_hosts_places(redis: Redis) -> None:
    """Two processes together do not visit a host more often than one may."""
    one, other = Hosts(redis, RULES, wait_s=0), Hosts(redis, RULES, wait_s=0)

    async with one.visit("h.example"), other.visit("h.example"):
        with pytest.raises(HostBusy) as raised:
            async with one.visit("h.example"):
                pass
        async with one.visit("other.example"):
            pass
    async with one.visit("h.example"):
        report = await other.report("h.example")

    assert raised.value.retry_after_s is not None and raised.value.retry_after_s > 0
    assert (report.in_flight, report.is_open) == (1, False)


async def test_the_breaker_is_shared(redis: Redis) -> None:
    """What one worker learned the hard way the others know."""
    one, other = Hosts(redis, RULES), Hosts(redis, RULES)
    for _ in range(5):
        with pytest.raises(ConnectFailed):
            async with one.visit("h.example"):
                raise ConnectFailed("no", stage="connect")

    with pytest.raises(HostBusy) as raised:
        async with other.visit("h.example"):
            pass

    report = await other.report("h.example")
    assert 59 < report.opens_after_s <= 60 and report.is_open and report.failures == 5
    assert raised.value.retry_after_s is not None and 59 < raised.value.retry_after_s <= 72


async def test_errors_of_pages_do_not_close_a_host(redis: Redis) -> None:
    """A site with many missing or odd pages is well; 429 asks for a pause."""
    hosts = Hosts(redis, RULES, wait_s=0)
    for error in (OriginRefused("404", stage="headers"), TypeUnsupported("", stage="headers")) * 5:
        with pytest.raises(type(error)):
            async with hosts.visit("h.example"):
                raise error
    before = await hosts.report("h.example")
    with pytest.raises(OriginRefused):
        async with hosts.visit("h.example"):
            raise OriginRefused("429", stage="headers", http_status=429, retry_after_s=30)
    after = await hosts.report("h.example")

    assert (before.failures, before.next_visit_after_s) == (0, 0)
    assert (after.failures, round(after.next_visit_after_s)) == (0, 30)


async def test_a_short_wait_is_waited_for(redis: Redis) -> None:
    """A visitor that could go in half a second is not sent away."""
    hosts = Hosts(redis, RULES)

    async def waits() -> None:
        async with hosts.visit("h.example") as visit:
            visit.delay_s = 0.3

    await waits()

    assert 0.25 < await least_s(waits, 1) < 1


async def test_without_redis_each_process_keeps_the_rules() -> None:
    """Redis gone: the same limits, found out in no time, and no fetch fails for it."""
    gone = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)

    async def visited() -> None:
        hosts = Hosts(gone, RULES, wait_s=0)
        async with hosts.visit("h.example"), hosts.visit("h.example"):
            with pytest.raises(HostBusy):
                async with hosts.visit("h.example"):
                    pass
        assert (await hosts.report("h.example")).in_flight == 0

    took_s = await least_s(visited, 1)
    await gone.aclose()

    assert took_s < 1


async def test_a_redis_that_hangs_costs_a_second_once() -> None:
    """A Redis that accepts and never answers does not stop the work."""
    asked: list[asyncio.StreamWriter] = []

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(writer)
        await stop.wait()
        writer.close()

    stop = asyncio.Event()
    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    redis = Redis.from_url(f"redis://127.0.0.1:{port}/0")
    hosts = Hosts(redis, RULES)
    started = time.monotonic()

    for _ in range(20):
        async with hosts.visit("h.example"):
            pass

    took_s = time.monotonic() - started
    assert 1 <= len(asked) <= 2 + took_s / REDIS_RETRY_S  # not 20
    stop.set()
    await redis.aclose()
    server.close()


async def test_the_local_book_is_bounded() -> None:
    """A crawl of the whole web does not fill the memory of a process that lost Redis."""
    book = LocalBook(RULES)

    for number in range(12_000):
        await book.enter(f"{number}.example", "a")

    assert len(book._states) == 10_000
