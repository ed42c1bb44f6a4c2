"""Stories that a page holds only in its scripts: in JSON-LD, or in the state of a framework."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from service.article import AnyBlock, Paragraph
from service.extract.body.blocks import Builder, heading_levels
from service.extract.body.lines import gather
from service.extract.body.state import told_in_state
from service.extract.document import Document, parse
from service.extract.media import read_media
from service.extract.metadata.lenient_json import whole_characters
from service.extract.page import Page

SCRIPT_CHARS_MAX = 4_000_000
STORY_CHARS_MIN = 300
NESTING_MAX = 2
"""State may be JSON in a string of JSON: so often is a string opened."""
SENTENCES_MIN = 3

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_SENTENCE = re.compile(r"[.!?…][\s”\"»’)<\\]|[。！？।؟]|다\.")
_CODE = re.compile(r"[{};=]")
_DATA = re.compile(r"[\"\]}][:,]")


def read_scripts(document: Document, metadata: Any) -> list[AnyBlock]:
    """The story as its scripts tell it: what the page's own JSON-LD has told, else the longest
    text that reads like one.
    """
    if len(metadata.told) >= STORY_CHARS_MIN:
        return _blocks(metadata.told, document, metadata)
    declared = [found for raw in document.json_ld for found in _strings(raw, "articleBody")]
    story = max(declared, key=len, default="")
    if not story:
        templates = (s.text for s in document.scripts if "template" in s.get("type"))
        story = max(filter(_reads, templates), key=len, default="")
    if not story:
        states = [s.text for s in document.scripts if not s.get("src")]
        found = (text for raw in states for text in (*_stories(raw, 0), told_in_state(raw)))
        story = max(found, key=len, default="")
    return _blocks(story, document, metadata) if len(story) >= STORY_CHARS_MIN else []


def _strings(raw: str, name: str) -> Iterator[str]:
    """The values of a property in JSON text, however broken the JSON around them is."""
    for found in re.finditer(rf'"{name}"\s*:\s*("(?:[^"\\]++|\\.)*+")', raw[:SCRIPT_CHARS_MAX]):
        if text := _decoded(found[1]):
            yield text


def _stories(raw: str, nesting: int) -> Iterator[str]:
    """Long strings inside JSON or JavaScript that hold sentences."""
    for found in _STRING.finditer(raw[:SCRIPT_CHARS_MAX]):
        if found.end() - found.start() < STORY_CHARS_MIN:
            continue
        text = _decoded(found[0])
        if nesting < NESTING_MAX and '"' in text and text.lstrip()[:1] not in "<":
            yield from _stories(text, nesting + 1)
        if _reads(text):
            yield text


def _reads(text: str) -> bool:
    """True for prose or HTML, false for code and data."""
    sample = text[:5000]
    if len(_DATA.findall(sample)) * 100 > len(sample):
        return False
    return len(_SENTENCE.findall(sample)) >= SENTENCES_MIN and (
        "<p" in sample or len(_CODE.findall(sample)) * 60 < len(sample)
    )


def _decoded(literal: str) -> str:
    try:
        return msgspec.json.decode(whole_characters(literal), type=str, strict=False)
    except msgspec.MsgspecError:
        return ""


def _blocks(story: str, document: Document, metadata: Any) -> list[AnyBlock]:
    """The blocks of HTML, or paragraphs of plain lines."""
    if not ("<p" in story or "<br" in story or "</" in story):
        lines = (" ".join(line.split()) for line in story.splitlines())
        return [Paragraph(text=line) for line in lines if line]
    told = parse(Page(content=story, url=document.url))
    media = read_media(told, metadata)
    kept = gather(told, media.blocks, media.consumed)
    return Builder(told, media.blocks, heading_levels(kept)).blocks(kept)
