"""The outer layer: what every answer has, whoever answered."""

from __future__ import annotations

import asyncio
import gc
import re
from uuid import UUID

import httpx
import pytest

from service.api import edge, exchange
from service.api.app import Api
from service.api.asgi import Message
from service.db import gauges
from service.errors import RequestTimeout
from service.runtime import Runtime
from tests.api.conftest import Caller, make_key

PROBLEM = "application/problem+json"
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "retryable", "trace_id"}


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    """The answer is a whole problem document."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body.keys() >= MEMBERS
    assert (body["status"], body["code"]) == (status, code)
    assert body["trace_id"] == answer.headers["traceparent"].split("-")[1]
    assert re.match(r"(urn|https):", body["type"])


async def test_an_unknown_address_is_a_problem(call: httpx.AsyncClient) -> None:
    """404 for everybody, with ids and security headers, though no route ran."""
    answer = await call.get("/v1/nothing")

    assert_problem(answer, 404, "not_found")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]


async def test_a_wrong_method_is_told_the_right_ones(admin: httpx.AsyncClient) -> None:
    """405 names what is allowed, HEAD with GET."""
    answer = await admin.put("/v1/clients")

    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_options_names_what_a_resource_can(call: httpx.AsyncClient) -> None:
    """All its methods, whichever handlers they are in."""
    answer = await call.options("/v1/clients")

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_ids_of_the_caller_come_back(call: httpx.AsyncClient) -> None:
    """A valid traceparent is continued with a span of ours, and the request id is echoed."""
    sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    answer = await call.get("/livez", headers={"traceparent": sent, "X-Request-Id": "req-7"})

    version, trace_id, span_id, flags = answer.headers["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", sent.split("-")[1], "01")
    assert span_id != sent.split("-")[2]
    assert answer.headers["x-request-id"] == "req-7"


@pytest.mark.parametrize(
    "sent",
    [
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "nonsense",
    ],
)
async def test_an_invalid_traceparent_starts_a_trace(call: httpx.AsyncClient, sent: str) -> None:
    """What W3C Trace Context calls invalid is not continued, and a bad request id not echoed."""
    answer = await call.get("/livez", headers={"traceparent": sent, "X-Request-Id": "a b\x7f"})

    assert answer.headers["traceparent"].split("-")[1] not in sent
    assert answer.headers["x-request-id"] == answer.headers["traceparent"].split("-")[1]


async def test_head_is_get_without_the_body(admin: httpx.AsyncClient) -> None:
    """HEAD works wherever GET does, with the same headers."""
    head, get = await admin.head("/v1/clients"), await admin.get("/v1/clients")

    own = {"traceparent", "x-request-id", "ratelimit"}
    assert (head.status_code, head.content) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k not in own} == {
        k: v for k, v in get.headers.items() if k not in own
    }


@pytest.mark.parametrize("query", ["limti=3", "limit=3&q=x", "%6Cimi=1", "cursor=&foo"])
async def test_an_unknown_parameter_is_refused_by_name(
    admin: httpx.AsyncClient, query: str
) -> None:
    """400 names every unknown parameter."""
    answer = await admin.get(f"/v1/clients?{query}")

    assert_problem(answer, 400, "invalid_request")
    named = {error["pointer"] for error in answer.json()["errors"] if error["code"] == "unknown"}
    assert named and named.isdisjoint({"limit", "cursor"})


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=5&limit=7", "limit"),
        ("q=a&lang=de&q=b", "q"),
        ("published_after=2024", "published_after"),
        ("lang=de&updated_before=1700000000", "updated_before"),
    ],
)
async def test_no_parameter_is_guessed_at(admin: httpx.AsyncClient, query: str, named: str) -> None:
    """One of two values, or a year read as seconds since 1970, would be answered in silence."""
    answer = await admin.get(f"/v1/articles?{query}")

    assert_problem(answer, 400, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [named]


async def test_a_list_takes_several_values(admin: httpx.AsyncClient) -> None:
    """Of one parameter, each named once more."""
    answer = await admin.get("/v1/articles?lang=de&lang=fr&published_after=2024-01-01T00:00:00Z")

    assert answer.status_code == 200


async def test_every_wrong_parameter_is_named(admin: httpx.AsyncClient) -> None:
    """Not only the first."""
    answer = await admin.get("/v1/ingestions?limit=many&since=yesterday&batch=7")

    assert_problem(answer, 400, "invalid_request")
    assert {error["pointer"] for error in answer.json()["errors"]} == {"limit", "since", "batch"}


@pytest.mark.parametrize(
    ("query", "name", "detail"),
    [
        ("/v1/ingestions?state=done", "state", "queued"),
        ("/v1/feeds?state=done", "state", "failing"),
        ("/v1/articles?sort=size", "sort", "-published_at"),
        ("/v1/articles?has=sound", "has", "video"),
        ("/v1/articles?page_kind=-recipe", "page_kind", "gallery"),
        ("/v1/articles?lang=english", "lang", "pt-BR"),
        ("/v1/articles?lang=-pt_BR", "lang", "pt-BR"),
    ],
)
async def test_a_wrong_choice_is_told_the_right_ones(
    admin: httpx.AsyncClient, query: str, name: str, detail: str
) -> None:
    """By the parameter's name in the address, with what it may be."""
    answer = await admin.get(query)

    assert_problem(answer, 400, "invalid_request")
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == name
    assert detail in fault["detail"]


