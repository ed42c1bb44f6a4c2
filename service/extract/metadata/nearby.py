"""The lines printed near the headline, where a page says who, when and under which heading.

A line here is the outermost element with little text in it: ``<p class="meta">By A, 3 May</p>``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from service.extract.document import Document, Node
from service.extract.metadata.hints import teller
from service.extract.metadata.people import label_at_start
from service.extract.metadata.people.words import SIGNING

LINE_CHARS_MAX = 220
LINES_MAX = 40
NODES_MAX = 700
BEFORE_NODES = 120
BELOW_NODES = 60
SHARED_MAX = 12
BELOW_MAX, AT_END_MAX = 20, 60
DATELINE_NODES = 150
DATELINE_CHARS = 80
DATE_CHARS_MIN, ABOUT_CHARS_MIN = 6, 4
END_CHARS_MAX = 160
CARD_CHARS_MIN = 30
SIGNED_CHARS_MIN, SIGNED_CHARS_MAX = 8, 100
_SIGNED_TAGS = frozenset({"p", "div", "span", "em", "i", "strong", "b", "footer", "small"})
_LISTED_TAGS = frozenset({"ul", "ol", "dl", "table", "blockquote"})
PROSE_CHARS = 140
"""A paragraph of this many unlinked characters is the story, not a line about it."""
PROSE_CHARS_WIDE = 60
"""The same where a character is a syllable or a word: Chinese, Japanese, Korean."""
_WIDE = frozenset({"zh", "ja", "ko", "th"})
LINES_WITHIN_MAX = 15

_ELSEWHERE_TAGS = frozenset({
    "nav", "form", "select", "button", "iframe", "noscript", "figure", "figcaption", "title",
})  # fmt: skip
_says_elsewhere = teller(
    "comment related recommend sidebar newsletter breaking most-read mostread popular trending "
    "cookie consent advert ticker latest menu weather next-post prev-post post-nav fb-post "
    "twitter-tweet instagram-media tiktok-embed bluesky-embed breadcrumb copyright read-next "
    "more-stories also-like testimonial widget-area topnews site-footer signup subscri",
    "promo(?!t)",
)
_says_elsewhere_if_long = teller("teaser caption legend card")
_says_fact = teller("caption infobox wikitable navbox reflist")
SHORT_CHARS = 60
_says_about = teller(
    "author byline autor auteur forfatter verfasser redakteur publi posted datum fecha veroeff "
    "postmeta metadata entrydate pubdate",
    r"(?:^|[\s_-])(?:meta|info|date|time|timestamp|footer|signature|writer)(?:$|[\s_-])",
)


_DATELINE = re.compile(
    r"[(\[]?(?:[^\W\d_][^\d()|]{1,30}?[\s,(]\s?)?"  # a city or a label
    r"(?:[^\W\d_]{2,12}\.?,? )?\d{1,4}(?:\.|st|nd|rd|th)?[\s./-]\s?"
    r"(?:\d{1,2}|[^\W\d_]{3,12})\.?[\s./-],?\s?\d{2,4}\s?(?=[)\]|–—-]|: )"
)


class Line(NamedTuple):
    """A line near the headline; ``place`` says where it stands to it.

    ``after`` it, ``within`` the story's first paragraphs, ``before`` it in the story's own
    element, ``outside`` of that but just before, ``below`` the beginning of the story, or
    ``around`` where no headline is printed, ``end`` where nothing but its text
    says what it is.
    """

    node: Node
    text: str
    place: str


_Verdict = Line | Literal["skip", "open"]


def lines_near(document: Document, headline: Node | None) -> list[Line]:
    """The lines after and before the headline, nearest first in each."""
    if headline is None:
        body = document.body
        return list(_lines(document, body.index + 1, body.end, "around", body))[:LINES_MAX]
    story = story_of(headline)
    start = max(document.body.index + 1, headline.index - BEFORE_NODES)
    before = list(_lines(document, start, headline.index, "before", headline))[-15:]
    after = list(_lines(document, headline.end, document.body.end, "after", headline))
    found = [*_shared(document, headline), *after[:LINES_MAX]]
    for line in reversed(before):
        inside = line.node.index > story.index
        found.append(line if inside else line._replace(place="outside"))
    return found


def _shared(document: Document, headline: Node) -> Iterator[Line]:
    """The short parts of a headline's element that are not the headline: a date, a kicker."""
    for node in document.inside(headline)[:SHARED_MAX]:
        small = 2 * node.chars < headline.chars
        if small and node.chars and (node.tag == "time" or _says_about(node.hints)):
            yield Line(node, document.text(node), "before")


def lines_below(document: Document, headline: Node | None) -> list[Line]:
    """The lines further down the story whose classes say that they are about author or date."""

    def judge(node: Node) -> _Verdict:
        if node.chars < ABOUT_CHARS_MIN or node.hidden or node.tag == "blockquote":
            return "skip"
        if node.hints and is_elsewhere(node):
            return "skip"
        if node.chars > LINE_CHARS_MAX or not _is_about(node):
            return "open"
        return "skip" if _is_card(document, node) else Line(node, document.text(node), "below")

    return _judged(document, headline, judge, BELOW_MAX)


def _judged(
    document: Document, headline: Node | None, judge: Callable[[Node], _Verdict], most: int
) -> list[Line]:
    """The lines that ``judge`` makes of the elements below the headline, in its story or just
    behind it; it skips an element with all that is inside, or has it opened."""
    story = story_of(headline) if headline else document.body
    at = headline.end if headline else story.index + 1
    end = min(story.end + BELOW_NODES, document.body.end)
    found: list[Line] = []
    while at < end and len(found) < most:
        node = document.nodes[at]
        verdict = judge(node)
        at = at + 1 if verdict == "open" else node.end
        if isinstance(verdict, Line):
            found.append(verdict)
    return found


