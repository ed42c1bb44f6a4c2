"""Lines as plain words, so that one label matches however a page writes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_COLONS = ":：|–—―→»›>•·|¦"
"""Marks that part a label from what follows it."""
_KEPT = "©"
_ARABIC = dict(zip("أإآٱىیکے", "ااااييكي", strict=True))
_LATIN_WITHOUT_PARTS = dict(zip("ıøłđħŧ", "iolđht", strict=True)) | {"đ": "d", "æ": "ae", "œ": "oe"}
_RANGES = ((0, 0x0700), (0x0964, 0x0971), (0x0E3F, 0x0E50), (0x1E00, 0x2C00), (0x3000, 0x3040),
           (0x30FB, 0x30FC), (0xFE00, 0x10000), (0x1F000, 0x1FB00), (0xE0000, 0xE0080))  # fmt: skip


def _plain(char: str) -> str | None:
    """What stands for ``char``: a blank for marks, the bare letter for accented ones."""
    code = ord(char)
    if char in _COLONS:
        return ":"
    if char in _ARABIC or char in _LATIN_WITHOUT_PARTS:
        return _ARABIC.get(char) or _LATIN_WITHOUT_PARTS[char]
    if code == 0x0640 or 0x0300 <= code < 0x0370 or 0x0591 <= code < 0x05C8:
        return None
    if 0x064B <= code < 0x0653 or code == 0x0670:
        return None
    category = unicodedata.category(char)
    if category == "Cf":
        return None
    if category[0] in "PSZC" and char not in _KEPT:
        return " "
    if code < 0x0400 or 0x1E00 <= code < 0x2000 or char == "ё" or code >= 0xFF00:
        return _bare(char)
    return char


def _bare(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char)
    return "".join(part for part in parts if not unicodedata.combining(part)) or char


def _table() -> Iterator[tuple[int, str | None]]:
    for start, end in _RANGES:
        for code in range(start, end):
            char = chr(code)
            plain = _plain(char)
            if plain != char:
                yield code, plain


_TABLE = dict(_table())
_ASCII = (
    "".join(_TABLE.get(ord(char)) or char for char in map(str.lower, map(chr, range(128))))
    .encode()
    .ljust(256)
)
"""The same for bytes, with capitals: these are mapped ten times as fast."""
_FOREIGN = re.compile("[^\x00-\x7f]+")


def _marked(text: str) -> str:
    """``text`` in lower case, blanks for punctuation, bare letters, and ``:`` for its like."""
    if not text.isascii():
        folded = text.casefold()
        text = _FOREIGN.sub(_unaccented, folded) if _is_latin(folded) else folded
        if not text.isascii():
            return folded.translate(_TABLE)
    return text.encode().translate(_ASCII).decode()


def _is_latin(text: str) -> bool:
    """Whether so few letters are beyond ASCII that it is worth to look at these alone."""
    return 4 * len(text.encode("ascii", "ignore")) > 3 * len(text)


def _unaccented(found: re.Match[str]) -> str:
    return found[0].translate(_TABLE)


def words(text: str) -> list[str]:
    """The words of ``text``: case, accents, punctuation and numbers gone, ``:`` a word.

    ``"12 Comments: À lire – l'été"`` gives ``["comments", ":", "a", "lire", ":", "l", "ete"]``.
    """
    return [word for word in _marked(text).replace(":", " : ").split() if not word.isdigit()]


def normal(text: str) -> str:
    """The words of ``text`` in one line with a blank at both ends, for ``phrase in text``."""
    return f" {' '.join(_marked(text).replace(':', ' ').split())} "
