"""Blocks of an article from the lines that were kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Literal

from service.article import (
    AnyBlock,
    Aside,
    Code,
    Heading,
    List,
    LiveEntry,
    Paragraph,
    Quote,
    Separator,
)  # fmt: skip
from service.extract.body.inline import read_inline
from service.extract.body.lines import Line, is_live_entry
from service.extract.body.runs import definitions
from service.extract.body.signs import Sign, read_signs
from service.extract.body.tables import read_table
from service.extract.document import Document, Node

LEVEL_MIN, LEVEL_MAX = 2, 6
LIST_DEPTH_MAX = 6
ATTRIBUTION_CHARS_MAX = 120

AsideRole = Literal["infobox", "key_points", "note", "footnotes"]


@dataclass(slots=True)
class Builder:
    """Makes blocks of lines; ``levels`` maps the page's heading tags to sane levels."""

    document: Document
    media: Mapping[int, AnyBlock]
    levels: dict[str, int]

    def blocks(self, lines: list[Line], around: Node | None = None) -> list[AnyBlock]:
        """The blocks of ``lines`` in order; neighbours inside one box or quotation go together.

        ``around`` is the entry of a live blog that they are in."""
        found: list[AnyBlock] = []
        for box, group in groupby(_boxed(lines, around), key=itemgetter(0)):
            inside = [line for _, line in group]
            is_mixed = box is not None and any(line.box is not box for line in inside)
            inner = self.blocks(inside, box) if is_mixed else self.quoted(inside)
            if box is None or not inner:
                found += inner
            elif inner := _without_idle_separators(inner):
                found.append(self.boxed(box, inner))
        return _without_idle_separators(found)

    def boxed(self, box: Node, inner: list[AnyBlock]) -> AnyBlock:
        """An aside, or an entry of a live blog; its first heading becomes its headline."""
        headline = None
        if isinstance(inner[0], Heading) and len(inner) > 1:
            headline, inner = inner[0].text, inner[1:]
        if is_live_entry(box):
            return LiveEntry(blocks=inner, headline=headline, at=_time_of(self.document, box))
        signs = read_signs(box.hints)
        if signs & Sign.NOTE:
            return Aside(blocks=inner, headline=headline, role="footnotes")
        role: AsideRole = "key_points" if signs & Sign.KEY else "infobox"
        if box.tag == "blockquote" or "admonition" in box.hints:
            role = "note"
        return Aside(blocks=inner, headline=headline, role=role)

    def quoted(self, lines: list[Line]) -> list[AnyBlock]:
        """The blocks of lines; neighbours inside one quotation become a quote."""
        found: list[AnyBlock] = []
        for quote, group in groupby(lines, key=lambda line: line.quote):
            same = list(group)
            said = _attribution(same) if quote is not None else ""
            inner = self.listed(same[:-1] if said else same)
            if quote is not None and not said and _is_source(same):
                said, inner = same[0].text.rstrip(":： ↑"), self.listed(same[1:])
            if quote is None:
                found += inner
            elif inner:
                cite = self.document.resolve(quote.get("cite"))
                found.append(Quote(blocks=inner, cite=cite, attribution=said or None))
        return found

    def listed(self, lines: list[Line]) -> list[AnyBlock]:
        """The blocks of lines; neighbours that are the only line of their item become a list."""
        found: list[AnyBlock] = []
        for parent, group in groupby(lines, key=_list_around):
            same = list(group)
            if parent is None or not _one_line_an_item(same):
                found += [block for line in same if (block := self.block(line)) is not None]
            else:
                items = [[block] for line in same if (block := self.block(line)) is not None]
                found.append(List(items=items, ordered=parent.tag == "ol", start=_start(parent)))
        return found

    def block(self, line: Line) -> AnyBlock | None:
        """The block of one line."""
        match line.kind:
            case "heading":
                return self.heading(line)
            case "list" if line.node.tag == "dl":
                return self.glossary(line.node)
            case "list":
                return self.list_of(line.node, 0)
            case "table":
                return read_table(self.document, line.node, self.media)
            case "code":
                return self.code(line)
            case "media":
                return self.media.get(line.node.index)
            case "separator":
                return Separator()
        return next(iter(self.text_of(line.run)), None)

    def heading(self, line: Line) -> Heading | None:
        text, spans = read_inline(self.document, line.run)
        text = text.replace("\n", " ")
        for span in spans:
            span.text = span.text.replace("\n", " ")
        level = self.levels.get(line.node.tag, LEVEL_MIN)
        return Heading(text=text, spans=spans, level=level) if text else None

    def code(self, line: Line) -> Code:
        text, language = self.document.preformatted(line.node).strip("\n"), _language(line.node)
        label, _, rest = text.partition("\n")
        text = rest if rest and label.strip().lower() == language else text
        return Code(text=text.rstrip(), language=language)

    def list_of(self, node: Node, depth: int) -> List | None:
        """A list with the lists inside it; one right inside it belongs to the item above, or is
        the list where nothing else is in it: some editors indent so."""
        items: list[list[AnyBlock]] = []
        for item in node.elements():
            if item.hidden or item.tag in {"meta", "template", "style"}:
                continue
            is_list = item.tag in {"ul", "ol"}
            blocks = self.inner_list(item, depth) if is_list else self.item(item, depth)
            if is_list and items:
                items[-1] += blocks
            elif blocks:
                items.append(blocks)
        match items:
            case [[List() as inner]]:
                return inner
        return List(items=items, ordered=node.tag == "ol", start=_start(node)) if items else None

    def glossary(self, node: Node) -> List | None:
        """A list with an item for each term: the term, then what is said of it."""
        items: list[list[AnyBlock]] = []
        before = ""
        for part in definitions(node):
            if part.tag == "dt" and before != "dt":
                items.append([])
            items[-1] += self.item(part, 0)
            before = part.tag
        items = [item for item in items if item]
        return List(items=items) if items else None

    def inner_list(self, node: Node, depth: int) -> list[AnyBlock]:
        """A list in a list; deeper than six it becomes text."""
        if depth < LIST_DEPTH_MAX:
            found = self.list_of(node, depth + 1)
            return [found] if found else []
        text = self.document.text(node)
        return [Paragraph(text=text)] if text and not node.hidden else []

    def item(self, item: Node, depth: int) -> list[AnyBlock]:
        """The paragraphs and lists of an item."""
        blocks: list[AnyBlock] = []
        run: list[Node | str] = []
        for child in item.children:
            if isinstance(child, str) or child.tag not in {"p", "ul", "ol"}:
                run.append(child)
                continue
            blocks += self.text_of(run)
            run = []
            if child.tag != "p":
                blocks += self.inner_list(child, depth)
            elif not child.hidden:
                blocks += self.text_of(child.children)
        return blocks + self.text_of(run)

    def text_of(self, run: list[Node | str]) -> list[AnyBlock]:
        """The paragraph of a run, if it says anything."""
        text, spans = read_inline(self.document, run)
        return [Paragraph(text=text, spans=spans)] if text else []


