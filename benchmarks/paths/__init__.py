"""One module per path of the service: ``run`` measures it and returns figures."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from benchmarks.figures import Figure, compared
from benchmarks.harness import Case, Server, measure, table
from benchmarks.stack import Stack


class Size(Struct, frozen=True):
    """How much is measured: rounds of so many seconds, data sets of so many articles."""

    rounds: int
    seconds: float
    counts: tuple[int, ...]
    repeats: int
    pages: int


SMOKE = Size(rounds=2, seconds=1.0, counts=(10_000, 100_000), repeats=60, pages=60)
USUAL = Size(rounds=4, seconds=1.5, counts=(10_000, 100_000), repeats=150, pages=150)
FULL = Size(rounds=5, seconds=2.0, counts=(10_000, 100_000, 1_000_000), repeats=200, pages=300)


def raced(
    path: str, cases: Sequence[Case], servers: dict[str, Server], stack: Stack, size: Size
) -> list[Figure]:
    """The figures of ``cases`` whose server runs, each against its base."""
    cases = [case for case in cases if case.server in servers]
    measures = measure(cases, servers, stack.postgres_pid, rounds=size.rounds, seconds=size.seconds)
    print(table(cases, measures), flush=True)
    by_name = {case.name: case for case in cases}
    figures = []
    for case in cases:
        for base in case.against:
            if base in by_name:
                figures += compared(path, case, by_name[base], measures)
    if bad := {name: m.statuses for name, m in measures.items() if m.errors}:
        raise RuntimeError(f"{path}: answers that are errors: {bad}")
    return figures
