"""Takes a byline apart: names, roles and agencies, without labels, dates and contacts."""

from __future__ import annotations

import re
from typing import NamedTuple

from service.extract.metadata.dates import primary, read_dates
from service.extract.metadata.dates.words import WEEKDAYS, words
from service.extract.metadata.people.words import (
    AGENCIES,
    COLLECTIVE,
    DEGREES,
    GENERIC,
    OTHERS,
    ROLES,
    STOP,
    conjunctions,
    label_at_start,
)  # fmt: skip
from service.extract.metadata.titles import key

TEXT_CHARS_MAX = 400
NAME_CHARS_MAX = 60
PEOPLE_MAX = 25
_CONTACT = re.compile(r"\S*@\S+|https?://\S*|www\.\S+|\S+\.(?:com|de|org|net)/\S*")
_CLOCK = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}(?:\s?(?:uhr|[ap]\.?m\.?))?", re.IGNORECASE)
_PARTED = re.compile(r"\s*(?:[|•·⋅∙●;\n¦‖«»]|\s[-–—―/]+\s|\s/|/\s|[–—]|\s-|\.{3,}|…|:\s)\s*")
_LISTED = re.compile(r"\s*(?:,|、|，|؛|،|;|&|\+|＆|(?<=[^\W\d_]{2})/(?=[^\W\d_]{2})|／)\s*")
_BRACKETS = re.compile(r"[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")
_TITLES = re.compile(
    r"^(?:dr|prof|mag|dipl|ing|mr|mrs|ms|hr|fr|herr|frau)\.?(?:\s+|$)", re.IGNORECASE
)


class Person(NamedTuple):
    """One name of a byline, with the role printed beside it."""

    name: str
    role: str | None = None


def people(
    text: str,
    language: str = "",
    site_keys: frozenset[str] = frozenset(),
    *,
    declared: bool = True,
    personal: bool = False,
) -> list[Person]:
    """The people and agencies that a byline names, in order, each once.

    ``"Von Anna Berg und Max Roth (dpa), Berlin-Korrespondent | 3. Mai 2024"`` gives Anna Berg and
    Max Roth, the latter with a role. Generic names ("Redaktion", "admin"), the site's own and
    contacts are left out. ``declared`` texts come from the head and may be a single word.
    """
    found: list[Person] = []
    carried = ""
    for group in _PARTED.split(_bare(text[:TEXT_CHARS_MAX], language)):
        label, rest = label_at_start(group)
        label, carried = label or carried, "" if rest else label
        for piece in _pieces(rest, language):
            own, name = label_at_start(piece)
            label = own or label
            if label not in OTHERS:
                _add(found, name, site_keys, declared or bool(label), personal or bool(label))
        if len(found) >= PEOPLE_MAX:
            break
    return found[:PEOPLE_MAX]


def _bare(text: str, language: str) -> str:
    """``text`` without contacts, brackets, dates and times of day."""
    if "@" in text or "/" in text or "www." in text:
        text = _CONTACT.sub(" ", text)
    text = _BRACKETS.sub(" ", text)
    if any(map(str.isdigit, text)):
        for moment in reversed(list(read_dates(text, language))):
            text = f"{text[: moment.start]} | {text[moment.end :]}"
        text = _CLOCK.sub(" | ", text)
    return text


def _pieces(text: str, language: str) -> list[str]:
    """The parts of a list of names: at commas and at the words for *and*."""
    joined = conjunctions(primary(language))
    pieces: list[str] = []
    for part in _LISTED.split(text):
        current: list[str] = []
        for word in part.split():
            if word.casefold() in joined and current:
                pieces.append(" ".join(current))
                current = []
            else:
                current.append(word)
        pieces.append(" ".join(current))
    return [piece for piece in pieces if piece]


def _add(
    found: list[Person], piece: str, site_keys: frozenset[str], sure: bool, personal: bool
) -> None:
    """Adds the name in ``piece``; a piece that is a role goes to the name before it."""
    name, role = _name_and_role(piece.strip(" .,:;-–—|*'\"“”„«»‘’_~→›>#"))
    if not name:
        if role and found and not found[-1].role:
            found[-1] = found[-1]._replace(role=role)
        return
    if is_name(name, site_keys, sure, personal) and all(key(name) != key(f.name) for f in found):
        found.append(Person(name, role))


def _name_and_role(piece: str) -> tuple[str, str | None]:
    """Parts ``"Jane Doe Senior Reporter"`` and ``"Redakteur Max Roth"``."""
    parts = piece.split()
    if piece.casefold() in AGENCIES:
        return piece, None
    while parts and parts[-1].casefold().strip(".") in DEGREES | WEEKDAYS and len(parts) > 2:
        parts.pop()
    months = words("").months
    while len(parts) > 2 and (
        (parts[-1].strip(".").casefold() in months and len(parts[-1]) < 5) or parts[-1].isdigit()
    ):
        parts.pop()
    at = next((i for i, word in enumerate(parts) if _is_role(word)), None)
    if at is None:
        return " ".join(parts), None
    if at == 0:
        rest = next((i for i, w in enumerate(parts) if not _is_role(w) and w[:1].isupper()), None)
        names = parts[rest:] if rest else []
        if rest and rest <= 3 and 2 <= len(names) <= 4 and not any(map(_is_role, names)):
            return " ".join(names), " ".join(parts[:rest])
        return "", piece
    if at == 1 and len(parts) <= 3:
        return "", piece
    return " ".join(parts[:at]), " ".join(parts[at:])


def _is_role(word: str) -> bool:
    found = word.casefold().strip(".,:;()")
    return (
        found in ROLES
        or ("-" in found and found.rsplit("-", 1)[-1] in ROLES)
        or (
            len(found) > 11
            and found.endswith(
                (
                    "redakteur",
                    "redakteurin",
                    "korrespondent",
                    "korrespondentin",
                    "reporter",
                    "journalist",
                )
            )
        )
    )


def is_name(name: str, site_keys: frozenset[str], sure: bool, personal: bool = False) -> bool:
    """Whether ``name`` can be a person's or an agency's; a lone word only if ``sure``.

    A site may bear the name of its author: that counts where the page says it is ``personal``.
    """
    plain = name.casefold().strip(". ")
    if not 2 <= len(name) <= NAME_CHARS_MAX or plain in GENERIC or key(name) in GENERIC:
        return False
    parts = name.split()
    if plain in AGENCIES:
        return not is_site(name, site_keys)
    if (
        len(parts) > 6
        or any(char.isdigit() for char in name)
        or any(c in name for c in "?!{}<>=%$")
    ):
        return False
    if not any(map(str.isalpha, name)) or STOP & set(plain.split()):
        return False
    if site_keys and is_site(name, site_keys) and not (personal and len(parts) in {2, 3}):
        return False
    return _is_cased(parts) and (sure or len(parts) > 1 or ord(max(name)) > 0x2E80)


def is_site(name: str, site_keys: frozenset[str]) -> bool:
    """Whether ``name`` is the site's own, alone or with words such as *team* around it."""
    joined = key(name).replace(" ", "")
    rest = "".join(w for w in key(name).split() if w not in COLLECTIVE)
    return not rest or any(
        plain in (joined, rest) or (len(plain) > 4 and joined.startswith(plain + "com"))
        for plain in (k.replace(" ", "") for k in site_keys)
    )


def _is_cased(parts: list[str]) -> bool:
    """Whether the words are written as names are: capitals first, or a script without case."""
    capitals = sum(not part[:1].islower() for part in parts)
    return 2 * capitals >= len(parts) if len(parts) > 1 else True