def _start(node: Node) -> int:
    """The number of the first item of a list."""
    start = node.get("start").strip()
    return int(start) if node.tag == "ol" and start.isdecimal() and len(start) < 7 else 1


def _boxed(lines: list[Line], around: Node | None) -> Iterator[tuple[Node | None, Line]]:
    """Each line with the box that it is in; an entry of a live blog holds the boxes in it."""
    entry: Node | None = None
    for line in lines:
        box = None if line.box is around else line.box
        is_entry = box is not None and is_live_entry(box)
        if box is not None and not is_entry and entry and line.index < entry.end:
            box = entry
        elif is_entry:
            entry = box
        yield box, line


def _attribution(lines: list[Line]) -> str:
    """Who said a quotation, where its last line says no more than that."""
    last = lines[-1]
    if len(lines) < 2 or last.chars > ATTRIBUTION_CHARS_MAX or last.kind != "text":
        return ""
    dashed = last.text[0] in "—–―" or last.text.startswith("- ")
    if not dashed and last.node.tag not in _SOURCES and not _is_cite(last.run):
        return ""
    return last.text.lstrip("—–―- ").strip()


def _is_source(lines: list[Line]) -> bool:
    """Whether the first of several lines of a quotation is a ``cite``, as forums head them."""
    first = lines[0]
    return len(lines) > 1 and 0 < first.chars <= ATTRIBUTION_CHARS_MAX and _is_cite(first.run)


_SOURCES = frozenset({"cite", "footer", "figcaption"})


def _is_cite(run: list[Node | str]) -> bool:
    """Whether a run is one ``<cite>``, beside blanks."""
    parts = [part for part in run if not isinstance(part, str) or part.strip()]
    return len(parts) == 1 and isinstance(parts[0], Node) and parts[0].tag == "cite"


def _time_of(document: Document, box: Node) -> datetime | None:
    """The instant that an entry states in a ``<time>``."""
    for node in document.within(box, "time"):
        try:
            at = datetime.fromisoformat(node.get("datetime").strip())
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None


def _list_around(line: Line) -> Node | None:
    return line.item.parent if line.item is not None and line.kind == "text" else None


def _one_line_an_item(lines: list[Line]) -> bool:
    items = [line.item.index for line in lines if line.item is not None]
    return len(items) > 1 and len(set(items)) == len(items)


def _language(node: Node) -> str | None:
    """The language that a code element names by class, as highlighters do."""
    for part in [node, *node.elements()]:
        for word in part.get("class").lower().split():
            for prefix in ("language-", "lang-", "brush:"):
                if word.startswith(prefix) and word[len(prefix) :].isalnum():
                    return word[len(prefix) :]
    return None


def _without_idle_separators(blocks: list[AnyBlock]) -> list[AnyBlock]:
    """Separators only between blocks: none first, last, doubled or beside a heading."""
    kept: list[AnyBlock] = []
    for block in blocks:
        if isinstance(block, Separator) and (not kept or isinstance(kept[-1], Separator | Heading)):
            continue
        if isinstance(block, Heading) and kept and isinstance(kept[-1], Separator):
            kept.pop()
        kept.append(block)
    if kept and isinstance(kept[-1], Separator):
        kept.pop()
    return kept


def heading_levels(lines: list[Line]) -> dict[str, int]:
    """Levels for the heading tags in use: the highest becomes 2, the rest follow in order."""
    tags = sorted({line.node.tag for line in lines if line.kind == "heading"})
    return {tag: min(LEVEL_MIN + rank, LEVEL_MAX) for rank, tag in enumerate(tags)}
