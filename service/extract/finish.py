"""What follows from an article's own words: language, direction, counts, links, excerpt, ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from service.article import (
    AnyBlock,
    Article,
    Heading,
    Link,
    Paragraph,
    Span,
    Table,
    own_text,
    walk,
    with_ids,
)
from service.extract.language import (
    Claim,
    count_words,
    direction_of,
    read_language,
    reading_time_s,
)

EXCERPT_CHARS_MAX = 280
LINKS_MAX = 1000
_RUNNING = frozenset({Paragraph, Heading, Table})
_SENTENCE_ENDS = ".!?…。！？؟।"


def finish(article: Article, claims: Sequence[Claim] = ()) -> None:
    """Sets the fields of ``article`` that are derived, from its headline, standfirst and body."""
    article.published_at, article.modified_at = article.published.at, article.modified.at
    blocks = list(walk(article.body))
    told = "\n".join(_told(blocks))
    text = "\n".join(filter(None, (article.headline, article.standfirst, told)))
    article.language = read_language(text, claims)
    code = article.language.code if article.language else None
    article.direction = direction_of(text, code)
    article.word_count, unspaced = count_words(told)
    article.reading_time_s = reading_time_s(article.word_count, unspaced, code)
    article.links = _links(blocks)
    article.excerpt = _excerpt(article, blocks)
    with_ids(article.body)


def _told(blocks: Iterable[AnyBlock]) -> Iterator[str]:
    """The running text of a body: what a reader reads, without captions and embeds."""
    for block in blocks:
        if block.__class__ in _RUNNING and (text := own_text(block)):
            yield text


def _links(blocks: Iterable[AnyBlock]) -> list[Link]:
    """The links of a body, each address once."""
    found: dict[str, Link] = {}
    for span in _spans(blocks):
        if span.href and span.href not in found and (text := " ".join(span.text.split())):
            found[span.href] = Link(href=span.href, text=text)
    return list(found.values())[:LINKS_MAX]


def _spans(blocks: Iterable[AnyBlock]) -> Iterator[Span]:
    for block in blocks:
        if isinstance(block, (Paragraph, Heading)):
            yield from block.spans
        elif isinstance(block, Table):
            for row in (*block.header, *block.rows):
                for cell in row:
                    yield from cell.spans


def _excerpt(article: Article, blocks: Iterable[AnyBlock]) -> str | None:
    """The standfirst, the description or the first paragraph, at most so long."""
    first = (b.text for b in blocks if isinstance(b, Paragraph) and len(b.text) > 40)
    text = article.standfirst or article.description or next(first, None)
    return shortened(text) if text else None


def shortened(text: str) -> str:
    """``text`` cut after a sentence, or else after a word with ``…``, within the limit."""
    text = " ".join(text.split())
    if len(text) <= EXCERPT_CHARS_MAX:
        return text
    head = text[:EXCERPT_CHARS_MAX]
    end = max(head.rfind(mark + blank) for mark in _SENTENCE_ENDS for blank in (" ", ""))
    if end >= EXCERPT_CHARS_MAX // 2 and (text[end + 1] == " " or text[end] in "。！？"):
        return head[: end + 1]
    cut = head[: EXCERPT_CHARS_MAX - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[-40:] else cut).rstrip(" ,;:–-") + "…"
