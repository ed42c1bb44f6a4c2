"""Credits that no label tells: texts that are nothing else, and names behind a slash."""

from __future__ import annotations

import re

from service.extract.media.credits import is_person
from service.extract.media.makers import LICENCE

WORDS_MAX, NAME_WORDS_MAX, HOUSE_WORDS_MAX = 7, 3, 2
CAPTION_WORDS_MIN = 4
HOUSE = re.compile(r"[A-ZÀ-Þ]{2,6}|(?:[A-ZÀ-Þ]\. ?){2,3}")
"""An agency or a station by its initials: ``KTLA``, ``E. P.``."""
_SIDE_BY_SIDE = re.compile(
    r"(?:^|[:,;(]\s?|\s(?:and|und|et|y|e|i)\s)(?:[A-ZÀ-Þ][\w.'’-]+\s?){2,3}$"
)
"""A caption ends with a name that no small word leads to: what a slash parts from it is another."""
_ADDRESS = re.compile(
    r"(?:www\.)?[\w-]{2,30}\.(?:com|de|org|net|at|ch|fr|co\.uk|io|pl|ru|it|es|nl)"
)
_COURTESY = re.compile(r"^(?:.{3,30} )?[Cc]ourtesy (?:of )?(?=[A-ZÀ-Þ])")
_LICENSED = frozenset({"by", "via", "work", "from", "on", "under", "und", "von", "de"})
"""Small words beside a licence."""
_FIRST_SMALL = frozenset({
    "for", "the", "our", "my", "new", "der", "die", "das", "le", "la", "el", "both", "all",
})  # fmt: skip


def is_credit_alone(text: str) -> bool:
    """Whether a whole text names who made a picture: a person and a house, an address of stock
    pictures, by whose courtesy, or under which licence.

    ``"Ann Lee/Acme"``, ``"pixie / stock.example.de"``, ``"Courtesy of Acme"``, ``"Ann Lee, CC0"``,
    not ``"Old/New"``.
    """
    if licence := LICENCE.search(text):
        text = text.replace(licence[0], " ")
        return all(not w.islower() or w.strip(",;.()") in _LICENSED for w in text.split())
    if "\n" in text or len(text.split()) > WORDS_MAX:
        return False
    name, slash, house = (part.strip() for part in text.partition("/"))
    if not slash or not name:
        return (
            bool(_COURTESY.search(text))
            and text.split(maxsplit=1)[0].casefold() not in _FIRST_SMALL
        )
    return bool(_ADDRESS.fullmatch(house)) or (_is_house(house) and _is_full_name(name))


def slashed_credit(text: str) -> tuple[str, str]:
    """A full name, or a house in capitals, behind the only slash of a sentence: ``The idle quay
    / D. ARROYO``; not where names stand side by side."""
    head, slash, tail = text.strip().rpartition(" / ")
    tail = tail.strip() if HOUSE.fullmatch(tail.strip()) else tail.strip(" .")
    few = len(head.split()) < CAPTION_WORDS_MIN or len(tail.split()) > NAME_WORDS_MAX
    if not slash or "/" in head or few or _SIDE_BY_SIDE.search(head):
        return text, ""
    return (head, tail) if HOUSE.fullmatch(tail) or is_person(tail) else (text, "")


def _is_house(text: str) -> bool:
    return 0 < len(text.split()) <= HOUSE_WORDS_MAX and text[:1].isupper() and "/" not in text


def _is_full_name(text: str) -> bool:
    words = text.split()
    return len(words) <= NAME_WORDS_MAX and not _opens_phrase(text) and is_person(text)


def _opens_phrase(text: str) -> bool:
    return text.split(maxsplit=1)[0].casefold() in _FIRST_SMALL
