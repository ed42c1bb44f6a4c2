"""The short way of hot requests is the framework's way: same rules, parameters and refusals."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any, cast

import httpx
import pytest

from service.api.answer import Answer
from service.api.app import Api
from service.api.fast_path import FastPath
from service.api.singleflight import Singleflight
from service.errors import NotFound
from tests.api.conftest import Caller, client_of, make_key

NOBODY = "019a0000-0000-7000-8000-000000000000"
SAME = (
    f"/v1/articles/{NOBODY}",
    f"/v1/articles/{NOBODY}?format=pdf",
    f"/v1/articles/{NOBODY}?unknown=1",
    "/v1/articles?limit=3",
    "/v1/articles?limit=0&word_count_min=x",
    "/v1/articles?published_after=2026-01-01",
    "/v1/articles?cursor=abc&cursor=abd",
    "/v1/articles?%63ursor=abc&cursor=abd",
    "/v1/articles?cursor=abc",
    "/v1/articles?lang=fr&lang=-de&cursor=",
    "/v1/articles?nothing=1&cursor=abc",
    "/v1/changes?include=everything",
    "/v1/changes?cursor=now&limit=2",
)


@pytest.fixture
def long_way(api: Api, monkeypatch: pytest.MonkeyPatch) -> FastPath:
    """The application's short way, which finds nothing while the fixture is in use."""
    direct = cast(FastPath, api._edge._app)
    monkeypatch.setattr(direct, "_found", lambda scope: None)
    return direct


def told(answer: httpx.Response) -> tuple[Any, ...]:
    """What an answer says, without what differs from one request to the next."""
    ids = {"x-request-id", "traceparent", "ratelimit", "etag", "content-length"}
    body = answer.json()
    body.pop("trace_id", None)
    headers = {name: value for name, value in answer.headers.items() if name not in ids}
    return answer.status_code, headers, body


@pytest.mark.parametrize("path", SAME)
async def test_both_ways_answer_alike(
    path: str, admin: httpx.AsyncClient, call: httpx.AsyncClient, request: pytest.FixtureRequest
) -> None:
    """With and without a key, wrong or right, asked once or again."""
    short = [told(await caller.get(path)) for caller in (admin, admin, call)]
    request.getfixturevalue("long_way")

    long = [told(await caller.get(path)) for caller in (admin, admin, call)]

    assert short == long


POSTS = (
    ("?url=https://direct.example/a", b"<p>Short.", "text/html; charset=utf-8", ""),
    ("?url=https%3A%2F%2Fdirect.example%2Fa%3Fb=%C3%A9%26c", b"<p>Short.", "text/html", ""),
    ("?url=https://direct.example/a?b=c", b"<p>Short.", "text/html", ""),
    ("?url=https://direct.example/a+b", b"<p>Short.", "text/html", ""),
    ("?url=https://direct.example/%FF", b"<p>Short.", "text/html", ""),
    ("?url=https://direct.example/;a=1", b"<p>Short.", "text/html", ""),
    ("?url=", b"<p>Short.", "text/html", ""),
    ("?url=" + "x" * 9_000, b"<p>Short.", "text/html", ""),
    ("?%75rl=https://direct.example/a", b"<p>Short.", "text/html", ""),
    ("?url=javascript:1", b"<p>Short.", "text/html", ""),
    ("?url=https://direct.example/a", b" ", "text/html", ""),
    ("?url=https://a.example&url=https://b.example", b"x", "text/plain", ""),
    ("?ur=https://a.example", b"x", "text/plain", ""),
    ("", b"caf\xe9", "text/plain; charset=utf-8", ""),
    ("", b"caf\xe9", 'text/plain; x=1; charset="latin-1"', ""),
    ("", b"x", "image/png", ""),
    ("", b"x", "", ""),
    ("", b'{"url": 1}', "application/json", ""),
    ("", b'{"text": "One line."}', "Application/JSON", ""),
    ("", b"x", "text/html", "gzip"),
    ("", b"x", "text/html", "lzma"),
    ("", gzip.compress(b"<p>x", mtime=0), "text/html", "gzip"),
    ("/batch", b'[{"text": "One."}, {"url": "x"}]', "application/json", ""),
    ("/batch", b"", "application/x-ndjson", ""),
)
MADE = {"id", "batch_id", "created_at", "due_at"}