def signing(lines: list[Line]) -> list[Line]:
    """``lines`` without those of other stories: alike elements that each print another number."""
    dated = [line for line in lines if any(map(str.isdigit, line.text))]
    texts: dict[tuple[str, str], set[str]] = {}
    for line in dated:
        texts.setdefault((line.node.tag, line.node.hints), set()).add(line.text)
    listed = {alike for alike, own in texts.items() if len(own) > 1}
    return [line for line in lines if (line.node.tag, line.node.hints) not in listed]


def _is_card(document: Document, node: Node) -> bool:
    """Whether ``node`` is mostly a heading: that of another story, with who wrote it and when."""
    headings = document.within(node, "h2", "h3", "h4")
    return any(h.chars >= CARD_CHARS_MIN and 2 * h.chars > node.chars for h in headings)


def signatures(document: Document, headline: Node | None) -> list[Line]:
    """The short lines of the story, and just behind it, that a label as *written by* or *Autorin*
    opens, the last first; not those of tables and lists, which may be about a book."""

    def judge(node: Node) -> _Verdict:
        if node.hidden or node.tag in _LISTED_TAGS or is_elsewhere(node):
            return "skip"
        if node.tag in _SIGNED_TAGS and SIGNED_CHARS_MIN <= node.chars <= SIGNED_CHARS_MAX:
            text = document.text(node)
            if label_at_start(text)[0] in SIGNING:
                return Line(node, text, "below")
        return "open"

    return _judged(document, headline, judge, AT_END_MAX)[::-1]


def lines_at_end(document: Document, headline: Node | None) -> list[Line]:
    """The short lines with a number in the rest of the story, the last first.

    A story without a date at its head may be signed with one: ``Created on: 1 November 2023``.
    """

    def judge(node: Node) -> _Verdict:
        if node.chars < DATE_CHARS_MIN or node.hidden or node.tag == "blockquote":
            return "skip"
        if is_elsewhere(node) or _says_fact(node.hints):
            return "skip"
        if node.chars > END_CHARS_MAX or node.link_chars >= SHORT_CHARS:
            return "open"
        text = document.text(node)
        is_dated = any(map(str.isdigit, text)) and not _is_code(document, node)
        return Line(node, text, "end") if is_dated else "skip"

    return _judged(document, headline, judge, AT_END_MAX)[::-1]


def datelines(document: Document, headline: Node | None) -> list[Line]:
    """The openings of the story's first paragraphs that begin with a date.

    ``(21. November 2022) Die Gemeinden …``, ``Pressemitteilung vom 25. Januar 2022 | Berlin – …``
    """
    if headline is None:
        return []
    found: list[Line] = []
    for node in document.nodes[headline.end : headline.end + DATELINE_NODES]:
        if node.tag in {"p", "div"} and not node.blocks and node.chars > SHORT_CHARS:
            match = not node.hidden and _DATELINE.match(document.text(node)[:DATELINE_CHARS])
            if match:
                found.append(Line(node, match[0], "end"))
    return found


def _is_code(document: Document, node: Node) -> bool:
    """Whether ``node`` shows code: what looks like a date or a name in it is none."""
    return node.tag == "pre" or bool(document.within(node, "pre"))


def _is_about(node: Node) -> bool:
    return node.tag == "time" or _says_about(node.hints)


def story_of(headline: Node) -> Node:
    """The element around the headline that holds its story too: prose enough, or the body."""
    around = headline
    for around in headline.ancestors():
        if around.tag in {"article", "main", "body"} and around.paragraphs:
            break
        if around.paragraphs >= 3 or around.chars - around.link_chars > 1500:
            break
    return around


def _lines(document: Document, start: int, end: int, place: str, anchor: Node) -> Iterator[Line]:
    """The lines among nodes ``start`` to ``end``; ends where the story is well under way."""
    nodes, at, prose, within = document.nodes, start, 0, 0
    stop = min(end, start + NODES_MAX)
    most = document.body.chars // 2
    prose_chars = PROSE_CHARS_WIDE if (document.lang or "")[:2] in _WIDE else PROSE_CHARS
    while at < stop:
        node = nodes[at]
        if node.index < anchor.index < node.end:
            at += 1
        elif ((node.hidden or not node.chars) and node.tag != "time") or (
            node.chars < most and is_elsewhere(node)
        ):
            at = node.end
        elif node.tag == "p" and node.chars - node.link_chars > prose_chars:
            prose += 1
            if prose > 2:
                return
            at = node.end
        elif _is_code(document, node):
            at = node.end if node.chars <= LINE_CHARS_MAX else at + 1
        elif node.chars <= LINE_CHARS_MAX and (node.chars <= 100 or node.blocks <= 3):
            yield Line(node, document.text(node), "within" if prose else place)
            at = node.end
            within += bool(prose)
            if within > LINES_WITHIN_MAX:
                return
        else:
            at += 1


def is_elsewhere(node: Node) -> bool:
    """Whether ``node`` by its tag or classes is about other things than this article."""
    if node.tag in _ELSEWHERE_TAGS or (node.tag == "footer" and node.chars > 600):
        return True
    hints = node.hints
    return _says_elsewhere(hints) or (node.chars > SHORT_CHARS and _says_elsewhere_if_long(hints))
