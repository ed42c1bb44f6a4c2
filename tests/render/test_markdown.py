"""Markdown from blocks, read back by markdown-it as its oracle."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from turbohtml import parse

from service.article import (
    AnyBlock,
    Article,
    Cell,
    Code,
    Figure,
    Heading,
    Image,
    List,
    Paragraph,
    Quote,
    Span,
    Table,
)  # fmt: skip
from service.render import to_markdown
from tests.render.examples import river
from tests.render.judge import faults

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
HARSH = "*_`[]()<>#+-=.!|~\\&;:{}'\"/ \n\tab1é「」。ن"


def read(*blocks: AnyBlock) -> str:
    return str(READER.render(to_markdown(Article(body=list(blocks)))))


def text_in(html: str) -> str:
    return " ".join(parse(html).root.text.split())


texts = st.text(
    st.one_of(st.sampled_from(HARSH), st.characters(codec="utf-8", exclude_categories=["C"])),
    max_size=30,
)
marks = st.lists(st.sampled_from(["strong", "em", "code", "u", "sup"]), max_size=2, unique=True)
spans = st.lists(
    st.builds(
        Span, texts, marks.map(tuple), st.sampled_from([None, "https://a.example/(x)?b=1&lt;c=*_2"])
    ),
    min_size=1,
    max_size=5,
)
bounded = settings(
    max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@bounded
@given(texts)
def test_any_text_reads_back_as_itself(text: str) -> None:
    """Whatever a paragraph says, a reader of its Markdown sees the same text in one paragraph."""
    html = read(Paragraph(text=text))

    assert text_in(html) == " ".join(text.split())
    assert html.count("<") - html.count("<br />") - html.count("<p>") - html.count("</p>") == 0


@bounded
@given(spans)
def test_any_spans_read_back_as_their_text(spans: list[Span]) -> None:
    """Marks and links never leave a stray delimiter, and never change the text."""
    text = "".join(span.text for span in spans)

    html = read(Paragraph(text=text, spans=spans))

    assert "".join(text_in(html).split()) == "".join(text.split())
    assert faults(html) == []


@bounded
@given(st.lists(st.lists(texts, min_size=2, max_size=2), min_size=1, max_size=4), texts)
def test_any_table_and_heading_read_back(rows: list[list[str]], head: str) -> None:
    """Headings stay on one line and cells in their columns, whatever they say."""
    table = Table(rows=[[Cell(text=text) for text in row] for row in rows])

    html = read(Heading(text=head), table)

    assert html.count("<td>") == 2 * len(rows)
    assert html.count("<h2>") == bool(head.split())
    words = " ".join([head, *(text for row in rows for text in row)])
    assert "".join(text_in(html).split()) == "".join(words.split())


def test_every_block_reads_back() -> None:
    """An article with every block keeps its structure through a CommonMark reader."""
    html = READER.render(to_markdown(river()))

    assert "<h1>The river rises &lt;before&gt; dawn</h1>" in html
    assert '<a href="https://plain.example/four"><strong>at four</strong></a>' in html
    assert '<ol start="3">' in html
    assert '<code class="language-python">if a &lt; b:\n    rise()\n</code>' in html
    assert "<th>Station</th>" in html
    assert (
        '<img src="https://img.example/levee-1200.jpg" alt="Sandbags &amp; &lt;boats&gt;" />'
        in html
    )
    assert faults(html) == []


def test_marks_are_written_where_commonmark_can_say_them() -> None:
    """Strong and emphasised words are marked, quotation marks beside letters stay outside."""
    spans = [Span("これは"), Span("「重要」", ("strong",)), Span("だ"), Span(" new", ("em",))]

    html = read(Paragraph(text="".join(span.text for span in spans), spans=spans))

    assert html == "<p>これは「<strong>重要</strong>」だ <em>new</em></p>\n"


@pytest.mark.parametrize(
    "blocks",
    [
        [List(items=[[Paragraph(text="a")]]), List(items=[[Paragraph(text="b")]])],
        [
            List(items=[[Paragraph(text="a")]], ordered=True),
            List(items=[[Paragraph(text="b")]], ordered=True, start=7),
        ],
    ],
)
def test_lists_in_a_row_stay_apart(blocks: list[AnyBlock]) -> None:
    """Two lists in a row are read as two."""
    html = read(*blocks)

    assert html.count("<ul>") + html.count("<ol") == 2


def test_nested_blocks_stay_inside_their_item() -> None:
    """A list item keeps its paragraphs, code and inner list."""
    item: list[AnyBlock] = [
        Paragraph(text="a"),
        Code(text="x\n\n  y"),
        List(items=[[Paragraph(text="b")]], ordered=True, start=10),
        Quote(blocks=[Paragraph(text="c")]),
    ]

    html = read(List(items=[item, [Paragraph(text="d")]]))

    assert html.count("<ul>") == 1
    assert "<code>x\n\n  y\n</code>" in html
    assert '<ol start="10">\n<li>b</li>\n</ol>' in html
    assert html.index("<blockquote>") < html.index("<p>d</p>") < html.index("</ul>")


def test_code_that_holds_a_fence_is_fenced_longer() -> None:
    """Code keeps its text even where it holds fences of its own."""
    html = read(Code(text="```\n<script>\n````"))

    assert unescape(html) == "<pre><code>```\n<script>\n````\n</code></pre>\n"


def test_caption_stands_under_its_image() -> None:
    """A figure is one paragraph: the image, then its caption on the next line."""
    html = read(Figure(image=Image(src="https://i.example/a_(1).jpg"), caption="A *boat*"))

    assert html == '<p><img src="https://i.example/a_(1).jpg" alt="" /><br />\nA *boat*</p>\n'


def test_what_a_cell_spans_stays_empty() -> None:
    """Cells below and beside one that spans rows and columns keep their columns."""
    rows = [
        [Cell(text="Ann", rowspan=2), Cell(text="1999")],
        [Cell(text="2001")],
        [Cell(text="Bob", colspan=2)],
    ]

    html = read(Table(rows=rows))

    cells = [[cell.text for cell in row.select("td")] for row in parse(html).select("tbody tr")]
    assert cells == [["Ann", "1999"], ["", "2001"], ["Bob", ""]]


def test_a_bar_in_an_address_ends_no_cell() -> None:
    """``|`` may stand in an address, in a table and elsewhere."""
    span = Span("here", href="https://a.example/x|y")

    html = read(Table(rows=[[Cell(text="here", spans=[span])]]), Paragraph(text="", spans=[span]))

    hrefs = [link.attr("href") for link in parse(html).select("a")]
    assert [str(href).replace("%7C", "|") for href in hrefs] == ["https://a.example/x|y"] * 2
