"""Captions that are printed as paragraphs below their pictures."""

from __future__ import annotations

import pytest

from service.article import Article, Figure, Paragraph
from service.extract import Page, extract

PROSE = "The council of the small harbour town decided on Tuesday to rebuild the sea wall at last."


def article_of(below: str) -> Article:
    """A story whose only picture has ``below`` right under it."""
    told = "".join(f"<p>{PROSE} It took them {number} hours.</p>" for number in range(2, 6))
    picture = '<p><img src="/wall.jpg" width="800" height="600"></p>'
    html = f"<body><article><h1>Sea wall</h1>{told}{picture}{below}{told.replace('2', '9')}"
    return extract(Page(content=html, url="https://news.example/a"))


def test_a_paragraph_that_says_who_took_the_picture_is_its_caption() -> None:
    """It goes to the figure, and to the lead image where that is the same picture."""
    article = article_of("<p>The wall at low tide. Photo: Jane Orwell/Reuters</p>")

    shown = next(block for block in article.body if isinstance(block, Figure))
    assert shown.caption == "The wall at low tide."
    assert shown.credit is not None
    assert (shown.credit.photographer, shown.credit.agency) == ("Jane Orwell", "Reuters")
    assert not any("low tide" in b.text for b in article.body if isinstance(b, Paragraph))
    assert article.lead_image is None or article.lead_image.caption == shown.caption


@pytest.mark.parametrize(
    "below",
    [
        "<p>The wall at low tide is a sight that nobody in the town will forget.</p>",
        "<p>Data: prices of houses behind the market, and of those in front of it.</p>",
    ],
)
def test_other_paragraphs_stay_in_the_story(below: str) -> None:
    """A sentence below a picture is no caption for its place alone."""
    article = article_of(below)

    text = below.removeprefix("<p>").removesuffix("</p>")
    assert text in [block.text for block in article.body if isinstance(block, Paragraph)]
