"""The quality floor: scores on a fixed sample of real pages that may rise but not fall.

The corpus lies beside the project (``../shared/corpus``) or where ``BROADSHEET_CORPUS`` says. To
set a new floor after a change for the better: ``python -m tests.extract.test_floor``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.extract import Page, extract
from service.render import text_of

PROJECT = Path(__file__).parents[2]
FLOOR = Path(__file__).with_name("floor.json")
DATASETS = ("scrapinghub", "fundus", "wcxb_article")
PAGES_PER_DATASET = 90
TOLERANCE = 0.001
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")

Case = dict[str, Any]


def corpus() -> Path | None:
    """Where the corpus is, or None."""
    beside = (path / "shared" / "corpus" for path in PROJECT.parents)
    given = os.environ.get("BROADSHEET_CORPUS")
    places = [Path(given)] if given else list(beside)
    return next((place for place in places if (place / "fundus").is_dir()), None)


def sample(place: Path, dataset: str) -> list[Case]:
    """The same pages in each run: those whose names have the smallest digests."""
    lines = (place / dataset / "cases.jsonl").read_bytes().split(b"\n")
    cases = [json.loads(line) for line in lines if line]
    cases.sort(key=lambda case: hashlib.sha256(case["id"].encode()).hexdigest())
    return cases[:PAGES_PER_DATASET]


def digest(place: Path) -> str:
    """What the scores were measured on: the pages' bytes and their gold."""
    found = hashlib.sha256()
    for dataset in DATASETS:
        for case in sample(place, dataset):
            found.update(json.dumps(case["gold"], sort_keys=True).encode())
            found.update((place / dataset / case["html"]).read_bytes())
    return found.hexdigest()


def measure(place: Path, dataset: str) -> float:
    """F1 of the mean precision and the mean recall of 4-shingles, as the bench has it."""
    scores = [score(place, dataset, case) for case in sample(place, dataset)]
    precision = sum(p for p, _ in scores) / len(scores)
    recall = sum(r for _, r in scores) / len(scores)
    return round(2 * precision * recall / (precision + recall), 4)


def score(place: Path, dataset: str, case: Case) -> tuple[float, float]:
    raw = gzip.decompress((place / dataset / case["html"]).read_bytes())
    html = raw.decode(case["encoding"], "replace")
    found = shingles(text_of(extract(Page(content=html, url=case["url"]))))
    golds = [case["gold"]["text"], *(case["gold"].get("text_alt") or [])]
    return max((overlap(found, shingles(gold)) for gold in golds), key=lambda pr: min(pr) + sum(pr))


def shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    return Counter(tuple(tokens[at : at + 4]) for at in range(max(1, len(tokens) - 3)))


def overlap(found: Counter[Any], gold: Counter[Any]) -> tuple[float, float]:
    both = (found & gold).total()
    return both / (found.total() or 1), both / (gold.total() or 1)


def pinned() -> Iterator[tuple[str, float]]:
    yield from json.loads(FLOOR.read_text())["scores"].items()


@pytest.fixture(scope="module")
def place() -> Path:
    found = corpus()
    if found is None:
        pytest.skip("the corpus is not here: put it in ../shared/corpus or set BROADSHEET_CORPUS")
    return found


@pytest.mark.slow
def test_the_corpus_is_the_one_that_was_measured(place: Path) -> None:
    """Scores on other pages would say nothing."""
    assert digest(place) == json.loads(FLOOR.read_text())["digest"]


@pytest.mark.slow
@pytest.mark.parametrize(("dataset", "floor"), list(pinned()))
def test_quality_does_not_fall(place: Path, dataset: str, floor: float) -> None:
    """The F1 of body text on a dataset is at least what it was when it was last pinned."""
    found = measure(place, dataset)

    assert found >= floor - TOLERANCE, f"{dataset}: {found}, and it was {floor}"


def main() -> None:
    found = corpus()
    assert found is not None, "the corpus is not here"
    scores = {dataset: measure(found, dataset) for dataset in DATASETS}
    FLOOR.write_text(json.dumps({"digest": digest(found), "scores": scores}, indent=1) + "\n")


if __name__ == "__main__":
    main()
