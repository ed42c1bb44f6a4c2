"""Other ways to write the words that are looked for: typographic signs, wide letters, soft hyphens,
traditional characters, numbers in groups, words of several parts, plurals that no stemmer knows,
endings of languages without a stemmer. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from unicodedata import category, normalize

_TABLE = (Path(__file__).parent / "simplified.txt").read_text(encoding="utf-8")
_PAIRS = "".join(line for line in _TABLE.splitlines() if not line.startswith("#"))
_SIMPLIFIED = str.maketrans(_PAIRS[::2], _PAIRS[1::2])
_WIDE = re.compile("[\uff01-\uffee]+")
_APART = re.compile("(?<=[\u0620-\u06ff])\u200c")
"""What parts a Persian word from its ending."""
_UNSEEN = re.compile("[\xad\u2060\ufeff]+")
"""Where a word may be parted at the end of a line, or must not be: soft hyphens, word joiners."""
_POINTS = (0x640, *range(0x5B0, 0x5BE), *range(0x64B, 0x653))
"""Vowels of Hebrew and Arabic, which are seldom written."""
_DELETED = (0xAD, 0x2060, 0xFEFF, *range(0x200C, 0x2010), *_POINTS)
_SPELT = (
    dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u05f3", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\u05be", "-")
    | dict.fromkeys(map(chr, _DELETED), "")
    | {"ی": "ي", "ى": "ي", "ک": "ك", "ۀ": "ه", "ँ": "ं"}
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0x966) for digit in range(10)}
)
_ODD = re.compile(
    r"[^\t\n\r -%'-;=?-\x7f\xc0-\xd6\xd8-\xf6\xf8-\u02bb\u0370-\u037d\u0388-\u0559\u0561-\u0588"
    r"\u05d0-\u05ea\u0620-\u063f\u0641-\u0648\u064a\u066e-\u06a8\u06aa-\u06bf\u0904-\u0963"
    r"\u0e01-\u0e3a\u0e40-\u0e4e\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uac00-\ud7a3]+"
)
"""What may not be as usual: all but the letters of the larger scripts."""
SPELLINGS_MAX = 10_000


class _Spelling(dict[str, str]):
    """Letters as they are usually written; blanks for signs, which a database of the locale C takes
    for letters. It learns what it meets, up to ``SPELLINGS_MAX``."""

    def __missing__(self, run: str) -> str:
        letters = _WIDE.sub(lambda wide: normalize("NFKC", wide.group()), run)
        if letters == run and len(run) == 1:
            made = run if run.isalnum() or category(run).startswith("M") else " "
            if len(self) < SPELLINGS_MAX:
                self[run] = made
            return made
        return "".join(self[letter] for letter in letters)


_USUAL = _Spelling(_SPELT)
_GROUPED = re.compile(r"\d{1,3}([.,' ])\d{3}(?:\1\d{3})*(?![.,]?\w)")
"""A number whose digits stand in groups: 1,000 and 1 000 are 1000."""
_TAIL = re.compile(r"[-/.@:_+]+[^\W_]+(?:[-/.@:_+]+[^\W_]+)*")
_INNER = re.compile(r"[-/@:_+]+|(?<!\d)\.+|\.+(?!\d)")
_JOINED = re.compile(r"(?=.{,20}$)[^\W\d_][^@:]*")
"""A word of several parts that is looked for as one, too; no address."""
_NAMED = re.compile(r"'([A-Z]\w+)")
"""O'Brien, which is OBrien, too."""
_NUMBERED = re.compile(r"([^\W\d_]{2,})(\d+)")

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
    r"(?i)(?<=\w{3})(?:ach|ami|ах|ами|ים|ות"
    r"|(?=.)(?:[oóоі][wв])?[aeiouyąęóáéíúýěůàèìòùâêîôûäöüãõāēīūăåаеёиіїоуыэюяєйьъ]{0,3})$"
)
"""Vowels, and what Slavic cases and Hebrew plurals end in."""
_CLOSED = re.compile("[ії](?=[^аеиоуіїєюя]*$)")
_OPEN = {"і": "о", "ї": "є"}
"""What a Ukrainian vowel is in other forms of its word: Львів, Львова."""
_VOICED = re.compile("^[вВ](?=[^аеиоуіїєюя])")
_CYRILLIC_APOSTROPHE = re.compile("(?<=[а-яіїєґ])'(?=[а-яіїєґ])")
_HEBREW = re.compile("(?<![א-ת])[והבכלמש]{1,2}[א-ת]{3,}")
"""Words that may begin with "and", "the", "in", "as", "to", "from" or "that"."""


