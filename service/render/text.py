"""An article as plain text: for people (``to_text``) and for counting (``text_of``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

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
    LiveEntry,
    Paragraph,
    Quote,
    Separator,
    Table,
    Video,
    children,
    own_text,
    walk,
)

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_POSTS = frozenset({"x", "instagram", "facebook", "tiktok"})
"""Providers whose embeds quote what somebody wrote, which is read as part of the story."""
_ILLUSTRATION = (Figure, Gallery, Video, Audio, Embed)


def clean(text: str) -> str:
    """``text`` without what XML 1.0 forbids: controls, lone surrogates, noncharacters."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """``text`` with every run of white space as one space."""
    return " ".join(clean(text).split())


def text_of(article: Article) -> str:
    """The standfirst and the body, one block a line: with quoted posts, without captions, other
    embeds and pull quotes."""
    return "\n".join(filter(None, map(one_line, _spoken(article))))


def _spoken(article: Article) -> Iterator[str]:
    yield article.standfirst or ""
    for block in walk(without_pull_quotes(article.body)):
        if isinstance(block, Aside | LiveEntry):
            yield block.headline or ""
        elif isinstance(block, Table):
            yield from map(_row, (*block.header, *block.rows))
        elif not isinstance(block, _ILLUSTRATION) or getattr(block, "provider", "") in _POSTS:
            yield own_text(block)


def without_pull_quotes(blocks: Sequence[AnyBlock]) -> list[AnyBlock]:
    """``blocks`` without the quotes, at the top level and in entries, that only repeat words of
    the body."""
    return [
        replace(block, blocks=without_pull_quotes(block.blocks))
        if isinstance(block, LiveEntry)
        else block
        for block in blocks
        if not (isinstance(block, Quote) and block.variant == "pull")
    ]


def to_text(article: Article) -> str:
    """The standfirst and the body with captions and credits, blank lines between blocks."""
    blocks = _with_attributions(without_pull_quotes(article.body))
    parts = [article.standfirst or "", *map(printed, blocks)]
    return "\n\n".join(filter(None, (clean(part).strip() for part in parts)))


def _with_attributions(blocks: Sequence[AnyBlock]) -> Iterator[AnyBlock]:
    pending = list(reversed(blocks))
    while pending:
        block = pending.pop()
        yield block
        if isinstance(block, Quote) and block.attribution:
            pending.append(Paragraph(text=f"— {block.attribution}"))
        pending.extend(reversed(children(block)))


def printed(block: AnyBlock) -> str:
    """What a reader of plain text sees of ``block`` itself, without the blocks inside it."""
    if isinstance(block, Figure):
        return " ".join(caption_lines(block))
    if isinstance(block, LiveEntry):
        return "\n".join(filter(None, (block.author, block.headline)))
    if isinstance(block, Aside):
        return block.headline or ""
    if isinstance(block, Table):
        rows = map(_row, (*block.header, *block.rows))
        return "\n".join(filter(None, (block.caption or "", *rows)))
    if isinstance(block, Separator):
        return "* * *"
    if isinstance(block, Heading | Code):
        return block.text
    text = own_text(block) or getattr(block, "text", "")
    return text if isinstance(text, str) else ""


def _row(row: Sequence[Cell]) -> str:
    return "\t".join(one_line(cell.text) for cell in row)


def caption_lines(image: Figure | LeadImage) -> list[str]:
    """Caption, credit and rights of a figure in that order, without what another of them says."""
    notice = one_line(image.copyright_notice or "")
    credit = one_line(image.credit.text if image.credit else "")
    kept: list[str] = []
    for line in (one_line(image.caption or ""), "" if _holds(notice, credit) else credit, notice):
        if not any(_holds(other, line) for other in kept):
            kept.append(line)
    return list(filter(None, kept))


def _holds(text: str, words: str) -> bool:
    """``words`` stand in ``text``; "AP" does not in "a map"."""
    if words.casefold() not in text.casefold():
        return False
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


def text_below(block: Block) -> str:
    """All text of ``block`` and the blocks inside it, one block a line: how a type that is not
    known, or nested too deep to be drawn, is shown."""
    return "\n".join(filter(None, (clean(printed(inner)) for inner in walk([block]))))  # type: ignore[list-item]
