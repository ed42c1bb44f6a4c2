"""Judges names: what can be a person or an agency, and where a name ends and a role begins."""

from __future__ import annotations

import re

from service.extract.metadata.dates.words import WEEKDAYS, words
from service.extract.metadata.people.ideographic import titled
from service.extract.metadata.people.words import (
    AGENCIES,
    COLLECTIVE,
    DEGREES,
    GENERIC,
    ROLES,
    SMALL,
    STOP,
)
from service.extract.metadata.titles import key

NAME_CHARS_MAX = 60
LAST_SMALL_CHARS = 4
KANJI_CHARS_MAX = 7
"""A longer text in ideographs with Japanese letters between them is a clause."""
_KANJI, _HIRAGANA = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3041-\u3096]")
_ROLE_ENDINGS = (
    "redakteur", "redakteurin", "korrespondent", "korrespondentin", "reporter", "journalist",
)  # fmt: skip
_OF = frozenset({"do", "da", "del", "di"})
_STAFFS = frozenset({"staff", "bureau", "desk", "team"})
"""Who they are together rather than what one of them does: ``Post Tribune Staff``."""
_FOOTMARK = re.compile(r"(?<=[^\W\d_]{2})[\d*†‡]{1,2}$")
"""The mark of a note glued to a full name: ``Makoto Ikeda2``."""
_IN_CAPITALS = re.compile(
    r"((?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+ ){2,3})([A-ZÀ-Þ][a-zß-ÿ]+(?: [A-ZÀ-Þ][a-zß-ÿ]+)*)"
)
"""A name in capitals, and what is not written so behind it: ``ANN LEE Harbour Tribune``."""
_PARTICLES, _BEFORE = frozenset({"dal", "dalla", "den", "el", "zum", "las"}), {"van", "von", "de"}
"""Small words that belong to a family name right behind a first name, or behind one of these."""
_LAST_INITIAL = re.compile(r"\w\s[^\W\d_]\.$")
_EDGES = " .,:;-–—|*'\"“”„«»‘’_~→›>#·•"


def name_and_role(piece: str) -> tuple[str, str | None]:
    """Parts ``"Jane Doe Senior Reporter"`` and ``"Redakteur Max Roth"``; a role has no name.

    A name ends before a small word that no name holds: ``"Ann on"`` is Ann.
    """
    if " " in piece:
        piece = _FOOTMARK.sub("", piece)
    initial = _LAST_INITIAL.search(piece)
    piece = piece.rstrip("@([ ").strip(_EDGES) + ("." if initial else "")
    if piece.casefold() in AGENCIES:
        return piece, None
    if found := titled(piece):
        return found
    parts = _without_degrees(piece.split())
    if capitals := _IN_CAPITALS.fullmatch(" ".join(parts)):
        return capitals[1].strip(), capitals[2] if any(map(_is_role, parts)) else None
    at = next((i for i, word in enumerate(parts) if _is_role(word)), None)
    if at is None:
        return " ".join(_to_small_word(parts)), None
    if at == 0:
        return _after_role(parts, piece)
    if parts[at:] == parts[-1:] and at > 1 and parts[-1].casefold() in _STAFFS:
        return " ".join(parts), None
    if at == 1 and len(parts) <= 3 and not (len(parts) == 2 and _is_whole(parts[0])):
        return "", piece
    if parts[0].casefold() in AGENCIES and (parts[0].isupper() or at == 2):
        return "", piece
    return " ".join(_to_small_word(parts[:at])), " ".join(parts[at:])


def _without_degrees(parts: list[str]) -> list[str]:
    """Without degrees, weekdays, cut-off months and numbers at the end."""
    months = words("").months
    while len(parts) > 1:
        last = parts[-1].strip(".").casefold()
        weekday = last in WEEKDAYS and (len(last) > 4 or (len(parts) > 2 and last.isascii()))
        other = last in DEGREES or last.isdigit() or (last in months and len(last) < 5)
        if not weekday and not (other and len(parts) > 2):
            break
        parts = parts[:-1]
    return parts


