"""Rendering takes time that is linear in the size of an article, whatever it holds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from service.article import (
    AnyBlock,
    Article,
    Cell,
    Code,
    Figure,
    Image,
    List,
    Paragraph,
    Quote,
    Span,
    Table,
)  # fmt: skip
from service.render import text_of, to_html, to_markdown, to_page, to_text

FORMS = (to_html, to_page, to_markdown, to_text, text_of)


def nested(depth: int) -> AnyBlock:
    block: AnyBlock = Paragraph(text="x" * 50_000)
    for level in range(depth):
        block = Quote(blocks=[block]) if level % 2 else List(items=[[block]])
    return block


ARTICLES: dict[str, Callable[[], list[AnyBlock]]] = {
    "deep": lambda: [nested(20_000)],
    "ten deep, long": lambda: [nested(10)],
    "spans": lambda: [Paragraph(text="a", spans=[Span("*a* ", ("strong",))] * 50_000)],
    "links": lambda: [Paragraph(text="a", spans=[Span("![", (), "https://a.example/)(")] * 30_000)],
    "marks": lambda: [Paragraph(text="*_`[]()<>#!&\\|~" * 50_000)],
    "lines": lambda: [Paragraph(text="1. - # > \n" * 50_000)],
    "backticks": lambda: [
        Code(text="`" * 500_000), Paragraph(text="", spans=[Span("`" * 200_000, ("code",))]),
    ],
    "wide blanks": lambda: [Paragraph(text="\u2003" * 300_000 + "a" + "\u2003" * 300_000)],
    "blanks": lambda: [Paragraph(text=" \n" * 300_000 + "a" + "\t " * 300_000)],
    "punctuation": lambda: [
        Paragraph(text="a", spans=[Span("a" + "." * 300_000, ("em",)), Span("b")]),
    ],
    "wide table": lambda: [Table(rows=[[Cell(text="a", colspan=10**9)] * 200] * 200)],
    "long addresses": lambda: [Figure(image=Image(src="https://a.example/" + "<" * 1_000_000))],
    "figures": lambda: [Figure(caption="a boat " * 40)] * 5_000,
}  # fmt: skip


@pytest.mark.parametrize("shape", ARTICLES)
def test_every_form_is_made_in_time(shape: str) -> None:
    """No shape of body makes any form slow."""
    article = Article(body=ARTICLES[shape]())
    for form in FORMS:
        started = time.process_time()

        form(article)

        assert time.process_time() - started < 3, form.__name__
