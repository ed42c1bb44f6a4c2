"""A page as a stream of events: all that the parser's tree holds, without an object for each node.

An event is ``(START, tag, pairs)``, ``(END, tag)`` or ``(TEXT, data)``; every element has its start
and its end. ``pairs`` are its attributes as a tuple of pairs, the value None where none is given.
Comments and the like are events of other kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import turbohtml
from turbohtml import Element, Text
from turbohtml._html import _sax_events

from service.extract.document.node import UNREAD
from service.extract.page import Page

START, END, TEXT = 1, 2, 3
"""The parser's own numbers."""

Event = tuple[Any, ...]


def events_of(page: Page) -> Iterator[Event]:
    """The events of ``page``.

    They are those of the parser's public ``iter_events``, which costs three times as much for
    giving them names. Streams leave out what stands in shadow roots, trees do not.
    """
    text = page.content
    if isinstance(text, bytes) or ("<template" in text and "shadowroot" in text.lower()):
        return events_of_tree(tree_of(page))
    return _sax_events(text)


def events_of_tree(tree: Any) -> Iterator[Event]:
    """The events of a tree, which was changed perhaps; iterative, since trees may be deep."""
    stack: list[tuple[str, Iterator[Any]]] = [("", iter(tree.children))]
    while stack:
        tag, children = stack[-1]
        for child in children:
            if child.__class__ is Text:
                yield TEXT, child.data
            elif child.__class__ is Element:
                yield START, child.tag, tuple(_pairs(child))
                stack.append((child.tag, iter(child.children)))
                break
            elif child.children:  # the fragment inside a template
                stack.append(("", iter(child.children)))
                break
        else:
            stack.pop()
            if tag:
                yield END, tag


def _pairs(element: Element) -> Iterator[tuple[str, str | None]]:
    """The attributes of an element of a tree, some of which the parser gives as lists of words."""
    for name, value in element.attrs.items():
        yield name, " ".join(value) if isinstance(value, list) else value


def read_to_end(events: Iterator[Event]) -> str:
    """The text inside the element that has begun; its end is the last event taken."""
    texts: list[str] = []
    depth = 1
    while depth:
        event = next(events)
        kind = event[0]
        if kind == TEXT:
            texts.append(event[1])
        elif kind == START:
            depth += 1
        elif kind == END:
            depth -= 1
    return "".join(texts)


def spared(events: Iterator[Event], left_out: dict[int, int]) -> Iterator[Event]:
    """The events without some elements, given as the index and the end of their nodes."""
    index = 0
    for event in events:
        if event[0] != START or event[1] == "script":
            yield event
            if event[0] == START:
                yield from ((TEXT, read_to_end(events)), (END, "script"))
        elif index in left_out:
            read_to_end(events)
            index = left_out[index]
        else:
            index += 1
            yield event
            if event[1] in UNREAD:
                yield from ((TEXT, read_to_end(events)), (END, event[1]))


def new_element(tag: str) -> Any:
    """An element for a tree, not in it yet."""
    return Element(tag)


def tree_of(page: Page) -> Any:
    """The parser's own tree of ``page``, for what needs XPath or to change it."""
    options: dict[str, Any] = {"positions": False, "allow_declarative_shadow_roots": False}
    if isinstance(page.content, str):
        return turbohtml.parse(page.content, **options)
    return turbohtml.parse(page.content, encoding=page.charset, detect_encoding=True, **options)
