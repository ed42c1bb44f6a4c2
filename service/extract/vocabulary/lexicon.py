"""The labels of all languages in a few dictionaries: a line is judged by hashing, not by search."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from service.extract.vocabulary.words import normal, words

LINE_CHARS_MAX = 300
"""Longer lines are prose, whatever they begin with."""
TAIL_CHARS_MAX = 140
"""A line is judged by its ending only up to this length: a label, not a sentence."""
REMEMBERED_MAX = 8_192

KINDS = (
    "advertisement", "consent", "newsletter", "subscribe", "embed", "share", "follow", "comments",
    "correction", "update", "disclaimer", "author_bio", "reading_time", "rights", "byline",
    "published", "modified", "credit", "topics", "read_more", "related", "player", "tools",
    "loading", "navigation",
)  # fmt: skip
"""Kinds of lines; where languages disagree about a label, the first kind wins."""


class Language(msgspec.Struct, forbid_unknown_fields=True):
    """One language file."""

    labels: dict[str, list[str]]
    phrases: dict[str, list[str]]


class Opening(NamedTuple):
    """What a line that opens with a label's words must go on with to be of its kind."""

    kind: str
    rest: str
    """Words that must follow somewhere; ``":"`` must follow at once; empty allows anything."""
    at_end: bool


class Lexicon:
    """All labels, by their words."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}
        self.longest_line = 0
        self.openings: dict[str, list[Opening]] = {}
        self.endings: dict[str, str] = {}
        self.longest_opening: dict[str, int] = {}
        self.longest_ending: dict[str, int] = {}
        self.unspaced: dict[str, str] = {}
        self.unspaced_endings: dict[str, str] = {}
        self.unspaced_lengths: tuple[int, ...] = ()
        self.labels: dict[str, dict[str, None]] = {}

    def add(self, kind: str, label: str) -> None:
        """Learns one label of a language file."""
        found = [part.strip() for part in f" {label} ".replace(" * ", " ").strip().split("*")]
        head, tail = found[0], found[-1]
        bare = " ".join(words(" ".join(found))).strip(" :")
        self.labels.setdefault(kind, {})[bare] = None
        if len(found) == 1:
            self._add_line(kind, label.strip())
        elif not head:
            self._add_ending(kind, " ".join(words(found[1])))
        elif len(found) == 2 and not tail:
            self._add_opening(kind, head, Opening(kind, "", at_end=False))
            self._learn_line(kind, " ".join(words(head)))
        else:
            rest = " ".join(words(found[1]))
            self._add_opening(kind, head, Opening(kind, rest, at_end=bool(tail)))

    def _add_line(self, kind: str, label: str) -> None:
        key = " ".join(words(label)).strip(" :")
        self._learn_line(kind, key)
        if label[-1] in ":：":
            self._add_opening(kind, label, Opening(kind, ":", at_end=False))

    def _learn_line(self, kind: str, key: str) -> None:
        self.lines.setdefault(key, kind)
        self.longest_line = max(self.longest_line, key.count(" ") + 1)

    def _add_opening(self, kind: str, head: str, opening: Opening) -> None:
        key = words(head)
        while key and key[-1] == ":":
            key.pop()
        if is_unspaced(key[0]) and not opening.rest:
            self.unspaced.setdefault("".join(key), kind)
            self.unspaced_lengths = tuple(sorted({len(k) for k in self.unspaced}, reverse=True))
        self.openings.setdefault(" ".join(key), []).append(opening)
        first = key[0]
        self.longest_opening[first] = max(self.longest_opening.get(first, 0), len(key))

    def _add_ending(self, kind: str, tail: str) -> None:
        if is_unspaced(tail):
            self.unspaced_endings.setdefault(tail.replace(" ", ""), kind)
            return
        self.endings.setdefault(tail, kind)
        last = tail.rsplit(" ", 1)[-1]
        size = tail.count(" ") + 1
        self.longest_ending[last] = max(self.longest_ending.get(last, 0), size)

    def kind_of(self, line: str) -> str | None:
        """See the function of the same name."""
        if len(line) > LINE_CHARS_MAX:
            return None
        found = words(line)
        while found and found[-1] == ":":
            found.pop()
        while found and found[0] == ":":
            found.pop(0)
        if not found:
            return None
        kind = self.lines.get(" ".join(found)) if len(found) <= self.longest_line else None
        return (
            kind
            or self._by_opening(found)
            or (self._by_ending(found) if len(line) <= TAIL_CHARS_MAX else None)
        )

    def _by_opening(self, found: list[str]) -> str | None:
        if longest := self.longest_opening.get(found[0]):
            for size in range(min(longest, len(found)), 0, -1):
                for opening in self.openings.get(" ".join(found[:size]), ()):
                    if goes_on(found[size:], opening):
                        return opening.kind
        if is_unspaced(found[0]):
            start = "".join(found[:4])
            for size in self.unspaced_lengths:
                if kind := self.unspaced.get(start[:size]):
                    return kind
        return None

    def _by_ending(self, found: list[str]) -> str | None:
        if longest := self.longest_ending.get(found[-1]):
            for size in range(min(longest, len(found)), 0, -1):
                if kind := self.endings.get(" ".join(found[-size:])):
                    return kind
        if is_unspaced(found[-1]):
            end = "".join(found[-4:])
            return next(
                (k for tail, k in self.unspaced_endings.items() if end.endswith(tail)), None
            )
        return None


class Phrases:
    """Stock sentences by their rarest word, so that few are looked for in a text.

    ``known`` pairs each with its kind, as ``normal`` writes it.
    """

    def __init__(self, known: list[tuple[str, str]]) -> None:
        bare = [(phrase.strip(), kind) for phrase, kind in known]
        self.unspaced = [(phrase, kind) for phrase, kind in bare if is_unspaced(phrase)]
        self.spaced: dict[str, list[tuple[str, str]]] = {}
        spaced = [(phrase, kind) for phrase, kind in bare if not is_unspaced(phrase)]
        uses = Counter(word for phrase, _ in spaced for word in set(phrase.split()))
        for phrase, kind in spaced:
            rarest = min(phrase.split(), key=lambda word: (uses[word], -len(word)))
            self.spaced.setdefault(rarest, []).append((f" {phrase} ", kind))

    def found(self, text: str) -> dict[str, set[str]]:
        """See ``phrases_in``."""
        plain = normal(text)
        found: dict[str, set[str]] = {}
        split = set(plain.split())
        for word in self.spaced.keys() & split:
            for phrase, kind in self.spaced[word]:
                if phrase in plain:
                    found.setdefault(kind, set()).add(phrase.strip())
        if not text.isascii() and any(is_unspaced(word) for word in split):
            joined = plain.replace(" ", "")
            for phrase, kind in self.unspaced:
                if phrase in joined:
                    found.setdefault(kind, set()).add(phrase)
        return found


def goes_on(rest: list[str], opening: Opening) -> bool:
    """True if the words after a label are such that the line is of the label's kind."""
    if not opening.rest:
        return True
    if opening.rest == ":":
        return rest[:1] == [":"]
    text = f" {' '.join(rest)} "
    wanted = f" {opening.rest} "
    return text.endswith(wanted) if opening.at_end else wanted in text


