"""Plain text from blocks."""

from __future__ import annotations

from service.article import Article, Figure, Image, Paragraph, Quote
from service.render import text_of, to_text
from tests.render.examples import river


def test_text_of_counts_words_without_captions() -> None:
    """The text that is counted has the standfirst and the body, one block a line, no captions."""
    lines = text_of(river()).split("\n")

    assert lines[:4] == [
        "A town counts its sandbags.",
        "Water crossed the levee.",
        "It came at four, not at nine.",
        "What happens next",
    ]
    assert "Volunteers stack sandbags." not in lines
    assert "Crest: 4.6 m" in lines
    assert "Noon" not in lines
    assert "not at nine" not in lines


def test_text_for_people_prints_captions_and_attributions() -> None:
    """The text that is read has captions with credits, attributions, embeds; pull quotes once."""
    text = to_text(river())

    assert "Volunteers stack sandbags. Photo: Jon Vega/Agency © 2026 Agency" in text
    assert "We wait.\n\n— The mayor" in text
    assert "Crest: 4.6 m" in text
    assert "Station\t06:00\t12:00\nEast\t4.4 m" in text


def test_line_ends_stay_in_text_for_people_only() -> None:
    """A line end inside a block is kept for people and is a space where blocks are lines."""
    article = Article(body=[Paragraph(text="a\nb")])

    assert to_text(article) == "a\nb"
    assert text_of(article) == "a b"


def test_deep_body_is_read_to_its_end() -> None:
    """Ten thousand nested quotes lose no text."""
    block = Quote(blocks=[Paragraph(text="bottom")])
    for _ in range(10_000):
        block = Quote(blocks=[block])

    assert to_text(Article(body=[block])) == "bottom"


def test_figure_without_words_leaves_no_line() -> None:
    """A picture that says nothing leaves nothing in text."""
    assert to_text(Article(body=[Figure(image=Image(src="https://i.example/a.jpg"))])) == ""
