"""Trains the judge of lines on the corpus, tests it on sites it has not seen, writes model.json.

Run from the project's root in an environment that has this project's packages, lightgbm and numpy:

    CORPUS=../shared/corpus python benchmarks/extraction/train.py --check   # cross-validation only
    CORPUS=../shared/corpus python benchmarks/extraction/train.py           # and write the model

A line is gold if its text is a paragraph of the gold or at least half of its 4-shingles are there.
A page weighs the same whatever its length. Sites never lie in two folds.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import lightgbm
import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from benchmarks.extraction.__main__ import quality, scorer
from service.extract import extract
from service.extract.body import classify, read_context
from service.extract.body.features import NAMES, vector
from service.extract.document import parse
from service.extract.media import read_media
from service.extract.metadata import read_metadata
from service.extract.page import Page
from service.extract.trees import Model
from service.render import text_of

CORPUS = Path(os.environ.get("CORPUS", "../shared/corpus"))
DATASETS = ("scrapinghub", "fundus", "wcxb_article", "readability", "trafilatura")
SEGMENT_WEIGHT = 0.7
"""Of a line that holds a segment which must, or must not, be in the text; a page has six."""
FOLDS = 5
THRESHOLD = 0.55
TREES = 48
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.18, "num_leaves": 20, "min_data_in_leaf": 130,
    "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 10,
    "verbose": -1, "num_threads": 2, "seed": 1, "deterministic": True,
}  # fmt: skip
MODEL = Path(__file__).parents[2] / "service/extract/body/model.json"
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


def cases() -> Iterator[dict[str, Any]]:
    """The pages of the corpus that have a gold text, or segments of one."""
    for name in DATASETS:
        for line in (CORPUS / name / "cases.jsonl").read_text().split("\n"):
            case = json.loads(line or '{"gold": {}}')
            if case["gold"].keys() & {"text", "with"} and case.get("kind") != "unit":
                yield case


def page_of(case: dict[str, Any]) -> Page:
    raw = gzip.decompress((CORPUS / case["dataset"] / case["html"]).read_bytes())
    return Page(content=raw.decode(case["encoding"], "replace"), url=case.get("url"))


def rows(case: dict[str, Any]) -> dict[str, Any]:
    """Features, labels and weights of the lines of one page."""
    document = parse(page_of(case))
    metadata = read_metadata(document)
    media = read_media(document, metadata)
    context = read_context(document, metadata, media)
    lines = [at for at, line in enumerate(context.lines) if line.text]
    texts = [context.lines[at].text for at in lines]
    gold = case["gold"]
    if gold.get("text"):
        weights = line_weights(texts)
        told = np.array(labels(texts, gold)) >= 0.5
    else:
        marks = [segment_label(text, gold) for text in texts]
        lines = [at for at, mark in zip(lines, marks, strict=True) if mark is not None]
        told = np.array([mark for mark in marks if mark is not None], dtype=bool)
        weights = np.full(len(lines), SEGMENT_WEIGHT)
    features = np.array([vector(context, at) for at in lines], dtype=np.float32)
    return {
        "id": case["id"],
        "domain": case["domain"],
        "features": features.reshape(-1, len(NAMES)),
        "gold": told,
        "weights": weights,
        "whole": bool(gold.get("text")),
    }


def line_weights(texts: list[str]) -> Any:
    """What each line weighs: long ones more, all of a page together the same."""
    sizes = np.minimum(12.0, np.sqrt([1 + len(_TOKEN.findall(text)) for text in texts]))
    return sizes / (sizes.sum() or 1.0) * 30


def segment_label(text: str, gold: dict[str, Any]) -> bool | None:
    """Whether a line must be in the text; None where its page does not say."""
    plain = " ".join(text.split())
    for name, label in (("without", False), ("with", True)):
        if any(" ".join(segment.split()) in plain for segment in gold.get(name) or ()):
            return label
    return None


def labels(texts: list[str], gold: dict[str, Any]) -> list[float]:
    """How much of each line is gold, 0 to 1."""
    golds = [gold["text"], *(gold.get("text_alt") or [])]
    paragraphs = {key(p) for text in golds for p in text.split("\n")}
    whole = f" {key(max(golds, key=len))} "
    known = set(shingles(max(golds, key=len)))
    found = []
    for text in texts:
        own, grams = key(text), shingles(text)
        if own and own in paragraphs:
            found.append(1.0)
        elif len(_TOKEN.findall(text)) < 4:
            found.append(0.5 if len(own.split()) == 3 and f" {own} " in whole else 0.0)
        else:
            found.append(sum(n for g, n in grams.items() if g in known) / sum(grams.values()))
    return found


def key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    return Counter(tuple(tokens[at : at + 4]) for at in range(max(1, len(tokens) - 3)))


def fit(pages: list[dict[str, Any]]) -> lightgbm.Booster:
    data = lightgbm.Dataset(
        np.vstack([page["features"] for page in pages]),
        np.concatenate([page["gold"] for page in pages]).astype(float),
        weight=np.concatenate([page["weights"] for page in pages]),
        feature_name=list(NAMES),
    )
    return lightgbm.train(PARAMETERS, data, TREES)


def fold(page: dict[str, Any]) -> int:
    return int(hashlib.sha256(page["domain"].encode()).hexdigest(), 16) % FOLDS


def check(pages: list[dict[str, Any]]) -> None:
    """Prints weighted precision and recall of lines on sites that the model has not seen."""
    right = claimed = gold = 0.0
    for number in range(FOLDS):
        model = fit([page for page in pages if fold(page) != number])
        for page in (p for p in pages if p["whole"] and fold(p) == number):
            kept = np.asarray(model.predict(page["features"])) >= THRESHOLD
            right += page["weights"][kept & page["gold"]].sum()
            claimed += page["weights"][kept].sum()
            gold += page["weights"][page["gold"]].sum()
    print(f"lines on unseen sites: precision {right / claimed:.4f} recall {right / gold:.4f}")


def check_bodies(pages: list[dict[str, Any]], kept: Path | None) -> None:
    """Prints how good bodies are by data set, each page read with a model that has not seen its
    site, which is ``kept``. Needs ``tools/score.py`` beside the corpus."""
    score = scorer(CORPUS.resolve())
    by_id = {case["id"]: case for case in cases()}
    answers = []
    for number in range(FOLDS):
        model = exported(fit([page for page in pages if fold(page) != number]))
        if kept:
            (kept / f"fold{number}.json").write_text(json.dumps(model))
        classify.JUDGE.take(msgspec.convert(model, Model))
        for page in (page for page in pages if fold(page) == number):
            article = extract(page_of(by_id[page["id"]]))
            told = msgspec.to_builtins(article) | {"text": text_of(article)}
            answers.append({"id": page["id"], "article": told})
    for name, means in quality(score, list(by_id.values()), answers).items():
        figures = {metric: means.get(metric) for metric in ("F1_sh", "seg_f")}
        print(f"bodies on unseen sites: {name}", *(f"{m} {v:.4f}" for m, v in figures.items() if v))


def exported(
    model: lightgbm.Booster, names: Sequence[str] = NAMES, threshold: float = THRESHOLD
) -> dict[str, Any]:
    """The model as plain data, as ``service/extract/trees.py`` describes it."""
    used: list[str] = []
    found = model.dump_model()["tree_info"]
    trees = [tree(info["tree_structure"], names, used) for info in found]
    return {"features": used, "threshold": threshold, "trees": trees}


def tree(root: dict[str, Any], names: Sequence[str], used: list[str]) -> dict[str, Any]:
    splits: list[list[float]] = []
    leaves: list[float] = [0.0]

    def add(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(round(node["leaf_value"], 5))
            return 1 - len(leaves)
        name = names[node["split_feature"]]
        if name not in used:
            used.append(name)
        at = len(splits)
        splits.append([used.index(name), float(f"{node['threshold']:.6g}"), 0, 0])
        splits[at][2] = add(node["left_child"])
        splits[at][3] = add(node["right_child"])
        return at

    add(root)
    return {"splits": splits, "leaves": leaves}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--check", action="store_true", help="do not write the model")
    options.add_argument("--folds", type=Path, help="where to keep the models of --check")
    arguments = options.parse_args()
    with ProcessPoolExecutor(2) as pool:
        pages = list(pool.map(rows, cases(), chunksize=8))
    pages = [page for page in pages if len(page["gold"])]
    print(len(pages), "pages", sum(len(page["gold"]) for page in pages), "lines")
    check(pages)
    check_bodies(pages, arguments.folds)
    if not arguments.check:
        MODEL.write_text(json.dumps(exported(fit(pages)), separators=(",", ":")) + "\n")
        print("wrote", MODEL)


if __name__ == "__main__":
    main()
