"""The standfirst, apart from the description and from the first paragraph."""

from __future__ import annotations

import pytest

from service.extract.metadata.standfirst import unsigned
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


@pytest.mark.parametrize(
    "parts",
    [
        "<h3>Wo</h3><p>Am Ufer, im alten Saal.</p>",
        "<table><tr><td>Uhr<td>10</table>",
        f"<p>{TEXT}</p>" * 3,
    ],
)
def test_a_field_that_holds_the_story_is_no_standfirst(parts: str) -> None:
    """Publishing systems name the field of a story after the summary that it may have."""
    field = f'<div class="field-summary"><p>{TEXT}</p>{parts}</div>'

    page = read("", f"<article><h1>Gipfel gescheitert</h1>{field}</article>")

    assert page.standfirst is None


def test_a_section_heading_is_no_standfirst() -> None:
    """A short heading right under the headline opens a section."""
    assert read("", story("<h2>Worum es geht</h2>")).standfirst is None


def test_nothing_after_the_story_has_begun_is_a_standfirst() -> None:
    """A box that calls itself an introduction further down is part of the story."""
    assert read("", story(end=f'<p class="intro">{TEXT}</p>')).standfirst is None


BOLD = (
    "<p><strong>Niemand gab nach, und doch ist der Streit um den Hafen nicht verloren.</strong></p>"
)
STYLED = '<div><p class="x1">Niemand gab nach, und doch ist der Streit nicht verloren.</p></div>'


@pytest.mark.parametrize("line", [BOLD, STYLED])
def test_a_first_paragraph_that_looks_apart_is_the_standfirst(line: str) -> None:
    """Bold as a whole, or of a class and an element of its own, where the story's are not."""
    body = story(line).replace("<p>Die Gespr", '<p class="y2">Die Gespr')

    page = read("", body)

    assert page.standfirst is not None
    assert page.standfirst.startswith("Niemand gab nach")


@pytest.mark.parametrize(
    "line",
    [
        "<p><strong>Von Anna Berg und Max Roth, die seit Jahren in Genf sind.</strong></p>",
        "<p><strong>Genf, 3. Mai 2024, kurz vor dem Beginn des Gipfels am See.</strong></p>",
        '<div><p class="drop-cap">Niemand gab nach, und doch ist der Streit nicht aus.</p></div>',
        '<p class="x1">Niemand gab nach, und doch ist der Streit um den Hafen nicht verloren.</p>',
        '<aside><p class="x1">Diese Meldung wurde von niemandem gelesen.</p></aside>',
    ],
)
def test_bylines_datelines_and_drop_caps_are_no_standfirst(line: str) -> None:
    """A bold line about the article, and the story's own first paragraph, stay what they are."""
    assert read("", story(line)).standfirst is None


def test_a_long_heading_right_under_the_headline_is_the_standfirst() -> None:
    """A heading of more than a line needs no full stop there."""
    told = (
        "HAFENSTREIT: Die Stadt wirft den Reedern vor, ihre Boote vor der Mole zu versenken, und "
    )
    told += "die Reeder weisen das zurück"

    assert read("", story(f"<h2>{told}</h2>")).standfirst == told


@pytest.mark.parametrize(
    "line",
    [
        '<h2 class="subtitle">July 9, 2026 at 6:40 PM EDT</h2>',
        '<div class="subline">By POST STAFF NOVEMBER 20, 2025 10:43</div>',
        '<p class="summary">by Ann Lee Roth Nov. 8, 2025Nov. 8, 2025</p>',
        f'<span class="img-cap intro">{TEXT}</span>',
    ],
)
def test_dates_bylines_and_captions_are_no_standfirst(line: str) -> None:
    """Whatever its class, a line that says when and who, or what a picture shows, is none."""
    assert read("", story(line), lang="en").standfirst is None


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        (f"{TEXT} Von Heike Buchter", ["Heike Buchter"], TEXT),
        ("Thread starter mill42 Start date Apr 12, 2024", ["mill42"], ""),
        ("von Nadja Demel13.12.2022 - 08:13 Uhr13.12.2022 - 08:13 Uhr", ["Nadja Demel"], ""),
        ("Korrespondent Robin Tschöpe", ["Robin Tschöpe"], ""),
        ("Ann Author went there in May 2024 and saw it all.", ["Bob Author"],
         "Ann Author went there in May 2024 and saw it all."),
        ("The mayor meets Ann Author.", ["Ann Author"], "The mayor meets Ann Author."),
    ],
)  # fmt: skip
def test_a_standfirst_is_not_a_signature(text: str, names: list[str], left: str) -> None:
    """Who wrote the story, and when, is told by other fields."""
    assert unsigned(text, names) == left


@pytest.mark.parametrize(
    "line",
    [
        '<div class="editor-excerpt">Ann is an avid traveller and has tested every ferry.</div>',
        '<div class="post-subtitle"><div class="sub"><p>By entering your email, you agree to our'
        " Privacy Policy and to receive marketing.</p></div></div>",
        '<p class="intro">Join our daily and weekly newsletters for the latest updates.</p>',
        '<div class="intro">Audio 03:07 Min. | How the boats came back to the town</div>',
        '<div role="note" class="hatnote note intro">This article is about the boat alone.</div>',
    ],
)
def test_what_is_about_the_author_or_a_newsletter_is_no_standfirst(line: str) -> None:
    """Boxes under a headline have classes that sound alike."""
    assert read("", story(line), lang="en").standfirst is None


def test_a_card_of_the_author_is_no_standfirst() -> None:
    """What a description in the card of a person tells is about that person."""
    told = "Max is on track to graduate from a school in Genf and likes the theatre."
    card = f'<div class="author-dropdown"><div class="description"><p>{told}</p></div></div>'

    assert read("", story(card)).standfirst is None
    assert read("", story(card.replace("author-dropdown", "top"))).standfirst == told
