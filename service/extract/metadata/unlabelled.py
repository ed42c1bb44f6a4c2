"""Names that no label or class marks: beside the date under a headline, or around the story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from service.article import Author
from service.extract.document import Node
from service.extract.metadata.dates import spans
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.line_parts import broken
from service.extract.metadata.nearby import PROSE_CHARS, Line, story_of
from service.extract.metadata.people import groups, people
from service.extract.metadata.people.ideographic import titled
from service.extract.metadata.people.words import ROLES
from service.extract.metadata.printed_people import Byline
from service.extract.metadata.titles import key

_WORD = re.compile(r"\w+")
LINES_MAX = 8
LINE_CHARS_MAX, ROLES_CHARS_MAX = 100, 140
TEXT_CHARS_MAX = 60_000
ELSEWHERE_MAX = 1
"""How often a page may print one word of a name apart from the whole: categories come again."""
PARAGRAPHS_MIN, EDGE_MAX = 3, 3
"""So many lines may stand between the story's paragraphs and its end: a source, buttons."""
NAME_CHARS_MIN, SIGNED_CHARS_MAX = 6, 60
_EMPHASIS = frozenset({"b", "strong", "em", "i"})
_PLACES = frozenset({
    "new", "san", "los", "las", "saint", "st", "tel", "hong", "cape", "buenos", "rio", "el", "abu",
    "kuala", "north", "south", "east", "west", "united", "nueva", "bad", "den", "port", "great",
})  # fmt: skip
"""Words that begin the names of cities and countries, and of no person."""


def named_beside_date(page: Evidence, lines: list[Line]) -> Byline | None:
    """The name, or names with roles, that a short line at the headline has with a date, else None.

    ``"Ann Lee in Politics, 3 May 2024"`` names Ann Lee, if the page prints neither *Ann* nor *Lee*
    elsewhere than in the name: a category or a city would be printed again.
    """
    for line in lines[:LINES_MAX]:
        if not _is_short_and_dated(page, line):
            continue
        for group in groups(line.text, page.language):
            found = people(group, page.language, page.site_keys, declared=False)
            opens = bool(found) and group.startswith(found[0].name)
            several = len(found) > 1 or len(line.text) > LINE_CHARS_MAX
            named = [p for p in found if p.role] if several else found
            if opens and named and all(_is_person(page, line.node, p.name) for p in named):
                authors = [Author(name=person.name, role=person.role) for person in named]
                return Byline(line.node, line.text, authors, consumable=True)
        for part in filter(None, map(str.strip, broken(line.node).split("\n"))):
            post = titled(part)
            if post and post[1] in ROLES:
                author = Author(name=post[0], role=post[1])
                return Byline(line.node, line.text, [author], consumable=True)
    return None


def named_at_edge(page: Evidence, headline: Node | None) -> Byline | None:
    """The names that a line right before or after the story's paragraphs consists of, else None.

    They stand apart in bold, in italics or at the right, and their words are printed nowhere else.
    """
    for node in _edges(page, headline):
        text = page.document.text(node)
        found = people(text, page.language, page.site_keys, declared=False)
        named = " ".join(person.name for person in found)
        if (
            named
            and key(text) == key(named)
            and all(_is_person(page, node, person.name) for person in found)
        ):
            authors = [Author(name=person.name, role=person.role) for person in found]
            return Byline(node, text, authors, consumable=True)
    return None


def _edges(page: Evidence, headline: Node | None) -> Iterator[Node]:
    """The emphasised lines that end the element of the story's long paragraphs or begin it."""
    if headline is None:
        return
    prose = [p for p in page.document.within(story_of(headline), "p") if _is_prose(p)]
    around = Counter(p.parent.index for p in prose if p.parent).most_common(1)
    if not around or around[0][1] < PARAGRAPHS_MIN:
        return
    children = [c for c in page.document.nodes[around[0][0]].elements() if c.chars and not c.hidden]
    places = [at for at, child in enumerate(children) if child.tag == "p" and _is_prose(child)]
    if len(children) - places[-1] <= EDGE_MAX:
        yield from filter(_is_emphasised, reversed(children[places[-1] + 1 :]))
    if places[0] <= EDGE_MAX:
        yield from filter(_is_emphasised, reversed(children[: places[0]]))


def _is_prose(node: Node) -> bool:
    return not node.hidden and node.chars - node.link_chars > PROSE_CHARS


def _is_emphasised(node: Node) -> bool:
    """Whether all text of a short line is bold, italic or at the right."""
    if node.hidden or not NAME_CHARS_MIN <= node.chars <= SIGNED_CHARS_MAX or node.link_chars:
        return False
    if "align:right" in node.get("style").replace(" ", "") or node.get("align") == "right":
        return True
    return any(
        child.tag in _EMPHASIS and child.chars >= node.chars - 2 for child in node.elements()
    )


def _is_short_and_dated(page: Evidence, line: Line) -> bool:
    text = line.text
    if line.place not in {"after", "before"} or len(text) > ROLES_CHARS_MAX or text.endswith(":"):
        return False
    return any(map(str.isdigit, text)) and any(spans(text, page.language))


def _is_person(page: Evidence, node: Node, name: str) -> bool:
    words = name.split()
    cased = all(word[:1].isupper() and not word.isupper() for word in (words[0], words[-1]))
    if not 2 <= len(words) <= 3 or not cased or words[0].casefold() in _PLACES:
        return False
    links = page.document.within(node, "a")
    if any(key(name) in key(page.document.text(a)) and not _portrays(a, name) for a in links):
        return False  # a link that does not lead to a person leads to a category
    return _is_seldom(page, name.casefold())


def _portrays(link: Node, name: str) -> bool:
    """Whether a link shows a picture of the person whom it names."""
    return any(n.tag == "img" and key(n.get("alt")) == key(name) for n in link.elements())


def _is_seldom(page: Evidence, name: str) -> bool:
    text = page.document.text(page.document.body)[:TEXT_CHARS_MAX].casefold()
    whole, words = text.count(name), Counter(_WORD.findall(text))
    return all(words[word] - whole <= ELSEWHERE_MAX for word in _WORD.findall(name))
