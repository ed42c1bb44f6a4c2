"""The words of credits: labels, agencies, phrases, and what reads as a person's name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

import msgspec


class _Words(msgspec.Struct):
    """``credits.json``: words as a page prints them, in lower case."""

    labels: dict[str, list[str]]
    openings: list[str]
    closings: list[str]
    rights: list[str]
    agencies: list[str]
    agency_words: list[str]
    generic: list[str]


def _read() -> _Words:
    return msgspec.json.decode(
        files(__package__).joinpath("credits.json").read_bytes(), type=_Words
    )


_WORDS = _read()
_LABELS = frozenset(word.rstrip(".") for words in _WORDS.labels.values() for word in words)
_PICTURES = frozenset({
    "photo", "photos", "foto", "fotos", "fot", "fotó", "fotografie", "фото", "φωτο", "φωτό",
    "φωτογραφία", "bilde", "kuva", "kuvat", "fotoğraf", "zdjęcie", "rys", "ảnh", "nuotr",
})  # fmt: skip
"""Labels that a name may follow without a mark between."""
_UNSPACED = tuple(
    sorted(
        (w for lang in ("ja", "zh", "ko", "th") for w in _WORDS.labels[lang]), key=len, reverse=True
    )
)
_OPENINGS = tuple(sorted(_WORDS.openings, key=len, reverse=True))
_OPENING_FIRST = frozenset(opening.split()[0] for opening in _OPENINGS)
_AGENCIES = frozenset(_WORDS.agencies)
_AGENCY_WORDS = frozenset(_WORDS.agency_words)
_GENERIC = frozenset(_WORDS.generic)
_RIGHTS = tuple(_WORDS.rights)
_RIGHTS_ASCII = tuple(filter(str.isascii, _RIGHTS))
_LABEL_WORDS_MAX = 4
PHRASES_MAX = 3
"""How often a label goes on to the one behind it: ``Autor de la foto``."""
LABEL_CHARS_MAX = 40
SHORT_WORDS_MAX = 6
_INSIDE = frozenset({
    "the", "this", "that", "a", "in", "on", "of", "das", "dem", "der", "des", "diesem", "im", "am",
    "auf", "vom", "la", "le", "les", "el", "los", "las", "en", "sur", "dans", "de", "du", "il",
    "nel", "nella", "nelle", "sulla", "della", "na", "no", "da", "nas", "op", "het", "på", "i",
    "w", "z", "ze", "v", "u", "pe", "din", "στη", "στην", "στο", "на", "в", "с", "у",
})  # fmt: skip
"""Before a label these make it a part of a sentence: ``Auf dem Foto: Anna Berg``."""
_MARK = re.compile(r"[:：=＝]")
_GLUE = re.compile(r"(?<=[.!?)»”\"])(?=\w)|(?<=[a-zß-ÿα-ωа-яąćęłńóśźż])(?=[A-ZÀ-ÞΑ-ΩА-Я])")
"""Where an element ended without a blank: ``the marketPhoto``."""

EDGES = " \t\n.,;|/-–—•·"
_PLAIN_EDGES = EDGES + "\"'«»“”()[]:"
PARTS = re.compile(
    r"\s*[/|;，、]\s*|\s+(?:via|vía|for|für|pour|per|para|through|über|voor)\s+|\s+[-–—]\s+|,\s+"
    r"|\s+(?:on|from|auf|von|bei|sur|su|da|en|na)\s+(?=(?:unsplash|pexels|pixabay|flickr|freepik)\b)"
    r"|(?<=\w{3})\.\s+(?=(?-i:[A-ZÀ-Þ]{2,8})$)",
    re.IGNORECASE,
)
IN_BRACKETS = re.compile(r"^(.{2,80}?)\s*[(（]([^()（）]{2,60})[)）]$")
PHOTO_WORD = re.compile(r"\s+(?:photos?|foto|pool photo|file|nuotr|자료사진|사진)$", re.IGNORECASE)
_PARTICLES = frozenset({
    "de", "da", "di", "do", "dos", "das", "del", "della", "van", "von", "der", "den", "ten", "ter",
    "el", "al", "la", "le", "bin", "ibn", "y", "e", "und", "and", "et", "af", "zu", "zum", "&",
})  # fmt: skip


@lru_cache(maxsize=1_024)
def _plain(text: str) -> str:
    """``text`` for comparison; remembered, since all readers of a credit ask for its pieces."""
    return unicodedata.normalize("NFKC", text).casefold().strip(_PLAIN_EDGES)


def signed_by(text: str) -> str:
    """Who a text names that opens with a label and a mark, a phrase, or the copyright sign."""
    mark = _MARK.search(text[:LABEL_CHARS_MAX])
    if mark and label_before(text[: mark.end()]) == "":
        return text[mark.end() :].strip(EDGES)
    return text.lstrip("© ") if text.startswith("©") else is_opening(text)


def is_label(text: str) -> bool:
    """Whether ``text`` is a label such as ``Foto`` or ``Image credit``, whole."""
    return _plain(text) in _LABELS


def label_before(text: str, phrases: int = PHRASES_MAX) -> str | None:
    """What stands before the label that ``text`` ends with, mark included; None without one.

    ``"A dog. Photo credit:"`` gives ``"A dog. "``, ``"A dog.Photo:"`` gives ``"A dog."``;
    ``"He said:"`` gives None.
    """
    bare = text.rstrip(" :：=＝\n")
    words = bare.split(" ")
    for count in range(min(_LABEL_WORDS_MAX, len(words)), 0, -1):
        tail = " ".join(words[-count:])
        label = tail[max(tail.rfind(mark) for mark in "\n|([（【/") + 1 :]
        for start in (0, *(glue.start() for glue in _GLUE.finditer(label))):
            if label[start:].strip() and is_label(label[start:]):
                return _before_phrase(bare[: len(bare) - len(label) + start], phrases)
    lower = bare.casefold()
    for label in _UNSPACED:
        if lower.endswith(label):
            return bare[: len(bare) - len(label)]
    return None


def _before_phrase(head: str, phrases: int) -> str | None:
    """``head`` without the label whose words go on to the one behind it (``Autor de la foto``);
    None where they are a sentence's."""
    words = head.split()
    if not words or words[-1].casefold() not in _INSIDE:
        return head
    while words and words[-1].casefold() in _INSIDE:
        words.pop()
    return label_before(" ".join(words), phrases - 1) if words and phrases else None