@pytest.mark.parametrize(
    ("query", "name", "code", "detail"),
    [
        ("/v1/articles?limit=many", "limit", "invalid", "a whole number"),
        ("/v1/articles?limit=0", "limit", "invalid", "a number >= 1"),
        ("/v1/articles?is_free=maybe", "is_free", "invalid", "true or false"),
        ("/v1/articles?q=" + "a" * 600, "q", "invalid", "a text of <= 500 characters"),
        ("/v1/articles?created_after=2026-01-31", "created_after", "invalid", "T08:00:00Z"),
        ("/v1/articles?created_after=2026-01-31T08:00:00+01:00", "created_after", "invalid", "%2B"),
        (f"/v1/articles/{UUID(int=1)}/diff?to=2", "from", "missing", "required"),
    ],
)
async def test_a_wrong_parameter_is_told_in_words(
    admin: httpx.AsyncClient, query: str, name: str, code: str, detail: str
) -> None:
    """Which parameter, and what it may be, for people who write addresses and no Python."""
    answer = await admin.get(query)

    assert_problem(answer, 400, "invalid_request")
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (name, code)
    assert detail in fault["detail"]
    assert name in answer.json()["detail"]


@pytest.mark.parametrize(
    ("given", "pointer", "code", "detail"),
    [
        ({"verifier": {"type": "magic"}}, "/verifier/type", "enum", "standard_webhooks, hmac"),
        ({"verifier": {"type": "hmac"}}, "/verifier/header", "missing", "required"),
        ({"verifier": {}}, "/verifier/type", "missing", "required"),
        (
            {"verifier": {"type": "hmac", "header": "X", "algorithm": "md5"}},
            "/verifier/algorithm", "enum", "sha1, sha256",
        ),
        ({"verifier": {"type": "bearer", "key": 1}}, "/verifier/key", "unknown", "no such field"),
        ({"mapping": "drupal"}, "/mapping", "enum", "ghost"),
        ({"mapping": {"items": "x"}}, "/mapping/items", "type", "array"),
    ],
)  # fmt: skip
async def test_a_fault_inside_a_choice_is_named(
    admin: httpx.AsyncClient, given: dict[str, object], pointer: str, code: str, detail: str
) -> None:
    """The field that is wrong, not the union that it is in, and the words that it may be."""
    body = {"name": "a CMS", "verifier": {"type": "standard_webhooks"}} | given

    answer = await admin.post("/v1/sources", json=body)

    assert_problem(answer, 400, "invalid_request")
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)
    assert detail in fault["detail"]


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("https://user:word@news.example/a", "without user name"),
        ("https://news.example:65536/a", "port up to 65535"),
        (f"https://{'n' * 64}.example/a", "host that DNS can hold"),
        (f"https://{'news.' * 50}example/a", "host that DNS can hold"),
        (f"https://{'é' * 60}.example/a", "host that DNS can hold"),
        ("https://news..example/a", "host that DNS can hold"),
        ("http://256.1.1.1/a", "host that DNS can hold"),
        ("https://", "absolute"),
    ],
)
async def test_an_address_that_names_no_page_is_refused(
    admin: httpx.AsyncClient, url: str, detail: str
) -> None:
    """At once, and not when it is worked on; a password would be shown to every reader."""
    as_json = await admin.post("/v1/ingestions", json={"url": url, "html": "<p>x"})
    raw = await admin.post(
        "/v1/ingestions",
        params={"url": url},
        content=b"<p>x",
        headers={"content-type": "text/html"},
    )

    for answer in (as_json, raw):
        assert_problem(answer, 400, "invalid_request")
        (fault,) = answer.json()["errors"]
        assert fault["code"] == "url"
        assert detail in fault["detail"]
        assert "word" not in answer.json()["detail"]


