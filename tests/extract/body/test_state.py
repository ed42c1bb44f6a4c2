"""Stories that only the state of a framework holds, in the forms that editors and CMSs have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.article import Heading, List, Paragraph
from service.extract import Page, extract

LINES = [
    "Смотритель маяка вернулся на косу после трёх лет тишины и первым делом протёр линзу.",
    "За это время в башне поселились голуби, а песок занёс ступени до третьего пролёта.",
    "Рыбаки говорят, что впервые за долгое время выходили в море до рассвета, по свету.",
    "Сам он собирается остаться до весны, если каждые две недели позволит волна.",
]
TITLE = "Двадцать девять километров света"


def contentful() -> Any:
    def node(kind: str, text: str) -> Any:
        words = {"nodeType": "text", "value": text[:9], "marks": [{"type": "bold"}]}
        link = {"nodeType": "hyperlink", "data": {"uri": "/"}, "content": [{"value": text[9:]}]}
        return {"nodeType": kind, "data": {}, "content": [words, link]}

    content = [node("paragraph", line) for line in LINES]
    content.insert(1, node("heading-2", TITLE))
    return {"fields": {"body": {"nodeType": "document", "data": {}, "content": content}}}


def draft_js() -> Any:
    blocks = [{"key": "a", "text": line, "type": "unstyled", "depth": 0} for line in LINES]
    blocks.insert(1, {"key": "h", "text": TITLE, "type": "header-two", "depth": 0})
    return {"blocks": blocks, "entityMap": {}}


def editor_js() -> Any:
    blocks = [{"id": "a", "type": "paragraph", "data": {"text": line}} for line in LINES]
    blocks.insert(1, {"id": "h", "type": "header", "data": {"text": TITLE, "level": 2}})
    return {"time": 1, "blocks": blocks, "version": "2.8"}


def lexical() -> Any:
    def node(kind: str, text: str) -> Any:
        parts = [{"type": "text", "text": text[:9]}, {"type": "text", "text": text[9:]}]
        return {"type": kind, "children": parts, "direction": "ltr"}

    children = [node("paragraph", line) for line in LINES]
    children.insert(1, node("heading", TITLE) | {"tag": "h2"})
    return {"root": {"children": children, "type": "root"}}


def portable_text() -> Any:
    def block(style: str, text: str) -> Any:
        spans = [{"_type": "span", "text": text[:9]}, {"_type": "span", "text": text[9:]}]
        return {"_type": "block", "style": style, "children": spans, "markDefs": []}

    blocks = [block("normal", line) for line in LINES]
    blocks.insert(1, block("h2", TITLE))
    return {"post": {"body": [*blocks, {"_type": "image", "asset": {"_ref": "image-1"}}]}}


def arc() -> Any:
    elements = [{"type": "text", "content": f"<b>{line[:9]}</b>{line[9:]}"} for line in LINES]
    elements.insert(1, {"type": "header", "content": TITLE, "level": 2})
    return {"content_elements": elements, "headlines": {"basic": "Маяк"}}


def fragments() -> Any:
    def block(kind: str, text: str) -> Any:
        parts = [{"type": "fragment", "model": {"text": text}}]
        return {"type": kind, "model": {"text": text, "blocks": parts}}

    blocks = [block("paragraph", line) for line in LINES]
    blocks.insert(1, block("subheadline", TITLE))
    return {"blocks": [{"type": "text", "model": {"blocks": blocks}}]}


def devalue() -> Any:
    """Nuxt's table: each place refers to others by number."""
    table: list[Any] = [["Reactive", 1], {"data": 2}, {"post": 3}, {"body": 4}, []]
    rows = [("paragraph", LINES[0]), ("heading", TITLE), *(("paragraph", x) for x in LINES[1:])]
    for kind, text in rows:
        table[4].append(len(table))
        table += [{"type": len(table) + 1, "text": len(table) + 2}, kind, text]
    return table


def page(state: Any, opening: str = '<script type="application/json">') -> Page:
    told = json.dumps(state, ensure_ascii=False)
    shell = f"<title>Маяк</title><div id=app></div>{opening}{told}</script>"
    return Page(content=shell, url="https://example.org/a")


@pytest.mark.parametrize(
    "state", [contentful, draft_js, editor_js, lexical, portable_text, arc, fragments, devalue]
)
def test_a_story_of_blocks_is_read_from_a_state(state: Any) -> None:
    """Each block becomes one of ours; marks and links inside do not part its words."""
    blocks = extract(page(state())).body

    assert [block.text for block in blocks] == [LINES[0], TITLE, *LINES[1:]]
    assert [block.__class__ for block in blocks] == [Paragraph, Heading, *[Paragraph] * 3]


def test_lists_of_a_state_keep_their_items() -> None:
    """What an editor calls a list becomes one."""
    state = editor_js()
    state["blocks"].append({"type": "list", "data": {"items": ["Первый заход", "Второй заход"]}})

    blocks = extract(page(state, "<script>window.__STATE__ = ")).body

    assert isinstance(blocks[-1], List)
    assert len(blocks[-1].items) == 2


@pytest.mark.parametrize("kind", ["comment", "teaser", "product"])
def test_other_lists_of_a_state_are_no_story(kind: str) -> None:
    """Comments and teasers have a type and sentences too."""
    blocks = extract(page({"list": [{"type": kind, "text": line} for line in LINES]})).body

    assert blocks == []


def test_a_table_that_holds_itself_ends() -> None:
    """References in a circle are not followed for ever."""
    table = [{"data": 1}, {"list": 2}, [0] * 50 + [1] * 50 + [2] * 50]

    assert extract(page(table)).body == []
