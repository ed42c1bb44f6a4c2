"""One engine over pages on stdin, in a process of its own: answers, CPU and memory on stdout.

    python engines.py NAME < pages.ndjson > answers.ndjson

Lines in: ``{"id", "url", "html"}``. Lines out: what the scorer of the corpus takes (see
``../shared/tools/score.py``), with ``ms`` of CPU. The last line is ``{"peak_mb", "grown_mb"}``.
Nothing but the engine and the standard library is needed, so that each runs where it is installed.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

Engine = Callable[[str, str], dict[str, Any]]
CASES_OF_WARMTH = 3
MEMORY_CPU_S = 120.0
"""After so long the run over many pages ends, and says how many there were."""


def ours() -> Engine:
    import msgspec

    from service.extract import Page, extract
    from service.render import text_of

    def run(html: str, url: str) -> dict[str, Any]:
        article = extract(Page(content=html, url=url or None))
        return {"article": article}

    def told(found: dict[str, Any]) -> dict[str, Any]:
        article = found["article"]
        return {"article": msgspec.to_builtins(article) | {"text": text_of(article)}}

    run.told = told  # type: ignore[attr-defined]  # not part of what is timed
    return run


def trafilatura(*, fast: bool) -> Engine:
    from trafilatura import bare_extraction

    def run(html: str, url: str) -> dict[str, Any]:
        found = bare_extraction(html, url=url or None, with_metadata=True, fast=fast)
        if found is None:
            return {}
        return {
            "text": found.text or "", "title": found.title, "published": found.date,
            "authors": found.author.split("; ") if found.author else [],
            "description": found.description, "lead_image": found.image,
        }  # fmt: skip

    return run


def readability() -> Engine:
    import lxml.html
    from readability import Document

    def run(html: str, url: str) -> dict[str, Any]:
        document = Document(html.removeprefix("\ufeff"), url=url or None)
        part = lxml.html.fromstring(f"<div>{document.summary(html_partial=True)}</div>")
        lines = (" ".join(text.split()) for text in part.itertext())
        return {"text": "\n".join(line for line in lines if line), "title": document.short_title()}

    return run


def resiliparse() -> Engine:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def run(html: str, url: str) -> dict[str, Any]:
        tree = HTMLTree.parse(html)
        text = extract_plain_text(
            tree, main_content=True, alt_texts=False, links=False, list_bullets=False,
            comments=False,
        )  # fmt: skip
        return {"text": text or "", "title": tree.title}

    return run


def newspaper4k() -> Engine:
    from newspaper import Article, Config

    config = Config()
    config.fetch_images = False
    config.memorize_articles = False

    def run(html: str, url: str) -> dict[str, Any]:
        article = Article(url or "http://site.example/", config=config)
        article.download(input_html=html)
        article.parse()
        at = article.publish_date
        return {
            "text": article.text or "", "title": article.title,
            "authors": list(article.authors or []), "published": at.isoformat() if at else None,
            "description": article.meta_description, "lead_image": article.top_image,
        }  # fmt: skip

    return run


ENGINES: dict[str, Callable[[], Engine]] = {
    "ours": ours,
    "trafilatura fast": lambda: trafilatura(fast=True),
    "trafilatura": lambda: trafilatura(fast=False),
    "readability-lxml": readability,
    "resiliparse": resiliparse,
    "newspaper4k": newspaper4k,
}


def memory_mb() -> float:
    """Resident now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def answer(run: Engine, page: dict[str, Any]) -> dict[str, Any]:
    """What the engine makes of ``page``, and its CPU."""
    began, found, error = time.process_time(), {}, None
    try:
        found = run(page["html"], page["url"])
    except Exception as raised:  # an engine that breaks on a page has no answer to it
        error = f"{type(raised).__name__}: {raised}"[:200]
    spent_ms = (time.process_time() - began) * 1000
    if told := getattr(run, "told", None) if found else None:
        found = told(found)
    return found | {"id": page["id"], "ms": spent_ms, "error": error}


def main() -> None:
    logging.disable(logging.CRITICAL)
    name, repeats = sys.argv[1], int(sys.argv[2])
    run = ENGINES[name]()
    pages = [json.loads(line) for line in sys.stdin]
    for page in pages[:CASES_OF_WARMTH]:
        answer(run, page)
    for page in pages:
        print(json.dumps(answer(run, page), default=str))
    before, began, done = memory_mb(), time.process_time(), 0
    while done < repeats and time.process_time() - began < MEMORY_CPU_S:
        answer(run, pages[done % len(pages)])
        done += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps({"peak_mb": peak, "grown_mb": memory_mb() - before, "pages": done}))


if __name__ == "__main__":
    main()
