"""GET /v1/changes as a statement, against a page of a list, by the size of the data."""

from __future__ import annotations

import asyncio
import random

from benchmarks import retrieval
from benchmarks.figures import Figure
from benchmarks.paths import Size
from benchmarks.paths.statements import backend, growth, ratio, shown, timed
from benchmarks.stack import Stack
from service.db.filters import Filters


def run(stack: Stack, size: Size) -> list[Figure]:
    """Twenty changes with their cards from anywhere in the log."""
    return asyncio.run(statements(size, {count: stack.database(count) for count in size.counts}))


async def statements(size: Size, urls: dict[int, str]) -> list[Figure]:
    pick = random.Random(1)
    backends = {count: await backend(url) for count, url in urls.items()}
    firsts = {
        count: await one.connection.fetch("select xid::text, id from change order by xid, id")
        for count, one in backends.items()
    }

    def drawn(count: int) -> dict[str, retrieval.Statement]:
        row = pick.choice(firsts[count])
        values = (row["xid"], row["id"], retrieval.LIMIT)
        return {
            "changes": retrieval.Statement(retrieval.synced().sql, values),
            "list": retrieval.listed(Filters(), retrieval.anywhere(pick)),
        }

    times = await timed(
        backends, {count: lambda c=count: drawn(c) for count in urls}, size.repeats * 2
    )
    for one in backends.values():
        await one.connection.close()
    print(shown(times, size.counts), flush=True)
    largest = size.counts[-1]
    ours, theirs = times.pop("changes"), times.pop("list")
    return [
        ratio("changes", "page", "list page", "p50", ours[largest].p50, theirs[largest].p50),
        *growth("changes", {"page": ours}, size.counts),
    ]
