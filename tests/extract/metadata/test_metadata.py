"""The whole of a page's metadata: what is consumed, and what hostile pages cost."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extract.document import parse
from service.extract.metadata import read_metadata
from service.extract.page import Page
from tests.extract.metadata.pages import PROSE, linked, read, story
from tests.extract.metadata.test_linked_data import VALUES

PROPERTIES = [
    "headline",
    "author",
    "datePublished",
    "image",
    "keywords",
    "publisher",
    "isAccessibleForFree",
    "hasPart",
    "license",
    "articleSection",
    "inLanguage",
    "url",
]
LD = '<script type="application/ld+json">'


def test_consumed_nodes_hold_no_prose() -> None:
    """What the body leaves out are lines about the article, never its story."""
    lines = (
        '<p class="kicker">Diplomatie</p>',
        '<p class="lead">Drei Tage lang wurde verhandelt, ohne ein Ergebnis.</p>',
        "<p>Von Anna Berg</p>", "<p>30. April 2024, 16:00 Uhr</p>", "<p>Lesezeit: 3 Minuten</p>",
    )  # fmt: skip
    html = f"<html lang=de><body>{story(*lines)}</body></html>"
    document = parse(Page(content=html, url="https://example-post.com/a/b"))

    metadata = read_metadata(document)

    consumed = {document.text(document.nodes[i]): role for i, role in metadata.consumed.items()}
    assert consumed["Gipfel in Genf gescheitert"] == "headline"
    assert consumed["Von Anna Berg"] == "byline"
    assert consumed["30. April 2024, 16:00 Uhr"] == "date"
    assert "Lesezeit: 3 Minuten" in consumed
    assert all("Die Gespräche" not in text for text in consumed)


@pytest.mark.parametrize(
    "html",
    [
        LD + "[" * 2_000_000,
        LD + '{"@type":"NewsArticle","headline":"' + "a" * 8_000_000 + '"}</script>' + story(),
        LD + '{"a":' * 10_000 + "1" + "}" * 10_000 + "</script>" + story(),
        "<div class=author>" * 20_000 + "Von Anna Berg",
        "<h1>Gipfel</h1>" * 20_000,
        "<h1>G</h1>" + "<p class=date>1/1/" * 20_000,
        '<meta property="article:author" content="a, b, c">' * 20_000 + story(),
        story("<p>" + "Von A und B, " * 20_000 + "</p>"),
        '<div itemprop="author">' * 3_000 + "Anna" + PROSE,
        "<title>" + " - " * 100_000 + "</title>",
    ],
    ids=str.__len__,
)  # fmt: skip
def test_hostile_pages_end_soon(html: str) -> None:
    """Giant, deep and repeated things cost time in proportion to their size."""
    document = parse(Page(content=f"<html><body>{html}", url="https://example-post.com/a"))
    started = time.process_time()

    read_metadata(document)

    assert time.process_time() - started < 3


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(PROPERTIES), VALUES))
def test_no_linked_data_makes_it_raise(node: dict[str, Any]) -> None:
    """Whatever type a property has, the page is read."""
    assert read(linked(**node), story()).headline


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([
            "<h1>", "</h1>", "<p class='byline date lead'>", "</p>", "Von ", "Anna", "12.13.2024",
            "<time datetime='x'>", "</time>", "<a rel=author href='/a'>", "</a>", "<article>", ":",
            "<div itemprop='author datePublished' itemscope>", "</div>", "\x00", "\ud800",
            "，", "&",
            "<meta property='og:title' content='|'>", "<title>", "</title>", "<h2>", "©", "|",
        ]),
        max_size=60,
    )
)  # fmt: skip
def test_no_page_makes_it_raise(parts: list[str]) -> None:
    """Fragments of markup in any order are read without an error."""
    document = parse(Page(content="".join(parts), url="https://example-post.com/a"))

    metadata = read_metadata(document)

    assert all(0 <= index < len(document.nodes) for index in metadata.consumed)


def test_entities_that_were_escaped_twice_are_resolved() -> None:
    """A publisher's system escapes what is escaped already; whole entities only, since an address
    may hold ``&copy=``."""
    head = (
        '<meta name="description" content="Wind &amp;amp; Wellen: der &amp;#039;Sturm&amp;#039;">'
        '<meta property="og:image" content="https://a.example/i.jpg?a=1&amp;copy=2">'
    )

    page = read(head, story())

    assert page.description == "Wind & Wellen: der 'Sturm'"
    assert [url for url, _ in page.images] == ["https://a.example/i.jpg?a=1&copy=2"]
