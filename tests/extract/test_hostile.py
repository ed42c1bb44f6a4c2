"""Hostile documents end in time and memory, with the article kept where there is one."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from typing import Literal

import msgspec
import pytest

from service.extract import Page, extract
from service.extract.prescan import PAGE_CHARS_MAX, TAGS_MAX, bounded
from tests.extract.hostile import GROWTHS, MARK, TEXTS, page
from tests.extract.hostile_child import Reading

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CPU_S_MAX = 8.0
"""Of the 10 s that a child may use; in a quiet hour none takes 1 s."""
NOISE_S = 0.25
"""A shape that is quadratic costs seconds more; eight busy processes cost tenths."""


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    """How every hostile document went, in a process of its own with a child's limits."""
    command = [sys.executable, "-m", "tests.extract.hostile_child"]
    done = subprocess.run(command, capture_output=True, timeout=400, check=True)
    return [msgspec.json.decode(line, type=Reading) for line in done.stdout.splitlines()]


def test_every_document_ends(readings: list[Reading]) -> None:
    """At least 143 documents are read, each in time, and none raises or exhausts the memory."""
    slow = [each for each in readings if each.cpu_s > CPU_S_MAX]
    faulty = [each for each in readings if each.fault]

    assert len(readings) >= 143
    assert slow == []
    assert faulty == []


def test_the_article_is_kept(readings: list[Reading]) -> None:
    """Where a document holds an article, its text is in what was read."""
    lost = [each for each in readings if each.missing]

    assert lost == []


@pytest.mark.parametrize("shape", GROWTHS)
def test_twice_the_size_costs_at_most_two_and_a_half_times(shape: str) -> None:
    """The cost of the whole extraction grows no faster than linear with any shape."""
    small, large = GROWTHS[shape](120_000), GROWTHS[shape](240_000)

    measured = ((cost(small), cost(large)) for _ in range(3))  # a busy machine slows one, not all

    assert any(twice <= 2.5 * once + NOISE_S for once, twice in measured)


@pytest.mark.parametrize("shape", TEXTS)
def test_twice_the_text_costs_at_most_two_and_a_half_times(shape: str) -> None:
    """The cost of a plain text grows no faster than linear with any shape."""
    small, large = TEXTS[shape](2_000_000), TEXTS[shape](4_000_000)

    measured = ((cost(small, "text"), cost(large, "text")) for _ in range(3))

    assert any(twice <= 2.5 * once + NOISE_S for once, twice in measured)


def cost(content: bytes | str, kind: Literal["html", "text"] = "html") -> float:
    """The CPU of one extraction, in seconds, without that of collecting the tests' own heap."""
    gc.collect()
    gc.freeze()
    started = time.process_time()
    extract(Page(content=content, url="https://x.example/a", kind=kind))
    return time.process_time() - started


def test_repeated_roots_are_taken_out() -> None:
    """Tags of body and html beyond a few are cut, in any case of letters, and the text is kept."""
    text = page(after="<bOdY a=1>word" * 1000 + "<HTML b=2>" * 1000)

    found = bounded(text)

    assert found.lower().count("<body") + found.lower().count("<html") <= 8
    assert found.count("word") == 1000


def test_too_many_tags_are_cut_behind_the_article() -> None:
    """A page of too many tags ends there, and one of too many letters too."""
    text = page(after="<i>" * (2 * TAGS_MAX))

    found = bounded(text)

    assert MARK in found
    assert found.count("<") <= TAGS_MAX
    assert len(bounded("a" * (PAGE_CHARS_MAX + 9))) == PAGE_CHARS_MAX


def test_a_usual_page_is_left_alone() -> None:
    """A page within the limits comes back as it is."""
    text = page()

    found = bounded(text)

    assert found is text
