"""Pages that end their parser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import msgspec
import pytest

from service.ingest import Submission
from service.parsers import Parsers
from service.runtime import Runtime
from tests.working import a_client, ended, page, submitted, working


@pytest.fixture
async def hasty(runtime: Runtime) -> AsyncIterator[Runtime]:
    """A runtime whose parsers are killed before they can end any page."""
    settings = msgspec.structs.replace(runtime.settings, parse_wall_s=0.000_1)
    async with Parsers(settings) as parsers:
        yield msgspec.structs.replace(runtime, parsers=parsers)


async def test_a_page_that_ends_its_parser_is_poison(
    hasty: Runtime, runtime: Runtime, database: asyncpg.Connection
):
    """After three parsers a page is given up as poison, each death on record; others go on."""
    client_id = await a_client(runtime)
    sent = Submission(kind="html", url="https://poison.example/", content=page().encode())
    good = Submission(kind="html", url="https://good.example/", content=page("Good one").encode())

    async with working(hasty):
        [row] = await submitted(runtime, client_id, sent)
        [done] = await ended(hasty, row, within_s=30)
    async with working(runtime):
        [after] = await ended(runtime, *await submitted(runtime, client_id, good))

    assert (done.state, done.error_code, done.attempt) == ("failed", "poison", 3)
    tried = "select array_agg(error_code order by number) from attempt where ingestion_id = $1"
    assert await database.fetchval(tried, row.id) == ["parse_timeout", "parse_timeout", "poison"]
    assert after.outcome == "created"
