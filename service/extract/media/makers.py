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
    is_person,
    label_before,
    without_label,
)

PEOPLE_MAX = AGENCIES_MAX = 3
LICENCE = re.compile(
    r"(?:\w{5,8}: ?)?(?:CC(?:[ -]?(?:BY|SA|NC|ND|0))+(?: ?\d\.\d)?(?: \w{2,12})?|GFDL"
    r"|public domain|gemeinfrei)",
    re.IGNORECASE,
)
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
    text = without_label(_BY.sub("", " ".join(text.split()).strip(EDGES)))
    if text.endswith(")") and "(" not in text:
        text = text[:-1].rstrip(EDGES)
    if not any(map(str.isalpha, text)):
        return None
    bracketed = IN_BRACKETS.match(text)
    parts = list(_parts(bracketed.groups() if bracketed else PARTS.split(text)))
    agencies = [part for part in parts if is_known(part)]
    others = [part for part in parts if not is_known(part)]
    people = [part for part in others if is_person(part) or (agencies and _is_unspaced(part))]
    if not agencies and len(parts) > 1 and len(people) < len(others):
        agencies = [part for part in others if part not in people]
    elif not agencies and len(people) > 1 and "/" in text:
        people, agencies = people[:1], people[1:]
    return Credit(
        text=text,
        photographer=", ".join(people[:PEOPLE_MAX]) or None,
        agency="/".join(PHOTO_WORD.sub("", part) for part in agencies[:AGENCIES_MAX]) or None,
    )


def _parts(pieces: tuple[str, ...] | list[str]) -> Iterator[str]:
    """The names in the pieces of a credit, without licences and sorts of pictures; ``"Lee Jin
    (REUTERS) | EPV"`` has three, ``"Ann Lee and Max Roth"`` two."""
    for piece in pieces:
        bracketed = IN_BRACKETS.match(piece)
        for part in bracketed.groups() if bracketed else (piece,):
            for name in _unlabelled(_VIA.sub("", part.strip(EDGES))):
                joined = _AND.split(name)
                if len(joined) > 1 and all(map(is_person, joined)):
                    yield from joined
                elif name and not is_generic(name) and not LICENCE.fullmatch(name):
                    yield name


def _unlabelled(part: str) -> tuple[str, ...]:
    """What stands before and after a label inside of a part: ``NDR Foto: Max Roth``."""
    head, colon, rest = part.partition(":")
    before = label_before(head) if colon else None
    if is_known(head) and rest.strip():
        return head.strip(EDGES), rest.strip(EDGES)
    return (part,) if before is None else (before.strip(EDGES), rest.strip(EDGES))


def _is_unspaced(part: str) -> bool:
    """Whether ``part`` can be a person's name in a script that writes names without a blank."""
    return bool(_UNSPACED_NAME.fullmatch(part)) and part[-1] not in _UNSPACED_OTHERS
