"""Dates printed near the headline, with the labels that say what they are dates of."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from service.extract.document import Document, Node
from service.extract.metadata.dates import LABELS, Moment, Order, label_start, plain, read_dates
from service.extract.metadata.dates.words import words
from service.extract.metadata.events import is_of_event
from service.extract.metadata.nearby import LINE_CHARS_MAX, Line
from service.extract.metadata.titles import key

_DATE_HINTS = (
    "date",
    "datum",
    "fecha",
    "publish",
    "posted",
    "time",
    "meta",
    "dateline",
    "zeit",
    "tarih",
    "byline",
    "info",
)
_WEIGHTS = {
    "after": 1.6,
    "within": 0.6,
    "before": 1.3,
    "outside": 0.7,
    "around": 0.6,
    "below": 0.5,
    "end": 0.2,
}
_LABEL_WORDS_MAX = 4
LABELLED_WORDS_MAX = 8
LABELLED_WEIGHT = 1.2
TOLD_WEIGHT = 0.4
"""Less for a date that a longer line mentions without label or class: a caption may be one."""
INNER_MAX = 30
LIFE_DATES = 2
_DASHES = frozenset({"-", "–", "—", "to", "bis", "- †", "– †"})
LISTED_MIN = 3
DATE_CHARS_MAX = 40
REST_CHARS_MAX = 20
_NEAR = frozenset({"after", "before"})
_TODAY = frozenset({"today", "heute"})
"""In an element that declares its date these are the date, not another one's label."""
_COPYRIGHT = re.compile(r"\bcopyright\b", re.IGNORECASE)
_ARCHIVE = frozenset("►▼")
"""Marks in a list of months with the number of posts in each: ``2017 (9) ► August (3)``."""
_PARTED = re.compile(r"[|·•–—;:()/\n]")
SHORT_CHARS = 60
_CJK_LABELS = [(label, kind) for label, kind in LABELS.items() if label[0] >= "\u0e00"]
TOLD_CHARS = 45
"""A date without label or ``<time>`` after so many characters of one sentence is told by it."""
PROSE_WORDS = 22
"""A line of more words than this around a date is prose about the date, not the page's own."""


class Printed(NamedTuple):
    """One printed date, or a label without one (``moment`` is None)."""

    moment: Moment | None
    raw: str
    kind: str
    """``published``, ``modified``, or empty where there is no label."""
    weight: float
    node: Node
    consumable: bool


def printed_dates(
    document: Document, lines: list[Line], language: str | None, order: Order
) -> list[Printed]:
    """Every date printed in ``lines``, in their order, labels understood in all languages."""
    found: list[Printed] = []
    carried = ""
    for line in lines:
        here = _in_line(document, line, language, order)
        if carried and here and here[0].moment and not here[0].kind:
            more = LABELLED_WEIGHT if carried == "published" else 0.0
            here[0] = here[0]._replace(kind=carried, weight=here[0].weight + more)
        alone = len(here) == 1 and here[0].moment is None and line.place != "before"
        carried = here[0].kind if alone else ""
        found += here
    return _without_lists(found)


def _without_lists(found: list[Printed]) -> list[Printed]:
    """Without the dates of a list of other articles: alike elements that each print another day."""
    days: dict[str, list[date]] = {}
    for one in found:
        if one.moment and not one.kind:
            days.setdefault(f"{one.node.tag} {one.node.hints}", []).append(one.moment.at.date())
    listed = {alike for alike, own in days.items() if len(own) >= LISTED_MIN and len(set(own)) > 1}
    if not listed:
        return found
    return [one for one in found if one.kind or f"{one.node.tag} {one.node.hints}" not in listed]


