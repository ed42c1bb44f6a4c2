"""Who wrote a post, and when: what is printed around its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from typing import NamedTuple

from service.article import Precision
from service.extract.document import Document, Node
from service.extract.metadata.dates import read_date
from service.extract.metadata.hints import teller
from service.extract.thread.messages import unnumbered

NAME_CHARS_MIN, NAME_CHARS_MAX = 2, 60
TIME_CHARS_MAX = 80
TIMES_MAX = 6
PROFILE_RANK = 1
DAY_CHARS = len("2026-01-31")
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_BY = re.compile(r"^(?:by|von|par|por|di|door|av|af|od|от)\s+", re.IGNORECASE)
_SAYS = re.compile(r"\s*(?:says|said|wrote|sagt|schreibt|a écrit|dit|dice|:)+\s*:?$", re.IGNORECASE)
_PROFILE = re.compile(
    r"(?:^|[/.])(?:users?|members?|profiles?|u|people|authors?|memberlist|userinfo)(?:[/.?=]|$)"
    r"|[?&](?:u|uid|user_?id|author|mid|user)=|action=profile|mode=viewprofile"
)
_names_author = teller(
    "author user poster nick screen-name screenname member creator commenter",
    r"(?:^|[\s_-])names?(?:[\s_-]|$)",
)
_names_other = teller("avatar image photo count title rank stat extra banner badge flair action")
_names_time = teller("date time posted publish created", r"(?:^|[\s_-])(?:age|ago|when)")


class Time(NamedTuple):
    """A time that is printed beside a message: its text, and the tag and words of its element."""

    at: datetime
    precision: Precision
    raw: str
    kind: tuple[str, str]


class Signature(NamedTuple):
    """Who and when. ``is_timed`` also where only an age is printed (``3 days ago``)."""

    author: str | None
    time: Time | None
    is_timed: bool


def read_signature(document: Document, beside: Sequence[Node]) -> Signature:
    """What the elements ``beside`` a message say of it: the first name and the first time."""
    shown = [node for node in beside if not node.hidden]
    time = next(_times(document, shown), None)
    is_timed = time is not None or any(_is_age(document, node) for node in shown)
    return Signature(_author(document, shown), time, is_timed)


def read_signatures(document: Document, messages: Sequence[Sequence[Node]]) -> list[Signature]:
    """The signatures of all messages of a set, given what is beside each.

    Of several times beside each message the kind is taken that nearly all have and that is most in
    order, of equals the later: members have joined at any time, but before they wrote.
    """
    found = [
        list(islice(_times(document, [n for n in beside if not n.hidden]), TIMES_MAX))
        for beside in messages
    ]
    kinds = dict.fromkeys(time.kind for times in found for time in times)
    kind = max(kinds, key=lambda kind: _order(found, kind), default=None)
    signatures = []
    for beside, times in zip(messages, found, strict=True):
        author, first, is_timed = read_signature(document, beside)
        own = next((time for time in times if time.kind == kind), first)
        signatures.append(Signature(author, own, is_timed))
    return signatures


def _order(found: list[list[Time]], kind: tuple[str, str]) -> tuple[int, bool, datetime]:
    """How many messages have a time of this kind and how many of these follow each other, first
    or last one first; whether machines can read them; and the earliest."""
    own = [next((time.at for time in times if time.kind == kind), None) for times in found]
    stated = [at for at in own if at is not None]
    rising = sum(a <= b for a, b in pairwise(stated))
    falling = sum(a >= b for a, b in pairwise(stated))
    return 2 * len(stated) + max(rising, falling), kind[0] == "time", min(stated)


def _author(document: Document, beside: Sequence[Node]) -> str | None:
    """The name in the surest element: one declared, a link to a profile, one so called."""
    surest: tuple[int, Node, str] | None = None
    for node in beside:
        if not NAME_CHARS_MIN <= node.chars <= NAME_CHARS_MAX:
            continue
        rank = _rank(node)
        if rank is None or (surest and rank >= surest[0] and not _names_inner(surest, rank, node)):
            continue
        if name := _name(document, node):
            surest = (rank, node, name)
    return surest[2] if surest else None


def _names_inner(surest: tuple[int, Node, str], rank: int, node: Node) -> bool:
    """Whether ``node`` is inside the surest element and says the name without what is beside it."""
    return node.index < surest[1].end and rank in {PROFILE_RANK, surest[0]}


def _rank(node: Node) -> int | None:
    if {"author", "name"}.intersection(node.get("itemprop").lower().split()):
        return 0
    if node.tag == "a" and _PROFILE.search(node.get("href").lower()):
        return None if _names_other(node.hints) else PROFILE_RANK
    return 2 if _names_author(node.hints) and not _names_other(node.hints) else None


def _name(document: Document, node: Node) -> str:
    text = _SAYS.sub("", _BY.sub("", document.text(node)))
    if len(text) < NAME_CHARS_MIN or not _LETTER.search(text) or read_date(text):
        return ""
    return text


def _times(document: Document, beside: Sequence[Node]) -> Iterator[Time]:
    """The instants of ``time`` elements, then the short texts that print a date."""
    for node in beside:
        if node.tag == "time":
            raw = node.get("datetime").strip()
            if at := _instant(raw):
                yield Time(at, "second" if len(raw) > DAY_CHARS else "day", raw, ("time", ""))
    for node, text in _short_texts(document, beside):
        if moment := read_date(text):
            yield Time(moment.at, moment.precision, text, (node.tag, unnumbered(node.hints)))


def _is_age(document: Document, node: Node) -> bool:
    """Whether an element that is called a time prints a number."""
    if node.tag == "time":
        return True
    is_short = 2 <= node.chars <= TIME_CHARS_MAX
    return is_short and _names_time(node.hints) and bool(_DIGIT.search(document.text(node)))


def _short_texts(document: Document, beside: Sequence[Node]) -> Iterator[tuple[Node, str]]:
    """The texts with a digit that stand alone: of a small element, or right inside a larger one."""
    for node in beside:
        if 3 <= node.chars <= TIME_CHARS_MAX:
            texts = [document.text(node)]
        elif node.chars:
            texts = [part.strip() for part in node.children if isinstance(part, str)]
        else:
            continue
        for text in texts:
            if len(text) <= TIME_CHARS_MAX and _DIGIT.search(text):
                yield node, text


def _instant(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
