"""Where a text prints its dates, with the labels before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.extract.metadata.dates.text import Moment, read_dates
from service.extract.metadata.dates.words import CONNECTORS, LABELS, WEEKDAYS, Order

_WORD = re.compile(r"[^\W\d_]+")
_LABEL_WORDS_MAX = 4
_LINKING_MAX = 3
_GAP = re.compile(r"[^\w|;»]{0,6}")
_LINKING = CONNECTORS | {"um", "am", "vom", "à", "il", "op", "på", "el"}


def spans(
    text: str, language: str | None = None, order: Order = "dmy"
) -> Iterator[tuple[int, int]]:
    """Start and end of each date of ``text`` with its label, time and zone; see ``read_dates``.

    ``"Von Max Roth, veröffentlicht am 3. Mai 2024, 7:45 Uhr"`` gives the part from the label on.
    """
    for moment in read_dates(text, language, order):
        yield label_start(text, moment), moment.last


def label_start(text: str, moment: Moment) -> int:
    """Where the label of a date begins: at the date itself where there is none."""
    words = list(_WORD.finditer(text, max(0, moment.first - 60), moment.first))
    start = moment.first
    for _ in range(_LINKING_MAX + 1):
        for size in range(min(_LABEL_WORDS_MAX, len(words)), 0, -1):
            label = " ".join(w.group().casefold() for w in words[-size:])
            if label in LABELS and _GAP.fullmatch(text, words[-1].end(), start):
                return words[-size].start()
        if not words or not _GAP.fullmatch(text, words[-1].end(), start):
            break
        last = words[-1].group().casefold()
        if last not in _LINKING and last not in WEEKDAYS:
            break
        start = words.pop().start()
    return start
