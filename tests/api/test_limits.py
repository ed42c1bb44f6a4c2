"""Refusals: the quota, places, the backlog; each at once, each saying when to come back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from service.api import auth, metrics, problems
from service.api.admission import Admission
from service.api.app import create_app
from service.api.asgi import Message
from service.api.auth import Keys, new_key
from service.api.exchange import Exchange
from service.api.limits import PAUSE_S, Limiter, Quota
from service.api.refusal import refusal
from service.db import clients
from service.db.clients import ClientKey
from service.db.session import open_db
from service.errors import (
    BroadsheetError,
    FieldError,
    InvalidRequest,
    Overloaded,
    RateLimited,
    Unauthorized,
)
from service.queue import open_redis
from service.quota import Buckets, Taken
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from tests.api.conftest import client_of, make_key
from tests.api.test_edge import assert_problem
from tests.timing import least_s


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine makes Redis slow; these tests are about what it answers, not how soon."""
    monkeypatch.setattr("service.quota.ANSWER_S_MAX", 10)


@asynccontextmanager
async def limited(runtime: Runtime, **changes: object) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of an application whose settings are changed."""
    changed = replace(runtime, settings=replace(runtime.settings, **changes))
    async with client_of(
        create_app(changed), await make_key(runtime, ["read", "ingest"])
    ) as client:
        yield client


@pytest.mark.usefixtures("patient")
async def test_the_quota_is_spent_and_no_more(runtime: Runtime) -> None:
    """After ``limit`` requests 429, with the state of the quota on every answer."""
    async with limited(runtime, rate_per_minute=10) as client:
        answers = [await client.get("/v1/articles") for _ in range(12)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert answers[0].headers["ratelimit-policy"] == '"default";q=10;w=60'
    assert answers[0].headers["ratelimit"].startswith('"default";r=9;t=')
    assert_problem(answers[-1], 429, "rate_limited")
    assert answers[-1].json()["type"].endswith("#quota-exceeded")
    assert answers[-1].headers["ratelimit"].startswith('"default";r=0;t=')
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 6


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("limit", [50, 100, 1_000])
async def test_the_quota_holds_over_processes(settings: Settings, limit: int) -> None:
    """Three processes that hammer one client's quota spend it all, and never more than it and
    what comes back meanwhile."""
    client_id = uuid4()
    redis = [open_redis(settings.redis_url) for _ in range(3)]
    limiters = [Limiter(one, limit) for one in redis]

    async def hammer(limiter: Limiter) -> int:
        spent = 0
        for _ in range(limit):
            try:
                spent += await limiter.spend(client_id) is not None
            except RateLimited:
                await asyncio.sleep(0)
        return spent

    started_at = time.monotonic()
    spent = sum(await asyncio.gather(*map(hammer, limiters)))
    regained = (time.monotonic() - started_at) * limit / 60
    for one in redis:
        await one.aclose()

    leases = max(1, limit // 100)
    assert limit - 3 * leases <= spent <= limit + regained + 2 * leases


@pytest.mark.usefixtures("patient")
async def test_a_lease_that_comes_late_is_spent(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the loop is held up for longer than a lease holds, whoever waited has it, and who
    comes in that very turn goes on as well: nobody asks without end."""
    take = Buckets.take

    async def take_late(buckets: Buckets, name: str, wanted: int) -> Taken | None:
        taken = await take(buckets, name, wanted)
        time.sleep(0.7)
        return taken

    monkeypatch.setattr(Buckets, "take", take_late)
    redis = open_redis(settings.redis_url)
    limiter, client_id = Limiter(redis, 60_000), uuid4()

    async def come(turn: int) -> Quota | None:
        for _ in range(turn):
            await asyncio.sleep(0)
        return await limiter.spend(client_id)

    quotas = await asyncio.gather(*(come(turn) for turn in range(300)))
    await redis.aclose()

    assert None not in quotas


@pytest.mark.usefixtures("patient")
async def test_a_client_with_much_left_waits_for_no_lease(settings: Settings) -> None:
    """The request after a spent lease goes on at once; what was lent is paid from the next."""
    redis = open_redis(settings.redis_url)
    limiter, client_id = Limiter(redis, 1_000), uuid4()
    before = [await limiter.spend(client_id) for _ in range(10)]

    lent = limiter.spend(client_id)
    with pytest.raises(StopIteration) as at_once:
        lent.send(None)
    after = await limiter.spend(client_id)
    spent = 12
    with pytest.raises(RateLimited):
        while await limiter.spend(client_id):
            spent += 1
    await redis.aclose()

    quotas = [quota.left for quota in (*before, at_once.value.value, after) if quota]
    assert quotas == sorted(quotas, reverse=True)
    assert len(quotas) == 12
    assert 970 <= spent <= 1_030


