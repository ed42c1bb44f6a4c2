"""Events reach their endpoints: signed, retried, apart from each other."""

from __future__ import annotations

import asyncio
import itertools
from uuid import UUID

import msgspec
import pytest
from standardwebhooks import Webhook

from service import document, ingest
from service.article import Article
from service.db import articles, delivery_log, endpoints, gauges
from service.db.delivery_log import Delivery
from service.db.endpoints import Endpoint
from service.db.session import Command
from service.ingest import Submission
from service.notify.record import record
from service.queue import Job
from service.runtime import Runtime
from service.signing import Seal
from service.worker import IngestionLane
from tests.timing import least_s
from tests.web import Reply, Request, Web
from tests.working import a_client, ended, eventually, page, submitted, working

pytestmark = pytest.mark.slow

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
RIPEN = Command("update delivery set due_at = now(), is_ready = true where state = 'queued'")
DAY_S = 86_400
A_DAY_OLD = Command("update delivery set due_at = now() - interval '1 day' where endpoint_id = $1")
CLOSE_BREAKERS = Command("update endpoint set open_until = now() where open_until is not null")


async def an_endpoint(
    runtime: Runtime, client_id: UUID, url: str, *types: str, payload: str = "thin",
    filter: str | None = None,
) -> Endpoint:  # fmt: skip
    """A new endpoint whose secret is ``SECRET``."""
    return await endpoints.create(
        runtime.db, client_id, url=url, description=None, event_types=types, filter=filter,
        payload=payload, secret=runtime.seal.close(SECRET),
    )  # fmt: skip


async def tell(runtime: Runtime, client_id: UUID, number: int = 1) -> None:
    """An event has happened."""
    data = {"number": number}
    async with runtime.db.transaction() as transaction:
        told = await record(transaction, "batch.completed", data, client_id=client_id)
    runtime.streams.send(Job("delivery", id) for id in told)


async def log_of(runtime: Runtime, endpoint: Endpoint) -> list[Delivery]:
    """The deliveries of an endpoint, newest first."""
    return await delivery_log.list_deliveries(
        runtime.db, endpoint.client_id, endpoint.id, before=None, state=None, limit=100
    )


async def settled(runtime: Runtime, endpoint: Endpoint, state: str, count: int = 1) -> None:
    """``count`` deliveries of the endpoint are in ``state``."""

    async def check() -> bool:
        found = [one for one in await log_of(runtime, endpoint) if one.state == state]
        return len(found) >= count

    await eventually(check, f"{count} deliveries {state}")


async def test_an_article_is_told(runtime: Runtime, receiver: Web):
    """A stored article arrives as a signed event that the reference library accepts."""
    client_id = await a_client(runtime)
    url = receiver.reply("/hook", Reply(204))
    endpoint = await an_endpoint(runtime, client_id, url, "article.created")
    full = await an_endpoint(runtime, client_id, url, "article.created", payload="full")
    sent = Submission(kind="html", url="https://told.example/a", content=page().encode())

    async with working(runtime):
        await ended(runtime, *await submitted(runtime, client_id, sent))
        await settled(runtime, endpoint, "succeeded")
        await settled(runtime, full, "succeeded")

    got = [Webhook(SECRET).verify(one.body, one.headers) for one in receiver.requests]
    thin, rich = sorted(got, key=lambda one: "article" in one["data"])
    assert thin["type"] == "article.created"
    assert thin["data"]["headline"] == "Bridge stays open"
    assert rich["data"]["article"]["id"] == thin["data"]["article_id"]


async def test_a_full_payload_tells_of_the_article_as_it_was(runtime: Runtime, receiver: Web):
    """The article goes out as it was when the event happened: at each try and when it is made
    again, though it was annotated before the first try and deleted before the second."""
    client_id = await a_client(runtime)
    url = receiver.reply("/full", Reply(500), Reply(200))
    full = await an_endpoint(runtime, client_id, url, "article.created", payload="full")
    note = "as it was"
    sent = Submission(kind="html", url="https://full.example/a", content=page(note=note).encode())
    async with working(runtime, IngestionLane):
        [done] = await ended(runtime, *await submitted(runtime, client_id, sent))
    assert done.article_id
    at_first = document.unpack((await articles.docs(runtime.db, [done.article_id]))[0].body)
    await ingest.annotate(runtime, done.article_id, tags=["annotated since"])

    async with working(runtime):
        await settled_attempts(runtime, full, 1)
        await ingest.delete(runtime, done.article_id)
        await runtime.db.run(RIPEN)
        await settled(runtime, full, "succeeded")
        [first] = await log_of(runtime, full)
        await delivery_log.redeliver(runtime.db, client_id, first.id)
        await settled(runtime, full, "succeeded", 2)

    came = [one for one in receiver.requests if one.path == "/full"]
    told = msgspec.json.decode(came[0].body)
    assert len({(one.headers["webhook-id"], one.body) for one in came}) == 1
    assert len(came) == 3
    assert msgspec.convert(told["data"]["article"], Article) == at_first