async def test_every_wrong_field_is_named(admin: httpx.AsyncClient) -> None:
    """Each by a JSON Pointer, with a stable code."""
    answer = await admin.post(
        "/v1/clients", json={"scopes": ["read", "write"], "nme": "x", "expires_at": "soon"}
    )

    assert_problem(answer, 400, "invalid_request")
    assert {(error["pointer"], error["code"]) for error in answer.json()["errors"]} == {
        ("/nme", "unknown"), ("/name", "missing"), ("/scopes/1", "enum"),
        ("/expires_at", "invalid"),
    }  # fmt: skip
    assert "/nme (there is no such field; known are name, scopes," in answer.json()["detail"]


async def test_a_parameter_that_is_not_known_is_told_those_that_are(
    admin: httpx.AsyncClient,
) -> None:
    """Whoever guesses a name learns the right one from the answer."""
    answer = await admin.get("/v1/changes?since=1")

    assert_problem(answer, 400, "invalid_request")
    assert "since; known here: cursor, " in answer.json()["detail"]


async def test_numbers_in_strings_are_not_numbers(admin: httpx.AsyncClient) -> None:
    """Bodies are read strictly: no coercion."""
    answer = await admin.post("/v1/clients", json={"scopes": ["read"], "name": 7})

    assert_problem(answer, 400, "invalid_request")
    assert answer.json()["errors"][0]["code"] == "type"


async def test_nul_never_reaches_the_database(admin: httpx.AsyncClient) -> None:
    """U+0000 is refused in bodies, queries and paths, each naming it."""
    body = await admin.post("/v1/clients", json={"scopes": ["read"], "name": "a\0b"})
    query = await admin.get("/v1/articles?site=a%00b")
    path = await admin.get("/v1/articles/%00")

    assert_problem(body, 400, "invalid_request")
    assert body.json()["errors"][0]["pointer"] == "/name"
    assert_problem(query, 400, "invalid_request")
    assert_problem(path, 400, "invalid_request")