async def test_without_redis_the_quota_falls_open(settings: Settings) -> None:
    """Nobody is refused, nobody waits for Redis more than once a second."""
    redis: Redis = open_redis("redis://127.0.0.1:1/0")
    limiter = Limiter(redis, 5)
    client_id = uuid4()

    started_at, opened = time.monotonic(), times_opened()
    quotas = [await limiter.spend(client_id) for _ in range(200)]
    took_s = time.monotonic() - started_at

    assert quotas == [None] * 200
    assert 1 <= times_opened() - opened <= 1 + took_s / PAUSE_S
    await redis.aclose()


def times_opened() -> float:
    """How often Redis was asked in vain."""
    return metrics.REGISTRY.get_sample_value("broadsheet_rate_limit_open_total") or 0


async def test_places_are_bounded_in_all_and_by_client() -> None:
    """One client holds at most half; a place is free again when its request has ended."""
    admission = Admission(4)
    one, other = uuid4(), uuid4()

    for client_id in (one, one, other):
        admission.enter()
        admission.enter_client(client_id)
    with pytest.raises(RateLimited):
        admission.enter_client(one)
    admission.enter()
    with pytest.raises(Overloaded):
        admission.enter()
    with admission.parked_place(one) as is_parked:
        assert is_parked
        admission.enter()
        admission.leave()
    admission.leave_client(one)
    admission.enter_client(one)

    assert admission.in_flight == 4


async def test_more_requests_than_places_are_503_at_once(runtime: Runtime) -> None:
    """Refused before the key is looked up or the body read; probes are answered all the same."""
    async with limited(runtime, requests_in_flight_max=2) as client:
        answers = await asyncio.gather(*(client.get("/v1/articles") for _ in range(20)))
        alive = await client.get("/livez")

    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused and alive.status_code == 200
    for answer in refused:
        assert answer.status_code in (429, 503)
        assert answer.headers["retry-after"] == "1"


async def test_a_full_queue_stops_acceptance(runtime: Runtime) -> None:
    """429 for the client whose backlog is full, 503 for all when the queue is; reading goes on."""
    async with limited(runtime, queue_depth_per_client_max=3) as client:
        accepted = [
            (await client.post("/v1/ingestions", json={"text": f"{n}"})).status_code
            for n in range(5)
        ]
        batch = await client.post("/v1/ingestions/batch", json=[{"text": "a"}] * 4)
        reading = await client.get("/v1/articles")
    async with limited(runtime, queue_depth_max=2) as client:
        full = await counted(client)

    assert accepted == [202, 202, 202, 429, 429]
    assert_problem(batch, 429, "rate_limited")
    assert reading.status_code == 200
    assert_problem(full, 503, "overloaded")
    assert int(full.headers["retry-after"]) > 0


async def test_a_full_queue_is_seen_on_the_long_way(runtime: Runtime) -> None:
    """A host that the framework judges reaches the handler by the framework's layers."""
    async with limited(runtime, queue_depth_max=2) as client:
        full = await counted(client, host="an_odd.example")

    assert_problem(full, 503, "overloaded")


async def counted(client: httpx.AsyncClient, host: str = "api.example") -> httpx.Response:
    """The answer to a post, once the queue has been counted."""
    for _ in range(100):
        answer = await client.post("/v1/ingestions", json={"text": "x"}, headers={"host": host})
        if answer.status_code != 202:
            break
    return answer


async def test_a_revoked_key_is_refused_within_five_seconds(runtime: Runtime) -> None:
    """Also by a process that has just seen it."""
    async with limited(runtime) as client:
        assert (await client.get("/v1/articles")).status_code == 200
        await clients.revoke_key(runtime.db, (await newest_key(runtime)).id)
        revoked_at = time.monotonic()

        asked_at = time.monotonic()
        while (await client.get("/v1/articles")).status_code == 200:
            assert asked_at - revoked_at < 5
            await asyncio.sleep(0.1)
            asked_at = time.monotonic()


