"""One page in every main language: its words alone say what is story and what is not.

``stories.json`` holds, per language, a story and the lines that such a page prints around it. The
page has no telling class, no JSON-LD and no meta.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from service.article import Article, Figure
from service.extract import Page, extract
from service.render import text_of

STORIES = json.loads(Path(__file__).with_name("stories.json").read_text("utf-8"))
RIGHT_TO_LEFT = {"ar", "he", "fa"}
PUBLISHED = datetime(2024, 5, 15, 10, 30)


def read(code: str) -> Article:
    """The article of a language's page."""
    story = STORIES[code]
    first, second, third = story["paragraphs"]
    html = f"""<!doctype html><html lang="{code}"><head><meta charset="utf-8">
<title>{story["headline"]}</title></head><body><div id="top"><a href="/">A</a></div><div id="page">
<h1>{story["headline"]}</h1><div>{story["byline"]}</div><div>{story["dated"]}</div>
<p><a href="https://www.facebook.com/sharer.php?u=x">{story["share"]}</a></p><p>{first}</p>
<div><img src="/waves-800x600.jpg" width="800" height="600"><br>
<small>{story["caption"]}. {story["credit"]}</small></div>
<p>{story["advertisement"]}</p><p>{second}</p><p><b><a href="/2">{story["also"]}</a></b></p>
<p>{third}</p><p>{story["tags"]}</p><p>{story["newsletter"]}</p><p>{story["comments"]}</p>
</div></body></html>"""
    return extract(Page(content=html, url="https://www.example.com/news/1"))


@pytest.mark.parametrize("code", STORIES)
def test_the_story_and_nothing_else_is_read(code: str) -> None:
    """Share, advertisement, related, tags, newsletter and comments are told by their words."""
    lines = [line for line in text_of(read(code)).split("\n") if line.strip()]

    assert lines == STORIES[code]["paragraphs"]


@pytest.mark.parametrize("code", STORIES)
def test_headline_author_and_date_are_read(code: str) -> None:
    """The byline's label, the month's name and the digits are those of the language."""
    article = read(code)

    assert article.headline == STORIES[code]["headline"]
    assert [author.name for author in article.authors] == [STORIES[code]["name"]]
    assert article.published_at is not None
    assert article.published_at.replace(tzinfo=None) == PUBLISHED
    assert article.language is not None
    assert article.language.code == code
    assert article.direction == ("rtl" if code in RIGHT_TO_LEFT else "ltr")


@pytest.mark.parametrize("code", STORIES)
def test_caption_and_credit_are_told_apart(code: str) -> None:
    """The credit's label is of the language, too; neither is text of the story."""
    figures = [block for block in read(code).body if isinstance(block, Figure)]

    assert [str(figure.caption).rstrip(".") for figure in figures] == [STORIES[code]["caption"]]
    assert figures[0].credit is not None
    assert figures[0].credit.text in STORIES[code]["credit"]


def test_all_main_languages_have_a_page() -> None:
    """The list of languages that are promised deep."""
    promised = "en fr de es it pt nl pl ru uk el tr ar he fa hi zh ja ko vi id sv no da fi cs hu ro"

    assert set(promised.split()) == set(STORIES)