async def test_a_replay_is_as_full_as_its_endpoint(runtime: Runtime, receiver: Web):
    """What was told when nobody wanted the article with it is replayed with that revision."""
    client_id = await a_client(runtime)
    note = "told thin"
    sent = Submission(kind="html", url="https://thin.example/a", content=page(note=note).encode())
    async with working(runtime):
        [done] = await ended(runtime, *await submitted(runtime, client_id, sent))
        url = receiver.reply("/replayed", Reply(200))
        full = await an_endpoint(runtime, client_id, url, "article.created", payload="full")
        await delivery_log.replay(runtime.db, client_id, full.id, done.created_at, limit=10)
        await settled(runtime, full, "succeeded")

    [request] = [one for one in receiver.requests if one.path == "/replayed"]
    article = msgspec.json.decode(request.body)["data"]["article"]
    assert (article["id"], article["revision"]) == (str(done.article_id), 1)


async def test_retries_are_the_same_message(runtime: Runtime, receiver: Web):
    """A failed delivery comes again with the same id and the same bytes, and is logged."""
    client_id = await a_client(runtime)
    replies = [Reply(500), Reply(302, headers={"Location": receiver.url}), Reply(429), Reply(200)]
    endpoint = await an_endpoint(runtime, client_id, receiver.reply("/retry", *replies))
    await tell(runtime, client_id)

    async with working(runtime):
        for count in (1, 2, 3):
            await settled_attempts(runtime, endpoint, count)
            await runtime.db.run(RIPEN)
        await settled(runtime, endpoint, "succeeded")

    [delivery] = await log_of(runtime, endpoint)
    came = [one for one in receiver.requests if one.path == "/retry"]
    attempts = await delivery_log.attempts(runtime.db, delivery.id)
    assert [one.http_status for one in attempts] == [500, 302, 429, 200]
    assert len({(one.headers["webhook-id"], one.body) for one in came}) == 1
    assert len(came) == 4


async def settled_attempts(runtime: Runtime, endpoint: Endpoint, count: int) -> None:
    async def check() -> bool:
        found = await log_of(runtime, endpoint)
        return bool(found) and found[0].attempt >= count and found[0].state == "queued"

    await eventually(check, f"{count} tries")


async def test_a_dead_endpoint_delays_nobody(runtime: Runtime, receiver: Web):
    """While one endpoint hangs with a backlog, another gets each event within a second."""
    client_id = await a_client(runtime)
    held = asyncio.Event()

    async def hang(_: Request, __: asyncio.StreamWriter) -> None:
        await held.wait()

    dead = await an_endpoint(runtime, client_id, receiver.reply("/dead", hang))
    for number in range(100):
        await tell(runtime, client_id, number)
    live = await an_endpoint(runtime, client_id, receiver.reply("/live", Reply(200)))

    async with working(runtime):
        await eventually(lambda: came(receiver, "/dead", 1), "the dead one is tried")
        numbers = itertools.count(1)

        async def arrives() -> None:
            count = next(numbers)
            await tell(runtime, client_id, 1000 + count)
            await settled(runtime, live, "succeeded", count)

        assert await least_s(arrives, 1) < 1
        assert len([one for one in receiver.requests if one.path == "/dead"]) <= 4
        receiver.clear()
        await endpoints.delete(runtime.db, client_id, dead.id)
        held.set()


async def came(receiver: Web, path: str, count: int) -> bool:
    return len([one for one in receiver.requests if one.path == path]) >= count


async def test_a_secret_of_another_installation_is_told(runtime: Runtime, receiver: Web):
    """After a change of BROADSHEET_SECRET a delivery fails with what to do, and is tried as often
    as any; a rotated secret makes it arrive."""
    client_id = await a_client(runtime)
    url = receiver.reply("/sealed", Reply(200))
    endpoint = await endpoints.create(
        runtime.db, client_id, url=url, description=None, event_types=(), filter=None,
        payload="thin", secret=Seal("another secret").close(SECRET),
    )  # fmt: skip
    await tell(runtime, client_id)

    async with working(runtime):
        await settled_attempts(runtime, endpoint, 1)
        [told] = await log_of(runtime, endpoint)
        fresh = runtime.seal.close(SECRET)
        await endpoints.rotate(runtime.db, client_id, endpoint.id, fresh, 0)
        await endpoints.retire_secrets(runtime.db)
        await runtime.db.run(RIPEN)
        await settled(runtime, endpoint, "succeeded")

    assert told.error_code == "secret_unreadable"
    assert "rotate the secret" in (told.error_detail or "")


async def test_gone_disables_and_says_so(runtime: Runtime, receiver: Web):
    """410 disables the endpoint at once, and another endpoint of the client hears of it."""
    client_id = await a_client(runtime)
    gone = await an_endpoint(runtime, client_id, receiver.reply("/gone", Reply(410)))
    heard = await an_endpoint(
        runtime, client_id, receiver.reply("/heard", Reply(200)), "endpoint.disabled"
    )
    await tell(runtime, client_id)

    async with working(runtime):
        await settled(runtime, heard, "succeeded")

    found = await endpoints.find(runtime.db, client_id, gone.id)
    [request] = [one for one in receiver.requests if one.path == "/heard"]
    assert found
    assert (found.state, found.disabled_reason) == ("disabled", "the endpoint answered 410 Gone")
    assert msgspec.json.decode(request.body)["data"]["endpoint_id"] == str(gone.id)


