"""Figures, the goals they must hold, and the tables that show them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct, convert

from benchmarks.harness import Case, Measure

GOALS = Path(__file__).with_name("goals.toml")
Metric = Literal["rps", "cpu", "pg", "p99", "p50", "p95", "share", "ms", "bytes"]


class Figure(Struct, frozen=True, kw_only=True):
    """``value`` is the ratio of ``case`` to ``base``; ``note`` tells the absolute figures."""

    path: str
    case: str
    base: str
    metric: Metric
    value: float
    note: str = ""


class Goal(Struct, frozen=True, kw_only=True):
    """What a figure must be: ``at_least`` or ``at_most``."""

    path: str
    case: str
    base: str
    metric: Metric
    at_least: float | None = None
    at_most: float | None = None

    def is_held(self, value: float, slack: float) -> bool:
        if self.at_least is not None and value < self.at_least * (1 - slack):
            return False
        return self.at_most is None or value <= self.at_most * (1 + slack)

    @property
    def bound(self) -> str:
        return f">= {self.at_least:g}" if self.at_least is not None else f"<= {self.at_most:g}"


def goals() -> list[Goal]:
    """Those of goals.toml."""
    return convert(tomllib.loads(GOALS.read_text())["goal"], list[Goal])


def compared(path: str, case: Case, base: Case, measures: dict[str, Measure]) -> list[Figure]:
    """Rate, CPU of the server, CPU of Postgres and p99 of ``case``, as ratios to ``base``."""
    one, other = measures[case.name], measures[base.name]
    values = {
        "rps": (one.rps, other.rps, "/s"),
        "cpu": (one.server_us, other.server_us, " us"),
        "pg": (one.postgres_us, other.postgres_us, " us"),
        "p99": (one.p99_ms, other.p99_ms, " ms"),
    }
    return [
        Figure(
            path=path, case=case.name, base=base.name, metric=metric,  # type: ignore[arg-type]
            value=a / b if b else 0.0, note=f"{a:.4g}{unit} to {b:.4g}{unit}",
        )
        for metric, (a, b, unit) in values.items()
    ]  # fmt: skip


class Verdict(Struct, frozen=True, kw_only=True):
    """A goal and what was measured."""

    goal: Goal
    figure: Figure
    is_held: bool


def judged(figures: Sequence[Figure], slack: float) -> list[Verdict]:
    """Every goal whose figure was measured."""
    known = {(f.path, f.case, f.base, f.metric): f for f in figures}
    found = []
    for goal in goals():
        figure = known.get((goal.path, goal.case, goal.base, goal.metric))
        if figure is not None:
            held = goal.is_held(figure.value, slack)
            found.append(Verdict(goal=goal, figure=figure, is_held=held))
    return found


def table(verdicts: Sequence[Verdict]) -> str:
    """As Markdown."""
    lines = [
        "| path | case | against | metric | measured | goal | |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in verdicts:
        figure, mark = one.figure, "" if one.is_held else "MISS"
        lines.append(
            f"| {figure.path} | {figure.case} | {figure.base} | {figure.metric} "
            f"| **{figure.value:.2f}** ({figure.note}) | {one.goal.bound} | {mark} |"
        )
    return "\n".join(lines)
