"""``make bench-extract``: our engine and its peers on the same real pages, in one run.

    python -m benchmarks.extraction [--pages 40] [--repeats 5000]

The corpus lies in ``../shared/corpus`` or where ``BROADSHEET_CORPUS`` says, its scorer beside it
in ``tools/score.py``; without them nothing is measured. Each engine runs in a process of its own,
the peers in ``.cache/bench-venv``. The table goes to ``benchmarks/results/extraction.md``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.extraction.engines import ENGINES
from benchmarks.stack import PEERS, ROOT

DATASETS = ("scrapinghub", "fundus", "wcxb_article", "trafilatura", "readability")
FIELDS = {
    "F1_sh": "body F1", "seg_f": "segments F1", "title": "headline", "author": "authors",
    "date": "date", "lead": "lead image", "head_f": "headings F1", "cap": "captions",
    "para_f": "paragraphs F1",
}  # fmt: skip
THINNED = {"newspaper4k": 4}
"""Engines so slow that they see every n-th page only."""
RESULTS = ROOT / "benchmarks" / "results" / "extraction.md"
TIMEOUT_S = 900
Case = dict[str, Any]


def corpus() -> Path | None:
    """Where the corpus is, or None."""
    given = os.environ.get("BROADSHEET_CORPUS")
    places = [Path(given)] if given else [p / "shared" / "corpus" for p in ROOT.parents]
    return next((place for place in places if (place / "fundus").is_dir()), None)


def scorer(place: Path) -> Any:
    """The corpus's own scorer."""
    path = place.parent / "tools" / "score.py"
    os.environ["CORPUS"] = str(place)
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None or not path.is_file():
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases(place: Path, dataset: str, count: int) -> list[Case]:
    """The same pages in each run: those whose names have the smallest digests."""
    lines = (place / dataset / "cases.jsonl").read_bytes().split(b"\n")
    found = [json.loads(line) for line in lines if line]
    found = [case for case in found if case.get("kind") != "unit"]
    found.sort(key=lambda case: hashlib.sha256(case["id"].encode()).hexdigest())
    return found[:count]


def line(place: Path, case: Case) -> bytes:
    """A page as an engine takes it."""
    raw = gzip.decompress((place / case["dataset"] / case["html"]).read_bytes())
    html = raw.decode(case["encoding"], "replace").replace("\0", "")
    page = {"id": case["id"], "url": case.get("url") or "", "html": html}
    return json.dumps(page).encode() + b"\n"


def ran(name: str, pages: list[bytes], repeats: int) -> list[dict[str, Any]]:
    """The answers of engine ``name`` to ``pages``; the last one tells of its memory."""
    if name == "ours":
        command = [sys.executable, "-m", "benchmarks.extraction.engines"]
    else:
        command = [str(PEERS), str(Path(__file__).with_name("engines.py"))]
    done = subprocess.run(
        [*command, name, str(repeats)], input=b"".join(pages), capture_output=True, cwd=ROOT,
        timeout=TIMEOUT_S, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr.decode()[-400:]}")
    return [json.loads(answer) for answer in done.stdout.splitlines()]


def quality(
    score: Any, chosen: list[Case], answers: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The scorer's means by data set."""
    known = {answer["id"]: answer for answer in answers}
    found: dict[str, list[Any]] = {}
    for case in chosen:
        answer = known.get(case["id"])
        if answer is None:
            continue
        if "article" in answer:
            answer = score.article_output(answer["article"]) | answer
        found.setdefault(case["dataset"], []).append((case, answer, score.score_case(case, answer)))
    return {dataset: score.aggregate(rows) for dataset, rows in found.items()}


def speed(answers: list[dict[str, Any]], same: dict[str, float]) -> dict[str, float]:
    """CPU per page in ms, and how often faster we are on the same pages."""
    spent = {answer["id"]: answer["ms"] for answer in answers}
    ms = sorted(spent.values())
    ours = sum(same[id] for id in spent)
    return {
        "median": statistics.median(ms), "mean": statistics.fmean(ms),
        "p95": ms[int(0.95 * (len(ms) - 1))], "worst": ms[-1],
        "per_s": 1000 / statistics.fmean(ms), "times": sum(ms) / ours,
        "errors": sum(bool(answer["error"]) for answer in answers),
    }  # fmt: skip


def row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def report(results: dict[str, dict[str, Any]], pages: int) -> str:
    """Two Markdown tables: speed and memory, then quality."""
    head = ("engine", "CPU ms: median", "mean", "p95", "worst", "pages/s a core", "x our CPU",
            "MB: peak, grown", "over pages", "errors")  # fmt: skip
    lines = [f"{pages} pages of {', '.join(DATASETS)}.", "", row(*head), "|---" * len(head) + "|"]
    for name, found in results.items():
        s, memory = found["speed"], found["memory"]
        lines.append(row(
            name, *(f"{s[k]:.1f}" for k in ("median", "mean", "p95", "worst", "per_s", "times")),
            f"{memory['peak_mb']:.0f}, {memory['grown_mb']:+.0f}", memory["pages"],
            int(s["errors"]),
        ))  # fmt: skip
    lines += [
        "",
        row("data set", "engine", "n", *FIELDS.values()),
        "|---" * (len(FIELDS) + 3) + "|",
    ]
    for dataset in DATASETS:
        for name, found in results.items():
            if scores := found["quality"].get(dataset):
                shown = ("-" if (v := scores.get(k)) is None else f"{v:.3f}" for k in FIELDS)
                lines.append(row(dataset, name, scores["n"], *shown))
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=40, help="of each data set")
    parser.add_argument("--repeats", type=int, default=5_000, help="pages of the memory run")
    given = parser.parse_args()
    place = corpus()
    score = scorer(place) if place else None
    if place is None or score is None:
        print("skipped: there is no corpus; put it in ../shared/corpus (its scorer in"
              " ../shared/tools/score.py), or set BROADSHEET_CORPUS")  # fmt: skip
        return 0
    chosen = [case for dataset in DATASETS for case in cases(place, dataset, given.pages)]
    pages = [line(place, case) for case in chosen]
    results: dict[str, dict[str, Any]] = {}
    same: dict[str, float] = {}
    for name in ENGINES:
        if name != "ours" and not PEERS.exists():
            print(f"{name} is left out: .cache/bench-venv is made by `make bench-extract`")
            continue
        repeats = given.repeats if name == "ours" else 0
        *answers, memory = ran(name, pages[:: THINNED.get(name, 1)], repeats)
        same = same or {answer["id"]: answer["ms"] for answer in answers}
        results[name] = {
            "speed": speed(answers, same), "memory": memory,
            "quality": quality(score, chosen, answers),
        }  # fmt: skip
        print(f"{name}: {results[name]['speed']['mean']:.1f} ms a page", flush=True)
    text = report(results, len(pages))
    text += "\nrs-trafilatura is not among them: it has no wheel for this Python.\n"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text)
    print(f"\n{text}\nwritten to {RESULTS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
