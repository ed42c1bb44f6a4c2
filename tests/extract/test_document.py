from __future__ import annotations

import gc
from pathlib import Path

import pytest

from service.extract import extract
from service.extract.document import (
    ADDRESS_ATTRS,
    DEPTH_MAX,
    HIDDEN,
    NODES_MAX,
    VIDEO_ATTRS,
    Document,
    parse,
)
from service.extract.page import Page

PAGES = Path(__file__).parents[1] / "pages"


def document(html: str, url: str | None = "https://example.org/news/1") -> Document:
    return parse(Page(content=html, url=url))


def test_text_joins_inline_and_parts_blocks() -> None:
    """Inline elements do not break a word; blocks and line breaks do."""
    doc = document("<div>a<b>b</b><p>c</p>d<br>e <i> f</i></div>")

    text = doc.text(doc.body)

    assert text == "ab c d e f"


def test_a_subtree_is_a_range_of_nodes() -> None:
    """Every element inside a node lies between its index and its end, in document order."""
    doc = document("<div id=x><p>1<b>2</b></p><p>3</p></div><p>4</p>")

    inside = doc.inside(doc.by_id["x"])

    assert [node.tag for node in inside] == ["p", "b", "p"]
    assert [doc.text(p) for p in doc.within(doc.by_id["x"], "p")] == ["12", "3"]


@pytest.mark.parametrize(
    "name", ["id", "style", "itemprop", "itemtype", "property", *ADDRESS_ATTRS, *VIDEO_ATTRS]
)
def test_elements_are_found_by_the_attributes_that_readers_ask_for(name: str) -> None:
    """Each attribute finds its elements in document order, whatever else they have."""
    doc = document(f"<a {name}=1>x</a><b>y</b><div><span id=z class=c {name}=2>z</span></div>")

    found = doc.having(name)

    assert [node.tag for node in found] == ["a", "span"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>no</p>",
        "<p aria-hidden=true>no</p>",
        "<p style='color:red; DISPLAY : none'>no</p>",
        "<p style='visibility:\thidden'>no</p>",
        "<span class='sr-only'>no</span>",
        "<div class='notice hide'>no</div>",
        "<span class='tooltip-text'>no</span>",
        "<span class='rollover-people-block'>no</span>",
        "<noscript><p>no</p></noscript>",
        "<dialog>no</dialog>",
        "<template><p>no</p></template>",
        "<script>no</script><style>no</style><svg><text>no</text></svg>",
    ],
)
def test_hidden_text_is_not_text(hidden: str) -> None:
    """What a reader does not see is not among the text of what is around it."""
    doc = document(f"<div><p>yes</p>{hidden}</div>")

    assert doc.text(doc.body) == "yes"
    assert doc.body.chars == 3


def test_a_value_for_style_sheets_hides_nothing() -> None:
    """``--footer-display`` is a name of the site's own."""
    doc = document("<div style='--footer-display: none; color: red'><p>yes</p></div>")

    assert doc.text(doc.body) == "yes"


def test_the_back_of_a_card_hides_nothing() -> None:
    """``backface-visibility`` is no ``visibility``."""
    doc = document("<p style='-webkit-backface-visibility: hidden; overflow-x: hidden'>yes</p>")

    assert doc.text(doc.body) == "yes"


def test_hidden_nodes_keep_their_own_text() -> None:
    """A hidden element can still be asked for its text, as captions of lazy images need it."""
    doc = document("<p>yes</p><noscript><p>lazy</p></noscript>")

    lazy = doc.by_tag["p"][1]

    assert lazy.hidden == HIDDEN
    assert doc.text(lazy) == "lazy"


def test_a_page_that_hides_everything_is_read_all_the_same() -> None:
    """Pages that scripts uncover are read as if nothing were hidden."""
    words = "<p>Words that a script would show to the reader, for they are the whole story.</p>" * 4

    doc = document(f"<div style='visibility:hidden'>{words}</div><div hidden>menu</div>")

    assert doc.text(doc.body).count("story") == 4
    assert "menu" not in doc.text(doc.body)


def test_counts_add_up() -> None:
    """A node knows how much text, linked text and paragraphs are inside it."""
    prose = "One sentence, with a clause, that is long enough to be counted as prose."

    doc = document(f"<div><p>{prose}</p><p><a href=/x>linked</a></p></div>")

    body = doc.body
    assert (body.chars, body.link_chars) == (len(prose) + 6, 6)
    assert body.paragraphs == 1


