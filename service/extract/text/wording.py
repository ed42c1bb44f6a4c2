"""What the wording of one line of a text shows, as numbers: the same for every language."""

from __future__ import annotations

import re
from math import log2

from service.extract.metadata.people import label_at_start
from service.extract.metadata.people.words import WEAK_LABELS
from service.extract.text.lines import Line
from service.extract.vocabulary import normal

NAMES = (
    "size", "words", "word_size", "capitals", "digits", "commas", "sentences", "stops", "colon",
    "asks", "quoted", "lower", "upper", "at_sign", "bars", "labelled", "label_end", "label_note",
    "label_byline", "label_stamp", "label_credit", "marked", "level", "linked", "credited",
    "dated", "by",
)  # fmt: skip

ENDS = frozenset({"related", "comments", "author_bio", "newsletter", "topics", "read_more"})
_NOTES = frozenset({"correction", "update"})
_STAMPS = frozenset({"published", "modified"})
_QUOTES = frozenset("\"'“”«»„‘’「」『』")
_TERMINAL = re.compile(r"[.!?…。！？؟।](?:\s|$|[\"”»’')\]])")
_ASCII_DIGITS = b"0123456789"
_FOREIGN = re.compile("[^\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_DATED = re.compile(r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,2}[.:/]\d\d)")
_UNPARTED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")
WORDS_CHARS_MAX = 600
CREDITED_WEIGHT_MAX = 600
NOTED_WEIGHT_MAX = 120
"""A heavier line is neither a date nor a byline."""


def spoken(text: str) -> set[str]:
    """The words of ``text`` by which it is known again: their first letters, or pairs."""
    text = text[:WORDS_CHARS_MAX].casefold()
    found = {word[:6] for word in _WORD.findall(text)}
    if _UNPARTED.search(text):
        bare = normal(text).replace(" ", "")
        found |= {bare[at : at + 2] for at in range(len(bare) - 1)}
    return found


def own(line: Line) -> list[float]:
    """The numbers of ``NAMES``."""
    text = line.text[:WORDS_CHARS_MAX]
    words = text.split()
    count = len(words) or 1
    first, last = text[:1], text[-1:]
    kind = line.kind
    return [
        log2(1 + line.weight),
        log2(1 + len(words)),
        min(20.0, len(text) / count),
        sum(word[:1].isupper() for word in words) / count,
        _digits(text) / (len(text) or 1),
        float(min(6, text.count(",") + text.count("،") + text.count("、"))),
        float(min(8, len(_TERMINAL.findall(text)))),
        float(line.is_sentence),
        float(last in ":："),
        float(last in "?？؟"),
        float(not _QUOTES.isdisjoint(text)),
        float(first.islower()),
        float(text.isupper()),
        float("@" in text or "http" in text or "www." in text),
        float(min(4, sum(map(text.count, ("|", " > ", "›", "•", "·", " / "))))),
        float(kind is not None),
        float(kind in ENDS),
        float(kind in _NOTES),
        float(kind == "byline"),
        float(kind in _STAMPS),
        float(kind == "credit"),
        float(bool(line.markup.mark)),
        float(line.markup.level if line.markup.mark == "heading" else 0),
        sum(len(span.text) for span in line.markup.spans if span.href) / (len(line.text) or 1),
        float(_is_credited(line)),
        dated(line),
        by(line),
    ]


def _digits(text: str) -> int:
    """How many digits of any script ``text`` has: those of ASCII are counted in C."""
    raw = text.encode("ascii", "ignore")
    count = len(raw) - len(raw.translate(None, _ASCII_DIGITS))
    return count if text.isascii() else count + sum(map(str.isdigit, _FOREIGN.findall(text)))


def dated(line: Line) -> float:
    """1 where a line looks like one with a date or a time, in any language."""
    if line.kind in _STAMPS:
        return 1.0
    return float(line.weight <= NOTED_WEIGHT_MAX and _DATED.search(line.text) is not None)


def by(line: Line) -> float:
    """1 where a line opens with the label of a byline; half where that is a common word too."""
    if line.weight > NOTED_WEIGHT_MAX or line.markup.mark:
        return 0.0
    label = label_at_start(line.text)[0]
    return (0.5 if label in WEAK_LABELS else 1.0) if label else 0.0


def _is_credited(line: Line) -> bool:
    """Whether a line ends as captions do, with who made the picture."""
    if line.markup.mark or not line.text or line.weight > CREDITED_WEIGHT_MAX:
        return False
    split = line.split
    return split.credit is not None or split.copyright_notice is not None
