"""A credit as its parts: who took the picture, and which agency."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.article import Credit
from service.extract.media.credits import (
    EDGES,
    IN_BRACKETS,
    PARTS,
    PHOTO_WORD,
    is_generic,
    is_known,
    is_opening,
    is_person,
    label_before,
    without_closing,
    without_label,
)
from service.extract.metadata.dates import spans

PEOPLE_MAX = AGENCIES_MAX = 3
DAY_DIGITS_MIN, DATE_EDGES = 5, 4
LICENCE = re.compile(
    r"(?:\w{5,8}: ?)?\b(?:CC(?:[ -]?(?:BY|SA|NC|ND|0))+(?: ?\d\.\d)?(?: (?!via)\w{2,12})?|GFDL"
    r"|public domain|gemeinfrei)\b",
    re.IGNORECASE,
)
_LICENSED = re.compile(rf"\s*[(\[,|/–-]?\s*{LICENCE.pattern}\s*[)\]]?", re.IGNORECASE)
_COURTESY = re.compile(
    r"^(?:photo )?(?:courtesy(?: of)?|cortesía(?: de)?|courtoisie(?: de)?|with permission of)\s+",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"(\w{2,8}?)(?:记者|記者)\s*(\w{2,5})")
"""``新华社记者 才扬``: the agency, and its reporter."""
_OURS = frozenset({"本报", "本報", "本刊", "本社", "本网", "本網"})
_FOR_CLIENT = re.compile(r"(?<=\w)\s+(?:for|für|pour)\s+.*$", re.IGNORECASE)
_VIA = re.compile(r"^(?:via|vía)\s+", re.IGNORECASE)
_BY = re.compile(r"^(?:[:：]\s*)?(?:[Bb]y\s+(?=[A-ZÀ-Þ]))?")
_AND = re.compile(r"\s+(?:and|und|et|y|e|og|och|és|și|ve|и|і|και|&)\s+")
_UNSPACED_NAME = re.compile(r"[\u4e00-\u9fff々]{2,5}|[\uac00-\ud7a3]{2,4}")
_UNSPACED_OTHERS = frozenset(
    "社局部省庁厅廳院会會署所県市町村区區府州国國网網报報刊通信聞闻台臺者団團供料청"
)
"""What the names of offices, papers, places and companies end with."""


def read_credit(text: str) -> Credit | None:
    """A printed credit with its photographer and agency where they can be told apart.

    ``"dpa/Max Müller"`` gives Max Müller of dpa, ``"Lee Jin (REUTERS)"`` Lee Jin of REUTERS.
    """
    if not text:
        return None
    text = without_label(_BY.sub("", " ".join(text.split()).strip(EDGES)))
    if text.endswith(")") and "(" not in text:
        text = text[:-1].rstrip(EDGES)
    if not any(map(str.isalpha, text)) or _is_date(text):
        return None
    if reporter := _REPORTER.fullmatch(without_closing(text)):
        agency = reporter[1] if reporter[1] not in _OURS else None
        return Credit(text=text, photographer=reporter[2], agency=agency)
    bare = _LICENSED.sub("", text)
    bracketed = IN_BRACKETS.match(bare)
    parts = list(_parts(bracketed.groups() if bracketed else PARTS.split(_without_client(bare))))
    agencies = [part for part in parts if is_known(part)]
    others = [part for part in parts if not is_known(part)]
    people = [part for part in others if is_person(part) or (agencies and _is_unspaced(part))]
    if not agencies and len(parts) > 1 and len(people) < len(others):
        agencies = [part for part in others if part not in people]
    elif not agencies and len(people) > 1 and "/" in text:
        people, agencies = people[:1], people[1:]
    people = [name for person in people if (name := _bare(person)) == person or _is_name(name)]
    return Credit(
        text=text,
        photographer=", ".join(people[:PEOPLE_MAX]) or None,
        agency="/".join(PHOTO_WORD.sub("", part) for part in agencies[:AGENCIES_MAX]) or None,
    )


def _is_date(text: str) -> bool:
    """Whether a text says hardly more than a day: ``August 16, 2019 - Updated July 9, 2025``."""
    if sum(map(str.isdigit, text)) < DAY_DIGITS_MIN:
        return False
    dated = sum(end - start for start, end in spans(text))
    return dated + DATE_EDGES >= len(text)


def _without_client(text: str) -> str:
    """``text`` without whom an agency's picture was taken for: ``Getty Images for Acme Shoes``."""
    bare = _FOR_CLIENT.sub("", text)
    return bare if bare != text and is_known(PARTS.split(bare)[-1]) else text


def _parts(pieces: tuple[str, ...] | list[str]) -> Iterator[str]:
    """The names in the pieces of a credit, without sorts of pictures; ``"Lee Jin
    (REUTERS) | EPV"`` has three, ``"Ann Lee and Max Roth"`` two."""
    for piece in pieces:
        bracketed = IN_BRACKETS.match(piece)
        for part in bracketed.groups() if bracketed else (piece,):
            for name in _unlabelled(_VIA.sub("", part.strip(EDGES))):
                joined = _AND.split(name)
                if len(joined) > 1 and all(map(is_person, joined)):
                    yield from joined
                elif name and not is_generic(name):
                    yield name


def _unlabelled(part: str) -> tuple[str, ...]:
    """What stands before and after a label inside of a part: ``NDR Foto: Max Roth``."""
    head, colon, rest = part.partition(":")
    before = label_before(head) if colon else None
    if is_known(head) and rest.strip():
        return head.strip(EDGES), rest.strip(EDGES)
    if before is not None:
        return before.strip(EDGES), rest.strip(EDGES)
    return (is_opening(part) or part,)


def _bare(person: str) -> str:
    """A name without *courtesy of* before it and the trade that is written behind it."""
    return without_closing(person) or _COURTESY.sub("", person)


def _is_name(text: str) -> bool:
    return is_person(text) or _is_unspaced(text)


def _is_unspaced(part: str) -> bool:
    """Whether ``part`` can be a person's name in a script that writes names without a blank."""
    return bool(_UNSPACED_NAME.fullmatch(part)) and part[-1] not in _UNSPACED_OTHERS
