"""GET /v1/articles: twenty cards over HTTP against the bare SELECT and FastAPI; every filter and
sort as a statement, by the size of the data; page 1,000 against page 1."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

from benchmarks import retrieval
from benchmarks.figures import Figure
from benchmarks.harness import Case, serving
from benchmarks.load import Shot, request
from benchmarks.paths import Size, raced
from benchmarks.paths.read import prepare
from benchmarks.paths.statements import backend, growth, ratio, shown, timed
from benchmarks.stack import Stack
from service.db.filters import Filters

PATH = "/v1/articles?limit=20"
DIFFERENT = 100


def run(stack: Stack, size: Size) -> list[Figure]:
    """Over HTTP, then as statements."""
    urls = {count: stack.database(count) for count in size.counts}
    return http(stack, size, urls) + asyncio.run(statements(size, urls))


def http(stack: Stack, size: Size, urls: dict[int, str]) -> list[Figure]:
    """The newest twenty, identity, 16 connections; and as many filters, which no two requests of
    a moment share."""
    small, large = urls[size.counts[0]], urls[size.counts[-1]]
    asyncio.run(prepare(small))
    plain = Shot(request("GET", PATH, {}))

    def ours(url: str, lists: Sequence[str] = ("",)) -> list[Shot]:
        key = {"authorization": f"Bearer {stack.key(url)}"}
        return [Shot(request("GET", PATH + filter, key)) for filter in lists]

    different = [f"&word_count_min={number}" for number in range(DIFFERENT)]

    cases = [
        Case(name="bare SELECT", server="floor", shots=[plain]),
        Case(name="FastAPI", server="peer", shots=[plain]),
        Case(name="20 cards", server="api", shots=ours(small), against=("bare SELECT", "FastAPI")),
        Case(name="20 cards, lists that differ", server="api", shots=ours(small, different),
             against=("bare SELECT", "FastAPI")),
        Case(name=f"20 cards of {size.counts[-1]:,}", server="large", shots=ours(large),
             against=("20 cards",)),
    ]  # fmt: skip
    commands = {
        "api": stack.api(small), "large": stack.api(large), "floor": stack.floor("list", small),
        **stack.peer(small),
    }  # fmt: skip
    with serving(commands) as servers:
        return raced("list", cases, servers, stack, size)


async def statements(size: Size, urls: dict[int, str]) -> list[Figure]:
    """Every filter and sort; and pages so deep as there are."""
    picks = {count: random.Random(count) for count in urls}
    backends = {count: await backend(url) for count, url in urls.items()}
    largest = size.counts[-1]
    deep = await retrieval.place(backends[largest].connection, retrieval.DEEP)
    draws = {count: lambda c=count: retrieval.lists(picks[c]) for count in urls}
    times = await timed(backends, draws, size.repeats)
    pages = await timed(
        {largest: backends[largest]},
        {largest: lambda: {
            "page 1": retrieval.listed(Filters()), "page 1,000": retrieval.listed(Filters(), deep),
        }}, size.repeats * 4,
    )  # fmt: skip
    for one in backends.values():
        await one.connection.close()
    print(shown(times | pages, size.counts), flush=True)
    first, last = pages["page 1"][largest], pages["page 1,000"][largest]
    deeper = ratio("list", "page 1,000", "page 1", "p50", last.p50, first.p50)
    return [deeper, *growth("list", times, size.counts)]