def _after_role(parts: list[str], piece: str) -> tuple[str, str | None]:
    """The name that a role precedes, if two to four words are left for it."""
    rest = next((i for i, w in enumerate(parts) if not _is_role(w) and not w[:1].islower()), 0)
    names = parts[rest:]
    if 0 < rest <= 3 and 2 <= len(names) <= 4 and not any(map(_is_role, names)):
        return " ".join(_to_small_word(names)), " ".join(parts[:rest])
    return "", piece


def _is_whole(word: str) -> bool:
    """Whether one word is a whole name, as in scripts that write no blanks in it."""
    return 2 <= len(word) <= 4 and min(word) >= "\u2e80"


def _to_small_word(parts: list[str]) -> list[str]:
    if not parts or parts[0][:1].islower():
        return parts
    for i, word in enumerate(parts):
        if i and word in SMALL and not _is_called(parts, i):
            return parts[:i]
    return parts


def _is_called(parts: list[str], at: int) -> bool:
    """Whether a small word belongs to the name around it: ``Ask the Doctors``, ``Piet van den
    Berg``, ``Ana Luísa da Costa``, ``Omar el Khoury``."""
    if not parts[at + 1 :] or not parts[at + 1][:1].isupper():
        return False
    if parts[at] == "the":
        return at == 1 and len(parts) == 3
    return parts[at] == "da" or (parts[at] in _PARTICLES and (at == 1 or parts[at - 1] in _BEFORE))


def _is_role(word: str) -> bool:
    found = word.casefold().strip(".,:;()")
    first, *more = found.split("-")
    if found in ROLES or (more and (more[-1] in ROLES or (len(more) > 1 and first in ROLES))):
        return True
    return len(found) > 11 and found.endswith(_ROLE_ENDINGS)


def is_name(name: str, site_keys: frozenset[str], sure: bool, personal: bool = False) -> bool:
    """Whether ``name`` can be a person's or an agency's; a lone word only if ``sure``.

    A site may bear the name of its author: that counts where the page says it is ``personal``.
    """
    plain = name.casefold().strip(". ")
    if not 2 <= len(name) <= NAME_CHARS_MAX or plain in GENERIC or key(name) in GENERIC:
        return False
    parts = name.split()
    collective = parts[0] == "the" and parts[-1].casefold() in COLLECTIVE
    if ((parts[0] in SMALL or parts[0] == "Em") and not collective) or (
        len(parts) == 1 and name.isupper() and plain in DEGREES
    ):
        return False
    if plain in AGENCIES:
        return not is_site(name, site_keys)
    if len(parts) > 6 or any(char in "?!{}<>=%$:" for char in name):
        return False
    if any(map(str.isdigit, name)) and not (personal and len(parts) == 1 and name[:1].isalpha()):
        return False
    if len(name) > KANJI_CHARS_MAX and _KANJI.search(name) and _HIRAGANA.search(name):
        return False
    words = [w for i, w in enumerate(plain.split()) if i >= collective and not _is_called(parts, i)]
    if not any(map(str.isalpha, name)) or STOP & set(words):
        return False
    if site_keys and is_site(name, site_keys) and not (personal and len(parts) in {2, 3}):
        return False
    account = personal and name.islower() and len(parts) == 2 and not SMALL & set(parts)
    return (_is_cased(parts, sure) or account) and (
        sure or len(parts) > 1 or ord(max(name)) > 0x2E80
    )


def is_site(name: str, site_keys: frozenset[str]) -> bool:
    """Whether ``name`` is the site's own, alone or with words such as *team* around it."""
    joined = key(name).replace(" ", "")
    rest = "".join(w for w in key(name).split() if w not in COLLECTIVE and w not in _OF)
    return not rest or any(
        plain in (joined, rest) or (len(plain) > 4 and joined.startswith(plain + "com"))
        for plain in (k.replace(" ", "") for k in site_keys)
    )


def _is_cased(parts: list[str], sure: bool) -> bool:
    """Whether the words are written as names are: capitals first, or a script without case.

    Unless ``sure``, a name does not end in a long small word: ``Personal finance`` is none.
    """
    if len(parts) < 2:
        return True
    capitals = sum(not part[:1].islower() for part in parts)
    last = parts[-1]
    ends = sure or not (
        last.islower() and len(last) > LAST_SMALL_CHARS and 0 < capitals < len(parts)
    )
    return 2 * capitals >= len(parts) and ends
