"""Answers and events as they are fit the contract, since generated clients refuse what does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, get_args
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator

from service.api.openapi import document
from service.api.v1.schema import Outcome
from service.api.v1.schema_push import EventType
from service.db.session import Command, Query
from service.runtime import Runtime
from tests.web import Reply, Web
from tests.working import eventually, page, working

CONTRACT = msgspec.json.decode(document())
JSON = "application/json"
FAILED_BEFORE = Command("update feed set state = 'failing', due_at = now() where id = $1")
FEED = b'<rss version="2.0"><channel><title>The Paper</title></channel></rss>'


@pytest.fixture(scope="module", autouse=True)
async def worker(runtime: Runtime) -> AsyncIterator[None]:
    """A worker, for all tests of this module."""
    async with working(runtime):
        yield


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    """Where ``value`` does not fit ``schema``, and how."""
    validator = Draft202012Validator(schema | {"components": CONTRACT["components"]})
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def answered(path: str, answer: httpx.Response) -> list[str]:
    """What of the ``answer`` to a GET of ``path`` the contract does not say."""
    said = CONTRACT["paths"][path]["get"]["responses"][str(answer.status_code)]
    return faults(said["content"][JSON]["schema"], answer.json())


async def sent(admin: httpx.AsyncClient, html: str, url: str | None = None) -> dict[str, Any]:
    """The ingestion of a page, ended."""
    given = {"html": html, "url": url or f"https://news.example/{uuid4().hex}"}
    answer = await admin.post("/v1/ingestions", json=given, headers={"Prefer": "wait=20"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize(
    "query",
    [
        "", "view=full", "view=ids", "fields=headline", "fields=headline,body", "count=exact",
        "q=bridge&highlight=1", "q=bridge&highlight=1&view=ids", "sort=-relevance&q=bridge",
    ],
)  # fmt: skip
async def test_every_view_of_a_list_is_described(admin: httpx.AsyncClient, query: str) -> None:
    """Whatever of an article was asked for, its item fits."""
    await sent(admin, page("Bridge stays open", note=uuid4().hex))

    answer = await admin.get(f"/v1/articles?{query}")

    assert answer.json()["items"]
    assert answered("/v1/articles", answer) == []


@pytest.mark.parametrize("include", ["ids", "card", "full"])
async def test_every_change_is_described(admin: httpx.AsyncClient, include: str) -> None:
    """An article that was stored, and one that was deleted, in each form."""
    kept = await sent(admin, page("Bridge stays open", note=uuid4().hex))
    gone = await sent(admin, page("Bridge stays open", note=uuid4().hex))
    cursor = (await admin.get("/v1/changes?cursor=now")).json()["cursor"]
    await admin.patch(f"/v1/articles/{kept['article_id']}", json={"tags": ["a"]})
    await admin.delete(f"/v1/articles/{gone['article_id']}")

    answer = await admin.get("/v1/changes", params={"cursor": cursor, "include": include})

    assert {change["op"] for change in answer.json()["changes"]} == {"upsert", "delete"}
    assert answered("/v1/changes", answer) == []


async def test_every_outcome_is_described(admin: httpx.AsyncClient, runtime: Runtime) -> None:
    """Those that the column may hold, and of a page that is no article as it is answered."""
    refused = await sent(admin, "<!doctype html><title>Nothing</title><body></body>")

    answer = await admin.get(f"/v1/ingestions/{refused['id']}")
    [check] = await runtime.db.all(OUTCOMES)

    assert refused["outcome"] == "rejected"
    assert answered("/v1/ingestions/{ingestion_id}", answer) == []
    assert [f"'{outcome}'" in check.definition for outcome in get_args(Outcome)] == [True] * 6
    assert check.definition.count("::text") == len(get_args(Outcome))


class Check(msgspec.Struct):
    """A constraint as Postgres writes it."""

    definition: str


OUTCOMES = Query(
    Check,
    "select pg_get_constraintdef(oid) as definition from pg_constraint"
    " where conname = 'ingestion_outcome_check'",
)


async def test_every_event_is_described(
    admin: httpx.AsyncClient, runtime: Runtime, origin: Web, receiver: Web
) -> None:
    """Each that an endpoint can subscribe to is in the contract, and is sent as it says there."""
    hook, url = receiver.reply("/hook", Reply(200)), f"https://news.example/{uuid4().hex}"
    endpoint = (await admin.post("/v1/endpoints", json={"url": hook, "payload": "full"})).json()
    made = await sent(admin, page("Bridge stays open", note="once"), url)
    await sent(admin, page("Bridge stays open", note="twice"), url)
    await sent(admin, "<!doctype html><title>Nothing</title><body></body>")
    await admin.post("/v1/ingestions/batch", json=[{"html": page("Bridge closes", note="batch")}])
    await admin.post(f"/v1/endpoints/{endpoint['id']}/test")
    await disabled(admin, receiver.reply("/gone", Reply(410)))
    await failed_and_recovered(admin, runtime, origin)
    await admin.delete(f"/v1/articles/{made['article_id']}")

    wanted = set(get_args(EventType))
    await eventually(lambda: have_come(receiver, wanted), f"all of {wanted}")

    assert set(CONTRACT["webhooks"]) == wanted
    for request in receiver.requests:
        if request.path == "/hook":
            event = msgspec.json.decode(request.body)
            body = CONTRACT["webhooks"][event["type"]]["post"]["requestBody"]
            assert faults(body["content"][JSON]["schema"], event) == [], event["type"]
            known = body_fields(event["type"])
            assert event["data"].keys() <= known, event["type"]


def body_fields(event_type: str) -> set[str]:
    """The fields of an event's data in the contract."""
    components = CONTRACT["components"]["schemas"]
    body = CONTRACT["webhooks"][event_type]["post"]["requestBody"]["content"][JSON]["schema"]
    event = components[body["$ref"].rpartition("/")[2]]
    data = components[event["properties"]["data"]["$ref"].rpartition("/")[2]]
    return set(data["properties"])


async def disabled(admin: httpx.AsyncClient, url: str) -> None:
    """An endpoint at ``url``, which answers 410, is being tested."""
    given = {"url": url, "event_types": ["webhook.test"]}
    endpoint = (await admin.post("/v1/endpoints", json=given)).json()
    await admin.post(f"/v1/endpoints/{endpoint['id']}/test")


async def failed_and_recovered(admin: httpx.AsyncClient, runtime: Runtime, origin: Web) -> None:
    """One feed is gone, and another one that was failing is due and well."""
    await admin.post("/v1/feeds", json={"url": origin.reply("/gone", Reply(410))})
    well = origin.reply("/well", Reply(200, FEED, {"Content-Type": "application/rss+xml"}))
    feed = (await admin.post("/v1/feeds", json={"url": well})).json()

    async def is_polled() -> bool:
        return (await admin.get(f"/v1/feeds/{feed['id']}")).json()["polled_at"] is not None

    await eventually(is_polled, "the feed is polled")
    await runtime.db.run(FAILED_BEFORE, UUID(feed["id"]))


async def have_come(receiver: Web, wanted: set[str]) -> bool:
    """An event of each type."""
    bodies = [one.body for one in receiver.requests if one.path == "/hook"]
    return {msgspec.json.decode(body)["type"] for body in bodies} >= wanted
