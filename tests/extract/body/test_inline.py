from __future__ import annotations

import pytest

from service.article import Span
from service.extract import Page, parse
from service.extract.body.inline import read_inline


def inline(html: str) -> tuple[str, list[Span]]:
    document = parse(Page(content=f"<p>{html}</p>", url="https://example.org/a/"))
    return read_inline(document, document.by_tag["p"][0].children)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("one  two\n three", "one two three"),
        ("<b>one</b><i>two</i>", "onetwo"),
        ("one <b> two</b> three", "one two three"),
        ("one<br>two", "one\ntwo"),
        (" one <br> ", "one"),
        ("so <q>quoted</q>", "so “quoted”"),
        ('smile <img src=x alt="😀">', "smile 😀"),
        ('look <img src=x alt="A long caption">', "look"),
        ('look <img src=x alt="Фото"> <img src=x alt="図">', "look"),
        ('<span class="dropcap">O</span> nce', "Once"),
        ('see<span class="sr-only"> (opens a window)</span>', "see"),
        ("a<script>b</script><style>c</style>", "a"),
        ("\u200bone <b>two</b>\ufeff", "one two"),
        ("\u200b one\u200b", "one"),
        ("\u200b<br>\u200b", ""),
        ("<b>\u200b</b> <i>\u200b</i> one <u>\u200b</u>", "one"),
        ("漢<ruby>字<rt>じ</rt></ruby>", "漢字"),
    ],
)
def test_text_is_what_a_reader_sees(html: str, text: str) -> None:
    """White space collapses across elements, and nothing that is not shown is text."""
    assert inline(html)[0] == text


def test_plain_text_has_no_spans() -> None:
    """Spans are there only where something is marked or linked."""
    assert inline("one <span>two</span>")[1] == []


def test_spans_tell_marks_and_links() -> None:
    """Marks nest in one order, links are absolute, and the spans' texts make up the text."""
    text, spans = inline("The <em><strong>old</strong></em> <a href=b>bridge</a>.")

    assert text == "The old bridge."
    assert "".join(span.text for span in spans) == text
    assert Span(text="bridge", href="https://example.org/a/b") in spans
    assert any(span.marks == ("strong", "em") for span in spans)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", ""])
def test_unsafe_links_are_text(href: str) -> None:
    """A link that must not be followed leaves only its words."""
    text, spans = inline(f'<a href="{href}">word</a>')

    assert text == "word"
    assert all(span.href is None for span in spans)
