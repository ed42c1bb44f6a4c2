"""Searches as statements: each class of word by the size of the data, and what a planner that is
left alone would do."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence

from benchmarks import retrieval
from benchmarks.figures import Figure
from benchmarks.paths import Size
from benchmarks.paths.statements import Times, backend, growth, ratio, shown, timed
from benchmarks.stack import Stack

NAIVE_S_MAX = 5
"""Of a million articles a planner that is left alone reads all, for minutes: it is stopped."""
NAIVE_CLASSES = ("absent", "rare", "low", "mid", "common", "very common")
GROUPS = {
    "a word": NAIVE_CLASSES,
    "a filter or two words": (
        "both of two", "either of two", "with a site", "with a language", "with a tag"
    ),
    "a phrase of common words": ("phrase",),
    "by relevance": ("by rank", "by rank, the rest"),
}  # fmt: skip


def run(stack: Stack, size: Size) -> list[Figure]:
    """Newest first, every class."""
    return asyncio.run(statements(size, {count: stack.database(count) for count in size.counts}))


async def statements(size: Size, urls: dict[int, str]) -> list[Figure]:
    picks = {count: random.Random(count) for count in urls}
    backends = {count: await backend(url) for count, url in urls.items()}
    words = {count: await retrieval.classes(one.connection) for count, one in backends.items()}
    draws = {count: lambda c=count: retrieval.searches(words[c], picks[c]) for count in urls}
    times = await timed(backends, draws, size.repeats)
    by_rank = await timed(
        backends,
        {c: lambda c=c: retrieval.rankings(picks[c].choice(words[c]["common"])) for c in urls},
        max(size.repeats // 3, 10),
    )  # fmt: skip
    largest = size.counts[-1]
    pick = picks[largest]
    await backends[largest].connection.execute(f"set statement_timeout = '{NAIVE_S_MAX}s'")
    naive = await timed(
        {largest: backends[largest]},
        {largest: lambda: {
            f"naive: {name}": retrieval.naive(pick.choice(words[largest][name]))
            for name in NAIVE_CLASSES
        }}, 4,
    )  # fmt: skip
    for one in backends.values():
        await one.connection.close()
    print(shown(times | by_rank | naive, size.counts), flush=True)
    ours = max(times[name][largest].p95 for name in NAIVE_CLASSES)
    theirs = max(t[largest].p95 for t in naive.values())
    absent, rare = times["absent"][largest].p50, times["rare"][largest].p50
    return [
        ratio("search", "worst class", "naive query's worst class", "p95", ours, theirs),
        ratio("search", "absent word", "rare word", "p50", absent, rare),
        *growth("search", times, size.counts),
        *(
            grown(name, {kind: (times | by_rank)[kind] for kind in kinds}, size.counts)
            for name, kinds in GROUPS.items()
        ),
    ]


def grown(name: str, times: Mapping[str, Mapping[int, Times]], counts: Sequence[int]) -> Figure:
    """The worst p95 of a group of searches, the largest data set to the smallest."""
    small, large = counts[0], counts[-1]
    worst = [max(t[count].p95 for t in times.values()) for count in (large, small)]
    return ratio("search", f"{name}, {large:,}", f"{small:,}", "p95", *worst)
