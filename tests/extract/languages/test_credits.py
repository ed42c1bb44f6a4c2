"""Where pages of the main languages print who made a picture, before or after the caption."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from service.article import Credit, Figure
from service.extract import Page, extract

STORIES = json.loads(Path(__file__).with_name("stories.json").read_text("utf-8"))
_MARK = re.compile(r"^.*?(?:[:：=]|Fot\.) ?")
"""The label of a credit, which a Polish page prints without a mark."""

SHAPES = [
    "<figcaption>{caption}. ({credit})</figcaption>",
    "<figcaption>{caption} – {credit}</figcaption>",
    "<figcaption>{credit}<br>{caption}</figcaption>",
    "<figcaption><span>{credit}</span> <span>{caption}.</span></figcaption>",
    "<figcaption><span>{caption}</span><span>{credit}</span></figcaption>",
    "<figcaption><span class='credit'>{credit}</span> {caption}</figcaption>",
    "<figcaption>{caption} <small>{name}</small></figcaption>",
    "<figcaption>{caption}</figcaption><span class='photo-credit'>{name}</span>",
    "<figcaption><p>{caption}.</p><p><em>{credit}</em></p></figcaption>",
]
OF_AGENCIES = [
    "<figcaption>{caption}. {credit} / AFP</figcaption>",
    "<figcaption>{caption}. {credit} (AFP)</figcaption>",
    "<figcaption>{caption}. [{name}/AFP]</figcaption>",
    "<figcaption>{caption} © {name} / AFP</figcaption>",
    "<figcaption>{caption} <cite>{name} / AFP</cite></figcaption>",
]


def figure_of(code: str, shape: str, attribute: str = "") -> Figure:
    """The figure of a page in a language."""
    story = STORIES[code]
    caption, credit = story["caption"], story["credit"]
    words = {"caption": caption, "credit": credit, "name": _MARK.sub("", credit)}
    first, *others = (f"<p>{paragraph}</p>" for paragraph in story["paragraphs"])
    html = f"""<html lang="{code}"><body><article><h1>{story["headline"]}</h1>{first}
<figure><img src="/waves-800x600.jpg" width="800" height="600" {attribute.format(**words)}>
{shape.format(**words)}</figure>{"".join(others)}</article></body></html>"""
    article = extract(Page(content=html, url="https://www.example.com/news/1"))
    return next(block for block in article.body if isinstance(block, Figure))


@pytest.mark.parametrize("code", STORIES)
def test_a_credit_is_told_wherever_it_stands(code: str) -> None:
    """Before the caption or after it, in brackets, in an element of its own or glued to it."""
    name = _MARK.sub("", STORIES[code]["credit"])

    for shape in SHAPES:
        figure = figure_of(code, shape)
        assert (figure.caption or "").rstrip(".") == STORIES[code]["caption"], shape
        assert figure.credit is not None, shape
        assert figure.credit.text == name, shape


@pytest.mark.parametrize("code", STORIES)
def test_photographer_and_agency_are_told_apart(code: str) -> None:
    """A name beside an agency is the photographer's, also where names have no blank."""
    name = _MARK.sub("", STORIES[code]["credit"])

    for shape in OF_AGENCIES:
        credit = figure_of(code, shape).credit
        assert credit is not None, shape
        assert (credit.photographer, credit.agency) == (name, "AFP"), shape


@pytest.mark.parametrize("code", STORIES)
@pytest.mark.parametrize("attribute", ['title="{credit}"', 'alt="{caption}. {credit}"'])
def test_a_credit_may_stand_in_the_title_or_the_text_for_a_picture(
    code: str, attribute: str
) -> None:
    """What is not printed is told by a label there; the text for the picture is no caption."""
    figure = figure_of(code, "", attribute)

    assert figure.caption is None
    assert figure.credit is not None
    assert figure.credit.text == _MARK.sub("", STORIES[code]["credit"])


def test_a_text_for_a_picture_without_a_label_is_no_credit() -> None:
    """Names in it may be those of who is seen."""
    figure = figure_of("en", "<figcaption>{caption}</figcaption>", 'alt="Jane Orwell, AFP"')

    assert figure.credit is None


def test_licences_are_neither_photographer_nor_agency() -> None:
    """The text of the credit keeps them."""
    shape = "<figcaption>{caption}. Photo: Jane Orwell, via Wikimedia Commons, CC BY-SA 4.0"

    assert figure_of("en", shape).credit == Credit(
        text="Jane Orwell, via Wikimedia Commons, CC BY-SA 4.0",
        photographer="Jane Orwell", agency="Wikimedia Commons",
    )  # fmt: skip