def is_unspaced(word: str) -> bool:
    """True for scripts that write no blanks between words: Thai to Khmer, Han, kana."""
    first = word[0]
    return first >= "\u0e00" and (
        first < "\u1000" or "\u1780" <= first < "\u1800" or "\u3040" <= first < "\ua000"
    )


def _load() -> tuple[Lexicon, dict[str, tuple[str, ...]], Phrases]:
    files = sorted(Path(__file__).parent.glob("*.json"))
    languages = [msgspec.json.decode(file.read_bytes(), type=Language) for file in files]
    lexicon = Lexicon()
    for kind in KINDS:
        for language in languages:
            for label in language.labels.get(kind, ()):
                lexicon.add(kind, label)
    found: dict[str, dict[str, None]] = {}
    for language in languages:
        for kind, texts in language.phrases.items():
            found.setdefault(kind, {}).update((_phrase(text), None) for text in texts)
    stock = {kind: tuple(texts) for kind, texts in (lexicon.labels | found).items()}
    index = Phrases([(text, kind) for kind, texts in found.items() for text in texts])
    return lexicon, stock, index


def _phrase(text: str) -> str:
    """A phrase as it is found in a ``normal`` text: whole words where words have blanks."""
    plain = normal(text)
    return plain.replace(" ", "") if is_unspaced(plain.strip()) else plain


_LEXICON, _PHRASES, _INDEX = _load()


@lru_cache(maxsize=REMEMBERED_MAX)
def kind_of(line: str) -> str | None:
    """The kind of label that a printed line is, one of ``KINDS``; None for any other line.

    Takes microseconds, once: pages and sites repeat their labels. The line's words are looked up,
    longest opening first, in every language at once. ``"Lire aussi : Le sommet"`` is
    ``"read_more"``. A short line of prose may open like a label, so a caller weighs the answer with
    where the line stands.
    """
    return _LEXICON.kind_of(line)


def phrases(kind: str) -> tuple[str, ...]:
    """Every label or stock phrase of a kind in all languages, as ``normal`` writes them.

    Label kinds are ``KINDS`` (``"byline"``: ``"par"``, ``"von"`` ...); the others are
    ``error_page``, ``server_error``, ``captcha``, ``consent``, ``login``, ``paywall`` and
    ``noscript``, with a blank at both ends where the script has blanks.
    """
    return _PHRASES[kind]


def phrases_in(text: str) -> dict[str, set[str]]:
    """The stock phrases of pages that are no articles which ``text`` holds, by kind.

    Takes about 0.1 us a letter, however many phrases there are.
    """
    return _INDEX.found(text)
