"""Where in an article the words of a search are: fragments of its blocks, with their ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from service import document
from service.api.request import ApiRequest
from service.api.v1.fragments import Span, fragment, lines, run_spans, word_spans, words_of
from service.api.v1.schema import Highlight
from service.article import own_text, walk
from service.db import articles
from service.db.highlights import holding, marked
from service.terms import config_of, indexed, parted, runs_of
from service.word_forms import seen

ARTICLES_MAX = 20
"""Articles of a page that are searched block by block."""
BLOCKS_MAX = 200
FRAGMENTS_MAX = 3
CHARS_MAX = 5_000


class Text(Struct, frozen=True):
    """A block (null: the headline) of an article, and how its words are stemmed."""

    owner: UUID
    block_id: str | None
    config: str
    plain: str

    @property
    def is_headline(self) -> bool:
        return self.block_id is None


async def highlights(
    request: ApiRequest, items: Mapping[UUID, bytes], query: str
) -> dict[UUID, bytes]:
    """``items`` (JSON objects, by article) with ``highlights`` each."""
    ids = list(items)[:ARTICLES_MAX]
    docs = {doc.id: doc.body for doc in await articles.docs(request.runtime.db, ids)}
    texts = [text for id in ids if id in docs for text in _texts(id, docs[id])]
    found: dict[UUID, list[Highlight]] = {}
    for text, spans in await _held(request, texts, query):
        if parts := fragment(text.plain, spans):
            found.setdefault(text.owner, []).append(Highlight(text.block_id, parts))
    return {
        id: item[:-1] + b',"highlights":' + msgspec.json.encode(found.get(id, [])) + b"}"
        for id, item in items.items()
    }


def _texts(id: UUID, body: bytes) -> Iterator[Text]:
    article = document.unpack(body)
    config = config_of(article.language.code if article.language else None)
    blocks = [(None, article.headline or "")]
    blocks += [(block.id, own_text(block)) for block in walk(article.body)]  # type: ignore[misc]
    for block_id, text in blocks[:BLOCKS_MAX]:
        if text:
            yield Text(id, block_id, config, seen(text[:CHARS_MAX]))


async def _held(
    request: ApiRequest, texts: Sequence[Text], query: str
) -> list[tuple[Text, list[Span]]]:
    """The first texts of each article that hold what is asked for, and where."""
    if not texts:
        return []
    db = request.runtime.db
    asked = [(one.config, one.is_headline, indexed(parted(one.plain), one.config)) for one in texts]
    numbers = await holding(db, query, asked)
    runs = runs_of(query)
    held = [(text, n in numbers, run_spans(text.plain, runs)) for n, text in enumerate(texts)]
    first = _first([one for one in held if one[1] or one[2]])
    words = [words_of(text.plain, text.config) if is_held else [] for text, is_held, _ in first]
    given = [
        (text.config, text.is_headline, lines(of_text))
        for (text, *_), of_text in zip(first, words, strict=True)
    ]
    by_number = await marked(db, query, given) if numbers else {}
    return [
        (text, spans + word_spans(words[n], by_number[n]) if words[n] else spans)
        for n, (text, _, spans) in enumerate(first)
    ]


def _first(held: list[tuple[Text, bool, list[Span]]]) -> list[tuple[Text, bool, list[Span]]]:
    """``FRAGMENTS_MAX`` of each article."""
    counts: dict[UUID, int] = {}
    first = []
    for one in held:
        counts[one[0].owner] = counts.get(one[0].owner, 0) + 1
        if counts[one[0].owner] <= FRAGMENTS_MAX:
            first.append(one)
    return first
