"""A whole page from an article."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import datetime

from service.article import Article, LiveEntry, Timestamp
from service.render import PAGE_CSP, to_markdown, to_page
from tests.render.examples import AT, river
from tests.render.judge import faults


def test_page_has_its_parts_in_order() -> None:
    """A page prints kicker, headline, standfirst, byline and date, body, source and rights."""
    html = to_page(river())

    marks = ("Floods", "<h1>", "A town counts", "Alma Reyes", "2026-01-06 14:16", "Water crossed",
             "https://plain.example/river</a>", "© 2026 The Plain Paper</p>")  # fmt: skip
    places = [html.index(mark, html.index("<body>")) for mark in marks]
    assert places == sorted(places)
    assert faults(html) == []


def test_policy_allows_exactly_the_style_that_is_printed() -> None:
    """The hash in the policy is that of the style element; nothing else inline can apply."""
    style = re.search(r"<style>(.*?)</style>", to_page(river()), re.DOTALL)
    assert style is not None

    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in PAGE_CSP
    assert PAGE_CSP.startswith("default-src 'none'")
    assert "script" not in PAGE_CSP
    assert "unsafe" not in PAGE_CSP


def test_page_reads_in_the_direction_of_the_article() -> None:
    """A right-to-left article makes a right-to-left page."""
    article = river()
    article.direction = "rtl"

    assert '<html lang="en" dir="rtl">' in to_page(article)


def test_empty_article_makes_a_valid_page() -> None:
    """An article that states nothing still makes a page with a title and no empty parts."""
    html = to_page(Article())

    assert "<title>–</title>" in html
    assert "<h1>" not in html
    assert "<footer>" not in html


def test_date_prints_no_more_than_its_precision() -> None:
    """A date that is known by the day is printed by the day, for people and machines."""
    article = river()
    article.published = Timestamp(at=AT, precision="day")

    html = to_page(article)

    assert '<time datetime="2026-01-06">2026-01-06</time>' in html


def test_a_time_is_told_with_its_zone() -> None:
    """Eight in the morning in Tokyo is the evening of the day before elsewhere."""
    article = river()
    at = datetime.fromisoformat("2026-03-11T23:00:00Z")
    article.published = Timestamp(at=at, precision="second")
    article.body = [LiveEntry(at=at, headline="The ferry leaves", blocks=[])]

    page, markdown = to_page(article), to_markdown(article)

    shown = '<time datetime="2026-03-11T23:00:00+00:00">2026-03-11 23:00 UTC</time>'
    assert page.count(shown) == 2
    assert "2026-03-11 23:00 UTC" in markdown
