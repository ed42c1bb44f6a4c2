"""Documents that are asked for together are read together, each by whoever asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from service.db import articles
from service.db.articles import Current
from service.db.document_cache import CachedDocument
from service.db.reader import TOGETHER_MAX, Reader
from service.errors import DatabaseUnavailable


class Statements:
    """Stands for ``articles.current``: notes the ids of each statement and waits until let go."""

    def __init__(self) -> None:
        self.asked: list[list[UUID]] = []
        self.gate = asyncio.Event()
        self.missing: set[UUID] = set()
        self.error: Exception | None = None

    async def current(
        self, _session: object, ids: Sequence[UUID], _tags: Sequence[str]
    ) -> list[Current]:
        self.asked.append(list(ids))
        await self.gate.wait()
        if self.error:
            raise self.error
        at = datetime.now(UTC)
        return [Current(id, id.hex, id.bytes, at) for id in ids if id not in self.missing]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Statements:
    """What the reader runs."""
    made = Statements()
    monkeypatch.setattr(articles, "current", made.current)
    return made


async def asked(reader: Reader, ids: Sequence[UUID]) -> list[asyncio.Task[CachedDocument | None]]:
    """A caller for each id; all wait."""
    tasks = [asyncio.create_task(reader.doc(id)) for id in ids]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_a_statement_takes_all_who_came(statements: Statements) -> None:
    """Those of two turns of the loop go together, which costs a lone one some 10 us; equal ids
    once."""
    reader, ids = Reader(None), [uuid4() for _ in range(10)]

    tasks = await asked(reader, [*ids, ids[3], ids[0]])
    statements.gate.set()
    found = await asyncio.gather(*tasks)

    assert statements.asked == [ids]
    assert [doc.id for doc in found if doc] == [*ids, ids[3], ids[0]]


async def test_two_statements_run_and_the_rest_waits(statements: Statements) -> None:
    """Whoever comes while both run goes with the next, which holds so many at most."""
    reader, late = Reader(None), [uuid4() for _ in range(TOGETHER_MAX + 5)]
    early = [*await asked(reader, [uuid4()]), *await asked(reader, [uuid4()])]

    tasks = await asked(reader, late)
    running = len(statements.asked)
    statements.gate.set()
    found = await asyncio.gather(*early, *tasks)

    assert running == 2
    assert sorted(map(len, statements.asked)) == [1, 1, 5, TOGETHER_MAX]
    assert all(found)


async def test_an_unknown_id_is_nobodys_document(statements: Statements) -> None:
    """Its neighbours have theirs."""
    reader, ids = Reader(None), [uuid4() for _ in range(4)]
    statements.missing = {ids[0], ids[2]}
    statements.gate.set()

    found = await asyncio.gather(*await asked(reader, ids))

    assert [doc is None for doc in found] == [True, False, True, False]


async def test_one_who_leaves_harms_nobody(statements: Statements) -> None:
    """Whoever of those who go together, also the one who began it."""
    reader, ids = Reader(None), [uuid4() for _ in range(6)]
    tasks = await asked(reader, ids)

    tasks[0].cancel()
    tasks[2].cancel()
    statements.gate.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)

    assert [isinstance(doc, CachedDocument) for doc in found] == [
        False,
        True,
        False,
        True,
        True,
        True,
    ]
    assert (await reader.doc(ids[0])) is not None


async def test_an_outage_is_everybodys_and_passes(statements: Statements) -> None:
    """Of those who asked then."""
    reader, ids = Reader(None), [uuid4() for _ in range(5)]
    statements.error = DatabaseUnavailable("gone", retry_after_s=2)
    tasks = await asked(reader, ids)
    statements.gate.set()

    found = await asyncio.gather(*tasks, return_exceptions=True)
    statements.error = None

    assert [type(error) for error in found] == [DatabaseUnavailable] * 5
    assert await reader.doc(ids[0])
