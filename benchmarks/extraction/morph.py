"""Does the same page, written otherwise, give the same article? A table, a line a change.

    python -m benchmarks.extraction.morph [--pages 100] [--only names] [--folds DIR] [--show 5]

Each page of the corpus (see ``__main__.py``) is serialized anew and read, then changed in every way
of ``changes.py``, ``remade.py`` and ``surrounded.py`` and read again. Printed are the pages
changed, the share of them whose text, headline, authors, day and captions stay the same, and scores
against the gold, before and after. ``--folds`` takes the models of ``train.py --check --folds
DIR``, so that each page is read by one that has not seen its site. ``--show`` prints the lines that
differ on the worst pages.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec
import turbohtml

from benchmarks.extraction.__main__ import Case, cases, corpus, line, quality, scorer
from benchmarks.extraction.changes import CHANGES
from benchmarks.extraction.remade import REMADE
from benchmarks.extraction.surrounded import SURROUNDED
from service.extract import Page, extract
from service.extract.body import classify
from service.extract.trees import Model
from service.render import text_of

DATASETS = ("scrapinghub", "fundus", "wcxb_article", "readability")
ALL = CHANGES | REMADE | SURROUNDED
FOLDS = 5
Answer = dict[str, Any]
SCORES = ("sh_f", "title_any", "author", "date", "cap")


def read(content: str | bytes, url: str) -> Answer:
    """The article of a page as the scorer takes it."""
    article = extract(Page(content=content, url=url or None))
    return msgspec.to_builtins(article) | {"text": text_of(article)}  # type: ignore[no-any-return]


def kept(article: Answer) -> tuple[object, ...]:
    """What must stay: text, headline, authors, day, captions."""
    captions = [b["caption"] for b in article["body"] if b["type"] == "figure" and b.get("caption")]
    return (
        article["text"].split(),
        article["headline"],
        sorted(author["name"] for author in article["authors"]),
        (article["published"].get("at") or "")[:10],
        captions,
    )


def answers(case: Case, place: Path, names: list[str], folds: str) -> dict[str, Answer]:
    """The article of a page as it is, under an empty name, and as each change that applies makes
    it."""
    if folds:
        domain = hashlib.sha256(case["domain"].encode()).hexdigest()  # as in ``train.py``
        classify.JUDGE.take(_model(folds, int(domain, 16) % FOLDS))
    page = msgspec.json.decode(line(place, case))
    html, url = turbohtml.parse(page["html"]).html, page["url"]
    found = {"": read(html, url)}
    for name in names:
        changed = ALL[name](html, url)
        if changed != html:
            found[name] = read(changed, url)
    return found


@cache
def _model(folds: str, number: int) -> Model:
    return msgspec.json.decode((Path(folds) / f"fold{number}.json").read_bytes(), type=Model)


def same(pairs: list[tuple[Answer, Answer]]) -> list[float]:
    """For each of ``kept`` the share of pages where it stayed."""
    stayed = [[a == b for a, b in zip(kept(x), kept(y), strict=True)] for x, y in pairs]
    return [sum(column) / len(stayed) for column in zip(*stayed, strict=True)]


def scores(score: Any, chosen: list[Case], found: dict[str, Answer]) -> dict[str, float]:
    """The scorer's means over all data sets, a page weighing the same wherever it is from."""
    told = [{"id": id, "article": article} for id, article in found.items()]
    whole = [case | {"dataset": "all"} for case in chosen if case["id"] in found]
    return quality(score, whole, told)["all"]


def row(score: Any, chosen: list[Case], found: list[dict[str, Answer]], name: str) -> str:
    """The line of the table of one change."""
    pairs = {
        case["id"]: (answer[""], answer[name])
        for case, answer in zip(chosen, found, strict=True)
        if name in answer
    }
    if not pairs:
        return f"| {name} | 0 |"
    before, after = ({id: pair[at] for id, pair in pairs.items()} for at in (0, 1))
    shares = same(list(pairs.values()))
    old, new = scores(score, chosen, before), scores(score, chosen, after)
    told = (f"{old.get(s) or 0:.3f} {(new.get(s) or 0) - (old.get(s) or 0):+.3f}" for s in SCORES)
    return " | ".join((f"| {name}", str(len(pairs)), *(f"{s:.3f}" for s in shares), *told)) + " |"


def differences(
    score: Any, chosen: list[Case], found: list[dict[str, Answer]], name: str
) -> Iterator[str]:
    """For each page that a change makes different, worst first: what came and went."""
    worst = []
    for case, answer in zip(chosen, found, strict=True):
        if name not in answer or kept(answer[""]) == kept(answer[name]):
            continue
        old, new = (scores(score, [case], {case["id"]: answer[at]}) for at in ("", name))
        lost = sum((old.get(s) or 0) - (new.get(s) or 0) for s in SCORES)
        worst.append((lost, case, answer))
    worst.sort(key=lambda each: -each[0])
    for lost, case, answer in worst:
        yield f"### {name} {case['id']} {lost:+.3f}"
        yield from _changes(answer[""], answer[name])


def _changes(old: Answer, new: Answer) -> Iterator[str]:
    fields = ("headline", "authors", "day", "captions")
    for field, a, b in zip(fields, kept(old)[1:], kept(new)[1:], strict=True):
        if a != b:
            yield f"  {field}: {a} -> {b}"
    lines = difflib.unified_diff(old["text"].split("\n"), new["text"].split("\n"), n=0, lineterm="")
    yield from (f"  {text[:160]}" for text in lines if text[:2] not in {"--", "++", "@@"})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=100, help="of each data set")
    parser.add_argument("--only", default="", help="changes whose name begins so")
    parser.add_argument("--folds", default="", help="a directory with models by fold")
    parser.add_argument("--show", type=int, default=0, help="how many differing pages to print")
    given = parser.parse_args()
    place = corpus()
    score = scorer(place) if place else None
    if place is None or score is None:
        print("skipped: there is no corpus (see python -m benchmarks.extraction)")
        return 0
    chosen = [case for name in DATASETS for case in cases(place, name, given.pages)]
    names = [name for name in ALL if name.startswith(given.only)]
    one = partial(answers, place=place, names=names, folds=given.folds)
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(one, chosen, chunksize=4))
    print("| change | pages | text | headline | authors | day | captions | "
          "body F1 | headline | authors | date | captions |")  # fmt: skip
    for name in names:
        print(row(score, chosen, found, name), flush=True)
        for told in list(differences(score, chosen, found, name))[: given.show * 20]:
            print(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
