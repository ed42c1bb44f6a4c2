"""WebSub against a small hub: asked, verified, pushed, refused, renewed."""

from __future__ import annotations

import hashlib
import hmac
from functools import partial
from urllib.parse import parse_qs

import httpx
import msgspec
import pytest

from service.api.app import create_app
from service.db import feeds, websub
from service.db.session import Command
from service.db.websub import Subscription
from service.errors import Gone, NotFound
from service.runtime import Runtime
from service.signing import Seal
from service.subscribe import hub
from tests.subscribe.test_poll import a_feed, ended, item, polled, rss, sent
from tests.web import Reply, Web
from tests.working import a_client, eventually, page, working

RENEW = Command("update websub set due_at = now()")
ALL = 1_000
"""RENEW makes those of earlier tests due as well, and any of them may be claimed first."""


@pytest.fixture
async def subscribed(runtime: Runtime, origin: Web, receiver: Web):
    """A runtime with a public address, and the subscription that a poll led to."""
    public = msgspec.structs.replace(runtime.settings, public_url="https://me.example")
    runtime = msgspec.structs.replace(runtime, settings=public)
    client_id = await a_client(runtime)
    hub_url = receiver.reply("/hub", Reply(202))
    links = (
        f'<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="{hub_url}"/>'
        f'<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="{origin.url}/topic"/>'
    )
    origin.reply("/topic", sent(rss(origin, extra=links)))
    feed = await a_feed(runtime, client_id, origin.url + "/topic")
    async with working(runtime):
        await polled(runtime, feed)
        await eventually(lambda: _asked(receiver), "the hub is asked")
    one = await websub.of_feed(runtime.db, feed.id)
    assert one
    return runtime, one


async def _asked(receiver: Web) -> bool:
    return any(one.path == "/hub" for one in receiver.requests)


async def test_the_hub_is_asked_as_the_standard_says(subscribed, receiver: Web):
    """The request names mode, topic, callback, lease and a secret."""
    _, one = subscribed

    [request] = [r for r in receiver.requests if r.path == "/hub"][-1:]

    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == one.topic_url
    assert form["hub.callback"] == f"https://me.example/v1/websub/{one.token}"
    assert int(form["hub.lease_seconds"]) > 0
    assert 20 <= len(form["hub.secret"]) < 200


async def test_intent_is_verified_over_http(subscribed):
    """Our topic's challenge is echoed; another topic, mode or token is 404; denial is noted."""
    runtime, one = subscribed
    app = create_app(runtime)
    async with (
        app.running(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://me.example"
        ) as caller,
    ):
        path = f"/v1/websub/{one.token}"
        asked = {"hub.mode": "subscribe", "hub.topic": one.topic_url, "hub.challenge": "c-1",
                 "hub.lease_seconds": "864000", "hub.else": "x"}  # fmt: skip

        good = await caller.get(path, params=asked)
        other_topic = await caller.get(path, params=asked | {"hub.topic": "https://b.example/"})
        unsubscribe = await caller.get(path, params=asked | {"hub.mode": "unsubscribe"})
        other_token = await caller.get("/v1/websub/nobody", params=asked)

    found = await websub.find(runtime.db, one.token)
    assert (good.status_code, good.text) == (200, "c-1")
    assert good.headers["content-type"] == "text/plain; charset=utf-8"
    assert [r.status_code for r in (other_topic, unsubscribe, other_token)] == [404] * 3
    assert found
    assert (found.state, found.is_current) == ("active", True)


async def test_a_deleted_feed_wants_nothing_of_its_hub(subscribed):
    """What is pushed to it is answered 410, so that the hub may end it; nothing is verified."""
    runtime, one = subscribed
    await feeds.delete(runtime.db, one.client_id, one.feed_id)
    asked = {"hub.mode": "subscribe", "hub.topic": one.topic_url, "hub.challenge": "c"}

    with pytest.raises(Gone):
        await hub.receive(runtime, one.token, None, b"", "")
    with pytest.raises(NotFound):
        await hub.verify_intent(runtime, one.token, asked)


async def test_the_hub_of_a_deleted_feed_is_asked_to_end(subscribed, receiver: Web):
    """It is asked while the lease runs, verifies that we mean it, and is asked no more."""
    runtime, one = subscribed
    intent = {"hub.topic": one.topic_url, "hub.challenge": "c"}
    await hub.verify_intent(runtime, one.token, intent | {"hub.mode": "subscribe"})
    await feeds.delete(runtime.db, one.client_id, one.feed_id)
    before = len(receiver.requests)

    asked = await hub.ask_ready(runtime, ALL)
    answer = await hub.verify_intent(runtime, one.token, intent | {"hub.mode": "unsubscribe"})
    await runtime.db.run(RENEW)
    await hub.ask_ready(runtime, ALL)

    [request] = [r for r in receiver.requests[before:] if one.token in r.body.decode()]
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    assert asked >= 1
    assert form == {
        "hub.mode": "unsubscribe", "hub.topic": one.topic_url,
        "hub.callback": f"https://me.example/v1/websub/{one.token}",
    }  # fmt: skip
    assert answer == "c"


async def test_a_paused_feed_takes_no_push(subscribed, origin: Web):
    """What its hub pushes meanwhile is answered and dropped; it is polled when it goes on."""
    runtime, one = subscribed
    body = rss(origin, item(origin, "while-paused"))
    secret = runtime.seal.open(one.secret)
    signature = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    change = partial(feeds.update, runtime.db, one.client_id, one.feed_id, title=None, options=None)

    await change(paused=True)
    paused = await hub.receive(runtime, one.token, signature, body, "application/rss+xml")
    await change(paused=False)
    resumed = await hub.receive(runtime, one.token, signature, body, "application/rss+xml")

    assert (paused, resumed) == (0, 1)


