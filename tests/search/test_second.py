"""The second set of judged searches: written before its results were seen, with .68 then."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from service.db.session import Db, open_db
from service.settings import Settings
from tests.search.judged import by_kind, scored
from tests.search.test_quality import runs_of_naive, runs_of_ours, stored

FLOOR = 0.92
FLOORS = {
    "accents": 1.0, "compound": 0.5, "inflected": 0.85, "name": 1.0, "nothing": 1.0,
    "particles": 1.0, "script": 1.0, "unparted": 1.0, "words": 1.0,
}  # fmt: skip
"""nDCG of the first ten, as measured; compounds are the known weakness."""


@pytest.fixture(scope="module")
async def db(settings: Settings) -> AsyncIterator[Db]:
    async with open_db(settings.database_url, pool_max=2, timeout_s=30) as db:
        yield db


async def test_searches_of_other_stories_answer_as_readers_judge(
    db: Db, settings: Settings, database: asyncpg.Connection
) -> None:
    """Fourteen languages, six of which the first set has not; a floor for all and for each kind."""
    named = await stored("second", settings, db)
    ours = await runs_of_ours(db, "second", named)
    naive = await runs_of_naive(database, "second")

    told = "\n".join(f"{kind}: {score}" for kind, score in by_kind(ours).items())
    assert scored(ours).ndcg >= FLOOR, told
    assert scored(ours).ndcg >= 2.5 * scored(naive).ndcg, told
    assert {k: s for k, s in by_kind(ours).items() if s.ndcg < FLOORS[k]} == {}, told
