"""The words that dates are written with: months, labels and orders of ``vocabulary/tables``."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

Order = Literal["dmy", "mdy", "ymd"]

_TABLES = Path(__file__).parents[2] / "vocabulary" / "tables"
_DATA: dict[str, Any] = json.loads((_TABLES / "dates.json").read_text("utf-8"))
_MONTH_FIRST_REGIONS = frozenset({"us", "ph", "fm", "pw", "mh", "gu"})
_FAMILY = {
    "nb": "no",
    "nn": "no",
    "bs": "hr",
    "sh": "sr",
    "mk": "bg",
    "fil": "tl",
    "in": "id",
    "iw": "he",
}


class Words(NamedTuple):
    """The date words of one language, over those of all others."""

    months: dict[str, int]
    jalali: dict[str, int]
    named: frozenset[str]
    """All of both."""


@lru_cache(maxsize=256)
def primary(language: str | None) -> str:
    """The language of a tag without its region: ``"pt-BR"`` gives ``"pt"``."""
    code = (language or "").replace("_", "-").split("-")[0].strip().lower()
    return _FAMILY.get(code, code)


def _months(data: dict[str, Any], name: str = "months") -> dict[str, int]:
    return {
        form: number
        for number, forms in enumerate(data.get(name, ()), 1)
        for form in forms.lower().split()
    }


def _all_months() -> dict[str, int]:
    """Every form of every language; a form of two meanings keeps that of the earlier language."""
    merged: dict[str, int] = {}
    for data in reversed(_DATA.values()):
        merged.update(_months(data))
    return merged


_EVERY_MONTH = _all_months()
_JALALI = _months(_DATA["fa"], "jalali")


@lru_cache(maxsize=64)
def words(code: str) -> Words:
    """The words to read dates of language ``code`` with (see ``primary``)."""
    own = _months(_DATA[code]) if code in _DATA else {}
    months, jalali = {**_EVERY_MONTH, **own}, _JALALI if code in {"fa", ""} else {}
    return Words(months, jalali, frozenset(months) | frozenset(jalali))


def order_of(language: str | None) -> Order:
    """The order in which all-digit dates of a language tag are written."""
    code = primary(language)
    if code == "en":
        tags = (language or "").replace("_", "-").lower().split("-")
        return "mdy" if len(tags) == 1 or tags[-1] in _MONTH_FIRST_REGIONS else "dmy"
    order: Order = _DATA[code]["order"] if code in _DATA else "dmy"
    return order


_OTHER = (
    "wann",
    "when",
    "wo und wann",
    "quand",
    "cuándo",
    "wanneer",
    "kiedy",
    "kdy",
    "mikor",
    "når",
    "när",
    "milloin",
    "πότε",
    "ne zaman",
    "когда",
    "коли",
    "开始时间",
    "活动时间",
    "開催日",
    "開催日時",
    "event starts",
    "veranstaltungsdatum",
    "termin",
    "beginn",
    "date de l'événement",
    "fecha del evento",
    "data dell'evento",
    "data wydarzenia",
    "datum akce",
    "aktuelle zeit",
    "current time",
    "today is",
    "heute ist",
    "today",
    "heute",
    "joined",
    "member since",
    "registered",
    "registriert",
    "since",
    "seit",
    "gültig seit",
    "until",
    "bis",
    "expires",
    "valid until",
    "born",
    "geboren",
    "accessed",
    "retrieved",
    "abgerufen am",
    "deadline",
    "event date",
    "due",
    "closes",
    "ends",
    "starts",
    "founded",
    "membre depuis",
    "miembro desde",
    "desde",
    "hasta",
    "depuis",
    "inscrit le",
    "stav ke dni",
    "registrado",
    "lid sinds",
    "iscritto dal",
    "regisztrált",
    "регистрация",
    "зарегистрирован",
)


CONNECTORS = frozenset({
    "st", "nd", "rd", "th", "of", "the", "de", "del", "da", "do", "dos", "di", "d", "den", "le",
    "el", "er", "re", "ère", "º", "ª", "ος", "η", "ης", "της", "го", "г", "год", "года", "р",
    "року", "r", "m", "a", "i", "í", "an", "ab", "at", "ngày", "thg", "ти", "тра", "в", "у",
    "ב", "ה", "من", "عام", "سنة", "की", "को", "o", "y", "au", "em", "e", "v", "w", "dne",
    "dnia", "anno", "nin", "ün", "ın", "in", "on", "gada",
})  # fmt: skip
"""Small words that may stand between the parts of one date."""


def _labels(name: str) -> dict[str, str]:
    return {
        " ".join(label.casefold().split()): name for data in _DATA.values() for label in data[name]
    }


LABELS: dict[str, str] = {**_labels("modified"), **_labels("published")} | {
    label: "modified" for data in _DATA.values() for label in map(str.casefold, data["modified"])
}
LABELS |= {" ".join(label.casefold().split()): "other" for label in _OTHER}
"""Case-folded label -> ``published``, ``modified`` or ``other``, of all languages."""
WEEKDAYS: frozenset[str] = frozenset(
    day for data in _DATA.values() for day in data["weekdays"].casefold().split()
)