def _in_line(document: Document, line: Line, language: str | None, order: Order) -> list[Printed]:
    timed = _has_time(document, line.node)
    text = plain(_with_datetimes(line.node)[: 2 * LINE_CHARS_MAX] if timed else line.text)
    if _is_link_elsewhere(line):
        text = _unlinked(line.node)[: 2 * LINE_CHARS_MAX] if line.place in _NEAR else ""
        line = line._replace(text=text)
    if not text or not _ARCHIVE.isdisjoint(text):
        return []
    copyright = _is_copyright(text)
    moments = read_dates(text, language, order)
    if not moments:
        if copyright:
            return []
        kind = LABELS.get(key(text), "") if len(text) < SHORT_CHARS else ""
        return [Printed(None, line.text, kind, 0.0, line.node, True)] if kind else []
    if _is_life(text, moments) or is_of_event(document, line.node):
        return []
    prose = len(key(line.text).split()) > PROSE_WORDS + 6 * len(moments)
    hinted = timed or _is_hinted(document, line.node)
    found, last = [], 0
    for moment in moments:
        kind = label_of(text[last : moment.start]) or _inner_label(text, moment)
        last = moment.end
        if line.place == "end" and not kind and not _says_little_else(text, moment):
            continue
        if copyright and kind != "published":
            continue
        if kind == "other" or (moment.precision == "month" and not (kind or hinted)):
            continue
        short = len(text) <= SHORT_CHARS
        told = not (kind or timed) and _is_told(document, line.node, text, moment)
        weight = _weight(line.place, kind, hinted=hinted and not told, prose=prose, short=short)
        if weight:
            consumable = _is_near(line, kind, hinted) and not (prose or told)
            raw = _verbatim(line.text, text, moment, language, order)
            found.append(Printed(moment, raw, kind, weight, line.node, consumable))
    return _earliest_published(found)


def _is_life(text: str, moments: tuple[Moment, ...]) -> bool:
    """Whether a line prints a life, or how long something lasts: ``3 May 1940 – 1 June 2024``."""
    if len(moments) != LIFE_DATES or moments[0].at.year >= moments[1].at.year:
        return False
    return text[moments[0].end : moments[1].start].strip(" ,*†") in _DASHES


def _inner_label(text: str, moment: Moment) -> str:
    """``modified`` where the time of the last update follows a date: ``3 May, updated 10:00``."""
    words = key(text[moment.start : moment.last]).split()
    grams = (" ".join(words[at : at + size]) for size in (1, 2) for at in range(len(words)))
    return "modified" if any(LABELS.get(gram) == "modified" for gram in grams) else ""


def _is_copyright(text: str) -> bool:
    """Whether a line holds a notice of copyright, whose year is no date."""
    return "©" in text or ("opyright" in text.lower() and bool(_COPYRIGHT.search(text)))


def _verbatim(printed: str, text: str, moment: Moment, language: str | None, order: Order) -> str:
    """The date as printed, with its label and time; what its element declares if it prints none."""
    bare = plain(printed)
    dates = read_dates(bare, language, order) if bare != text else (moment,)
    shown = min(dates, key=lambda each: abs(each.at - moment.at), default=None)
    if shown and abs((shown.at - moment.at).days) <= 1:
        return bare[label_start(bare, shown) : shown.last]
    return text[label_start(text, moment) : moment.last]


def _is_told(document: Document, node: Node, text: str, moment: Moment) -> bool:
    """Whether a sentence runs up to a date: ``The sun rises over an oil field on 24 March 2014``.

    Not where the date has an element of its own.
    """
    if len(_PARTED.split(text[: moment.start])[-1].strip()) <= TOLD_CHARS:
        return False
    shown = text[moment.start : moment.end]
    inner = document.inside(node)[:INNER_MAX]
    return not any(n.chars <= SHORT_CHARS and shown in document.text(n) for n in inner)


def _says_little_else(text: str, moment: Moment) -> bool:
    """Whether a line is hardly more than its date: ``Ann, 10. September 2017``."""
    rest = text[: label_start(text, moment)] + text[moment.last :]
    return len(key(rest)) <= REST_CHARS_MAX


def _is_hinted(document: Document, node: Node) -> bool:
    inside = document.inside(node)[:INNER_MAX]
    return _says_date(node.hints) or any(_says_date(inner.hints) for inner in inside)


