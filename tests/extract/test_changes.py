"""The same page written otherwise gives the same article (``benchmarks/extraction/morph.py``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import turbohtml

from benchmarks.extraction.morph import ALL, kept, read

FOLDER = Path(__file__).parents[1] / "pages" / "interview"


@cache
def page() -> tuple[str, str]:
    """A page of ours as the parser writes it, and its address."""
    html = turbohtml.parse((FOLDER / "source.html").read_text()).html
    return html, (FOLDER / "url.txt").read_text().strip()


@cache
def told() -> tuple[object, ...]:
    return kept(read(*page()))


@pytest.mark.parametrize("name", ALL)
def test_what_does_not_change_the_story_does_not_change_the_article(name: str) -> None:
    """Neither syntax, bytes, elements, names nor what stands around a story are part of it."""
    html, url = page()

    changed = ALL[name](html, url)

    assert kept(read(changed, url)) == told()


def test_a_change_that_matters_is_seen() -> None:
    """A page without one of its paragraphs is another article."""
    html, url = page()

    changed = ALL["elements: p as div"](html, url).replace("</div>", " Indeed.</div>", 30)

    assert kept(read(changed, url)) != told()
