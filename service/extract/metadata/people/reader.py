"""Reads the parts of a byline in order: which names belong to which label."""

from __future__ import annotations

import re
from typing import NamedTuple

from service.extract.metadata.people.ideographic import parted_names
from service.extract.metadata.people.names import is_name, name_and_role
from service.extract.metadata.people.words import (
    AGENCIES,
    COMPANY,
    DEGREES,
    GENERIC,
    OTHERS,
    conjunctions,
    label_at_start,
)
from service.extract.metadata.titles import key

LETTERS_MAX = 5
_TWO_FAMILY_NAMES = frozenset({"es", "pt", "ca", "gl"})
"""Languages that write *and* between the family names of one person."""
_LISTED = re.compile(r"\s*(?:,|、|，|؛|،|;|&|\+|＆|(?<=[^\W\d_]{2})//?(?=[^\W\d_]{2})|／)\s*")
_ARABIC_AND = re.compile(
    r"(\S+ \S+) و(?!(?:ليد|ائل|سام|سيم|جدي|فاء|داد|حيد|هيب|ديع|جيه|لاء|هبة|هبي)\b)(?=\S{3,} \S)"
)
"""The word for *and* that is written together with the name behind it: ``أحمد علي ومحمد حسن``; not
the first letter of a name."""


class Person(NamedTuple):
    """One name of a byline, with the role printed beside it."""

    name: str
    role: str | None = None


class Reader:
    """Reads the groups of a byline in order; knows which label the next names stand under."""

    def __init__(
        self, site_keys: frozenset[str], declared: bool, personal: bool, language: str
    ) -> None:
        self.found: list[Person] = []
        self.site_keys = site_keys
        self.declared = declared
        self.personal = personal
        self.language = language
        self.joined = conjunctions(language)
        self.label = ""
        self.open = True
        self.named = False
        self.after_comma = False
        self.answered = False
        """Whether a label is followed by what is no name here: the site, or an office."""

    def read(self, group: str) -> None:
        """Takes the names of one group: a printed one must go on from a label or a conjunction."""
        if not group.strip():
            return
        label, rest = label_at_start(group, self.language)
        listed, self.after_comma = self.after_comma, group.rstrip().endswith(",")
        if label:
            self.label, self.open = label, True
        if not rest.strip(" ,&+"):
            self.open = self.open or self.named
            return
        first = rest.split()[0].casefold()
        if not (self.open or self.declared or first in self.joined or rest[:1] in ",&+"):
            self.named = False
            self.note_role(rest)
            return
        count = len(self.found)
        for piece in self.pieces(rest):
            self.add(piece)
        self.drop_place(f", {rest}" if listed else rest, count)
        self.named = len(self.found) > count
        last = rest.split()[-1].casefold()
        goes_on = last in self.joined or rest[-1:] in ",&+"
        self.open = not self.answered and (goes_on or not self.found)

    def drop_place(self, text: str, count: int) -> None:
        """Forgets the city of a printed ``"Von Max Roth, Genf"``: one word after a full name; of
        a declared one only where the list has ended with a word for *and* before it."""
        if len(self.found) < 2 or len(self.found) == count:
            return
        if self.declared and self.joined.isdisjoint(text.casefold().split()):
            return
        before, last = self.found[-2].name, self.found[-1].name
        alone = " " not in last and " " in before and last.casefold() not in AGENCIES
        if alone and text.endswith(f", {last}"):
            self.found.pop()

    def pieces(self, text: str) -> list[str]:
        """The parts of a list of names: at commas and at the words for *and*."""
        pieces: list[str] = []
        if self.language == "ar":
            text = _ARABIC_AND.sub(r"\1 و ", text)
        for part in _LISTED.split(text):
            current: list[str] = []
            words = part.split()
            for at, word in enumerate(words, 1):
                if word.casefold() in self.joined and not self.is_of_name(current, words[at:]):
                    pieces.append(" ".join(current))
                    current = []
                else:
                    current.append(word)
            pieces.append(" ".join(current))
        if self.label and self.language == "zh":
            pieces = [name for piece in pieces for name in parted_names(piece)]
        return [piece for piece in pieces if piece]

    def is_of_name(self, before: list[str], after: list[str]) -> bool:
        """Whether a word for *and* stands between two family names: ``José Ortega y Gasset``."""
        if self.language not in _TWO_FAMILY_NAMES or len(before) < 2 or len(after) != 1:
            return False
        return after[0].istitle() and after[0].casefold() not in AGENCIES | GENERIC

    def add(self, piece: str) -> None:
        """Adds the name in ``piece``; a piece that is a role goes to the name before it."""
        label, rest = label_at_start(piece, self.language)
        self.label = label or self.label
        if self.label in OTHERS or not rest:
            return
        name, role = name_and_role(rest)
        if not name:
            self.note_role(rest)
            return
        sure = self.declared or bool(self.label)
        personal = (self.personal or bool(self.label)) and not role
        if self.is_of_last(name) or self.is_workplace(name):
            return
        known = any(key(name) == key(person.name) for person in self.found)
        if not known and is_name(name, self.site_keys, sure, personal):
            self.found.append(Person(name, role))
        elif self.label and not self.declared and not known:
            self.answered = name[:1].isupper() or name.casefold() in GENERIC

    def is_of_last(self, word: str) -> bool:
        """Whether a word of capitals, or a degree, is a title of the full name before it:
        ``Ann Lee, CFP``, ``Max Roth, PhD``."""
        letters = word.rstrip("®™")
        short = " " not in word and letters.isupper() and len(letters) <= LETTERS_MAX
        full = bool(self.found) and " " in self.found[-1].name
        plain = letters.casefold()
        return full and (short or plain in DEGREES) and plain not in AGENCIES

    def is_workplace(self, name: str) -> bool:
        """Whether a name after a role is where one works: ``Ann Lee, Director, Acme Ltd``."""
        told = bool(self.found) and self.found[-1].role is not None and not self.declared
        return told and not COMPANY.isdisjoint(name.casefold().split())

    def note_role(self, text: str) -> None:
        """Gives a role to the last name, where ``text`` is one."""
        name, role = name_and_role(text)
        if not name and role and self.found and not self.found[-1].role:
            self.found[-1] = self.found[-1]._replace(role=role)
