"""Who wrote a dumped page and when: what the lines say that the judges take for it."""

from __future__ import annotations

from collections.abc import Sequence

from service.article import Timestamp
from service.extract.metadata.dates.text import read_date
from service.extract.metadata.people import Person, groups, label_at_start, labelled_part, people
from service.extract.text.features import Sight
from service.extract.text.judge import BYLINE, DATE, likely, notes
from service.extract.text.opening import STANDFIRST_WEIGHT_MIN, Opening
from service.extract.vocabulary import kind_of

UNLABELLED_MIN = 0.4
"""From here on a line without a label is believed to be the byline."""
STANDFIRST_WEIGHT_MAX = 500


def read_notes(opening: Opening, sight: Sight, told: Sequence[bool], language: str) -> None:
    """Gives ``opening`` the byline and the date of the likeliest lines that print them; the one
    told line above either is the standfirst.

    ``told`` says of the lines from ``opening.start`` on whether the story tells them.
    """
    sight.look_from(opening.at)
    seen = [(at, sight.vector(at)) for at in notes(sight)]
    for asked, read in ((BYLINE, _take_byline), (DATE, _take_date)):
        for at, probability in likely(asked, seen):
            if read(opening, sight, at, probability, language):
                _take_standfirst(opening, sight, told[: max(0, at - opening.start)])
                break


def _take_standfirst(opening: Opening, sight: Sight, told: Sequence[bool]) -> None:
    if sum(told) != 1 or opening.standfirst is not None:
        return
    line = sight.lines[opening.start + list(told).index(True)]
    if not line.markup.mark and STANDFIRST_WEIGHT_MIN <= line.weight <= STANDFIRST_WEIGHT_MAX:
        opening.standfirst = line.text


def _take_byline(
    opening: Opening, sight: Sight, at: int, probability: float, language: str
) -> bool:
    """Keeps the people whom a line names, in the part behind its label or the first with any."""
    text = sight.lines[at].text
    label, names = _labelled(sight, at, language)
    if not label and probability < UNLABELLED_MIN:
        return False
    parts = [names] if label else [text, *groups(text, language)]
    found = _people(parts, language, is_labelled=bool(label))
    if found:
        opening.byline = text if label in text.casefold() else f"{label} {text}"
        opening.people = found
    return bool(found)


def _labelled(sight: Sight, at: int, language: str) -> tuple[str, str]:
    """The label of a byline and the names behind it; it may stand alone in the line above."""
    text = sight.lines[at].text
    label, rest = label_at_start(text)
    if label and rest:
        return label, rest
    if at and not label:
        above, nothing = label_at_start(sight.lines[at - 1].text)
        if above and not nothing:
            return sight.lines[at - 1].text, text
    return labelled_part(text, language)


def _people(parts: list[str], language: str, *, is_labelled: bool) -> list[Person]:
    """The people of the first part that names any; behind a label any name is one."""
    for declared in (False, True)[: 1 + is_labelled]:
        for part in parts:
            if found := people(part, language, declared=declared):
                return found
    return []


def _take_date(opening: Opening, sight: Sight, at: int, _: float, language: str) -> bool:
    """Keeps the first date that a line prints; whether it is that of publication."""
    text = sight.lines[at].text
    moment = read_date(text, language)
    if moment is None:
        return False
    stamp = Timestamp(at=moment.at, raw=text, precision=moment.precision, source="text")
    if kind_of(text[: moment.start]) != "modified":
        opening.published = stamp
        return True
    if opening.modified.at is None:
        opening.modified = stamp
    return False
