"""Sources, endpoints and feeds over HTTP."""

from __future__ import annotations

import asyncio
import time

import asyncpg
import httpx
import msgspec
import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from service.db.session import Command
from service.ingest import Submission
from service.notify.secrets import warn_of_unreadable
from service.runtime import Runtime
from service.signing import Seal, signed_headers
from tests.api.conftest import Caller
from tests.api.test_edge import assert_problem
from tests.web import Reply, Web
from tests.working import a_client, ended, page, submitted, working

ENTRY = {"url": "https://cms.example/a", "title": "A", "html": "<p>Some words.</p>"}


async def a_source(caller: httpx.AsyncClient, **fields: object) -> dict:
    body = {"name": "cms", "verifier": {"type": "standard_webhooks"}} | fields
    made = await caller.post("/v1/sources", json=body)
    assert made.status_code == 201, made.text
    return made.json()


async def send(
    call: httpx.AsyncClient, source: dict, message: object, *, id: str = "m-1", **headers: str
) -> httpx.Response:
    """A message, signed as its source should."""
    body = message if isinstance(message, bytes) else msgspec.json.encode(message)
    signed = signed_headers([source["secret"]], id, int(time.time()), body)
    return await call.post(
        f"/v1/sources/{source['id']}/inbox", content=body,
        headers=signed | {"Content-Type": "application/json"} | headers,
    )  # fmt: skip


async def test_a_signed_message_makes_ingestions_once(
    admin: httpx.AsyncClient, call: httpx.AsyncClient
) -> None:
    """202 with ids; a replay gets the same answer and makes nothing."""
    source = await a_source(admin, mode="content")

    first = await send(call, source, [ENTRY, ENTRY | {"url": "https://cms.example/b"}])
    again = await send(call, source, [ENTRY, ENTRY | {"url": "https://cms.example/b"}])

    listed = (await admin.get(f"/v1/sources/{source['id']}/messages")).json()["items"]
    assert first.status_code == again.status_code == 202
    assert len(first.json()["ingestions"]) == 2
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert [(one["message_id"], one["replays"]) for one in listed] == [("m-1", 1)]


async def test_a_message_withdraws_an_article_by_any_of_its_addresses(
    admin: httpx.AsyncClient, call: httpx.AsyncClient, runtime: Runtime
) -> None:
    """By two of them, too, in one message: the article is deleted once."""
    html = page(note="withdrawn").replace(
        "<head>", '<head><link rel="canonical" href="https://cms.example/canonical">'
    )
    sent = Submission(kind="html", url="https://cms.example/old", content=html.encode())
    async with working(runtime):
        [made] = await ended(runtime, *await submitted(runtime, await a_client(runtime), sent))
    urls = ("https://cms.example/old", "https://cms.example/canonical")

    withdrawn = [{"url": url, "deleted": True} for url in urls]
    answer = await send(call, await a_source(admin), withdrawn)

    assert (answer.status_code, answer.json()["deleted"]) == (202, [str(made.article_id)])
    assert (await admin.get(f"/v1/articles/{made.article_id}")).status_code == 410


async def test_simultaneous_repeats_of_a_message_make_one(
    admin: httpx.AsyncClient, call: httpx.AsyncClient
) -> None:
    """Twelve copies at once are answered alike, and its page is taken in once."""
    source = await a_source(admin, mode="content")

    answers = await asyncio.gather(*(send(call, source, ENTRY, id="same") for _ in range(12)))

    listed = (await admin.get(f"/v1/sources/{source['id']}/messages")).json()["items"]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert [one["replays"] for one in listed] == [11]
    assert len(listed[0]["ingestions"]) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"webhook-signature": "v1,AAAA"}, 401),
        ({"webhook-timestamp": "1"}, 401),
        ({"webhook-timestamp": "x"}, 401),
        ({"webhook-id": ""}, 401),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