@pytest.mark.parametrize(("status", "asked"), [(307, True), (308, True), (302, False)])
async def test_a_hub_that_moved_is_followed(subscribed, receiver: Web, status: int, asked: bool):
    """307 and 308 keep what is posted, so it is posted where they lead; others are refusals."""
    runtime, one = subscribed
    receiver.reply("/hub", Reply(status, headers={"Location": "/moved"}))
    receiver.reply("/moved", Reply(202))

    await runtime.db.run(RENEW)
    await hub.ask_ready(runtime, ALL)

    found = await websub.find(runtime.db, one.token)
    moved = [request for request in receiver.requests if request.path == "/moved"]
    assert found
    assert (len(moved), found.error_detail) == (
        (1, None) if asked else (0, f"the hub answered {status}")
    )
    assert all(parse_qs(request.body.decode())["hub.mode"] == ["subscribe"] for request in moved)


async def test_a_hub_that_leads_in_circles_is_left(subscribed, receiver: Web):
    """After three redirects it is asked again later, like one that refuses."""
    runtime, one = subscribed
    receiver.reply("/hub", Reply(307, headers={"Location": "/hub"}))
    before = len(receiver.requests)

    await runtime.db.run(RENEW)
    await hub.ask_ready(runtime, ALL)

    found = await websub.find(runtime.db, one.token)
    assert found
    assert found.error_detail == "the hub answered 307"
    assert len(receiver.requests) - before == 4


async def test_a_hub_that_leads_nowhere_is_left(subscribed, receiver: Web):
    """A redirect to what is no address is noted as the hub's error, and nothing breaks."""
    runtime, one = subscribed
    receiver.reply("/hub", Reply(307, headers={"Location": "http://[nowhere"}))

    await runtime.db.run(RENEW)
    await hub.ask_ready(runtime, ALL)

    found = await websub.find(runtime.db, one.token)
    assert found
    assert (found.error_detail or "").startswith("url_forbidden")


async def test_a_secret_of_another_installation_holds_up_no_other_hub(subscribed, receiver: Web):
    """It is noted where it stands, and the others are asked."""
    runtime, one = subscribed
    other = msgspec.structs.replace(runtime, seal=Seal("another secret"))

    await runtime.db.run(RENEW)
    await hub.ask_ready(other, ALL)

    found = await websub.find(runtime.db, one.token)
    assert found
    assert (found.error_detail or "").startswith("secret_unreadable")


async def test_a_short_lease_is_believed(subscribed):
    """Whatever we asked for, the subscription ends when the hub says, and polls fill the rest."""
    runtime, one = subscribed
    asked = {"hub.mode": "subscribe", "hub.topic": one.topic_url, "hub.challenge": "c",
             "hub.lease_seconds": "1"}  # fmt: skip

    await hub.verify_intent(runtime, one.token, asked)

    async def is_over() -> bool:
        found = await websub.find(runtime.db, one.token)
        return bool(found and found.state == "active" and not found.is_current)

    await eventually(is_over, "the lease is over")


async def test_a_hub_of_the_headers_is_asked(runtime: Runtime, origin: Web, receiver: Web):
    """Discovery by Link headers, which come before what the feed itself names."""
    public = msgspec.structs.replace(runtime.settings, public_url="https://me.example")
    runtime = msgspec.structs.replace(runtime, settings=public)
    hub_url = receiver.reply("/headers-hub", Reply(202))
    own = '<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="https://own.example/"/>'
    link = f'<{hub_url}>; rel="hub", <{origin.url}/itself>; rel="self"'
    origin.reply("/by-header", sent(rss(origin, extra=own), Link=link))
    feed = await a_feed(runtime, await a_client(runtime), origin.url + "/by-header")

    async with working(runtime):
        await polled(runtime, feed)
        [request] = await receiver.received(1, "/headers-hub")

    assert parse_qs(request.body.decode())["hub.topic"] == [f"{origin.url}/itself"]


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_a_signed_push_is_taken_and_a_wrong_one_dropped(subscribed, origin: Web, method: str):
    """Every signature method of the standard is accepted; a wrong signature makes nothing."""
    runtime, one = subscribed
    name = f"pushed-{method}"
    origin.page(f"/{name}", page(name, note=name))
    body = rss(origin, item(origin, name))
    secret = runtime.seal.open(one.secret)
    signature = f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"

    dropped = await hub.receive(runtime, one.token, signature[:-1] + "x", body, "")
    unsigned = await hub.receive(runtime, one.token, None, body, "")
    taken = await hub.receive(runtime, one.token, signature, body, "application/rss+xml")
    again = await hub.receive(runtime, one.token, signature, body, "application/rss+xml")
    async with working(runtime):
        done = await ended(runtime, one.client_id, 1)

    assert (dropped, unsigned, taken, again) == (0, 0, 1, 0)
    assert [x.outcome for x in done] == ["created"]


async def test_a_lease_is_renewed_and_a_denial_noted(subscribed, receiver: Web):
    """A due subscription is asked for again; a denied one says why and waits a day."""
    runtime, one = subscribed
    before = len(receiver.requests)

    await runtime.db.run(RENEW)
    asked = await hub.ask_ready(runtime, ALL)
    denied = {"hub.mode": "denied", "hub.topic": one.topic_url, "hub.reason": "no"}
    await hub.verify_intent(runtime, one.token, denied)

    found: Subscription | None = await websub.find(runtime.db, one.token)
    assert asked >= 1
    assert len(receiver.requests) > before
    assert found
    assert (found.state, found.error_detail) == ("denied", "no")
