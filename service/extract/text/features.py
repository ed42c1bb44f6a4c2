"""What is known of each line of a text, as numbers: the same for every language.

``NAMES`` gives the order. A page's dump has no elements, so a line is seen by its wording, by its
neighbours and by what the rest of the text says again. Sizes are binary logarithms of characters,
those of scripts without blanks counted three times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import log2

from service.extract.media.captions import split_caption
from service.extract.text.lines import Line
from service.extract.vocabulary import normal

OWN = (
    "size", "words", "word_size", "capitals", "digits", "commas", "sentences", "stops", "colon",
    "asks", "quoted", "lower", "upper", "at_sign", "bars", "labelled", "label_end", "label_note",
    "label_byline", "label_stamp", "label_credit", "marked", "level", "linked", "credited",
)  # fmt: skip
SAID = ("shared", "echoed", "repeats", "is_first", "opens_other", "in_headline")
NEAR = (
    "gap", "gap_after", "size_1", "size_2", "size_3", "size_n1", "size_n2", "size_n3", "prose_1",
    "prose_n1", "label_1", "label_n1", "stops_1", "stops_n1", "density_3", "density_8",
    "density_20", "short_before", "short_after", "label_near", "group_lines", "group_prose",
    "pictured",
)  # fmt: skip
PLACE = (
    "before_run", "after_run", "prose_before", "prose_after", "since_end", "since_prose",
    "until_prose", "lines", "place", "run_share", "from_headline",
)  # fmt: skip
NAMES: tuple[str, ...] = OWN + SAID + NEAR + PLACE

_ENDS = frozenset({"related", "comments", "author_bio", "newsletter", "topics", "read_more"})
_NOTES = frozenset({"correction", "update"})
_STAMPS = frozenset({"published", "modified"})
_QUOTES = frozenset("\"'“”«»„‘’「」『』")
_TERMINAL = re.compile(r"[.!?…。！？؟।](?:\s|$|[\"”»’')\]])")
_WORD = re.compile(r"[^\W\d_]{4,}")
_UNPARTED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")
SAID_CHARS_MAX = 40_000
WORDS_CHARS_MAX = 600
CREDITED_WEIGHT_MAX = 600
FAR = 12.0


def spoken(text: str) -> set[str]:
    """The words of ``text`` by which it is known again: their first letters, or pairs."""
    text = text[:WORDS_CHARS_MAX].casefold()
    found = {word[:6] for word in _WORD.findall(text)}
    if _UNPARTED.search(text):
        bare = normal(text).replace(" ", "")
        found |= {bare[at : at + 2] for at in range(len(bare) - 1)}
    return found


class Sight:
    """The lines of a text with what is known of them together; ``vector`` tells of one line.

    ``run`` is the first and the last line of its story by prose alone.
    """

    def __init__(self, lines: Sequence[Line], run: tuple[int, int]) -> None:
        self.lines, self.run = lines, run
        self.prose = [float(line.weight) if line.is_prose else 0.0 for line in lines]
        self.sums = _sums(self.prose)
        self.sizes = [log2(1 + line.weight) for line in lines]
        self.counts = Counter(line.text for line in lines)
        self.firsts: dict[str, int] = {}
        for at, line in enumerate(lines):
            self.firsts.setdefault(line.text, at)
        self.opened = Counter(line.text[:30] for line in lines)
        self.groups = Counter(line.group for line in lines)
        self.group_prose = Counter[int]()
        for line, weight in zip(lines, self.prose, strict=True):
            self.group_prose[line.group] += int(weight)
        self.words = self._words()
        self.since_end, self.since_prose, self.until_prose = self._distances()
        self.look_from(None)

    def look_from(self, headline: int | None) -> None:
        """From now on lines are seen from the headline at that index; None is none."""
        self.headline = headline
        self.title = set[str]() if headline is None else spoken(self.lines[headline].text)

    def _words(self) -> Counter[str]:
        """In how many lines of prose of the run each word stands."""
        found: Counter[str] = Counter()
        first, last = self.run
        chars = 0
        for at in range(first, last + 1):
            if self.prose[at] and chars < SAID_CHARS_MAX:
                chars += len(self.lines[at].text)
                found.update(spoken(self.lines[at].text))
        return found

    def _distances(self) -> tuple[list[float], list[float], list[float]]:
        """From each line up to the last label that ends stories, up and down to the next prose."""
        ends, above, below = [], [], []
        end, prose = FAR * 4, FAR * 4
        for line, weight in zip(self.lines, self.prose, strict=True):
            end = 0.0 if line.kind in _ENDS else end + 1
            ends.append(end)
            above.append(prose := prose + 1)
            prose = 0.0 if weight else prose
        prose = FAR * 4
        for weight in reversed(self.prose):
            below.append(prose := prose + 1)
            prose = 0.0 if weight else prose
        return ends, above, below[::-1]

    def vector(self, at: int) -> list[float]:
        """The features of one line in the order of ``NAMES``."""
        line = self.lines[at]
        return [*_own(line), *self._said(at, line), *self._near(at, line), *self._place(at)]

    def _said(self, at: int, line: Line) -> list[float]:
        own = spoken(line.text)
        rest = 1 if self.prose[at] and self.run[0] <= at <= self.run[1] else 0
        shared = sum(self.words[word] > rest for word in own)
        echoed = sum(min(4, max(0, self.words[word] - rest)) for word in own)
        size = len(own) or 1
        return [
            shared / size,
            echoed / size,
            log2(self.counts[line.text]),
            float(self.firsts[line.text] == at),
            float(self.opened[line.text[:30]] > self.counts[line.text]),
            len(own & self.title) / size,
        ]

    def _near(self, at: int, line: Line) -> list[float]:
        before, after = self._line(at - 1), self._line(at + 1)
        return [
            float(before is None or before.group != line.group),
            float(after is None or after.group != line.group),
            *(self.sizes[at - n] if at >= n else 0.0 for n in (1, 2, 3)),
            *(self.sizes[at + n] if at + n < len(self.lines) else 0.0 for n in (1, 2, 3)),
            float(before is not None and before.is_prose),
            float(after is not None and after.is_prose),
            float(before is not None and before.kind is not None),
            float(after is not None and after.kind is not None),
            float(before is not None and before.is_sentence),
            float(after is not None and after.is_sentence),
            *(log2(1 + self._held(at, reach)) for reach in (3, 8, 20)),
            self._short(at, -1),
            self._short(at, 1),
            float(sum(n.kind is not None for n in self.lines[max(0, at - 4) : at + 5])),
            log2(self.groups[line.group]),
            log2(1 + self.group_prose[line.group]),
            float(before is not None and before.markup.mark == "image"),
        ]

    def _line(self, at: int) -> Line | None:
        return self.lines[at] if 0 <= at < len(self.lines) else None

    def _held(self, at: int, reach: int) -> float:
        """The prose of the lines around one, without its own."""
        low, high = max(0, at - reach), min(len(self.lines), at + reach + 1)
        return self.sums[high] - self.sums[low] - self.prose[at]

    def _short(self, at: int, step: int) -> float:
        """How many lines that are no sentences stand beside a line in one direction."""
        count, at = 0, at + step
        while 0 <= at < len(self.lines) and count < FAR and not self.lines[at].is_sentence:
            count, at = count + 1, at + step
        return float(count)

    def _place(self, at: int) -> list[float]:
        first, last = self.run
        whole = self.sums[-1] or 1.0
        return [
            _reach(first - at),
            _reach(at - last),
            self.sums[at] / whole,
            1 - self.sums[at + 1] / whole,
            _reach(self.since_end[at]),
            _reach(self.since_prose[at]),
            _reach(self.until_prose[at]),
            log2(len(self.lines)),
            at / len(self.lines),
            (self.sums[last + 1] - self.sums[first]) / whole,
            -1.0 if self.headline is None else _reach(at - self.headline, -4.0),
        ]


def _own(line: Line) -> list[float]:
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
        sum(map(str.isdigit, text)) / (len(text) or 1),
        float(min(6, text.count(",") + text.count("،") + text.count("、"))),
        float(min(8, len(_TERMINAL.findall(text)))),
        float(line.is_sentence),
        float(last in ":："),
        float(last in "?？؟"),
        float(bool(_QUOTES.intersection(text))),
        float(first.islower()),
        float(text.isupper()),
        float("@" in text or "http" in text or "www." in text),
        float(min(4, sum(map(text.count, ("|", " > ", "›", "•", "·", " / "))))),
        float(kind is not None),
        float(kind in _ENDS),
        float(kind in _NOTES),
        float(kind == "byline"),
        float(kind in _STAMPS),
        float(kind == "credit"),
        float(bool(line.markup.mark)),
        float(line.markup.level if line.markup.mark == "heading" else 0),
        sum(len(span.text) for span in line.markup.spans if span.href) / (len(line.text) or 1),
        float(_is_credited(line)),
    ]


def _is_credited(line: Line) -> bool:
    """Whether a line ends as captions do, with who made the picture."""
    if line.markup.mark or not line.text or line.weight > CREDITED_WEIGHT_MAX:
        return False
    split = split_caption(line.text)
    return split.credit is not None or split.copyright_notice is not None


def _sums(values: Sequence[float]) -> list[float]:
    found = [0.0]
    for value in values:
        found.append(found[-1] + value)
    return found


def _reach(lines: float, least: float = 0.0) -> float:
    """A distance in lines, far ones told less apart."""
    if lines < 0:
        return max(least, -log2(1 - lines))
    return log2(1 + min(lines, 255))
