"""Figures that belong together: the slides of one gallery become one block."""

from __future__ import annotations

from collections.abc import Sequence

from service.article import Gallery
from service.extract.document import Node
from service.extract.media.figures import Found
from service.extract.media.lead import Asset, read_asset
from service.extract.media.signs import is_gallery

LEVELS_MAX = 8
ITEMS_MIN = 2
OTHER_CHARS_MAX = 800
"""A gallery that prints more than this besides captions is a part of the page, not a block."""

_STOPS = frozenset({"body", "html", "main", "article"})


def read_galleries(figures: Sequence[Found]) -> dict[int, tuple[Gallery, list[Found]]]:
    """The galleries by the index of the element that stands for each, with their figures."""
    groups: dict[int, tuple[Node, list[Found]]] = {}
    for each in figures:
        around = _gallery_around(each.anchor)
        if around is not None:
            groups.setdefault(around.index, (around, []))[1].append(each)
    galleries: dict[int, tuple[Gallery, list[Found]]] = {}
    for index, (around, slides) in groups.items():
        items = _distinct(slides)
        if len(items) >= ITEMS_MIN and around.chars <= _told(slides) + OTHER_CHARS_MAX:
            galleries[index] = (Gallery(items=[each.figure for each in items]), slides)
    return galleries


def _gallery_around(node: Node) -> Node | None:
    """The outermost element around ``node`` that says it is a gallery, below the story's own."""
    found = node if is_gallery(node.hints) else None
    for level, around in enumerate(node.ancestors()):
        if level >= LEVELS_MAX or around.tag in _STOPS or around.paragraphs > 2 * LEVELS_MAX:
            break
        if is_gallery(around.hints):
            found = around
    return found


def _told(slides: Sequence[Found]) -> int:
    return sum(each.anchor.chars for each in slides)


def _distinct(slides: Sequence[Found]) -> list[Found]:
    """The slides without the thumbnails and copies of others: of two the one with words stays."""
    kept: list[tuple[Asset, Found]] = []
    for each in slides:
        source = each.figure.image.src if each.figure.image else None
        if source is None:
            continue
        asset = read_asset(source)
        known = next((at for at, (other, _) in enumerate(kept) if asset.is_same(other)), None)
        if known is None:
            kept.append((asset, each))
        elif each.figure.caption and not kept[known][1].figure.caption:
            kept[known] = (asset, each)
    return [each for _, each in kept]