def simplified(text: str) -> str:
    """``text`` with traditional Chinese characters as simplified ones: ``高鐵`` is ``高铁``."""
    return text.translate(_SIMPLIFIED)


def usual(text: str) -> str:
    """``text`` with its letters and signs as usual, without those inside words that nobody sees:
    ``ﾄﾞﾛｰﾝ`` is ``ドローン``, ``l’“État” — 1 000`` is ``l' État    1000``."""
    if "\u200c" in text:
        text = _APART.sub(" ", text)
    text = _ODD.sub(lambda run: _USUAL[run.group()], text)
    return _GROUPED.sub(_ungrouped, text)


def _ungrouped(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]  # empty at the beginning
    is_part = before in {*"0123456789.,"}
    return found.group() if is_part else found.group().replace(found[1], "")


def seen(text: str) -> str:
    """``text`` without soft hyphens and word joiners: ``Haupt\\xadstadt`` is ``Hauptstadt``."""
    return _UNSEEN.sub("", text)


def separated(text: str, joined: list[str] | None = None) -> str:
    """``text`` with words of several parts as their parts: ``AC/DC`` is ``AC DC``, ``U.S.`` is
    ``US``; ``joined`` gets such words as one: ``ACDC``."""

    def parted(found: re.Match[str]) -> str:
        head = _end_of_word(found.string, found.start())
        word = head + found.group()
        parts = _INNER.split(word)
        if all(len(part) == 1 for part in parts):
            return "".join(parts)[len(head) :]
        if joined is not None and _JOINED.fullmatch(word):
            joined.append("".join(parts))
        return " ".join(parts)[len(head) :]

    return _TAIL.sub(parted, text)


def _end_of_word(text: str, end: int) -> str:
    """The letters and digits before ``end``."""
    start = end
    while start and text[start - 1].isalnum():
        start -= 1
    return text[start:end]


def names(text: str) -> list[str]:
    """Names with an apostrophe as one word: ``OBrien`` of ``O'Brien``."""
    found = _NAMED.finditer(text) if "'" in text else ()
    heads = [(_end_of_word(text, name.start()), name[1]) for name in found]
    return [head + rest for head, rest in heads if len(head) == 1 and head.isupper()]


def forms(word: str) -> Sequence[str]:
    """``word`` and its other number, where no stemmer joins them: ``mice`` and ``mouse``; and its
    other ways to be written: ``covid19`` and ``"covid 19"``.

    A word of several parts is asked for as one, ``wellbeing``, since a part may be a stop word.
    """
    joined: list[str] = []
    if (parts := separated(word, joined)) != word:
        phrase = f'"{parts}"' if " " in parts else parts
        is_one = bool(joined) and joined[0].isalpha() and "." not in word  # no address
        return (*joined, *([] if is_one else [phrase]))
    if found := _NUMBERED.fullmatch(word):
        return (word, f'"{found[1]} {found[2]}"')
    if word[0] == "ה" and len(word) > 3:
        return (word, word[1:])
    if other := _OTHERS.get(word.lower()):
        return (word, other)
    if found := _NASAL.search(word):
        return (word, word[: found.start()] + ("ões" if found[1].lower() == "ão" else "ão"))
    return (word,)


def stumped(text: str) -> str:
    """``text`` with the beginnings of its words, for languages without a stemmer: without endings,
    of at most ``STUMP`` letters, c as k. ``rolnicy szkoły`` is ``rolnik szkoł``."""
    return _WORD.sub(lambda found: _stump(found.group()), _CYRILLIC_APOSTROPHE.sub("", text))


def unprefixed(text: str) -> list[str]:
    """Hebrew words without what may be written to their beginning: ``שביתה`` of ``בשביתה``."""
    words = _HEBREW.findall(text)
    twice = [word[2:] for word in words if len(word) > 4 and word[1] in "הבכלמש"]
    return [word[1:] for word in words] + twice


@lru_cache(maxsize=10_000)
def _stump(word: str) -> str:
    stem = _ENDING.sub("", _VOICED.sub("у", word))
    stem = _CLOSED.sub(lambda vowel: _OPEN[vowel.group()], stem)[:STUMP]
    return stem[:-1] + "k" if stem[-1] in "cC" else stem  # rolnik, rolnicy
