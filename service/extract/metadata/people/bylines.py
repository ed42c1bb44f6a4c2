"""Takes a byline apart: names, roles and agencies, without labels, dates and contacts."""

from __future__ import annotations

import re
from functools import lru_cache

from service.extract.metadata.dates import plain, primary, spans
from service.extract.metadata.people.contacts import CONTACT, may_reach
from service.extract.metadata.people.ideographic import parted
from service.extract.metadata.people.reader import Person, Reader
from service.extract.metadata.people.words import (
    AGENCIES,
    OTHERS,
    conjunctions,
    label_at_start,
    opens_label,
)
from service.extract.metadata.titles import key

TEXT_CHARS_MAX = 400
PEOPLE_MAX = 25
OFFICE_CHARS_MAX = 90
OTHER_CHARS_MIN = 9
"""A word this long that says who did something else is no part of a name: *Übersetzung*."""
REMEMBERED_MAX = 1_024
"""A line is asked for names, roles and labels in turn; a site's authors come again."""
_CLOCK = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}(?:\s?(?:uhr|[ap]\.?m\.?))?", re.IGNORECASE)
_PARTED = re.compile(r"\s*(?:[|•·⋅∙●;\n¦‖«»]|\s[-–—―/]+\s|\s/|/\s|[–—]|\s-|\.{3,}|…|:\s)\s*")
_BRACKETS = re.compile(r"[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")
GLUED = re.compile(r"^(By|Von|Par|Por|Door|by|von|par|por|door)(?=[A-Z][a-z])")
FIELD = re.compile(
    r"(?<=\w)(?:\s+|\s*[|·•]\s*)(?=(?:quelle|source|fuente|fonte|bron|kilde|källa|źródło|zdroj|lesezeit|tags|topics|themen"
    r"|sendung|rubri[kc]a?|ressort|category|categories|kategori(?:a|en?|ja)?|kategória|catégorie"
    r"|categor[ií][ae]|κατηγορία|категори[яи]|категорія|рубрика|temas|sujets|reading time"
    r"|abgelegt unter|filed under|posted in|veröffentlicht (?:in|unter)|publié dans"
    r"|publicado en)\s?:)",
    re.IGNORECASE,
)
"""Where a line goes on with a label of something else: ``Autor: Max Roth Quelle: …``."""
_INSTITUTION = re.compile(
    r"(?:[\w-]+ ){0,2}(?:\w*ministeri(?:um|o|e)|ministère|ministry|d[eé]parte?ments?|bureau|office"
    r"|cent(?:re|er)|verband|\w{0,12}amt|institute?o?|ministerie)"
    r" (?:für|for|of|de|des|du|della|van)\b",
    re.IGNORECASE,
)
"""Opens the name of an office, which may have *and* in it."""
BIOGRAPHY = re.compile(
    r",?\s+(?:is|was|ist|est|es|è|é)\s+(?:an?|the|ein|eine|une?|una?|um|uma)\s[^\n]*", re.IGNORECASE
)
"""What a line goes on to tell of the person: ``By Ann Lee, is a reporter in Cairo.``"""
_INTERVIEWED = re.compile(
    r"(\b(?:interview|gespräch|entretien|entrevista|intervista)\b.{3,60}?)"
    r"\s(?:mit|with|avec|con|com)\s.*",
    re.IGNORECASE,
)
"""Whom a conversation was held with: ``Ein Interview von Ann Lee mit Max Roth``."""
_PLACED = re.compile(r"([^\W\d_]\S*(?:\s[^\W\d_]\S*){1,3})\s[-–—]\s([^\W\d_]+)")
"""A declared name and the one word of a city: ``Ann Lee - Cairo``."""
_INNER = re.compile(
    r"(?:\d+|(?:posted|filed|published|gepostet|veröffentlicht|publié|publicado|in|am|on)\b"
    r"(?:\s\S+){0,3})\s+((?:by|von|par|por|door|oleh)\s\S{3,}(?:\s\S+){0,3})",
    re.IGNORECASE,
)
"""A label after the few words that say where a dated story was filed."""
_OTHERS = re.compile(
    r"(?<=\s)(?="
    + "|".join(
        re.escape(label)
        for label in sorted(OTHERS, key=len, reverse=True)
        if " " in label or len(label) >= OTHER_CHARS_MIN
    )
    + r")",
    re.IGNORECASE,
)


