"""What is known of each line among the others of its text, as numbers.

``NAMES`` gives the order. A page's dump has no elements, so a line is seen by its wording, by its
neighbours, by what the rest of the text says again, and by its address where that is known. Sizes
are binary logarithms of characters, those of scripts without blanks counted three times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log2

from service.extract.metadata.titles import path_key, plain_key
from service.extract.text.lines import Line
from service.extract.text.wording import (
    ENDS,
    NOTED_WEIGHT_MAX,
    WORDS_CHARS_MAX,
    by,
    dated,
    own,
    spoken,
)
from service.extract.text.wording import NAMES as OWN

SAID = (
    "shared", "echoed", "repeats", "is_first", "opens_other", "in_headline", "introduced",
    "addressed", "in_address",
)  # fmt: skip
NEAR = (
    "gap", "gap_after", "size_1", "size_2", "size_3", "size_n1", "size_n2", "size_n3", "prose_1",
    "prose_n1", "label_1", "label_n1", "stops_1", "stops_n1", "density_3", "density_8",
    "density_20", "short_before", "short_after", "label_near", "group_lines", "group_prose",
    "pictured", "dated_before", "dated_after", "by_before", "by_after", "trail_before", "is_trail",
)  # fmt: skip
PLACE = (
    "before_run", "after_run", "prose_before", "prose_after", "since_end", "since_prose",
    "until_prose", "lines", "place", "run_share", "from_headline",
)  # fmt: skip
NAMES: tuple[str, ...] = OWN + SAID + NEAR + PLACE
_IN_HEADLINE, _FROM_HEADLINE = NAMES.index("in_headline"), NAMES.index("from_headline")

SAID_CHARS_MAX = 40_000
NEAR_LINES = 6
TRAIL_CHARS_MIN = 8
INTRODUCED_WORDS_MAX = 4
FAR = 12.0


class Sight:
    """The lines of a text with what is known of them together; ``vector`` tells of one line.

    ``run`` is the first and the last line of its story by prose alone; ``address`` is the page's,
    where it is known.
    """

    def __init__(
        self, lines: Sequence[Line], run: tuple[int, int], address: str | None = None
    ) -> None:
        self.lines, self.run = lines, run
        self.slug = frozenset(plain_key(path_key(address)).split())
        self.dated = [dated(line) for line in lines]
        self.by = [by(line) for line in lines]
        self.introduced = _introduced(lines)
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
        self._seen: dict[int, tuple[set[str], list[float]]] = {}
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
            end = 0.0 if line.kind in ENDS else end + 1
            ends.append(end)
            above.append(prose := prose + 1)
            prose = 0.0 if weight else prose
        prose = FAR * 4
        for weight in reversed(self.prose):
            below.append(prose := prose + 1)
            prose = 0.0 if weight else prose
        return ends, above, below[::-1]

    def vector(self, at: int) -> list[float]:
        """The features of one line in the order of ``NAMES``; all but those that tell of the
        headline are counted once, since several judges ask for a line."""
        words, seen = self._seen.get(at) or self._see(at)
        found = seen.copy()
        if self.headline is not None:
            found[_IN_HEADLINE] = len(words & self.title) / (len(words) or 1)
            found[_FROM_HEADLINE] = _reach(at - self.headline, -4.0)
        return found

    def _see(self, at: int) -> tuple[set[str], list[float]]:
        """The words of a line and its features where no headline is known."""
        line = self.lines[at]
        words = spoken(line.text)
        said = self._said(at, line, words)
        found = [*own(line), *said, *self._near(at, line), *self._place(at)]
        self._seen[at] = words, found
        return words, found

    def _said(self, at: int, line: Line, words: set[str]) -> list[float]:
        rest = 1 if self.prose[at] and self.run[0] <= at <= self.run[1] else 0
        said = self.words.get  # most are said nowhere else, and a Counter is slow to count none
        again = [times - rest for word in words if (times := said(word, 0)) > rest]
        size = len(words) or 1
        return [
            len(again) / size,
            sum(min(4, times) for times in again) / size,
            log2(self.counts[line.text]),
            float(self.firsts[line.text] == at),
            float(self.opened[line.text[:30]] > self.counts[line.text]),
            0.0,  # what of it is in the headline
            float(line.text.casefold() in self.introduced),
            *self._addressed(line),
        ]

    def _addressed(self, line: Line) -> tuple[float, float]:
        """The share of a line's words that the address has, and the other way round."""
        if len(self.slug) < 2 or line.weight > WORDS_CHARS_MAX:
            return -1.0, -1.0
        words = set(plain_key(line.text).split())
        both = len(words & self.slug)
        return both / (len(words) or 1), both / len(self.slug)

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
            _nearest(self.dated, at, -1),
            _nearest(self.dated, at, 1),
            _nearest(self.by, at, -1),
            _nearest(self.by, at, 1),
            float(self._has_trail(at, -1)),
            float(self._has_trail(at, 1)),
        ]

    def _has_trail(self, at: int, step: int) -> bool:
        """Whether a line near above ends with this one, as a trail does; 1: this one is it."""
        text = self.lines[at].text
        for near in range(at + step, at + step * (NEAR_LINES + 1), step):
            other = self._line(near)
            if other is None:
                return False
            long, short = (other.text, text) if step < 0 else (text, other.text)
            if len(long) > len(short) >= TRAIL_CHARS_MIN and long.endswith(short):
                return True
        return False

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
            -1.0,  # how far it is from the headline
        ]


def _introduced(lines: Sequence[Line]) -> set[str]:
    """The first words of each line of prose, as ``Ann Lee`` opens ``Ann Lee is a reporter``."""
    found: set[str] = set()
    for line in lines:
        if line.is_prose:
            words = line.text[:NOTED_WEIGHT_MAX].casefold().split()[:INTRODUCED_WORDS_MAX]
            found.update(" ".join(words[:size]) for size in range(1, len(words) + 1))
    return found


def _nearest(values: Sequence[float], at: int, step: int) -> float:
    """What the nearest of a few lines in one direction has, the less the farther it is."""
    for distance in range(1, NEAR_LINES + 1):
        near = at + step * distance
        if not 0 <= near < len(values):
            return 0.0
        if values[near]:
            return values[near] / distance
    return 0.0


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