async def test_a_body_of_another_type_is_415(admin: httpx.AsyncClient) -> None:
    """The answer says what is understood."""
    answer = await admin.post("/v1/clients", content="name=x", headers={"Content-Type": "text/x"})

    assert_problem(answer, 415, "unsupported_type")
    assert answer.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer bsk_nothing"},
        {"X-Api-Key": "bsk_" + "0" * 49},
        {"Authorization": "Bearer a", "X-Api-Key": "b"},
    ],
)
async def test_without_a_valid_key_is_401(call: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """Every way not to have a key is a problem with a challenge."""
    answer = await call.get("/v1/articles", headers=headers)

    assert_problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_public_route_takes_credentials_of_its_own(call: httpx.AsyncClient) -> None:
    """What is no client key is that route's business, and no reason for 401 at the door."""
    headers = {"Authorization": "Basic eDp5"}

    public = await call.get("/docs", headers=headers)
    unknown = await call.get("/v1/nothing", headers=headers)

    assert (public.status_code, unknown.status_code) == (200, 404)


async def test_the_address_that_a_hub_knows_is_in_no_log(
    call: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can guess it, so whoever has it may end the subscription."""
    lines: list[edge.Access] = []
    monkeypatch.setattr(edge, "write_line", lines.append)

    await call.post("/v1/websub/of-one-hub", content=b"x")
    await call.get("/v1/nothing")

    assert [line.path for line in lines] == ["/v1/websub/{token}", "/v1/nothing"]


async def test_a_key_without_the_scope_is_403(caller: Caller) -> None:
    """The problem names the scope that lacks."""
    reader = await caller("read")

    answer = await reader.get("/v1/clients")

    assert_problem(answer, 403, "forbidden")
    assert "'admin'" in answer.json()["detail"]


async def test_the_framework_serves_nothing_of_its_own(call: httpx.AsyncClient) -> None:
    """No schema pages beside ours."""
    assert [(await call.get(path)).status_code for path in ("/schema", "/schema/x")] == [404, 404]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v1/articles", {}, 200),
        ("/v1/articles", {"authorization": "Bearer wrong"}, 401),
        ("/v1/articles?limti=1", {}, 400),
        ("/v1/nothing", {}, 404),
        ("/v1/articles", {"busy": "yes"}, 503),
    ],
)
async def test_no_request_leaves_work_for_the_garbage_collector(
    api: Api, runtime: Runtime, *, path: str, headers: dict[str, str], status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whatever the answer: what a request made is freed when it ends. A cycle of an error and its
    frames waited for the collector, which stopped the loop when there were thousands."""
    key = await make_key(runtime, ["read"])
    given = {"authorization": f"Bearer {key}"} | headers
    if given.pop("busy", None):
        monkeypatch.setattr(api.admission, "in_flight", 10_000)
    told: list[int] = []

    async def send(message: Message) -> None:
        told.append(message.get("status", status))

    async def ask() -> None:
        where, _, query = path.partition("?")
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "path": where,
            "raw_path": where.encode(), "query_string": query.encode(), "root_path": "",
            "scheme": "http", "server": ("here", 80), "client": ("here", 1), "extensions": {},
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "state": {}, "asgi": {"version": "3.0"},
        }  # fmt: skip
        await api(scope, nothing_more, send)

    await ask()
    gc.collect()
    for _ in range(50):
        await ask()

    assert set(told) == {status}
    assert gc.collect() < 50


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
async def test_probes_of_one_moment_are_measured_once(
    call: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """No quota bounds them, so a crowd that asks costs what one costs."""
    asked = 0
    name = {"/metrics": "queues", "/readyz": "ping"}[path]
    measure = getattr(gauges, name)

    async def counted(*values: object) -> object:
        nonlocal asked
        asked += 1
        return await measure(*values)

    monkeypatch.setattr(gauges, name, counted)
    answers = await asyncio.gather(*(call.get(path) for _ in range(50)))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert asked <= 2


async def test_a_stream_that_nobody_reads_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its place is free again; a head that has left stays as it was."""
    monkeypatch.setattr(exchange, "PATIENCE_S", 0.01)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        if message.get("body"):
            await asyncio.Event().wait()

    scope = {"method": "GET", "path": "/", "headers": []}
    streaming = exchange.Exchange(scope, nothing_more, send, asyncio.Event())
    await streaming.send({"type": "http.response.start", "status": 200, "headers": []})
    with pytest.raises(RequestTimeout):
        await streaming.send({"type": "http.response.body", "body": b"line", "more_body": True})

    assert [message.get("status") for message in sent] == [200, None]
    assert streaming.is_begun


async def nothing_more() -> Message:
    """The end of a body."""
    return {"type": "http.request", "body": b"", "more_body": False}