_LEGAL_FORM = re.compile(
    r",\s+(?=(?:inc|ltd|llc|l\.l\.c|corp|plc|gmbh|s\.a|s\.p\.a|s\.r\.l|limited)\b\.?\s*(?:$|[,;|]))",
    re.IGNORECASE,
)
"""The comma before the last word of a company's name."""


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
    contacts are left out, and so are those who photographed, translated or checked. ``declared``
    texts come from the head and may be a single word.
    """
    return list(_people(text[:TEXT_CHARS_MAX], language, site_keys, declared, personal))


@lru_cache(maxsize=REMEMBERED_MAX)
def _people(
    text: str, language: str, site_keys: frozenset[str], declared: bool, personal: bool
) -> tuple[Person, ...]:
    code = primary(language)
    text = _INTERVIEWED.sub(r"\1", text)
    if declared and _INSTITUTION.match(text) and _is_one(text, conjunctions(code)):
        office = " ".join(text.split())
        return (Person(office),) if len(office) <= OFFICE_CHARS_MAX else ()
    if declared and (placed := _PLACED.fullmatch(text)) and not _is_agency(placed[2]):
        text = placed[1]
    reader = Reader(site_keys, declared, personal, code)
    for group in _PARTED.split(_bare(text, language)):
        reader.read(group)
    initials = {"".join(word[0] for word in p.name.split()) for p in reader.found if " " in p.name}
    kept = (p for p in reader.found if p.name not in initials or p.name.casefold() in AGENCIES)
    return tuple(kept)[:PEOPLE_MAX]


def _is_one(text: str, joined: frozenset[str]) -> bool:
    """Whether an office's name is all that stands there: a comma goes on to a word for *and*."""
    return "," not in text or not joined.isdisjoint(text.rpartition(",")[2].casefold().split())


def _is_agency(text: str) -> bool:
    return text.casefold() in AGENCIES or text.isupper()


def labelled_part(text: str, language: str) -> tuple[str, str]:
    """The byline label in the middle of a line and what follows it, as ``label_at_start`` has it.

    ``"Updated: 3 May 2024 Written by: Ann Lee"`` gives *written by* and Ann Lee, and so does
    ``"3 May 2024 in Politics by Ann Lee"`` with *by*.
    """
    if not opens_label(text):
        return "", text
    dated = any(spans(text[:TEXT_CHARS_MAX], language))
    groups = _PARTED.split(_bare(text[:TEXT_CHARS_MAX], language))
    for group, following in zip(groups, [*groups[1:], ""], strict=True):
        label, rest = label_at_start(group)
        stamped = dated or group[:4].isdecimal()
        if not label and stamped and (inner := _INNER.fullmatch(group)):
            label, rest = label_at_start(inner[1])
        rest = rest or following
        if label and rest and label not in OTHERS:
            return label, rest
    return "", text


def groups(text: str, language: str) -> list[str]:
    """The parts of a line without its dates: ``"Ann Lee in Politics | 3 May 2024"`` has one."""
    parts = _PARTED.split(_bare(text[:TEXT_CHARS_MAX], language))
    return [part.strip(" ,") for part in parts if part.strip(" ,")]


def assistants(text: str, language: str) -> str:
    """The key of what a line says of those who did something else than write; mostly empty.

    ``"By Ann Lee | Fact-checked by Max Roth"`` gives ``max roth``.
    """
    groups = _PARTED.split(_bare(text[:TEXT_CHARS_MAX], language))
    told = (rest for label, rest in map(label_at_start, groups) if label in OTHERS)
    return key(" | ".join(told))


@lru_cache(maxsize=REMEMBERED_MAX)
def _bare(text: str, language: str) -> str:
    """``text`` without contacts, brackets, dates and times of day."""
    if may_reach(text):
        text = CONTACT.sub(" ", text)
    text = BIOGRAPHY.sub(" ", parted(text))
    text = _OTHERS.sub("| ", GLUED.sub(r"\1 ", _BRACKETS.sub(" ", text.strip())))
    if "," in text:
        text = _LEGAL_FORM.sub(" ", text)
    if ":" in text:
        text = FIELD.sub(" | ", text)
    if any(map(str.isdigit, text)):
        text = plain(text.replace("\n", " | "))
        for start, end in reversed(list(spans(text, language))):
            text = f"{text[:start]} | {text[end:]}"
        text = _CLOCK.sub(" | ", text)
    return text
