"""Browser apps: who may call, and what their browsers are told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from msgspec.structs import replace

from service.api.app import create_app
from service.runtime import Runtime
from tests.api.conftest import client_of, make_key

APP, OTHER = "https://app.example", "https://other.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
}
TOLD = "access-control-allow-origin"


def browser(runtime: Runtime, key: str, *origins: str) -> httpx.AsyncClient:
    settings = replace(runtime.settings, cors_origins=origins)
    return client_of(create_app(replace(runtime, settings=settings)), key)


@pytest.fixture
async def allowed(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that calls a service which names the app."""
    async with browser(runtime, await make_key(runtime, ["ingest", "read"]), APP) as client:
        yield client


async def test_a_preflight_is_answered_without_a_key(runtime: Runtime) -> None:
    """2xx with the origin, the methods of the resource, and the headers that may be sent."""
    async with browser(runtime, "", APP) as client:
        answer = await client.options("/v1/ingestions", headers=PREFLIGHT | {"Origin": APP})

    sent = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert answer.status_code == 204
    assert answer.headers[TOLD] == APP
    assert "POST" in answer.headers["access-control-allow-methods"].split(", ")
    assert set(PREFLIGHT["Access-Control-Request-Headers"].split(",")) <= set(sent)
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v1/articles", 200), ("/v1/articles?nope=1", 400), ("/v1/clients", 403), ("/v1/none", 404),
     ("/openapi.json", 200)],
)  # fmt: skip
async def test_every_answer_can_be_read(allowed: httpx.AsyncClient, path: str, status: int) -> None:
    """Good ones and refusals, by the short way and the framework's; with what pages on."""
    answer = await allowed.get(path, headers={"Origin": APP})

    assert answer.status_code == status
    assert answer.headers[TOLD] == APP
    assert "Link" in answer.headers["access-control-expose-headers"].split(", ")
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("headers", [{"Origin": OTHER}, {"Origin": APP + "."}, {}])
async def test_another_origin_is_told_nothing(
    allowed: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """It is answered, as any caller, but its browser will not show the answer; caches know."""
    answer = await allowed.get("/v1/articles", headers=headers)
    preflight = await allowed.options("/v1/articles", headers=headers | PREFLIGHT)

    for one in (answer, preflight):
        assert not [name for name in one.headers if name.startswith("access-control")]
        assert "Origin" in one.headers["vary"]


async def test_any_origin_may_be_allowed(runtime: Runtime) -> None:
    """By a star, and then nothing varies."""
    async with browser(runtime, await make_key(runtime, ["read"]), "*") as client:
        answer = await client.get("/v1/articles", headers={"Origin": OTHER})
        console = await client.get("/console", headers={"Origin": OTHER})

    assert answer.headers[TOLD] == "*"
    assert "Origin" not in answer.headers.get("vary", "")
    assert TOLD not in console.headers


async def test_by_default_nobody_is_told(admin: httpx.AsyncClient) -> None:
    """Services and native apps need none of it."""
    answer = await admin.get("/v1/articles", headers={"Origin": APP})

    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "Origin" not in answer.headers.get("vary", "")
