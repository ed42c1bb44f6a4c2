"""/v1/articles/reextract: kept pages read again."""

from __future__ import annotations

import asyncio

import asyncpg
import httpx

from service.extract import VERSION
from service.ingest import Submission
from service.runtime import Runtime
from tests.api.conftest import Caller
from tests.working import a_client, ended, page, submitted, working


async def test_kept_pages_are_queued_and_change_nothing(
    admin: httpx.AsyncClient, caller: Caller, runtime: Runtime
) -> None:
    """Only an admin may; articles of this version are left out unless every one is asked for;
    what did not change makes no revision."""
    client_id = await a_client(runtime)
    sent = Submission(kind="html", url="https://again.example/a", content=page().encode())
    async with working(runtime):
        (first,) = await ended(runtime, *await submitted(runtime, client_id, sent))
    address, one = "/v1/articles/reextract", {"article_id": str(first.article_id)}

    forbidden = await (await caller("ingest")).post(address, json=one)
    current = (await admin.post(address, json=one)).json()
    every = (await admin.post(address, json=one | {"every": True})).json()
    async with working(runtime):
        listed = (await admin.get("/v1/ingestions?limit=1")).json()["items"]
        while listed[0]["finished_at"] is None:
            listed = (await admin.get("/v1/ingestions?limit=1")).json()["items"]

    assert forbidden.status_code == 403
    assert (current["queued"], every["queued"]) == (0, 1)
    assert every["extractor_version"] == VERSION
    assert (listed[0]["outcome"], listed[0]["revision"]) == ("unchanged", 1)
    assert listed[0]["article_id"] == str(first.article_id)


async def test_what_is_read_again_is_found_as_this_version_finds(
    admin: httpx.AsyncClient, runtime: Runtime, database: asyncpg.Connection
) -> None:
    """The words and facets of an article that stays as it is are indexed anew."""
    client_id = await a_client(runtime)
    sent = Submission(kind="html", url="https://again.example/b", content=page().encode())
    async with working(runtime):
        (first,) = await ended(runtime, *await submitted(runtime, client_id, sent))
    id = first.article_id
    tagged = await admin.patch(f"/v1/articles/{id}", json={"tags": ["kept"]})
    row = "select bucket, sort_at, site_id, cfg, facets, tsv from article_search where id = $1"
    before = await database.fetchrow(row, id)
    await database.execute("update article_search set tsv = '', facets = '{}' where id = $1", id)

    await admin.post("/v1/articles/reextract", json={"article_id": str(id), "every": True})
    async with working(runtime), asyncio.timeout(60):
        while await database.fetchval("select tsv = '' from article_search where id = $1", id):
            await asyncio.sleep(0.02)

    assert tagged.status_code == 200
    assert await database.fetchrow(row, id) == before
