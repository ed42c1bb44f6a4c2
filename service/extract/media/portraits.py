"""Pictures of those who wrote the article: they stand beside the byline and are none of its."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.article import Author, Figure

LABEL_WORDS_MAX, NOTE_WORDS_MIN = 2, 20
_WORD = re.compile(r"[^\W_]+")


def is_portrait(figure: Figure, authors: Sequence[Author]) -> bool:
    """Whether all that is said of a picture is an author's name, with *by* or *photo* beside it."""
    if figure.image is None:
        return False
    alt, caption = figure.image.alt or "", figure.caption or ""
    if len(caption.split()) >= NOTE_WORDS_MIN and any(_names(alt, a.name) for a in authors):
        return alt.casefold() in caption.casefold()  # the note about an author
    said = [text for text in (caption, alt) if text]
    if figure.credit and said:
        said.append(figure.credit.text)
    return bool(said) and all(any(_names(text, a.name) for a in authors) for text in said)


def _names(text: str, name: str) -> bool:
    words, wanted = _words(text), _words(name)
    more = len(words) - len(wanted)
    few = len(wanted) > 1 and 0 <= more <= LABEL_WORDS_MAX
    return few and wanted in (words[more:], words[: len(wanted)])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
