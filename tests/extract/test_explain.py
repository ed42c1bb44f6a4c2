from __future__ import annotations

from service.extract import Page
from service.extract.explain import explain_lines
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
