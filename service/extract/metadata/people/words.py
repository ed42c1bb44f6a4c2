"""The words around names: labels, conjunctions, roles and agencies of ``vocabulary/tables``."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

_TABLES = Path(__file__).parents[2] / "vocabulary" / "tables"
_DATA: dict[str, Any] = json.loads((_TABLES / "bylines.json").read_text("utf-8"))
LABEL_WORDS_MAX = 5

BY_LABELS: frozenset[str] = frozenset(
    " ".join(label.casefold().replace(":", " ").split())
    for labels in _DATA["by"].values()
    for label in labels
)
"""Case-folded labels that stand before a name, in every language."""
WEAK_LABELS = frozenset({
    "a", "from", "de", "da", "di", "av", "af", "van", "aus", "mit", "avec", "na", "per", "od", "от",
    "опубликовано", "опубліковано",
    "ni", "name", "text", "texte", "texto", "tekst", "interview", "theo", "edited by", "من", "red",
    "haber", "editor", "redaktion", "reporter", "journalist", "writer", "zdroj", "źródło", "来源",
    "來源", "المصدر", "izvor", "извор", "in", "fot", "protokoll",
})  # fmt: skip
"""Labels that are common words besides: alone they do not make a line a byline."""
SIGNING: frozenset[str] = frozenset(
    label for label in BY_LABELS - WEAK_LABELS if " " in label or label[:3] in {"aut", "ver", "авт"}
)
"""Labels that sign a text at its end, too: *written by*, *Autorin*, not *by*."""
_OWN_LABELS = {
    "it": ("di", "da"), "sv": ("av",), "no": ("av",), "nb": ("av",), "nn": ("av",), "da": ("af",),
    "ro": ("de",), "cs": ("od",), "sk": ("od",), "bg": ("от",),
}  # fmt: skip
_OF_LANGUAGE = {
    word: frozenset(code for code, labels in _DATA["by"].items() if word in labels)
    for word in ("da", "de", "di", "na", "ni", "per", "theo", "van", "von")
}
"""Labels that names begin with as well, Per Lindqvist or Van Jones, with the languages of each."""
ROLES: frozenset[str] = frozenset(map(str.casefold, _DATA["roles"]))
GENERIC: frozenset[str] = frozenset(map(str.casefold, _DATA["generic"]))
OTHERS: frozenset[str] = frozenset(map(str.casefold, _DATA["other"]))
"""Labels of those who did something else than write: photographs, translation, checking."""
BUTTONS: frozenset[str] = frozenset(_DATA["buttons"])
"""What sharing bars and calls to act beside a byline are called."""
DEGREES: frozenset[str] = frozenset(_DATA["degrees"])
STOP: frozenset[str] = frozenset(_DATA["stop"])
"""Words that no name holds: a line with one of them is about something else."""
SMALL: frozenset[str] = frozenset(_DATA["small"])
"""Small words that end a name: ``"Ann on 3 May"``, ``"Max Roth im Gespräch"``."""
COLLECTIVE: frozenset[str] = frozenset(map(str.casefold, _DATA["collective"]))
COMPANY: frozenset[str] = frozenset(map(str.casefold, _DATA["company"]))
AGENCIES: frozenset[str] = frozenset(map(str.casefold, _DATA["agencies"]))
_WORDS = re.compile(r"\S+")
_FIRST_WORDS = frozenset(label.split()[0] for label in BY_LABELS | OTHERS if label)
_UNSPACED_LABELS = sorted(
    (label for label in BY_LABELS | OTHERS if label and label[0] >= "\u2e80"), key=len, reverse=True
)


@lru_cache(maxsize=64)
def conjunctions(code: str) -> frozenset[str]:
    """Words that join two names in a language; those of one letter only where they are its own."""
    only: dict[str, list[str]] = _DATA["and_only"]
    return frozenset(word for word in _DATA["and"] if word not in only or code in only[word])


def is_own_label(label: str, code: str) -> bool:
    """Whether a language writes this common word before the names of authors, too."""
    return label in _OWN_LABELS.get(code, ())


def label_at_start(text: str, language: str = "") -> tuple[str, str]:
    """The byline label that opens ``text`` and what follows: ``("par", "Alice Tidey")``.

    Both parts are as printed but for the label's case; the label is empty where there is none.
    What may be the first word of a name is a label in its own ``language`` only, if that is given.
    """
    words = text.split(maxsplit=LABEL_WORDS_MAX + 1)
    if not words or words[0].casefold().rstrip(":：") not in _FIRST_WORDS:
        return _unspaced_label(text)
    for size in range(min(LABEL_WORDS_MAX, len(words)), 0, -1):
        label = " ".join(words[:size]).casefold()
        plain = label.rstrip(":：").rstrip()
        if plain in BY_LABELS or plain in OTHERS:
            if label == plain and _begins_name(words[0], language):
                return "", text
            return plain, " ".join(words[size:]).lstrip(":： ")
    head, colon, rest = text.partition(":")
    label = " ".join(head.casefold().split()) if colon and len(head) < 60 else ""
    if label in BY_LABELS or label in OTHERS:
        return label, rest.strip()
    return _unspaced_label(text)


def _begins_name(word: str, language: str) -> bool:
    """Whether a label is none in this language, but a word that names begin with."""
    languages = _OF_LANGUAGE.get(word.casefold(), frozenset({language}))
    return bool(language) and language not in languages and word.istitle()


def label_at_end(text: str) -> tuple[str, str]:
    """What stands before the byline label that ends ``text``, and the label, both as printed.

    ``"Learn Written By "`` gives ``("Learn ", "Written By ")``; the label may be empty.
    """
    words = [match.start() for match in _WORDS.finditer(text)][-LABEL_WORDS_MAX:]
    for start in words:
        label = " ".join(text[start:].casefold().split()).rstrip(":： ")
        if label in BY_LABELS or label in OTHERS:
            return text[:start], text[start:]
    return text, ""


def opens_label(text: str) -> bool:
    """Whether any word of ``text`` but the first can be the first of a byline's label."""
    return any(word.rstrip(":：") in _FIRST_WORDS for word in text.casefold().split()[1:])


def _unspaced_label(text: str) -> tuple[str, str]:
    """A label of a script that writes no blanks, up to its mark: ``作者：``."""
    if text[:1] >= "\u2e80":
        for label in _UNSPACED_LABELS:
            if text.startswith(label) and text[len(label) : len(label) + 1] in "：:／/ ＝=・　|丨":
                return label, text[len(label) + 1 :].strip(" 　：:／/|丨")
    return "", text
