"""Where in an article the words of a search are: fragments of its blocks, with their ids."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from service import document
from service.api.request import ApiRequest
from service.article import own_text, walk
from service.db import articles, search
from service.terms import config_of

ARTICLES_MAX = 20
"""Articles of a page that are searched block by block."""
BLOCKS_MAX = 200
FRAGMENTS_MAX = 3
CHARS_MAX = 5_000


class Match(Struct):
    """A part of a fragment; ``is_match`` is what was asked for."""

    text: str
    is_match: bool


class Highlight(Struct):
    """A fragment of the block ``block_id``; null is the headline."""

    block_id: str | None
    parts: list[Match]


async def highlights(
    request: ApiRequest, ids: Sequence[UUID], items: Sequence[bytes], query: str
) -> list[bytes]:
    """``items`` (JSON objects) with ``highlights`` each."""
    docs = {d.id: d.body for d in await articles.docs(request.runtime.db, ids[:ARTICLES_MAX])}
    owners: list[tuple[UUID, str | None]] = []
    texts: list[tuple[int, str, str]] = []
    for id in ids[:ARTICLES_MAX]:
        if id in docs:
            _gather(id, docs[id], owners, texts)
    found: dict[UUID, list[Highlight]] = {}
    for fragment in await search.highlight(request.runtime.db, query, texts) if texts else ():
        id, block_id = owners[fragment.number]
        of_article = found.setdefault(id, [])
        if len(of_article) < FRAGMENTS_MAX:
            of_article.append(Highlight(block_id, _parts(fragment.text)))
    return [
        item[:-1] + b',"highlights":' + msgspec.json.encode(found.get(id, [])) + b"}"
        for id, item in zip(ids, items, strict=False)
    ]


def _gather(
    id: UUID,
    body: bytes,
    owners: list[tuple[UUID, str | None]],
    texts: list[tuple[int, str, str]],
) -> None:
    article = document.unpack(body)
    config = config_of(article.language.code if article.language else None)
    blocks = [(None, article.headline or "")]
    blocks += [(block.id, own_text(block)) for block in walk(article.body)]  # type: ignore[misc]
    for block_id, text in blocks[:BLOCKS_MAX]:
        if text:
            plain = text[:CHARS_MAX].replace("\x00", "").replace("\x02", "").replace("\x03", "")
            texts.append((len(owners), config, plain))
            owners.append((id, block_id))


def _parts(marked: str) -> list[Match]:
    """``"a \\x02b\\x03 c"`` is ``a ``, the match ``b``, `` c``."""
    parts: list[Match] = []
    for piece in marked.split("\x02"):
        match, is_closed, rest = piece.partition("\x03")
        if not is_closed:
            match, rest = "", match
        parts += [Match(match, True)] if match else []
        parts += [Match(rest, False)] if rest else []
    return parts
