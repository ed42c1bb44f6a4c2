"""HTML from blocks."""

from __future__ import annotations

import pytest

from service.article import (
    Article,
    Aside,
    Block,
    Candidate,
    Cell,
    Credit,
    Embed,
    Figure,
    Gallery,
    Heading,
    Image,
    LeadImage,
    List,
    Paragraph,
    Quote,
    Span,
    Table,
    Video,
    walk,
)  # fmt: skip
from service.render import to_html
from service.render.text import caption_lines
from tests.render.examples import every_block, river
from tests.render.judge import faults


def html_of(*blocks: Block) -> str:
    return to_html(Article(body=list(blocks)))  # type: ignore[arg-type]


def test_every_block_is_drawn_with_known_elements_only() -> None:
    """An article with every block gives HTML that holds nothing but the renderers' own markup."""
    html = to_html(river())

    assert faults(html) == []
    for words in ("Water crossed", "The mayor", "4.4 m", "rise()", "Crest: 4.6 m", "It holds."):
        assert words in html


def test_marks_and_links_nest_around_escaped_text() -> None:
    """A span becomes its marks in order, inside its link, and its text is escaped."""
    spans = [Span("a<b", ("strong", "em"), "https://a.example/?x=1&y=2"), Span(" c")]

    html = html_of(Paragraph(text="a<b c", spans=spans))

    assert html == (
        '<p><a href="https://a.example/?x=1&amp;y=2" rel="noopener noreferrer">'
        "<strong><em>a&lt;b</em></strong></a> c</p>"
    )


@pytest.mark.parametrize("href", ["javascript:alert(1)", "/relative", "data:text/html,x", "", None])
def test_unsafe_link_leaves_its_text(href: str | None) -> None:
    """A link to anything but http, https, mailto and tel is drawn as its text."""
    html = html_of(Paragraph(text="x", spans=[Span("x", (), href)]))

    assert html == "<p>x</p>"


def test_line_end_becomes_br() -> None:
    """A line end inside a paragraph is a line break."""
    assert html_of(Paragraph(text="a\nb")) == "<p>a<br>\nb</p>"


def test_figure_prints_caption_credit_and_rights_once() -> None:
    """What the caption already says is not printed again as the credit or the rights."""
    image = Image(src="https://i.example/a.jpg")

    html = html_of(Figure(image=image, caption="A boat. © Agency", copyright_notice="© Agency"))

    assert html.count("© Agency") == 1
    assert "<figcaption>A boat. © Agency</figcaption>" in html


@pytest.mark.parametrize(
    ("caption", "credit", "notice", "lines"),
    [
        ("A map of Rome", "AP", "© City of Rome", ["A map of Rome", "AP", "© City of Rome"]),
        ("The pass", "Ann Lee", "© Ann Lee", ["The pass", "© Ann Lee"]),
        ("The pass (AP)", "AP", None, ["The pass (AP)"]),
        (None, "Ann Lee / AP", "AP", ["Ann Lee / AP"]),
        (None, None, None, []),
    ],
)
def test_what_another_line_says_is_left_out(
    caption: str | None, credit: str | None, notice: str | None, lines: list[str]
) -> None:
    """By whole words: an agency's name is not found inside the caption's words."""
    image = Image(src="https://i.example/a.jpg")
    said = Credit(text=credit) if credit else None

    found = caption_lines(
        Figure(image=image, caption=caption, credit=said, copyright_notice=notice)
    )

    assert found == lines


def test_srcset_holds_safe_candidates_of_one_kind() -> None:
    """Candidates with widths are written, those without or with other schemes are left out."""
    image = Image(
        src="https://i.example/a.jpg",
        candidates=[
            Candidate(src="https://i.example/a.jpg", width=800),
            Candidate(src="javascript:x", width=400),
            Candidate(src="https://i.example/2.jpg", density=2.0),
            Candidate(src="https://i.example/b.jpg,", width=400),
        ],
    )

    html = html_of(Figure(image=image))

    assert 'srcset="https://i.example/a.jpg 800w"' in html