@pytest.mark.parametrize(("path", "body", "kind", "coding"), POSTS)
async def test_both_ways_accept_alike(
    path: str, body: bytes, kind: str, coding: str, *, admin: httpx.AsyncClient,
    call: httpx.AsyncClient, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    """What is accepted and what is refused, and why; with a key and without."""
    headers = {"Content-Type": kind, "Content-Encoding": coding}
    headers = {name: value for name, value in headers.items() if value}

    def same(answer: httpx.Response) -> tuple[Any, ...]:
        status, given, said = told(answer)
        given.pop("location", None)
        for one in (said, *said.get("items", [])):
            for name in MADE & set(one):
                one[name] = None
        return status, given, said

    short = [
        same(await who.post(f"/v1/ingestions{path}", content=body, headers=headers))
        for who in (admin, call)
    ]
    request.getfixturevalue("long_way")

    long = [
        same(await who.post(f"/v1/ingestions{path}", content=body, headers=headers))
        for who in (admin, call)
    ]

    assert short == long


async def test_a_short_way_is_there(api: Api) -> None:
    """Of the routes that are asked most."""
    direct = cast(FastPath, api._edge._app)

    assert {"/v1/articles", "/v1/changes"} <= set(direct._plain)
    assert "/v1/articles" in direct._by_id
    assert set(direct._posts) == {"/v1/ingestions", "/v1/ingestions/batch"}


async def test_addresses_that_must_be_normalised_are_found(admin: httpx.AsyncClient) -> None:
    """By the framework."""
    for path in ("/v1/articles/", "/v1//articles"):
        assert (await admin.get(path, params={"limit": 1})).status_code == 200


async def test_a_key_is_not_kept_for_whoever_shows_none(
    api: Api, caller: Caller, runtime: Any
) -> None:
    """Neither after X-Api-Key nor after a header that held a key."""
    key = await make_key(runtime, ["read"])
    async with client_of(api) as anybody:
        path = "/v1/articles?limit=1"
        for headers in ({"X-Api-Key": key}, {"Authorization": f"Bearer {key}"}):
            assert (await anybody.get(path, headers=headers)).status_code == 200
            assert (await anybody.get(path)).status_code == 401
            assert (await anybody.get(path, headers={"Authorization": ""})).status_code == 401
        two = {"Authorization": f"Bearer {key}", "X-Api-Key": "another"}
        assert (await anybody.get(path, headers=two)).status_code == 401


async def test_equal_questions_of_one_moment_share_answers() -> None:
    """The first is made; those who come meanwhile share one more, made after they came."""
    made, gate = 0, asyncio.Event()

    async def make() -> Answer:
        nonlocal made
        made += 1
        number = made
        await gate.wait()
        return Answer(b"%d" % number, {})

    shared = Singleflight()
    asked = [asyncio.create_task(shared.answer(b"q", make)) for _ in range(10)]
    await asyncio.sleep(0)
    asked[5].cancel()
    gate.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)

    others = [answer.body for answer in answers if isinstance(answer, Answer)]
    assert made == 2
    assert others == [b"1"] + [b"2"] * 8
    assert not shared._making and not shared._waiting


async def test_an_error_is_everybodys() -> None:
    """Of those who shared the question."""
    gate = asyncio.Event()

    async def make() -> Answer:
        await gate.wait()
        raise NotFound("gone")

    shared = Singleflight()
    asked = [asyncio.create_task(shared.answer(b"q", make)) for _ in range(5)]
    await asyncio.sleep(0)
    gate.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in answers] == [NotFound] * 5