def _earliest_published(found: list[Printed]) -> list[Printed]:
    """Of two unlabelled dates of one line the later one is an update."""
    plain = [f.moment.at for f in found if f.moment and not f.kind]
    return [
        f._replace(kind="modified") if f.moment and not f.kind and f.moment.at > min(plain) else f
        for f in found
    ]


@lru_cache(maxsize=16_384)
def _says_date(hints: str) -> bool:
    return any(word in hints for word in _DATE_HINTS)


def _is_link_elsewhere(line: Line) -> bool:
    """Whether the line is mostly a link: the date then is that of another article."""
    node, near = line.node, line.place in {"after", "before"}
    if not near and node.tag == "li":
        return True
    return node.link_chars > (50 if near else 25) and 2 * node.link_chars > node.chars


def _unlinked(node: Node) -> str:
    """The text of a line without its links, but for those of a few words: the date may be one."""
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        elif not child.hidden and (child.tag != "a" or child.chars <= DATE_CHARS_MAX):
            parts.append(f" {_unlinked(child)} ")
    return plain(" ".join("".join(parts).split()))


def _is_near(line: Line, kind: str, hinted: bool) -> bool:
    """Whether the line is surely about this article, so that the body need not print it."""
    return line.place in {"after", "before"} or (line.place == "within" and hinted and bool(kind))


def _weight(place: str, kind: str, *, hinted: bool, prose: bool, short: bool) -> float:
    weight = _WEIGHTS[place]
    if prose or (place in {"outside", "within"} and not (kind or hinted or short)):
        return 0.0 if not kind else 0.3
    if not (kind or short or hinted) and place in _NEAR:
        weight -= TOLD_WEIGHT
    if kind == "published":
        weight += LABELLED_WEIGHT
    if hinted:
        weight += 0.8
    return weight


def label_of(text: str) -> str:
    """The kind of the label that ends ``text``: ``"Erstellt am: "`` gives ``published``.

    A label further from the end must open the text: ``Posted by Ann Lee in News on``.
    """
    found = key(text)
    words = found.split()
    opens = len(words) <= LABELLED_WORDS_MAX
    words = words[-LABELLED_WORDS_MAX:]
    for size in range(min(_LABEL_WORDS_MAX, len(words)), 0, -1):
        for start in range(len(words) - size, -1, -1):
            kind = LABELS.get(" ".join(words[start : start + size]))
            near = start + size >= len(words) - (3 if kind == "modified" else 4)
            if kind and (near or (opens and not start and kind != "modified")):
                return kind
    if found and found[-1] >= "\u0e00":
        return next((kind for label, kind in _CJK_LABELS if label in found[-24:]), "")
    return ""


def _has_time(document: Document, node: Node) -> bool:
    return node.tag == "time" or bool(document.within(node, "time"))


def _own_start(node: Node) -> str:
    """What an element prints before its first digit: ``Publié le``."""
    first = node.children[0] if node.children else ""
    return re.split(r"\d", first, maxsplit=1)[0] if isinstance(first, str) else _own_start(first)


def _without_months(text: str) -> str:
    months = words("").months
    return " ".join(w for w in text.split() if w.casefold().strip(".,") not in months)


def _with_datetimes(node: Node) -> str:
    """The text of a line with each ``<time datetime>`` replaced by what it declares."""
    declared = node.get("datetime") if node.tag == "time" else ""
    opening = _own_start(node) if declared else ""
    kind = "" if key(opening) in _TODAY else label_of(opening)
    if kind == "published":
        declared = ""  # it says which day it prints; the attribute may be that of a change
    if declared[:4].isdecimal() and len(declared) >= 8:
        label = _without_months(opening) if kind else ""
        return f" {label} {declared} "
    parts = [c if isinstance(c, str) else f" {_with_datetimes(c)} " for c in node.children]
    return " ".join("".join(parts).split())