def without_label(text: str) -> str:
    """``text`` without the label, phrase and brackets that it opens with."""
    text = text.strip(EDGES)
    if text[:1] in "([（【［" and text[-1:] in ")]）】］":
        text = text[1:-1].strip(EDGES)
    for mark in (":", "：", "=", "＝", "/", "／"):
        label, found, rest = text.partition(mark)
        if found and rest.strip() and len(label) <= 40 and is_label(label):
            # "Foto/Aðsend" names who gave it; only Chinese and Japanese part a label by a slash.
            return without_label(rest) if mark not in "/／" or ord(label[-1]) > 0x2E80 else text
    return is_opening(text) or text


def without_closing(text: str) -> str:
    """Who made it, where ``text`` ends with a word that says so (``撮影``); empty elsewhere."""
    for closing in _WORDS.closings:
        if text.endswith(closing) and len(text) > len(closing) + 1:
            return text[: -len(closing)].strip(EDGES + "＝=")
    return ""


def is_opening(text: str) -> str:
    """What follows a phrase such as ``Photo by`` that ``text`` opens with, or an empty string."""
    label, _, rest = text.partition(" ")
    named = label.isupper() or _plain(label) in _PICTURES
    if (
        named
        and is_label(label)
        and not rest[:1].islower()
        and (is_person(PARTS.split(rest.rstrip("."))[0]) or is_agency(rest))
    ):
        return rest  # "FOTO Ángel Flecha.", "Fot. Anna Nowak / PAP"
    if label.casefold() not in _OPENING_FIRST:
        return ""
    lower = text.casefold()
    for opening in _OPENINGS:
        if lower.startswith(opening + " "):
            return text[len(opening) :].strip(" :")
    return ""


def pictured_by(text: str) -> str:
    """What follows a word for *photo* that opens ``text``, or an empty string."""
    label, _, rest = text.partition(" ")
    return rest if _plain(label) in _PICTURES and len(rest.split()) <= SHORT_WORDS_MAX else ""


def rights_in(text: str) -> tuple[int, int]:
    """Where a phrase such as ``all rights reserved`` stands in ``text``; (0, 0) without one."""
    lower = text.casefold()
    if len(lower) != len(text):
        return 0, 0
    for phrase in _RIGHTS_ASCII if lower.isascii() else _RIGHTS:
        at = lower.find(phrase)
        if at >= 0:
            return at, at + len(phrase)
    return 0, 0


@lru_cache(maxsize=1_024)
def is_agency(text: str) -> bool:
    """Whether ``text`` names an agency, alone or beside a photographer."""
    if len(text) > 160:
        return False
    bracketed = IN_BRACKETS.match(text.strip())
    parts = list(bracketed.groups()) if bracketed else PARTS.split(text.strip(EDGES))
    return any(is_known(part) for part in parts)


def is_known(part: str) -> bool:
    plain = _plain(part)
    if plain in _AGENCIES or _plain(PHOTO_WORD.sub("", plain)) in _AGENCIES:
        return True
    last = plain.removesuffix(".com").rpartition(" ")[2]
    return plain.endswith(".com") and last in _AGENCIES


def is_generic(text: str) -> bool:
    """Whether ``text`` only says what sort of picture it is: ``Archivbild``."""
    return _plain(text) in _GENERIC


def is_person(part: str) -> bool:
    """Whether ``part`` reads as a person's name: two to five words, none of them a trade's."""
    words = part.split()
    if not 2 <= len(words) <= 5 or words[0] == "The" or any(char.isdigit() for char in part):
        return False
    if any(word.casefold().strip(".") in _AGENCY_WORDS for word in words):
        return False
    return all(not word[:1].islower() or word in _PARTICLES for word in words)
