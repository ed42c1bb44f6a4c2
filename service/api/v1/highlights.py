"""Where in an article the words of a search are: fragments of its blocks, with their ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from service import document
from service.api.request import ApiRequest
from service.api.v1.fragments import Match, around
from service.api.v1.schema import Highlight
from service.article import own_text, walk
from service.db import articles, search
from service.terms import config_of, parted, runs_of
from service.word_forms import seen

ARTICLES_MAX = 20
"""Articles of a page that are searched block by block."""
BLOCKS_MAX = 200
FRAGMENTS_MAX = 3
CHARS_MAX = 5_000
_MARKS = re.compile(r"[\x00\x02\x03]")


class Text(Struct, frozen=True):
    """A block (null: the headline) of an article, and how its words are stemmed; ``parted`` is
    without its runs of unparted script, which to the stemmers would be one word each."""

    owner: UUID
    block_id: str | None
    config: str
    plain: str
    parted: str


async def highlights(
    request: ApiRequest, items: Mapping[UUID, bytes], query: str
) -> dict[UUID, bytes]:
    """``items`` (JSON objects, by article) with ``highlights`` each."""
    ids = list(items)[:ARTICLES_MAX]
    docs = {doc.id: doc.body for doc in await articles.docs(request.runtime.db, ids)}
    texts = [text for id in ids if id in docs for text in _texts(id, docs[id])]
    marked = await _marked(request, query, texts)
    runs = runs_of(query)
    found: dict[UUID, list[Highlight]] = {}
    for text, by_words in zip(texts, marked, strict=True):
        of_article = found.setdefault(text.owner, [])
        if len(of_article) < FRAGMENTS_MAX and (parts := _parts(text, by_words, runs)):
            of_article.append(Highlight(text.block_id, parts))
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
            plain = _MARKS.sub("", seen(text[:CHARS_MAX]))
            yield Text(id, block_id, config, plain, parted(plain))


async def _marked(request: ApiRequest, query: str, texts: Sequence[Text]) -> list[str]:
    """Of each parted text a fragment with its words marked, empty if it has none of them."""
    asked = [(n, text.config, text.parted) for n, text in enumerate(texts)]
    found = await search.highlight(request.runtime.db, query, asked) if texts else []
    marked = {fragment.number: fragment.text for fragment in found}
    return [marked.get(n, "") for n in range(len(texts))]


def _parts(text: Text, marked: str, runs: Sequence[str]) -> list[Match]:
    """A fragment of ``text``: as it was ``marked`` by words, or around the runs in it."""
    if text.parted == text.plain:
        return _split(marked)
    words = {match.text for match in _split(marked) if match.is_match}
    return around(text.plain, runs, words)


def _split(marked: str) -> list[Match]:
    """``"a \\x02b\\x03 c"`` is ``a ``, the match ``b``, `` c``."""
    parts: list[Match] = []
    for piece in marked.split("\x02"):
        match, is_closed, rest = piece.partition("\x03")
        if not is_closed:
            match, rest = "", match
        parts += [Match(match, True)] if match else []
        parts += [Match(rest, False)] if rest else []
    return parts
