"""A phone that holds every article: bytes of its first sync and of a week away by ``/v1/changes``,
against a client that reads all lists again to see what is new, and does not ask for gzip."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import asyncpg

from benchmarks import loading
from benchmarks.figures import Figure
from benchmarks.harness import serving
from benchmarks.paths import Size
from benchmarks.stack import Stack
from service.document import decompress

COUNT = 5_000
UPDATED, DELETED = 350, 50
"""Of them in a week."""
WEEK = """
    with gone as (
      update article set deleted_at = now() where id in (
        select id from article order by id limit $2) returning id
    ), log as (
      insert into change (op, article_id, reason) select 'delete', id, 'deleted' from gone
    )
    insert into change (op, article_id, reason, revision)
    select 'upsert', id, 'updated', 2 from article order by id desc limit $1
"""


class Client:
    """Reads pages to their end, counts the bytes of bodies as they come over the wire."""

    def __init__(self, port: int, key: str, *, is_zipped: bool) -> None:
        self.base, self.received, self.items = f"http://127.0.0.1:{port}", 0, 0
        self.headers = {"authorization": f"Bearer {key}"}
        self.headers |= {"accept-encoding": "gzip"} if is_zipped else {}

    def get(self, path: str) -> dict[str, Any]:
        asked = urllib.request.Request(self.base + path, headers=self.headers)
        with urllib.request.urlopen(asked, timeout=30) as reply:
            body, is_zipped = reply.read(), reply.headers["Content-Encoding"] == "gzip"
        self.received += len(body)
        page: dict[str, Any] = json.loads(decompress(body) if is_zipped else body)
        self.items += len(page.get("items") or page.get("changes") or ())
        return page

    def sync(self, cursor: str | None) -> str:
        """Everything since ``cursor``; where to go on."""
        while True:
            page = self.get("/v1/changes?limit=200" + (f"&cursor={cursor}" if cursor else ""))
            cursor = str(page["cursor"])
            if not page["has_more"] and not page["changes"]:
                return cursor

    def read_all(self) -> int:
        """Every page of the list; the bytes it took."""
        before, cursor = self.received, ""
        while True:
            page = self.get(f"/v1/articles?limit=200{cursor}")
            if not page["next_cursor"]:
                return self.received - before
            cursor = f"&cursor={page['next_cursor']}"


def run(stack: Stack, size: Size) -> list[Figure]:
    """``COUNT`` articles, then ``UPDATED`` that changed and ``DELETED`` that went."""
    with stack.scratch() as url:
        asyncio.run(loading.load(url, COUNT, seed=2))
        key = stack.key(url)
        with serving({"api": stack.api(url)}) as servers:
            ours = Client(servers["api"].port, key, is_zipped=True)
            naive = Client(servers["api"].port, key, is_zipped=False)
            cursor = ours.sync(None)
            first = ours.received, naive.read_all()
            asyncio.run(_pass_a_week(url))
            ours.sync(cursor)
            week = ours.received - first[0], naive.read_all()
    return list(_figures({"first sync": first, "a week away": week}))


async def _pass_a_week(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(WEEK, UPDATED, DELETED)
    await connection.close()


def _figures(cases: dict[str, tuple[int, int]]) -> Iterator[Figure]:
    for case, (ours, theirs) in cases.items():
        note = f"{ours / 1000:,.0f} kB to {theirs / 1000:,.0f} kB"
        print(f"{case}: {note}, {COUNT:,} articles", flush=True)
        yield Figure(
            path="mobile", case=case, base="all lists again", metric="bytes",
            value=ours / theirs, note=note,
        )  # fmt: skip
