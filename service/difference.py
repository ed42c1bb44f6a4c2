"""What changed between two revisions of an article, block by block. Pure.

Blocks keep their ids while their text stays, so equal ones are recognised by id; a block in
the place of another that shares words with it is the same block, changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

import msgspec
from msgspec import Struct

from service.article import AnyBlock, Article, own_text, walk

FIELDS = (
    "headline", "standfirst", "kicker", "byline", "authors", "published_at", "modified_at",
    "section", "keywords", "lead_image", "language", "canonical_url", "is_free", "paywall",
)  # fmt: skip
BLOCKS_MAX = 5_000
WORDS_MAX = 2_000
ALIKE = 0.4
"""Share of words from which a block is a changed one, not another one."""

Op = Literal["equal", "inserted", "deleted", "changed"]


class Piece(Struct, frozen=True):
    """A run of words."""

    op: Literal["equal", "inserted", "deleted"]
    text: str


class BlockChange(Struct, frozen=True, omit_defaults=True):
    """One block before and after: its ids, type, and for a changed one the words."""

    op: Op
    type: str
    from_id: str | None = None
    to_id: str | None = None
    text: str | None = None
    pieces: list[Piece] = []


class FieldChange(Struct, frozen=True):
    """A field that changed."""

    name: str
    old: Any
    new: Any


class Difference(Struct, frozen=True):
    """All that differs; equal blocks are there too, so that it reads as the whole text."""

    fields: list[FieldChange]
    blocks: list[BlockChange]


def difference(old: Article, new: Article) -> Difference:
    """What ``new`` says otherwise than ``old``, in reading order."""
    before, after = _blocks(old), _blocks(new)
    return Difference(fields=list(_fields(old, new)), blocks=list(_changes(before, after)))


def _fields(old: Article, new: Article) -> Iterator[FieldChange]:
    for name in FIELDS:
        one, other = getattr(old, name), getattr(new, name)
        if one != other:
            yield FieldChange(name, msgspec.to_builtins(one), msgspec.to_builtins(other))


def _blocks(article: Article) -> list[AnyBlock]:
    return [block for block, _ in zip(walk(article.body), range(BLOCKS_MAX), strict=False)]


def _changes(before: Sequence[AnyBlock], after: Sequence[AnyBlock]) -> Iterator[BlockChange]:
    matcher = SequenceMatcher(None, [b.id for b in before], [b.id for b in after], autojunk=False)
    for op, i, j, k, n in matcher.get_opcodes():
        if op == "equal":
            yield from (_one("equal", block) for block in after[k:n])
        else:
            yield from _replaced(before[i:j], after[k:n])


def _replaced(old: Sequence[AnyBlock], new: Sequence[AnyBlock]) -> Iterator[BlockChange]:
    """Blocks at one place: paired in order where they are alike, else gone and come."""
    waiting = list(old)
    for block in new:
        position = next((n for n, one in enumerate(waiting) if _alike(one, block)), None)
        if position is None:
            yield _one("inserted", block)
            continue
        yield from (_one("deleted", one) for one in waiting[:position])
        yield _changed(waiting[position], block)
        del waiting[: position + 1]
    yield from (_one("deleted", one) for one in waiting)


def _one(op: Op, block: AnyBlock) -> BlockChange:
    return BlockChange(
        op=op,
        type=_type(block),
        from_id=block.id if op != "inserted" else None,
        to_id=block.id if op != "deleted" else None,
        text=own_text(block) or None,
    )


def _changed(old: AnyBlock, new: AnyBlock) -> BlockChange:
    pieces = list(_pieces(own_text(old).split(), own_text(new).split()))
    return BlockChange(
        op="changed", type=_type(new), from_id=old.id, to_id=new.id, pieces=pieces,
    )  # fmt: skip


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    if len(old) + len(new) > WORDS_MAX:
        yield Piece("deleted", " ".join(old))
        yield Piece("inserted", " ".join(new))
        return
    for op, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield Piece("equal", " ".join(new[k:n]))
            continue
        if i < j:
            yield Piece("deleted", " ".join(old[i:j]))
        if k < n:
            yield Piece("inserted", " ".join(new[k:n]))


def _alike(old: AnyBlock, new: AnyBlock) -> bool:
    if _type(old) != _type(new):
        return False
    one, other = set(own_text(old).split()), set(own_text(new).split())
    shared = len(one & other)
    return bool(one or other) and shared >= ALIKE * max(len(one), len(other))


def _type(block: AnyBlock) -> str:
    return str(type(block).__struct_config__.tag)
