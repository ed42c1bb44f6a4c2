"""The third set of judged searches: written before its results were seen, with .70 then."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from service.db.session import Db, open_db
from service.settings import Settings
from tests.search.judged import by_kind, scored
from tests.search.test_quality import VERSION, runs_of_ours, stored

FLOOR = 0.93
FLOORS = {
    "accents": 1.0, "address": 1.0, "compound": 0.66, "inflected": 0.84, "name": 0.72,
    "number": 0.97, "prefix": 1.0, "script": 1.0, "stopwords": 0.97, "syntax": 1.0, "token": 0.97,
    "unparted": 1.0, "words": 0.93,
}  # fmt: skip
"""nDCG of the first ten, as measured; compounds, and cases that change a word's stem (Helsinki,
Helsingissä), are the known weaknesses."""
BEFORE_18 = FLOORS | {"compound": 0.6}
"""One of the compounds that are found is not asked (see ``judged.Asked.postgres``)."""


@pytest.fixture(scope="module")
async def db(settings: Settings) -> AsyncIterator[Db]:
    async with open_db(settings.database_url, pool_max=2, timeout_s=30) as db:
        yield db


async def test_what_readers_type_is_answered(db: Db, settings: Settings) -> None:
    """Sixteen languages; a floor for all and for each kind."""
    named = await stored("third", settings, db)
    ours = await runs_of_ours(db, "third", named)

    floors = FLOORS if (await db.only(VERSION)).major >= 18 else BEFORE_18
    told = "\n".join(f"{kind}: {score}" for kind, score in by_kind(ours).items())
    assert scored(ours).ndcg >= FLOOR, told
    assert {k: s for k, s in by_kind(ours).items() if s.ndcg < floors[k]} == {}, told