async def test_filters_choose_events(runtime: Runtime, receiver: Web):
    """An endpoint that filters by site hears of that site's articles only."""
    client_id = await a_client(runtime)
    url = receiver.reply("/filtered", Reply(200))
    filtered = await an_endpoint(
        runtime, client_id, url, "article.created", filter='{"sites": ["wanted.example"]}'
    )
    sent = [
        Submission(kind="html", url=f"https://{site}/a", content=page(note=site).encode())
        for site in ("unwanted.example", "wanted.example")
    ]

    async with working(runtime):
        await ended(runtime, *await submitted(runtime, client_id, *sent))
        await settled(runtime, filtered, "succeeded")

    assert len(await log_of(runtime, filtered)) == 1


async def test_a_callback_url_is_an_endpoint(runtime: Runtime, receiver: Web):
    """A callback_url is told how its ingestion ended, signed with a secret of its own."""
    client_id = await a_client(runtime)
    url = receiver.reply("/callback", Reply(200))
    sent = Submission(
        kind="html", url="https://cb.example/a", content=page(note="cb").encode(),
        callback_url=url, client_ref="mine-7",
    )  # fmt: skip

    async with working(runtime):
        await ended(runtime, *await submitted(runtime, client_id, sent))
        await eventually(lambda: came(receiver, "/callback", 1), "the callback")

    [endpoint] = await endpoints.list_endpoints(runtime.db, client_id, None, 10)
    [request] = [one for one in receiver.requests if one.path == "/callback"]
    secret = runtime.seal.open(endpoint.secrets[0])
    told = Webhook(secret).verify(request.body, request.headers)
    assert endpoint.kind == "callback"
    assert (told["type"], told["data"]["client_ref"]) == ("ingestion.succeeded", "mine-7")


async def test_redeliver_and_replay(runtime: Runtime, receiver: Web):
    """One delivery, or all since a time, are made again with the ids they had."""
    client_id = await a_client(runtime)
    endpoint = await an_endpoint(runtime, client_id, receiver.reply("/again", Reply(200)))
    async with working(runtime):
        await tell(runtime, client_id)
        await settled(runtime, endpoint, "succeeded")
        [first] = await log_of(runtime, endpoint)

        await delivery_log.redeliver(runtime.db, client_id, first.id)
        count = await delivery_log.replay(
            runtime.db, client_id, endpoint.id, first.created_at, limit=100
        )
        await settled(runtime, endpoint, "succeeded", 3)

    ids = {one.headers["webhook-id"] for one in receiver.requests if one.path == "/again"}
    assert count == 1
    assert ids == {str(first.event_id)}


async def test_what_waits_for_a_disabled_endpoint_is_no_backlog(runtime: Runtime, receiver: Web):
    """The age by which workers are scaled is of what a worker could send."""
    client_id = await a_client(runtime)
    endpoint = await an_endpoint(runtime, client_id, receiver.reply("/off", Reply(200)))
    await tell(runtime, client_id)
    await runtime.db.run(A_DAY_OLD, endpoint.id)

    before = await delivery_age_s(runtime)
    await endpoints.disable(runtime.db, endpoint.id, "by its owner")

    assert before >= DAY_S > await delivery_age_s(runtime)


async def delivery_age_s(runtime: Runtime) -> float:
    [age_s] = [one.age_s for one in await gauges.queues(runtime.db) if one.lane == "delivery"]
    return age_s


async def test_five_failures_open_the_breaker(runtime: Runtime, receiver: Web):
    """After five failures in a row an endpoint is left alone, then probed by one delivery."""
    client_id = await a_client(runtime)
    endpoint = await an_endpoint(runtime, client_id, receiver.reply("/down", Reply(500)))
    for number in range(8):
        await tell(runtime, client_id, number)

    async with working(runtime):
        await eventually(lambda: breaker_open(runtime, endpoint), "the breaker opens")
        tried = len([one for one in receiver.requests if one.path == "/down"])
        receiver.reply("/down", Reply(200))
        await eventually(lambda: mended(runtime, endpoint), "all is delivered")

    assert 5 <= tried <= 8


async def mended(runtime: Runtime, endpoint: Endpoint) -> bool:
    """Whether all eight have arrived; the waits of the breaker and the retries are over."""
    await runtime.db.run(CLOSE_BREAKERS)
    await runtime.db.run(RIPEN)
    return [one.state for one in await log_of(runtime, endpoint)] == ["succeeded"] * 8


async def breaker_open(runtime: Runtime, endpoint: Endpoint) -> bool:
    found = await endpoints.find(runtime.db, endpoint.client_id, endpoint.id)
    return bool(found and found.open_until)