async def test_a_bad_message_is_a_clean_refusal(
    admin: httpx.AsyncClient, call: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    """Wrong signatures, times and types are problems that say what is wrong."""
    source = await a_source(admin)

    answer = await send(call, source, ENTRY, **headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


SHAPES: dict[str, bytes] = {
    "nothing": b"", "null": b"null", "a number": b"1", "a text": b'"x"', "an empty list": b"[]",
    "an empty object": b"{}", "a list of nothing": b"[null, 1, [], {}]",
    "no UTF-8": b'{"url": "\xff"}',
    "UTF-16": '{"url": "https://a.example/"}'.encode("utf-16"), "cut": b'{"url": "https://a.ex',
    "two documents": b"{} {}", "nested": b"[" * 100_000,
    "nested and closed": b"[" * 900 + b"]" * 900,
    "objects in objects": b'{"url":' * 5_000 + b"1" + b"}" * 5_000, "not a number": b'{"url": NaN}',
    "a huge number": b'{"url": 1' + b"0" * 4_000 + b"}",
    "a URL that is a list": b'{"url": ["https://a.example/"], "html": {"a": 1}}',
    "a URL with NUL": b'{"url": "https://a.example/\\u0000", "html": "<p>a\\u0000b</p>"}',
    "a lone surrogate": b'{"url": "https://a.example/\\ud800", "html": "<p>\\udfff</p>"}',
    "a long URL": b'{"url": "https://a.example/' + b"a" * 20_000 + b'"}',
    "no web address": b'{"url": "javascript:alert(1)", "html": "<p>x</p>"}',
    "a broken address": b'{"url": "http://[::1", "html": "<p>x</p>"}',
    "a private address": b'{"url": "http://169.254.169.254/latest", "html": "<p>x</p>"}',
    "odd values": b'{"url": "https://a.example/o", "html": "x", "published": {"a": 1}, "authors":'
                  b' [1, null, {"name": {"b": 2}}], "tags": {"a": [[[]]]}, "language": 7}',
    "odd dates": b'{"url": "https://a.example/d", "html": "x", "published": "0000-99-99T99:99"}',
    "a delete of nothing": b'{"event": "delete"}',
    "a delete of an odd address": b'{"url": "http://[", "deleted": true}',
    "many items": b'[' + b'{"text": "a"},' * 3_000 + b'{"text": "a"}]',
    "a key twice": b'{"url": "https://a.example/1", "url": "https://a.example/2", "text": "x"}',
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mapping", ["automation", "ghost", "wordpress", "miniflux", "json_feed"])
async def test_a_signed_body_of_any_shape_is_answered(
    admin: httpx.AsyncClient, call: httpx.AsyncClient, shape: str, mapping: str
) -> None:
    """Taken or refused with a reason, and never an error of ours, whatever a sender signs."""
    source = await a_source(admin, mapping=mapping)

    answer = await send(call, source, SHAPES[shape])
    listed = await admin.get(f"/v1/sources/{source['id']}/messages")

    assert answer.status_code == 202 or 400 <= answer.status_code < 500, answer.text
    assert answer.status_code == 202 or answer.json()["detail"]
    assert [one["status"] for one in listed.json()["items"]] == [answer.status_code]


async def test_what_was_refused_is_kept_and_run_again(
    admin: httpx.AsyncClient, call: httpx.AsyncClient
) -> None:
    """A signed message that the mapping does not fit is logged with the reason, then re-run."""
    source = await a_source(admin, mapping="ghost")
    refused = await send(call, source, {"entry": ENTRY}, id="m-7")
    failed = (await admin.get(f"/v1/sources/{source['id']}/messages?failed=true")).json()["items"]

    mended = {"mapping": {"items": ["/entry"], "url": ["/url"], "html": ["/html"]}}
    await admin.patch(f"/v1/sources/{source['id']}", json=mended)
    rerun = await admin.post(f"/v1/sources/{source['id']}/messages/m-7/rerun")

    assert refused.status_code == 400
    assert [one["error"]["code"] for one in failed] == ["invalid_request"]
    assert rerun.status_code == 202, rerun.text
    assert len(rerun.json()["ingestions"]) == 1


async def test_messages_of_one_instant_are_all_listed(
    admin: httpx.AsyncClient, call: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Pages of one message each show every message once, though all came at the same time."""
    source = await a_source(admin, mode="content")
    for id in ("m-1", "m-2", "m-3"):
        await send(call, source, ENTRY, id=id)
    await database.execute("update inbox set received_at = '2026-01-01' where source_id = $1",
                           source["id"])  # fmt: skip

    found, address = [], f"/v1/sources/{source['id']}/messages?limit=1"
    while address:
        answer = await admin.get(address)
        found += [one["message_id"] for one in answer.json()["items"]]
        address = answer.links["next"]["url"] if "next" in answer.links else ""

    assert found == ["m-3", "m-2", "m-1"]


async def test_two_secrets_while_rotating(
    admin: httpx.AsyncClient, call: httpx.AsyncClient
) -> None:
    """Old and new secret are both accepted during the overlap; secrets are not shown again."""
    source = await a_source(admin)
    rotated = await admin.post(f"/v1/sources/{source['id']}/rotate", json={"overlap_s": 3600})
    fresh = source | {"secret": rotated.json()["secret"]}

    old = await send(call, source, ENTRY, id="old")
    new = await send(call, fresh, ENTRY, id="new")

    shown = (await admin.get(f"/v1/sources/{source['id']}")).text
    assert (old.status_code, new.status_code) == (202, 202)
    assert source["secret"] not in shown
    assert fresh["secret"] not in shown


async def test_rotation_needs_no_body(admin: httpx.AsyncClient, receiver: Web) -> None:
    """Without a body the old secret stays valid for a day; one of another type is refused still."""
    made = await admin.post("/v1/endpoints", json={"url": receiver.url})
    paths = [f"/v1/sources/{(await a_source(admin))['id']}/rotate",
             f"/v1/endpoints/{made.json()['id']}/rotate"]  # fmt: skip
    typed = {"Content-Type": "application/json"}

    bare = [await admin.post(path) for path in paths]
    empty = [await admin.post(path, headers=typed) for path in paths]
    text = [await admin.post(path, content="x") for path in paths]

    secrets = [answer.json()["secret"] for answer in bare + empty]
    assert len(set(secrets)) == 4
    for answer in text:
        assert_problem(answer, 415, "unsupported_type")


async def test_a_secret_of_another_installation_is_the_operators_to_mend(
    admin: httpx.AsyncClient, call: httpx.AsyncClient, runtime: Runtime
) -> None:
    """After a change of BROADSHEET_SECRET 503 with what to do, not 401 or 500, and /readyz warns;
    with a rotated secret messages come again, and the old one's wait for the operator still."""
    source = await a_source(admin)
    elsewhere = Seal("another secret").close(source["secret"])
    await runtime.db.run(Command("update source set secrets = array[$1::bytea]"), elsewhere)

    refused = await send(call, source, ENTRY)
    ready = await call.get("/readyz")
    rotated = await admin.post(f"/v1/sources/{source['id']}/rotate", json={"overlap_s": 600})
    fresh = source | {"secret": rotated.json()["secret"]}
    accepted, old = await send(call, fresh, ENTRY, id="m-2"), await send(call, source, ENTRY)
    mended = await call.get("/readyz")

    assert_problem(refused, 503, "secret_unreadable")
    assert refused.json()["retryable"]
    assert "BROADSHEET_SECRET" in refused.json()["detail"]
    assert int(refused.headers["retry-after"]) == 60
    assert (ready.status_code, ready.json()["status"]) == (200, "warn")
    assert ready.json()["checks"]["secrets"] | {"duration_ms": 0} == {
        "status": "warn", "duration_ms": 0, "detail": "SecretUnreadable",
    }  # fmt: skip
    assert accepted.status_code == 202
    assert_problem(old, 503, "secret_unreadable")
    assert mended.json()["status"] == "pass"


async def test_secrets_of_another_installation_are_told_at_the_start(
    admin: httpx.AsyncClient, runtime: Runtime
) -> None:
    """In the log, before a message fails by it."""
    await a_source(admin)
    other = replace(runtime, seal=Seal("another secret"))

    with capture_logs() as own:
        await warn_of_unreadable(runtime)
    with capture_logs() as told:
        await warn_of_unreadable(other)

    assert own == []
    assert [(line["log_level"], line["code"]) for line in told] == [("error", "secret_unreadable")]


async def test_others_do_not_see_mine(
    admin: httpx.AsyncClient, caller: Caller, receiver: Web
) -> None:
    """Another client's source, endpoint and feed are answered like missing ones."""
    source = await a_source(admin)
    url = receiver.reply("/hook", Reply(200))
    endpoint = (await admin.post("/v1/endpoints", json={"url": url})).json()
    feed = (await admin.post("/v1/feeds", json={"url": receiver.url + "/feed"})).json()
    other = await caller()

    paths = [f"/v1/sources/{source['id']}", f"/v1/endpoints/{endpoint['id']}",
             f"/v1/feeds/{feed['id']}"]  # fmt: skip
    answers = [await other.get(path) for path in paths]
    lists = [(await other.get(path.rsplit("/", 1)[0])).json()["items"] for path in paths]

    assert [one.status_code for one in answers] == [404, 404, 404]
    assert lists == [[], [], []]


async def test_to_delete_what_is_not_mine_stops_nothing_of_it(
    admin: httpx.AsyncClient, caller: Caller, receiver: Web
) -> None:
    """Another client's endpoint is 404, and what waits for it still does."""
    url = receiver.reply("/theirs", Reply(200))
    endpoint = (await admin.post("/v1/endpoints", json={"url": url})).json()
    waiting = (await admin.post(f"/v1/endpoints/{endpoint['id']}/test")).json()
    other = await caller()

    gone = await other.delete(f"/v1/endpoints/{endpoint['id']}")

    kept = await admin.get(f"/v1/deliveries/{waiting['delivery_id']}")
    assert (gone.status_code, kept.json()["state"]) == (404, "queued")


async def test_private_targets_are_refused(admin: httpx.AsyncClient) -> None:
    """Endpoints, feeds and callbacks at addresses that we do not call are one opaque 422."""
    urls = ["http://10.0.0.1/", "http://169.254.169.254/x", "http://[::1]/", "ftp://a.example/",
            "http://user@1.1.1.1/", "http://1.1.1.1:22/"]  # fmt: skip

    answers = [await admin.post("/v1/endpoints", json={"url": url}) for url in urls]
    answers += [await admin.post("/v1/feeds", json={"url": url}) for url in urls]

    assert {one.status_code for one in answers} == {422}
    assert len({one.json()["detail"] for one in answers}) == 1


async def test_an_endpoint_lives(admin: httpx.AsyncClient, receiver: Web) -> None:
    """Made, changed, tested, rotated, disabled, listed, deleted."""
    url = receiver.reply("/life", Reply(200))
    made = (await admin.post("/v1/endpoints", json={"url": url})).json()
    path = f"/v1/endpoints/{made['id']}"

    changed = await admin.patch(
        path, json={"event_types": ["article.created"], "filter": {"sites": ["a.example"]}}
    )
    tested = await admin.post(path + "/test")
    rotated = await admin.post(path + "/rotate", json={})
    disabled = await admin.patch(path, json={"enabled": False})
    untested = await admin.post(path + "/test")
    log = (await admin.get(path + "/deliveries")).json()["items"]
    one = (await admin.get(f"/v1/deliveries/{log[0]['id']}")).json()
    gone = await admin.delete(path)
    after = await admin.get(path)

    assert made["secret"].startswith("whsec_")
    assert changed.json()["filter"] == {"sites": ["a.example"]}
    assert (tested.status_code, log[0]["event_type"]) == (202, "webhook.test")
    assert rotated.json()["secret"] != made["secret"]
    assert disabled.json()["state"] == "disabled"
    assert (untested.status_code, "by its owner" in untested.json()["detail"]) == (409, True)
    assert one["attempts"] == []
    assert (gone.status_code, after.status_code) == (204, 404)


async def test_opml_goes_in_and_out(admin: httpx.AsyncClient, receiver: Web) -> None:
    """An answer for each subscription; the export names what was imported."""
    opml = (
        f'<opml version="2.0"><body><outline text="A" xmlUrl="{receiver.url}/a.xml"/>'
        f'<outline text="B" xmlUrl="{receiver.url}/b.xml"/>'
        '<outline text="C" xmlUrl="http://10.1.1.1/c.xml"/></body></opml>'
    )
    headers = {"Content-Type": "text/x-opml"}

    first = (await admin.post("/v1/feeds/opml", content=opml, headers=headers)).json()["items"]
    again = (await admin.post("/v1/feeds/opml", content=opml, headers=headers)).json()["items"]
    out = await admin.get("/v1/feeds/opml")

    assert [one["created"] for one in first] == [True, True, False]
    assert first[2]["error"]["code"] == "url_forbidden"
    assert [one["created"] for one in again] == [False, False, False]
    assert again[0]["feed_id"] == first[0]["feed_id"]
    assert f"{receiver.url}/b.xml" in out.text
