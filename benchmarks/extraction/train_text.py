"""Trains the judges of plain texts on dumps of the corpus' pages; see ``train.py`` for how to run.

    CORPUS=../shared/corpus python benchmarks/extraction/train_text.py [--check]

Every page is dumped whole, without an empty line, in pieces, as Markdown, as terminals show it, and
as somebody copies it who marks the story and a little around it, that once more with a short story.
``--check`` prints the scores of each shape of the whole page on sites that the models have not
seen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import lightgbm
import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from benchmarks.extraction.__main__ import quality, scorer
from benchmarks.extraction.dumps import dump, markdown, pieces, wrapped
from benchmarks.extraction.train import (
    CORPUS,
    FOLDS,
    cases,
    exported,
    fold,
    key,
    labels,
    line_weights,
    page_of,
)
from service.extract import extract
from service.extract.metadata.dates.text import read_date
from service.extract.page import Page
from service.extract.text import judge
from service.extract.text.features import NAMES, Sight
from service.extract.text.lines import main_run, read_lines
from service.extract.trees import Model
from service.render import text_of

FOLDER = Path(__file__).parents[2] / "service/extract/text"
LINES_MIN = 5
SHORT_MIN = 4
AROUND = 14
"""So many printed lines, empty ones counted, are marked around a story."""
BESIDE_WEIGHT = 0.3
"""Of a line that is not the one asked for, to one that is."""
USUAL = {
    "objective": "binary", "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambda_l2": 10, "verbose": -1, "num_threads": 2, "seed": 1, "deterministic": True,
}  # fmt: skip
ONE = {"learning_rate": 0.12, "num_leaves": 12, "min_data_in_leaf": 20, "trees": 80}
STORY = {"learning_rate": 0.15, "num_leaves": 16, "min_data_in_leaf": 80, "trees": 48}
THRESHOLDS = {"headline": 0.15, "byline": 0.3, "date": 0.3, "story": 0.45}


def texts(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The dumps of a page as features and labels."""
    page = page_of(case)
    whole = dump(page)
    story = marked(whole, case["gold"])
    ways = {
        "copied": whole, "flat": dump(page, flat=True), "pieces": pieces(page),
        "markdown": markdown(page), "wrapped": wrapped(page), "marked": story,
        "short": shortened(story, case),
    }  # fmt: skip
    made = []
    for number, (way, text) in enumerate(ways.items()):
        is_addressed = (int(case["id"][-1], 16) + number) % 2
        made.append(rows(case, text, case.get("url") if is_addressed else None) | {"way": way})
    return made


def marked(text: str, gold: dict[str, Any]) -> str:
    """The lines from a little above the headline, or the story, to a little below its end."""
    printed = text.split("\n")
    titles = titles_of(gold)
    shares = labels(printed, gold)
    told = [at for at, line in enumerate(printed) if shares[at] >= 0.5 and len(line) > 40]
    if not told:
        return text
    above = [at for at in range(told[0]) if key(printed[at]) in titles]
    first = above[-1] if above else told[0]
    return "\n".join(printed[max(0, first - AROUND) : told[-1] + 1 + AROUND])


def shortened(text: str, case: dict[str, Any]) -> str:
    """The same of a short story: only its first few lines are left of it."""
    printed = text.split("\n")
    shares = labels(printed, case["gold"])
    told = [at for at, line in enumerate(printed) if shares[at] >= 0.5 and line]
    gone = set(told[SHORT_MIN + int(case["id"][-2:], 16) % SHORT_MIN :])
    return "\n".join(line for at, line in enumerate(printed) if at not in gone)


def titles_of(gold: dict[str, Any]) -> set[str]:
    return {key(t) for t in (gold.get("title") or "", *(gold.get("title_alt") or ()))} - {""}


def is_byline(text: str, gold: dict[str, Any]) -> bool:
    """Whether a line names an author, and not as the owner of the page."""
    printed = f" {key(text)} " if "©" not in text else ""
    return any(f" {key(name)} " in printed for name in gold.get("authors") or () if key(name))


def is_date(text: str, gold: dict[str, Any]) -> bool:
    """Whether a line prints the day of publication."""
    published = gold.get("published")
    found = read_date(text, "") if published and any(map(str.isdigit, text)) else None
    return found is not None and found.at.date().isoformat() == published[:10]


