"""Reads every hostile document under the limits of a parser's child, and says how it went."""

from __future__ import annotations

import resource
import sys
import time

import msgspec

from service.article import Article
from service.extract import Page, extract
from tests.extract.hostile import Hostile, documents

MEMORY_BYTES = 1_000_000_000
CPU_S = 300


class Reading(msgspec.Struct):
    """One document read: ``missing`` is text that was to be kept, ``fault`` what was raised."""

    name: str
    cpu_s: float
    missing: list[str]
    fault: str = ""


def read(document: Hostile) -> Reading:
    """One document read as a child reads it, its answer encoded as a child encodes it."""
    started = time.process_time()
    text, fault = "", ""
    try:
        article: Article = extract(Page(content=document.content, url="https://x.example/a"))
        text = msgspec.json.encode(article).decode()
    except Exception as error:
        fault = repr(error)[:300]
    missing = [part for part in document.must_contain if part not in text]
    return Reading(document.name, time.process_time() - started, missing, fault)


def main() -> None:
    """Writes one line of JSON for each document."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    for document in documents():
        sys.stdout.write(msgspec.json.encode(read(document)).decode() + "\n")


if __name__ == "__main__":
    main()
