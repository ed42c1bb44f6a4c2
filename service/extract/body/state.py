"""Stories that the state of a framework holds as blocks: the rich text of an editor or CMS.

Editors differ in names only: a block is an object with a type, its words stand in strings called
``text`` or ``value``, its parts in lists called ``children`` or ``content`` (Contentful, Draft.js,
Editor.js, Lexical, Portable Text, Prismic, Slate, Arc). Nuxt prints its state as a table whose
places refer to each other by number (github.com/sveltejs/devalue).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from service.extract.metadata.lenient_json import whole_characters

STATE_CHARS_MAX = 2_000_000
NODES_MAX = 200_000
DEPTH_MAX, PARTS_DEPTH_MAX = 40, 8
"""How deep a table of references, and a block, are followed."""
PROSE_CHARS_MIN = 60
BLOCKS_MIN = 3

_WORDS = ("text", "value", "content", "html", "body", "markup")
_PARTS = ("children", "content", "model", "data", "blocks", "items", "body", "nodes")
_KINDS = ("type", "_type", "nodeType", "style", "tag", "name")
_OPENING = re.compile(r"[{\[]")
_PARAGRAPH = re.compile(r"paragraph|text|block|unstyled|normal|\bp\b", re.IGNORECASE)
"""Kinds of blocks that are prose: comments and teasers in a state have a type as well."""
_HEADING = re.compile(r"head|^h[1-6]$", re.IGNORECASE)
_ENDS = tuple('.!?…。！？।؟»”"')
_WRAPPERS = frozenset({"Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef"})


def told_in_state(script: str) -> str:
    """The longest story of a script as HTML, or nothing."""
    stories = (_html(blocks) for blocks in _lists(_value(script)) if _is_story(blocks))
    return max(stories, key=len, default="")


def _value(script: str) -> Any:
    """What the first object or list of a script says; None if that cannot be read."""
    opening = _OPENING.search(script)
    if opening is None or len(script) > STATE_CHARS_MAX:
        return None
    try:
        text = whole_characters(script[opening.start() :])
        value, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return _Table(value).value(0, 0) if _is_table(value) else value


def _is_table(value: Any) -> bool:
    """Whether a value is a table of references: its first place refers to others by number."""
    if not isinstance(value, list) or not value or not isinstance(value[0], dict | list):
        return False
    first = value[0]
    inner = first.values() if isinstance(first, dict) else first[1:]
    return bool(inner) and all(isinstance(place, int) for place in inner)


class _Table:
    """Puts the places of a table together; those that come again within themselves are left out."""

    def __init__(self, places: list[Any]) -> None:
        self.places = places
        self.left = NODES_MAX

    def value(self, place: Any, depth: int) -> Any:
        self.left -= 1
        is_place = isinstance(place, int) and 0 <= place < len(self.places)
        if not is_place or depth > DEPTH_MAX or self.left < 0:
            return None
        found = self.places[place]
        if isinstance(found, dict):
            return {name: self.value(inner, depth + 1) for name, inner in found.items()}
        if not isinstance(found, list):
            return found
        if found and isinstance(found[0], str):
            return self.value(found[1], depth + 1) if found[0] in _WRAPPERS and found[1:] else None
        return [self.value(inner, depth + 1) for inner in found]


def _lists(value: Any) -> Iterator[list[Any]]:
    """All lists inside ``value``."""
    waiting, seen = [value], 0
    while waiting and seen < NODES_MAX:
        found = waiting.pop()
        seen += 1
        if isinstance(found, list):
            yield found
            waiting += found
        elif isinstance(found, dict):
            waiting += found.values()


def _is_story(blocks: list[Any]) -> bool:
    """Whether most words of a list are paragraphs, each in a block with a type of its own."""
    if len(blocks) < BLOCKS_MIN or not all(isinstance(block, dict) for block in blocks):
        return False
    texts = [(_text(block, 0).rstrip(), _kind(block)) for block in blocks]
    prose = [
        len(text)
        for text, kind in texts
        if len(text) > PROSE_CHARS_MIN and text.endswith(_ENDS) and _PARAGRAPH.search(kind)
    ]
    return len(prose) >= BLOCKS_MIN and sum(prose) * 2 > sum(len(text) for text, _ in texts)


def _kind(block: dict[str, Any]) -> str:
    return " ".join(kind for name in _KINDS if isinstance(kind := block.get(name), str))


def _text(part: Any, depth: int) -> str:
    """The words of a block: its own, or else those of its parts."""
    if isinstance(part, str):
        return part
    if depth > PARTS_DEPTH_MAX:
        return ""
    if isinstance(part, list):
        return "".join(_text(inner, depth + 1) for inner in part)
    if not isinstance(part, dict):
        return ""
    own = (part[name] for name in _WORDS if isinstance(part.get(name), str))
    parts = (part[name] for name in _PARTS if isinstance(part.get(name), dict | list))
    return next(own, "") or next((text for p in parts if (text := _text(p, depth + 1))), "")


def _html(blocks: list[Any]) -> str:
    return "".join(_element(block) for block in blocks if _kind(block))


def _element(block: dict[str, Any]) -> str:
    """One block as HTML; words that hold markup are HTML already."""
    kind = _kind(block).lower()
    if "list" in kind and "item" not in kind and (items := _items(block)):
        return f"<ul>{''.join(f'<li>{_marked(item)}</li>' for item in items)}</ul>"
    if not (text := _text(block, 0).strip()):
        return ""
    if any(_HEADING.search(word) for word in kind.split()):
        return f"<h2>{_marked(text)}</h2>"
    tag = "li" if "item" in kind else "blockquote" if "quote" in kind else "p"
    return f"<{tag}>{_marked(text)}</{tag}>"


def _items(block: dict[str, Any]) -> list[str]:
    data = block.get("data")
    inner = data if isinstance(data, dict) else block
    lists = (inner[name] for name in ("items", *_PARTS) if isinstance(inner.get(name), list))
    return [text for item in next(lists, []) if (text := _text(item, 0).strip())]


def _marked(text: str) -> str:
    return text if "</" in text or "<br" in text else html.escape(text, quote=False)
