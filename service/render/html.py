"""A body as HTML: built from blocks alone, every value escaped, every address checked.

Nothing of a page's own markup passes through; a type that is not known is shown as its text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from service.article import (
    AnyBlock,
    Article,
    Aside,
    Audio,
    Block,
    Cell,
    Code,
    Embed,
    Figure,
    Gallery,
    Heading,
    LeadImage,
    List,
    LiveEntry,
    Paragraph,
    Quote,
    Separator,
    Table,
    Video,
)
from service.render.inline import attribute, inline, lang_html, link, text_html, time_html
from service.render.media import audio, embed, figure, figure_of, gallery, video
from service.render.text import clean, one_line, text_below
from service.urls import safe_web_url

DEPTH_MAX = 12
"""Blocks nested deeper than this are drawn as their text."""
SPAN_OF_CELLS_MAX = 1000


def to_html(article: Article) -> str:
    """A fragment: standfirst, lead image unless the body shows it, and the body."""
    parts = [standfirst_html(article), lead_html(article), draw_blocks(article.body, 0)]
    return "\n".join(filter(None, parts))


def standfirst_html(article: Article) -> str:
    text = article.standfirst
    return f'<p class="standfirst">{text_html(text)}</p>' if text else ""


def lead_html(article: Article) -> str:
    lead = article.lead_image
    if lead is None or shown_in(article.body, lead):
        return ""
    return figure_of(lead, lead, "figure lead")


def shown_in(body: Sequence[AnyBlock], lead: LeadImage) -> bool:
    """Whether a figure at the top level of ``body`` is the lead image already."""
    return any(
        isinstance(block, Figure)
        and (block.role == "lead" or (block.image is not None and block.image.src == lead.src))
        for block in body
    )


def draw_blocks(blocks: Sequence[AnyBlock], depth: int) -> str:
    """The blocks as HTML, one after the other; ``depth`` counts the blocks around them."""
    return "\n".join(filter(None, (_draw(block, depth) for block in blocks)))


def _draw(block: AnyBlock, depth: int) -> str:
    if leaf := _LEAVES.get(type(block)):
        return leaf(block)
    nesting = _NESTING.get(type(block)) if depth < DEPTH_MAX else None
    return nesting(block, depth) if nesting else _as_text(block)


def _as_text(block: Block) -> str:
    text = text_below(block).strip()
    return f"<p>{text_html(text)}</p>" if text else ""


def _paragraph(block: Paragraph) -> str:
    role = "" if block.role == "body" else attribute("class", block.role)
    return f"<p{role}{lang_html(block)}>{inline(block.text, block.spans)}</p>"


def _heading(block: Heading) -> str:
    tag = f"h{min(max(block.level, 2), 6)}"
    return f"<{tag}{lang_html(block)}>{inline(block.text, block.spans)}</{tag}>"


def _quote(block: Quote, depth: int) -> str:
    inner = draw_blocks(block.blocks, depth + 1)
    cite = safe_web_url(block.cite)
    if block.attribution:
        inner += f"\n<footer>— {link(cite, text_html(block.attribution))}</footer>"
    html = f"<blockquote{attribute('cite', cite)}{lang_html(block)}>\n{inner}\n</blockquote>"
    return f'<aside class="pull">\n{html}\n</aside>' if block.variant == "pull" else html


def _list(block: List, depth: int) -> str:
    items = "\n".join(f"<li>{_item(item, depth + 1)}</li>" for item in block.items)
    if not block.ordered:
        return f"<ul{lang_html(block)}>\n{items}\n</ul>"
    start = "" if block.start == 1 else attribute("start", block.start)
    return f"<ol{start}{lang_html(block)}>\n{items}\n</ol>"


def _item(blocks: Sequence[AnyBlock], depth: int) -> str:
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return inline(blocks[0].text, blocks[0].spans)
    return draw_blocks(blocks, depth)


def _table(block: Table) -> str:
    caption = f"<caption>{text_html(block.caption)}</caption>\n" if block.caption else ""
    head = _rows("thead", "th", block.header)
    body = _rows("tbody", "td", block.rows)
    return f'<div class="table"><table{lang_html(block)}>\n{caption}{head}{body}</table></div>'


def _rows(part: str, tag: str, rows: Sequence[Sequence[Cell]]) -> str:
    html = "\n".join(f"<tr>{''.join(_cell(tag, cell) for cell in row)}</tr>" for row in rows)
    return f"<{part}>\n{html}\n</{part}>\n" if html else ""


def _cell(tag: str, cell: Cell) -> str:
    across = _spanned("colspan", cell.colspan) + _spanned("rowspan", cell.rowspan)
    return f"<{tag}{across}>{inline(cell.text, cell.spans)}</{tag}>"


def _spanned(name: str, count: int) -> str:
    return f' {name}="{min(int(count), SPAN_OF_CELLS_MAX)}"' if count > 1 else ""


def _code(block: Code) -> str:
    language = one_line(block.language or "").split(" ")[0]
    name = attribute("class", f"language-{language}" if language else None)
    return f'<pre dir="ltr"><code{name}>{escape(clean(block.text))}</code></pre>'


def _aside(block: Aside, depth: int) -> str:
    headline = f"<h3>{text_html(block.headline)}</h3>\n" if block.headline else ""
    inner = headline + draw_blocks(block.blocks, depth + 1)
    return f'<aside class="{escape(block.role)}"{lang_html(block)}>\n{inner}\n</aside>'


def _live_entry(block: LiveEntry, depth: int) -> str:
    author = f"<strong>{text_html(block.author)}</strong>" if block.author else ""
    stated = " ".join(filter(None, (author, time_html(block.at) if block.at else "")))
    at = f'<p class="at">{stated}</p>\n' if stated else ""
    headline = f"<h3>{text_html(block.headline)}</h3>\n" if block.headline else ""
    inner = at + headline + draw_blocks(block.blocks, depth + 1)
    return f'<section class="entry"{lang_html(block)}>\n{inner}\n</section>'


_LEAVES: dict[type[Any], Callable[[Any], str]] = {
    Paragraph: _paragraph, Heading: _heading, Figure: figure, Gallery: gallery, Video: video,
    Audio: audio, Embed: embed, Table: _table, Code: _code, Separator: lambda _: "<hr>",
}  # fmt: skip
_NESTING: dict[type[Any], Callable[[Any, int], str]] = {
    Quote: _quote, List: _list, Aside: _aside, LiveEntry: _live_entry,
}  # fmt: skip
