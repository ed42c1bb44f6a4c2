"""Pictures of those who wrote the article: they stand beside the byline and are none of its."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.article import Author, Figure

LABEL_WORDS_MAX = 2
_WORD = re.compile(r"[^\W_]+")


def is_portrait(figure: Figure, authors: Sequence[Author]) -> bool:
    """Whether all that is said of a picture is the name of an author, perhaps after *by*."""
    if figure.image is None:
        return False
    said = [text for text in (figure.caption, figure.image.alt) if text]
    if figure.credit and said:
        said.append(figure.credit.text)
    return bool(said) and all(any(_names(text, a.name) for a in authors) for text in said)


def _names(text: str, name: str) -> bool:
    words, wanted = _words(text), _words(name)
    more = len(words) - len(wanted)
    return len(wanted) > 1 and 0 <= more <= LABEL_WORDS_MAX and words[more:] == wanted


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