def rows(case: dict[str, Any], text: str, address: str | None) -> dict[str, Any]:
    """Features and labels of one text, for each of the judges."""
    lines, gold = read_lines(text), case["gold"]
    run = main_run(lines)
    titles = titles_of(gold)
    is_title = [key(line.text) in titles for line in lines]
    chosen = judge.candidates(lines, run)
    printed = next((at for at in chosen if is_title[at]), None)
    sight = Sight(lines, run, address)
    before = matrix(sight, chosen)
    sight.look_from(printed)
    words = [line.text for line in lines]
    noted = judge.notes(sight)
    return {
        "id": case["id"], "domain": case["domain"], "text": text, "count": len(lines),
        "candidates": before, "titles": np.array([is_title[a] for a in chosen]),
        "notes": matrix(sight, noted),
        "bylines": np.array([is_byline(words[at], gold) for at in noted], dtype=bool),
        "dates": np.array([is_date(words[at], gold) for at in noted], dtype=bool),
        "features": matrix(sight, range(len(lines))),
        "gold": np.array(labels(words, gold)) >= 0.5, "weights": line_weights(words),
    }  # fmt: skip


def matrix(sight: Sight, chosen: Any) -> Any:
    made = np.array([sight.vector(at) for at in chosen], dtype=np.float32)
    return made.reshape(-1, len(NAMES))


def fit_one(pages: list[dict[str, Any]], told: str, label: str, name: str) -> dict[str, Any]:
    """A judge of the one line of a page that is the headline, the byline or the date."""
    pages = [page for page in pages if page[label].any()]
    weights = [np.where(p[label], 1 / p[label].sum(), BESIDE_WEIGHT) for p in pages]
    return fit(pages, told, label, weights, ONE, THRESHOLDS[name])


def fit_story(pages: list[dict[str, Any]]) -> dict[str, Any]:
    weights = [page["weights"] for page in pages]
    return fit(pages, "features", "gold", weights, STORY, THRESHOLDS["story"])


def fit(
    pages: list[dict[str, Any]], told: str, label: str, weights: list[Any],
    parameters: dict[str, Any], threshold: float,
) -> dict[str, Any]:  # fmt: skip
    """A model as plain data."""
    data = lightgbm.Dataset(
        np.vstack([page[told] for page in pages]),
        np.concatenate([page[label] for page in pages]).astype(float),
        weight=np.concatenate(weights),
        feature_name=list(NAMES),
    )
    rest = {name: value for name, value in parameters.items() if name != "trees"}
    model = lightgbm.train(USUAL | rest, data, parameters["trees"])
    return exported(model, NAMES, threshold)


MODELS: dict[str, Callable[[list[dict[str, Any]]], dict[str, Any]]] = {
    "headline": partial(fit_one, told="candidates", label="titles", name="headline"),
    "byline": partial(fit_one, told="notes", label="bylines", name="byline"),
    "date": partial(fit_one, told="notes", label="dates", name="date"),
    "story": fit_story,
}


def check(pages: list[dict[str, Any]]) -> None:
    """Prints the scores of texts, each read with models that have not seen its site."""
    score = scorer(CORPUS.resolve())
    by_id = {case["id"]: case for case in cases()}
    answers: dict[str, list[dict[str, Any]]] = {way: [] for way in CHECKED}
    for number in range(FOLDS):
        seen = [page for page in pages if fold(page) != number]
        for name, asked in JUDGES.items():
            asked.take(msgspec.convert(MODELS[name](seen), Model))
        for page in pages:
            if page["way"] in CHECKED and fold(page) == number:
                url = by_id[page["id"]].get("url")
                article = extract(Page(content=page["text"], kind="text", url=url))
                told = msgspec.to_builtins(article) | {"text": text_of(article)}
                answers[page["way"]].append({"id": page["id"], "article": told})
    for way, found in answers.items():
        for name, means in quality(score, list(by_id.values()), found).items():
            figures = {metric: means.get(metric) for metric in METRICS}
            shown = (f"{metric} {value:.4f}" for metric, value in figures.items() if value)
            print(f"{way} texts of unseen sites: {name}", *shown)


JUDGES = {
    "headline": judge.HEADLINE, "byline": judge.BYLINE, "date": judge.DATE, "story": judge.STORY,
}  # fmt: skip
CHECKED = ("copied", "flat", "pieces", "markdown", "wrapped")
METRICS = ("F1_sh", "sh_p", "sh_r", "title", "author", "date", "head_f", "desc", "cap", "credit")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--check", action="store_true", help="do not write the models")
    arguments = options.parse_args()
    whole = [case for case in cases() if case["gold"].get("text")]
    with ProcessPoolExecutor(2) as pool:
        pages = [page for ways in pool.map(texts, whole, chunksize=8) for page in ways]
    pages = [page for page in pages if page["count"] >= LINES_MIN]
    print(len(pages), "texts", sum(page["count"] for page in pages), "lines")
    if arguments.check:
        check(pages)
        return
    for name, train in MODELS.items():
        path = FOLDER / f"{name}.json"
        path.write_text(json.dumps(train(pages), separators=(",", ":")) + "\n")
        print("wrote", path)


if __name__ == "__main__":
    main()
