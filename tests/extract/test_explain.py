from __future__ import annotations

from service.extract import Page, extract
from service.extract.explain import explain, explain_lines
from service.render import to_comparison
from tests.pages.make import PAGES


def test_every_line_has_its_verdict() -> None:
    """The reader of a page's explanation sees what was kept, what was not, and why."""
    source = PAGES / "promotion-inside-the-story" / "source.html"

    lines = explain_lines(Page(content=source.read_bytes()))

    verdicts = {line[90 - 48 :].strip()[:20]: line[:17].strip() for line in lines[1:]}
    assert verdicts["Old bridge to close "] == "headline"
    assert verdicts["The council voted on"] == "kept"
    assert verdicts["Sign up for our news"].startswith("unlikely")
    assert verdicts["Ferry to start earli"] != "kept"


def test_page_and_article_stand_side_by_side() -> None:
    """The comparison holds every line of the page with its verdict, escaped, and the article."""
    source = PAGES / "promotion-inside-the-story" / "source.html"
    page = Page(content=source.read_bytes() + b"<p>&lt;script&gt;x&lt;/script&gt; a stray line</p>")
    rows = [(one.verdict, one.element, one.text) for one in explain(page)]

    shown = to_comparison(extract(page), rows)

    assert "Sign up for our news" in shown
    assert 'class="kept"' in shown
    assert "<script" not in shown
