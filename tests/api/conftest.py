"""The served application over real Postgres and Valkey, called without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import httpx
import pytest

from service.api.app import Api, create_app
from service.api.auth import SCOPES, new_key
from service.db import clients
from service.runtime import Runtime, open_runtime
from service.settings import Settings

Caller = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture(scope="module")
async def runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """What the module's service works with."""
    async with open_runtime(settings) as runtime:
        yield runtime


@pytest.fixture(scope="module")
async def api(runtime: Runtime) -> AsyncIterator[Api]:
    """The served application."""
    api = create_app(runtime)
    async with api.running():
        yield api


@pytest.fixture(scope="module")
async def call(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a key."""
    async with client_of(api) as client:
        yield client


@pytest.fixture(scope="module")
async def caller(api: Api, runtime: Runtime) -> AsyncIterator[Caller]:
    """Makes callers: each a client of its own, with a key that has the given scopes."""
    made: list[httpx.AsyncClient] = []

    async def make(*scopes: str) -> httpx.AsyncClient:
        made.append(client_of(api, await make_key(runtime, scopes or SCOPES)))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture(scope="module")
async def admin(caller: Caller) -> httpx.AsyncClient:
    """A caller that may do everything."""
    return await caller(*SCOPES)


def client_of(api: Api, key: str | None = None) -> httpx.AsyncClient:
    """A caller of ``api``; an exception inside is an answer, as over a socket."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=api, raise_app_exceptions=False),
        base_url="http://broadsheet.test",
        headers={"Authorization": f"Bearer {key}"} if key else {},
    )


async def make_key(runtime: Runtime, scopes: Sequence[str], name: str = "a test") -> str:
    """The key of a new client."""
    made = new_key(runtime.settings.secret)
    async with runtime.db.transaction() as transaction:
        client = await clients.create(transaction, name)
        await clients.create_key(
            transaction, client.id, prefix=made.prefix, hash=made.hash, scopes=list(scopes)
        )
    return made.key
