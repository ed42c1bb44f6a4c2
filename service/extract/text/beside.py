"""Who wrote a dumped page and when, where the story had already begun: below its first lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.extract.metadata.people import groups, people
from service.extract.text.lines import Line
from service.extract.text.opening import BYLINE_WEIGHT_MAX, Opening, Reader

BESIDE_MAX = 16
TOLD_MAX = 3
"""So many lines from the start of the story, and so many told by it, are looked at."""
ABOVE_MAX = 3
"""So many lines above the headline may hold the date, where none stands below it."""
STANDFIRST_WEIGHT_MIN, STANDFIRST_WEIGHT_MAX = 40, 500
NAME_WORDS_MIN, NAME_WORDS_MAX = 2, 4


def read_beside(
    opening: Opening, lines: Sequence[Line], told: Sequence[bool], language: str
) -> None:
    """Completes ``opening`` with a byline and dates among the first lines that are not told; the
    one told line above a byline is the standfirst, and the story starts below it.

    ``told`` are the lines from ``opening.start`` on.
    """
    reader = Reader(list(lines), language, opening)
    above: list[int] = []
    for at in range(opening.start, min(opening.start + BESIDE_MAX, len(lines))):
        if told[at - opening.start]:
            above.append(at)
        elif len(above) <= TOLD_MAX and _is_read(reader, at) and len(above) == 1:
            _take_standfirst(opening, lines[above[0]])
    headline = opening.at or 0
    for at in range(headline - 1, max(-1, headline - 1 - ABOVE_MAX), -1):
        if opening.published.at is None and opening.published.raw is None:
            reader.stamp(lines[at])


def _is_read(reader: Reader, at: int) -> bool:
    """Whether the line tells who wrote the page or when; it is kept then."""
    line, opening = reader.lines[at], reader.opening
    if line.weight > BYLINE_WEIGHT_MAX:
        return False
    named = opening.byline
    if line.kind == "byline":
        reader.label(at)
    elif not line.kind and not reader.person(at) and not named:
        _take_name(reader, line)
    return reader.stamp(line) or opening.byline != named


def _take_name(reader: Reader, line: Line) -> None:
    """Takes the name in a line that prints a date as well: ``3 May 2024 / Ann Lee``."""
    if reader.moment(line) is None and not any(map(str.isdigit, line.text)):
        return
    for name in _names(line.text, reader.language):
        reader.opening.byline, reader.opening.names = line.text, name
        return


def _names(text: str, language: str) -> Iterator[str]:
    for group in groups(text, language):
        found = people(group, language, declared=False)
        if len(found) == 1 and group.startswith(found[0].name):
            words = found[0].name.split()
            cased = all(word[:1].isupper() and not word.isupper() for word in (words[0], words[-1]))
            if NAME_WORDS_MIN <= len(words) <= NAME_WORDS_MAX and cased:
                yield found[0].name


def _take_standfirst(opening: Opening, line: Line) -> None:
    if opening.standfirst is None and not line.markup.mark and (
        STANDFIRST_WEIGHT_MIN <= line.weight <= STANDFIRST_WEIGHT_MAX
    ):  # fmt: skip
        opening.standfirst = line.text