async def test_a_key_in_use_is_looked_up_before_it_is_needed(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests go on meanwhile, and a revocation is seen by that look-up, not by a later one."""
    monkeypatch.setattr(auth, "RENEW_S", auth.KEEP_S)

    async def refused() -> None:
        headers = {b"authorization": f"Bearer {await make_key(runtime, ['read'])}".encode()}
        keys = Keys(runtime.db, runtime.settings.secret)
        await keys.presented(headers)

        with pytest.raises(StopIteration):
            keys.presented(headers).send(None)
        await clients.revoke_key(runtime.db, (await newest_key(runtime)).id)
        with pytest.raises(Unauthorized):
            while await keys.presented(headers):
                await asyncio.sleep(0.01)

    assert await least_s(refused, auth.KEEP_S / 2) < auth.KEEP_S / 2


async def test_the_last_use_of_a_key_is_written(runtime: Runtime) -> None:
    """In one statement for all keys, not at each request."""
    api = create_app(runtime)
    async with client_of(api, await make_key(runtime, ["read"])) as client:
        await client.get("/v1/articles")
    before = await newest_key(runtime)

    await api.keys.flush()

    assert before.last_used_at is None
    assert (await newest_key(runtime)).last_used_at is not None


async def newest_key(runtime: Runtime) -> ClientKey:
    """The key made last."""
    return max(await clients.list_keys(runtime.db), key=lambda key: key.created_at)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    "error", [Overloaded('so "much"', retry_after_s=1.5), RateLimited("wait"), Overloaded()]
)
async def test_a_refusal_leaves_as_any_problem_does(error: BroadsheetError, method: str) -> None:
    """The short way says what the long way says, of this request's path and trace."""
    path = '/v1/a "path"/é\\'

    async def sent(*, short: bool) -> list[Message]:
        messages: list[Message] = []

        async def send(message: Message) -> None:
            messages.append(message)

        headers = [(b"traceparent", b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01")]
        headers += [(b"content-length", b"9")] if method == "POST" else []
        scope = {"method": method, "path": path, "headers": headers}
        exchange = Exchange(scope, nothing, send, asyncio.Event())
        trace_id = exchange.trace.trace_id
        refused = refusal(error, path, trace_id)
        assert refused is not None
        if short:
            await exchange.leave(refused)
        else:
            await exchange.give(problems.answer(error, path, trace_id))
        messages[0]["headers"] = {k: v for k, v in messages[0]["headers"] if k != b"traceparent"}
        return messages

    assert await sent(short=True) == await sent(short=False)


async def nothing() -> Message:
    """Of a body that is not read."""
    raise AssertionError("nobody reads the body of what is refused")


def test_what_says_more_than_its_reason_is_no_plain_refusal() -> None:
    """As the spent quota, which states itself, or a fault of the request."""
    stated = RateLimited("spent", headers={"RateLimit": "x"})
    faulty = RateLimited("wrong", errors=(FieldError("/a", "invalid"),))

    errors = (stated, faulty, InvalidRequest("no"), ValueError("x"))
    assert [refusal(error, "/", "t") for error in errors] == [None] * 4


def below(kind: type[BroadsheetError]) -> Iterator[type[BroadsheetError]]:
    yield kind
    for inner in kind.__subclasses__():
        yield from below(inner)


@pytest.mark.parametrize("kind", [kind for kind in below(BroadsheetError) if kind.status >= 429])
def test_every_refusal_says_when_to_try_again(kind: type[BroadsheetError]):
    """429 and 503 carry Retry-After, also where whoever raised them named no time."""
    answer = problems.answer(kind("busy"), "/v1/articles", "0" * 32)

    assert answer.status == kind.status
    assert (b"retry-after" in answer.headers) == (kind.status in (429, 503))


async def test_a_database_that_lacks_migrations_is_503(settings: Settings, empty: str) -> None:
    """As one that is away: the caller comes again, and the probes say why."""
    async with (
        open_runtime(replace(settings, database_url=empty)) as lacking,
        client_of(create_app(lacking), new_key(settings.secret).key) as client,
    ):
        answer = await client.get("/v1/articles")
        ready, counted = await client.get("/readyz"), await client.get("/metrics")

    assert_problem(answer, 503, "database_unavailable")
    assert answer.json()["detail"] == "the database lacks migrations of this version; try again"
    assert ready.json()["checks"]["schema"]["detail"] == "SchemaBehind"
    assert (ready.status_code, counted.status_code) == (503, 200)


@pytest.mark.parametrize("method", ["export", "batch-get"])
async def test_a_stream_that_finds_no_database_is_503(
    runtime: Runtime, settings: Settings, method: str
) -> None:
    """As any read; the framework wraps what a stream raises into a group."""
    async with open_db(settings.database_url, pool_max=1, timeout_s=60) as db:
        api = create_app(replace(runtime, db=db))
        async with client_of(api, await make_key(runtime, ["read"])) as reader:
            assert (await reader.get("/v1/articles")).status_code == 200
            async with db.transaction():
                answer = (
                    await reader.get("/v1/articles/export") if method == "export" else
                    await reader.post("/v1/articles/batch-get", json={"ids": [str(uuid4())]})
                )  # fmt: skip

    assert_problem(answer, 503, "database_unavailable")
    assert int(answer.headers["retry-after"]) >= 1
