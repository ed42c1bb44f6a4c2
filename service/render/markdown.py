"""An article as CommonMark, with pipe tables as GitHub writes them (GFM section 4.10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
    Image,
    LeadImage,
    List,
    LiveEntry,
    Paragraph,
    Quote,
    Separator,
    Table,
    Video,
)
from service.render.html import shown_in
from service.render.markdown_inline import destination, escaped, link, paragraph, single_line
from service.render.text import caption_lines, clean, text_below
from service.urls import safe_web_url

DEPTH_MAX = 12
"""Blocks nested deeper than this are written as their text."""
COLUMNS_MAX = 200
START_MAX = 999_999_999

_FENCE = re.compile(r"`{3,}")
_LANGUAGE = re.compile(r"[\w+#.-]{1,40}")


def to_markdown(article: Article) -> str:
    """The whole article: headline, standfirst, byline, lead image and body."""
    lead = article.lead_image
    parts = [
        f"# {single_line(article.headline)}" if article.headline else "",
        paragraph(article.standfirst or ""),
        paragraph(", ".join(author.name for author in article.authors) or article.byline or ""),
        _picture(lead, lead) if lead and not shown_in(article.body, lead) else "",
        _blocks(article.body, 0),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _blocks(blocks: Sequence[AnyBlock], depth: int) -> str:
    written: list[str] = []
    alternate = after_list = False
    for block in blocks:
        # Two lists in a row would read as one: the second takes the other marker.
        alternate = after_list and not alternate
        if text := _block(block, depth, alternate):
            written.append(text)
            after_list = isinstance(block, List)
    return "\n\n".join(written)


def _block(block: AnyBlock, depth: int, alternate: bool) -> str:
    if leaf := _LEAVES.get(type(block)):
        return leaf(block)
    if depth >= DEPTH_MAX:
        return paragraph(text_below(block))
    if isinstance(block, List):
        return _list(block, depth, alternate)
    nesting = _NESTING.get(type(block))
    return nesting(block, depth) if nesting else paragraph(text_below(block))


def _paragraph(block: Paragraph) -> str:
    return paragraph(block.text, block.spans)


def _heading(block: Heading) -> str:
    text = single_line(block.text, block.spans)
    return f"{'#' * min(max(block.level, 2), 6)} {text}" if text else ""


def _quote(block: Quote, depth: int) -> str:
    attribution = block.attribution
    by = link(f"— {single_line(attribution)}", block.cite) if attribution else ""
    return _quoted("\n\n".join(filter(None, (_blocks(block.blocks, depth + 1), by))))


def _quoted(text: str) -> str:
    return _prefixed(text, "> ", "> ") if text else ""


def _prefixed(text: str, first: str, other: str) -> str:
    lines = text.split("\n")
    rest = [(other + line).rstrip() if line.strip() else other.rstrip() for line in lines[1:]]
    return "\n".join([first + lines[0], *rest])


def _list(block: List, depth: int, alternate: bool) -> str:
    start = min(max(block.start, 0), START_MAX - len(block.items))
    items = [
        _item(
            item,
            f"{start + at}{'.)'[alternate]} " if block.ordered else "-*"[alternate] + " ",
            depth,
        )
        for at, item in enumerate(block.items)
    ]
    tight = all(len(item) == 1 and isinstance(item[0], Paragraph) for item in block.items)
    return ("\n" if tight else "\n\n").join(items)


def _item(blocks: Sequence[AnyBlock], marker: str, depth: int) -> str:
    return _prefixed(_blocks(blocks, depth + 1), marker, " " * len(marker)).rstrip()


def _figure(block: Figure) -> str:
    return _picture(block.image, block)


def _picture(image: Image | None, words: Figure | LeadImage) -> str:
    drawn = _image(image.src, image.alt) if image else ""
    return "\\\n".join(filter(None, (drawn, *map(paragraph, caption_lines(words)))))


def _image(src: str | None, alt: str | None) -> str:
    url = safe_web_url(src)
    text = single_line(alt or "")
    return f"![{text}]({destination(url)})" if url else text


def _gallery(block: Gallery) -> str:
    return "\n\n".join(filter(None, (*map(_figure, block.items), paragraph(block.caption or ""))))


def _player(block: Video | Audio) -> str:
    url = safe_web_url(block.url) or safe_web_url(block.src)
    text = single_line(block.caption or "")
    return link(text or escaped(url or ""), url)


def _embed(block: Embed) -> str:
    url = safe_web_url(block.url)
    text = _quoted(paragraph(block.text or ""))
    return "\n\n".join(filter(None, (text, link(escaped(url or ""), url))))


def _table(block: Table) -> str:
    """The first header row heads the table; a table without one gets an empty head."""
    rows = [*_grid(block.header), *_grid(block.rows)]
    width = min(max(map(len, rows), default=0), COLUMNS_MAX)
    if not width:
        return paragraph(block.caption or "")
    head, body = (rows[0], rows[1:]) if block.header else ([], rows)
    lines = [_line(head, width), _line(["---"] * width, width), *(_line(r, width) for r in body)]
    return "\n\n".join(filter(None, (paragraph(block.caption or ""), "\n".join(lines))))


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """The texts of each row by column; what a cell spans beyond its first place is empty."""
    grid: list[list[str]] = []
    above: dict[int, int] = {}  # the columns that cells of rows above span, and how many rows more
    for row in rows:
        texts: list[str] = []
        below = {column: more - 1 for column, more in above.items() if more > 1}
        for cell in row[:COLUMNS_MAX]:
            while len(texts) in above:
                texts.append("")
            columns = range(len(texts), len(texts) + min(max(cell.colspan, 1), COLUMNS_MAX))
            texts += [single_line(cell.text, cell.spans), *[""] * (len(columns) - 1)]
            if cell.rowspan > 1:
                below |= dict.fromkeys(columns, cell.rowspan - 1)
        grid.append(texts[:COLUMNS_MAX])
        above = below
    return grid


def _line(texts: Sequence[str], width: int) -> str:
    return f"| {' | '.join([*texts, *[''] * (width - len(texts))])} |"


def _code(block: Code) -> str:
    text = clean(block.text).strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in _FENCE.findall(text)), default=0))
    language = _LANGUAGE.match(block.language or "")
    return f"{fence}{language[0] if language else ''}\n{text}\n{fence}"


def _aside(block: Aside, depth: int) -> str:
    headline = f"**{single_line(block.headline)}**" if block.headline else ""
    return _quoted("\n\n".join(filter(None, (headline, _blocks(block.blocks, depth + 1)))))


def _live_entry(block: LiveEntry, depth: int) -> str:
    at = f"{block.at:%Y-%m-%d %H:%M %Z}" if block.at else ""
    author, headline = single_line(block.author or ""), single_line(block.headline or "")
    headline = " · ".join(filter(None, (author, at, headline)))
    parts = (f"### {headline}" if headline else "", _blocks(block.blocks, depth + 1))
    return "\n\n".join(filter(None, parts))


_LEAVES: dict[type[Block], Callable[[Any], str]] = {
    Paragraph: _paragraph, Heading: _heading, Figure: _figure, Gallery: _gallery, Video: _player,
    Audio: _player, Embed: _embed, Table: _table, Code: _code, Separator: lambda _: "---",
}  # fmt: skip
_NESTING: dict[type[Block], Callable[[Any, int], str]] = {
    Quote: _quote, Aside: _aside, LiveEntry: _live_entry,
}  # fmt: skip
