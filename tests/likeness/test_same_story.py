"""Copies of a story are told from other stories, and from reports that are filled in every day."""

from __future__ import annotations

from collections import Counter

import pytest

from service.article import Article
from service.likeness import SAME_STORY, bands, likeness, signature
from tests.likeness.pairs import ODD, Pair, article, pairs, stories

PAIRS = pairs()


def is_same(one: Article, other: Article) -> bool:
    """Whether the service would join them: they share a band, and are alike enough."""
    signed, of_other = signature(one), signature(other)
    assert signed is not None
    assert of_other is not None
    shares = bool(set(bands(signed)) & set(bands(of_other)))
    return shares and likeness(signed, of_other) >= SAME_STORY


@pytest.fixture(scope="module")
def judged() -> list[tuple[Pair, bool]]:
    """Every pair, and what is said of it."""
    return [(pair, is_same(pair.one, pair.other)) for pair in PAIRS]


def test_no_two_stories_are_joined(judged: list[tuple[Pair, bool]]) -> None:
    """Precision is 1: not one of weather, markets, lottery, notices, obituaries, matches."""
    wrong = Counter(pair.kind for pair, said in judged if said and not pair.is_same)

    assert wrong == Counter()
    assert sum(not pair.is_same for pair, _ in judged) == 105


def test_copies_are_joined(judged: list[tuple[Pair, bool]]) -> None:
    """Recall: all copies but two that were cut to half or changed all over."""
    missed = Counter(pair.kind for pair, said in judged if pair.is_same and not said)
    copies = sum(pair.is_same for pair, _ in judged)

    assert copies == 48
    assert missed <= Counter({"cut to half": 1, "words replaced": 1})


def test_a_headline_decides_nothing() -> None:
    """Two columns named "Opinion" are two articles; one story under two headlines is one."""
    first, second = [story for story in stories() if story.headline == "Opinion"]

    one, other = (article(s.lang, s.headline, s.lines) for s in (first, second))
    renamed = article(first.lang, "What a city thinks of its nights", first.lines)

    assert not is_same(one, other)
    assert is_same(one, renamed)


def test_older_signatures_have_no_facts() -> None:
    """A signature of 512 bytes, as 1.0 wrote them, is compared by its words alone."""
    pair = next(pair for pair in PAIRS if pair.kind == "notice")
    one, other = signature(pair.one), signature(pair.other)

    assert one is not None
    assert other is not None
    assert likeness(one[:512], other) == likeness(one, other[:512]) > SAME_STORY
    assert likeness(one, other) == 0


def test_a_changed_figure_is_still_the_story() -> None:
    """When the count of the missing is corrected, the names and the other figures stay."""
    [story] = [s for s in stories() if s.headline.startswith("Dam")]
    corrected = [line.replace("3,400", "3,600") for line in story.lines]

    found = is_same(
        article(story.lang, story.headline, story.lines),
        article(story.lang, story.headline, [*corrected, ODD[story.lang]]),
    )

    assert found