def test_image_without_address_shows_its_alternative() -> None:
    """A picture whose address is not safe is drawn as its alternative text."""
    html = html_of(Figure(image=Image(src="data:image/gif;base64,R0", alt="a boat")))

    assert html == '<figure class="figure">\na boat\n</figure>'


def test_lead_image_is_drawn_once() -> None:
    """The lead image stands first unless a figure of the body shows it already."""
    lead = LeadImage(src="https://i.example/a.jpg", caption="A boat")
    figure = Figure(image=Image(src="https://i.example/a.jpg"), caption="A boat")

    apart = to_html(Article(lead_image=lead, body=[Paragraph(text="x")]))
    inside = to_html(Article(lead_image=lead, body=[figure]))

    assert apart.count("<img") == inside.count("<img") == 1


def test_blocks_too_deep_are_drawn_as_their_text() -> None:
    """Ten thousand nested quotes are drawn without recursion to the end, text kept."""
    block: Quote = Quote(blocks=[Paragraph(text="bottom")])
    for _ in range(10_000):
        block = Quote(blocks=[block])

    html = html_of(block)

    assert "bottom" in html
    assert html.count("<blockquote") < 20


def test_unknown_block_is_drawn_as_its_text() -> None:
    """A type that this version does not know is shown by its text."""

    class Poem(Block, tag="poem", kw_only=True):
        text: str

    assert html_of(Poem(text="O <river>")) == "<p>O &lt;river&gt;</p>"


def test_numbers_of_cells_and_lists_are_kept_and_bounded() -> None:
    """Spans of cells and the start of a list are written; an absurd span is cut."""
    table = Table(rows=[[Cell(text="a", colspan=10**9, rowspan=2)]])

    html = html_of(table, List(items=[[Paragraph(text="x")]], ordered=True, start=4))

    assert '<td colspan="1000" rowspan="2">a</td>' in html
    assert '<ol start="4">' in html


def test_heading_levels_stay_below_the_headline() -> None:
    """Level 1 is the headline's own and 9 does not exist."""
    assert html_of(Heading(text="a", level=1), Heading(text="b", level=9)) == (
        "<h2>a</h2>\n<h6>b</h6>"
    )


def test_video_without_file_links_to_its_page() -> None:
    """A film that is only on a provider's page is a link around its still."""
    html = html_of(Video(url="https://v.example/1", poster="https://v.example/1.jpg"))

    assert '<a href="https://v.example/1"' in html
    assert "<video" not in html


def test_empty_blocks_leave_nothing() -> None:
    """A figure, gallery or embed that states nothing is not drawn."""
    assert html_of(Figure(), Gallery(items=[]), Embed(), Video()) == ""


def test_text_is_freed_of_what_xml_forbids() -> None:
    """NULs, controls, lone surrogates and noncharacters do not reach the output."""
    html = html_of(Paragraph(text="a\x00b\x1b\ud800c\ufffe"))

    assert html == "<p>abc</p>"


def test_language_of_a_block_sets_its_direction() -> None:
    """A block in another language says which, and lets its direction follow its letters."""
    assert html_of(Paragraph(text="שלום", lang="he")) == '<p lang="he" dir="auto">שלום</p>'


def test_aside_keeps_its_headline_and_blocks() -> None:
    """An aside is drawn with its role, headline and inner blocks."""
    html = html_of(Aside(role="note", headline="Note", blocks=[Paragraph(text="x")]))

    assert html == '<aside class="note">\n<h3>Note</h3>\n<p>x</p>\n</aside>'


def test_walk_visits_blocks_in_reading_order() -> None:
    """The walk of a body meets outer blocks before inner ones, in order, however deep."""
    names = [type(block).__name__ for block in walk(every_block())]

    assert names[:4] == ["Figure", "Paragraph", "Paragraph", "Heading"]
    assert names.count("List") == 3
