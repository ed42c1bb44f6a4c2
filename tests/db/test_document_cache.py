"""Documents that are kept: each read asks Postgres, and a body that is known does not travel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from service import ingest
from service.db import articles
from service.db.articles import Current
from service.db.document_cache import AROUND_BYTES, DocumentCache
from service.db.reader import Reader
from service.document import compress
from service.ingest import Submission
from service.runtime import Runtime
from tests.working import a_client, ended, page, submitted, working

BYTES_MAX = 10_000_000
AT = datetime(2026, 3, 1, tzinfo=UTC)
JSON = b"{}" * 500
SIZE = len(compress(JSON)) + len(JSON) + AROUND_BYTES


async def stored(runtime: Runtime, *urls: str) -> list[UUID]:
    """The ids of new articles."""
    client_id = await a_client(runtime)
    sent = [
        Submission(kind="html", url=url, content=page(f"At {url}", note=url).encode())
        for url in urls
    ]
    async with working(runtime):
        done = await ended(runtime, *await submitted(runtime, client_id, *sent))
    return [one.article_id for one in done if one.article_id]


async def test_a_body_comes_once(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time Postgres is asked for the tag alone; the document is the same."""
    reader, sent = Reader(runtime.db, BYTES_MAX), []
    ids = await stored(runtime, "https://once.example/1", "https://once.example/2")
    ask = articles.current

    async def noted(db: object, ids: Sequence[UUID], tags: Sequence[str]) -> list[Current]:
        rows = await ask(db, ids, tags)  # type: ignore[arg-type]
        sent.extend(row.body is not None for row in rows)
        return rows

    monkeypatch.setattr(articles, "current", noted)
    first = [await reader.doc(id) for id in ids]
    again = [await reader.doc(id) for id in ids]

    assert sent == [True, True, False, False]
    assert again == first
    assert all(first)


async def test_what_changed_is_read_anew(runtime: Runtime) -> None:
    """From the moment of its commit; whoever held the old one before has the new one then."""
    reader = Reader(runtime.db, BYTES_MAX)
    [id] = await stored(runtime, "https://change.example/1")
    before = await reader.doc(id)

    changed = await ingest.annotate(runtime, id, tags=["fresh"], metadata={}, if_match=None)
    after = await reader.doc(id)

    assert before and after
    assert after.etag == changed.etag != before.etag
    assert after.body == changed.body
    assert after.updated_at == changed.updated_at


async def test_what_is_deleted_is_gone(runtime: Runtime) -> None:
    """Though its body is still in memory."""
    reader = Reader(runtime.db, BYTES_MAX)
    [id] = await stored(runtime, "https://gone.example/1")
    assert await reader.doc(id)

    await ingest.delete(runtime, id)

    assert await reader.doc(id) is None


def row(number: int, *, is_known: bool = False, at: datetime = AT) -> Current:
    return Current(UUID(int=number), str(number), None if is_known else compress(JSON), at)


def test_known_bytes_of_another_time_are_of_that_time() -> None:
    """The body is the one that is kept, the time is the one that is stated."""
    kept, later = DocumentCache(BYTES_MAX), AT + timedelta(hours=1)
    first = kept.renew(row(1), None)

    again = kept.renew(row(1, is_known=True, at=later), first)

    assert (again.body, again.updated_at) == (first.body, later)


def test_what_was_not_asked_for_longest_goes_first() -> None:
    """The bound holds with all that is made of the documents."""
    kept = DocumentCache(SIZE * 3)
    for number in (1, 2, 3):
        kept.renew(row(number), None)
    kept.renew(row(1, is_known=True), kept.among([UUID(int=1)])["1"])

    kept.renew(row(4), None)

    assert sorted(kept.among(UUID(int=number) for number in range(6))) == ["1", "3", "4"]


def test_a_document_takes_its_place_once() -> None:
    """However often it changes, the others stay."""
    kept = DocumentCache(SIZE * 2)
    kept.renew(row(1), None)

    for minutes in range(5):
        kept.renew(row(2, at=AT + timedelta(minutes=minutes)), None)

    assert sorted(kept.among([UUID(int=1), UUID(int=2)])) == ["1", "2"]


@pytest.mark.parametrize("bytes_max", [0, SIZE - 1])
def test_what_has_no_room_is_served_and_not_kept(bytes_max: int) -> None:
    """A bound of nothing keeps nothing."""
    kept, one = DocumentCache(bytes_max), row(uuid4().int)

    doc = kept.renew(one, None)

    assert doc.body == one.body
    assert kept.among([one.id]) == {}
