"""Other ways to write the words that are looked for: wide letters, soft hyphens, traditional
characters, plurals that no stemmer knows, endings of languages without a stemmer. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

_TABLE = (Path(__file__).parent / "simplified.txt").read_text(encoding="utf-8")
_PAIRS = "".join(line for line in _TABLE.splitlines() if not line.startswith("#"))
_SIMPLIFIED = str.maketrans(_PAIRS[::2], _PAIRS[1::2])
_WIDE = re.compile("[\uff01-\uffee]+")
_UNSEEN = re.compile("[\xad\u2060\ufeff]+")
"""Where a word may be parted at the end of a line, or must not be: soft hyphens, word joiners."""

IRREGULAR = (
    "child children", "foot feet", "goose geese", "half halves", "knife knives", "leaf leaves",
    "life lives", "loaf loaves", "man men", "mouse mice", "shelf shelves", "thief thieves",
    "tooth teeth", "wife wives", "wolf wolves", "woman women",
)  # fmt: skip
"""English words and their plurals."""
_OTHERS = {a: b for pair in IRREGULAR for a, b in (pair.split(), pair.split()[::-1])}
_NASAL = re.compile(r"(?i)(?<=\w)(ão|ões)$")
"""Portuguese coração and corações, which its stemmer keeps apart."""

STUMP = 6
"""Letters that are kept of a word of a language without a stemmer; by the Polish stories of
``tests/search``, 2026-11."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_ENDING = re.compile(
    r"(?i)(?<=\w{3})(?:ach|ami|ów|ах|ами|ів|[aeiouyąęóáéíúýěůàèìòùâêîôûäöüãõāēīūăåаеёиіїоуыэюяєйьъ]{1,3})$"
)
"""Vowels, and what Slavic plurals end in."""


def simplified(text: str) -> str:
    """``text`` with traditional Chinese characters as simplified ones: ``高鐵`` is ``高铁``."""
    return text.translate(_SIMPLIFIED)


def usual(text: str) -> str:
    """``text`` with wide and narrow letters as the usual ones and without signs inside words that
    nobody sees: ``ﾄﾞﾛｰﾝ`` is ``ドローン``."""
    return _WIDE.sub(lambda run: normalize("NFKC", run.group()), seen(text))


def seen(text: str) -> str:
    """``text`` without soft hyphens and word joiners: ``Haupt\\xadstadt`` is ``Hauptstadt``."""
    return _UNSEEN.sub("", text)


def forms(word: str) -> Sequence[str]:
    """``word`` and its other number, where no stemmer joins them: ``mice`` and ``mouse``."""
    if other := _OTHERS.get(word.lower()):
        return (word, other)
    if found := _NASAL.search(word):
        return (word, word[: found.start()] + ("ões" if found[1].lower() == "ão" else "ão"))
    return (word,)


def stumped(text: str) -> str:
    """``text`` with the beginnings of its words, for languages without a stemmer: without endings,
    of at most ``STUMP`` letters, c as k. ``rolnicy szkoły`` is ``rolnik szkoł``."""
    return _WORD.sub(lambda found: _stump(found.group()), text)


def _stump(word: str) -> str:
    stem = _ENDING.sub("", word)[:STUMP]
    return stem[:-1] + "k" if stem[-1] in "cC" else stem  # rolnik, rolnicy
