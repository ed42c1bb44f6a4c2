"""How many words a text has, and how many begin with a capital: counted, not made."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+")
_CODEC = "cp1252"
"""Letters and typographic marks of western languages; other texts are counted word by word."""


def _shapes() -> bytes:
    """What stands for each sign: ``A`` for capitals, ``a`` for other parts of words, or a blank."""
    signs = (bytes([code]).decode(_CODEC, "replace") for code in range(256))
    return "".join(
        (("A" if sign.isupper() else "a") if _WORD.match(sign) else " ") for sign in signs
    ).encode()


_SHAPES = _shapes()


def count_words(text: str) -> tuple[int, int]:
    """The number of words (runs of ``\\w``) and of those that begin with a capital.

    Three passes in C over a map of the text: a quarter of the time of making its words.
    """
    try:
        mapped = text.encode("ascii" if text.isascii() else _CODEC)
    except UnicodeEncodeError:
        found = _WORD.findall(text)
        return len(found), sum(word[0].isupper() for word in found)
    shape = b" " + mapped.translate(_SHAPES)
    capitals = shape.count(b" A")
    return capitals + shape.count(b" a"), capitals
