"""The standfirst, apart from the description and from the first paragraph."""

from __future__ import annotations

import pytest

from tests.extract.metadata.pages import meta, read, story

TEXT = "Drei Tage lang wurde verhandelt, doch am Ende blieb nur ein gemeinsames Foto übrig."


@pytest.mark.parametrize(
    "line",
    [
        f'<p class="article__standfirst">{TEXT}</p>',
        f'<div class="c-article-summary">{TEXT}</div>',
        f'<h2 class="subtitle">{TEXT}</h2>',
        f'<div class="entradilla"><p>{TEXT}</p></div>',
        f"<h2>{TEXT}</h2>",
    ],
)
def test_the_element_under_the_headline_is_the_standfirst(line: str) -> None:
    """Classes or the place of a heading make a text the standfirst, and the body leaves it out."""
    page = read(meta(og__description="Kurz: der Gipfel."), story(line))

    assert page.standfirst == TEXT
    assert page.description == "Kurz: der Gipfel."
    assert "standfirst" in page.consumed.values()


def test_the_first_paragraph_is_no_standfirst() -> None:
    """A plain paragraph that the description repeats stays in the body."""
    page = read(meta(og__description=TEXT), story(f"<p>{TEXT}</p>"))

    assert page.standfirst is None
    assert page.description == TEXT


def test_a_section_heading_is_no_standfirst() -> None:
    """A short heading right under the headline opens a section."""
    assert read("", story("<h2>Worum es geht</h2>")).standfirst is None


def test_nothing_after_the_story_has_begun_is_a_standfirst() -> None:
    """A box that calls itself an introduction further down is part of the story."""
    assert read("", story(end=f'<p class="intro">{TEXT}</p>')).standfirst is None
