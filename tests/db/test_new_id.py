"""Ids are UUIDs of version 7, in the order of their making."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg


async def test_ids_are_version_7_and_of_now(database: asyncpg.Connection):
    """An id holds the version, the variant and the time of RFC 9562."""
    id = await database.fetchval("select new_id()")

    made = datetime.fromtimestamp((id.int >> 80) / 1000, UTC)
    assert id.version == 7
    assert id.variant == "specified in RFC 4122"
    assert abs((datetime.now(UTC) - made).total_seconds()) < 60


async def test_ids_of_one_statement_are_in_order(database: asyncpg.Connection):
    """Rows of one batch are sorted by id as they were accepted, and no two ids are equal."""
    rows = await database.fetch("select new_id() as id from generate_series(1, 2000)")

    ids = [row["id"] for row in rows]
    assert ids == sorted(ids)
    assert len(set(ids)) == 2000