def test_head_is_noted_by_name() -> None:
    """Metas, links, JSON-LD, title and language are found under lower-case names."""
    doc = document(
        "<html lang=fr><head><title> A &amp; B </title><meta property='OG:Title' content=T>"
        "<link rel=Canonical href=/c><script type='application/ld+json'>{}</script></head>"
    )

    assert doc.title == "A & B"
    assert doc.lang == "fr"
    assert doc.meta("missing", "og:title") == "T"
    assert [node.get("href") for node in doc.linked["canonical"]] == ["/c"]
    assert doc.json_ld == ["{}"]


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("b?q=1", "https://example.org/a/b?q=1"),
        ("//cdn.example.org/i.jpg", "https://cdn.example.org/i.jpg"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_addresses_are_absolute_and_safe(href: str, expected: str | None) -> None:
    """Links are joined with the page's base; other schemes and bad addresses are dropped."""
    doc = document("<base href='/a/'><p>x")

    assert doc.resolve(href) == expected


@pytest.mark.parametrize(
    "shape",
    [
        "<div>" * 100_000 + "<p>kept <b>text</b></p>",
        "<b>" * 100_000 + "kept <i>text",
        "<p " + " ".join(f"a{n}" for n in range(100_000)) + ">kept text",
        "<body a=1>" * 50_000 + "kept text",
        "<table>" * 20_000 + "kept text",
    ],
)
def test_hostile_shapes_keep_their_text_and_bounds(shape: str) -> None:
    """Depth and attributes without end neither hang the reader nor lose the text."""
    doc = document(shape)

    assert doc.text(doc.body) == "kept text"
    assert max(sum(1 for _ in node.ancestors()) for node in doc.nodes[-3:]) <= DEPTH_MAX
    assert len(doc.nodes) <= NODES_MAX


def test_bytes_are_decoded_by_the_declared_charset() -> None:
    """A charset that HTTP declared is obeyed."""
    doc = parse(Page(content="<p>Žluťoučký</p>".encode("cp1250"), charset="windows-1250"))

    assert doc.text(doc.body) == "Žluťoučký"


def test_a_document_frees_itself() -> None:
    """Nodes point to each other; a document that is no longer used parts them all the same."""
    doc = document("<div><p>x</p></div>")
    paragraph = doc.by_tag["p"][0]
    assert paragraph.parent is not None

    del doc

    assert paragraph.parent is None


@pytest.mark.parametrize("attribute", ["shadowrootmode", "shadowRootMode"])
def test_what_stands_in_a_shadow_root_is_read(attribute: str) -> None:
    """Declarative shadow roots are shown by browsers, and are part of the page."""
    doc = document(f"<div>a<template {attribute}=open><p>b</p></template></div>")

    assert doc.text(doc.body) == "a b"


def test_scripts_beyond_the_limits_are_kept() -> None:
    """Scripts that stand deeper than a document may be are known all the same, and are no text."""
    deep = "<div>" * (DEPTH_MAX + 20)

    doc = document(f"{deep}<script>x</script>kept<style>y</style> <b>text</b>")

    assert [script.text for script in doc.scripts] == ["x"]
    assert doc.text(doc.body) == "kept text"


def test_extraction_leaves_no_cycles() -> None:
    """What a page took is freed when its article is there: children hardly ever collect garbage."""
    pages = [Page(content=file.read_bytes()) for file in PAGES.glob("*/source.html")]
    for page in pages:
        extract(page)
    gc.collect()
    gc.disable()
    try:
        for page in pages:
            extract(page)
        left = gc.collect()
    finally:
        gc.enable()

    assert pages
    assert left == 0


def test_tags_in_a_field_of_plain_text_are_left_out() -> None:
    """A system's own markup in a description is none of it; an article about HTML names tags."""
    head = (
        '<meta name="description" content="<p>The <b>sea</b> rises.</p>">'
        '<meta property="og:title" content="30 years of &lt;br&gt; tags">'
    )
    document = parse(Page(content=f"<head>{head}</head><body>text</body>"))

    assert document.meta("description") == "The sea rises."
    assert document.meta("og:title") == "30 years of <br> tags"
