"""The judged searches: stories in 26 languages, queries with grades, how runs are scored.

The ``first`` set was looked at while searching was built. The ``second``, over other stories and
six more languages, was written before its results were seen; so was the ``third``, over ten more
and what readers type: names with signs and digits, numbers, addresses, stop words, search syntax.
"""

from __future__ import annotations

import math
import statistics
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, convert

from service.article import Article, Author, Figure, Image, Language, Paragraph

SetName = Literal["first", "second", "third"]
HERE = Path(__file__).parent
DEPTH = 10


class Story(Struct, frozen=True):
    """An article, by its parts."""

    id: str
    headline: str
    standfirst: str
    author: str
    caption: str
    body: str

    @property
    def language(self) -> str:
        return self.id[:2]

    def article(self) -> Article:
        """It as the engine would extract it."""
        return Article(
            headline=self.headline,
            standfirst=self.standfirst,
            authors=[Author(name=self.author)],
            language=Language(code=self.language, confidence=1.0, source="dom"),
            body=[
                Figure(image=Image(src="https://a.example/1.jpg"), caption=self.caption),
                Paragraph(text=self.body),
            ],
        )


class Asked(Struct, frozen=True):
    """A query, what it tries, and the grade (3, 2, 1) of each story that answers it.

    ``postgres`` is the first version that can: before 18 the German stemmer does not know that
    "oe" is "ö".
    """

    q: str
    kind: str
    judged: dict[str, int]
    postgres: int = 15


class Score(Struct, frozen=True):
    """Means over queries, 0 to 1: order of the first ten, share found, share asked for."""

    ndcg: float
    recall: float
    precision: float


def stories(name: SetName) -> list[Story]:
    """All of a set that can be found."""
    return convert(_read(name, "stories")["story"], list[Story])


def queries(name: SetName, postgres: int) -> list[Asked]:
    """All of a set that this version of PostgreSQL is asked."""
    all_queries = convert(_read(name, "queries")["query"], list[Asked])
    return [asked for asked in all_queries if asked.postgres <= postgres]


def _read(name: SetName, file: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name / f"{file}.toml").read_text())


def ndcg(found: Sequence[str], judged: Mapping[str, int]) -> float:
    """Järvelin and Kekäläinen 2002, gain 2^grade - 1; nothing found where nothing is asked: 1."""
    if not judged:
        return float(not found)
    best = sorted(judged.values(), reverse=True)[:DEPTH]
    return _gain([judged.get(id, 0) for id in found[:DEPTH]]) / _gain(best)


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(n + 2) for n, grade in enumerate(grades))


def scored(runs: Sequence[tuple[Asked, Sequence[str]]]) -> Score:
    """The means of ``runs``: a query and the ids that it found, in order."""
    right = [(len(set(found) & set(asked.judged)), found, asked.judged) for asked, found in runs]
    return Score(
        ndcg=statistics.fmean(ndcg(found, asked.judged) for asked, found in runs),
        recall=statistics.fmean(n / len(judged) if judged else 1.0 for n, _, judged in right),
        precision=statistics.fmean(n / len(f) if f else float(not j) for n, f, j in right),
    )


def by_kind(runs: Sequence[tuple[Asked, Sequence[str]]]) -> dict[str, Score]:
    """The score of each kind of query."""
    kinds = sorted({asked.kind for asked, _ in runs})
    return {kind: scored([run for run in runs if run[0].kind == kind]) for kind in kinds}
