"""Bylines taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extract.metadata.people import people

BYLINES = [
    ("By Jane Doe and John Smith", "en", ["Jane Doe", "John Smith"]),
    ("By Jane Doe, Political Editor, and John Smith", "en", ["Jane Doe", "John Smith"]),
    ("Posted by Ann Lee on May 3, 2024 at 10:15 AM", "en", ["Ann Lee"]),
    ("Jane Doe reviewed by John Smith", "en", ["Jane Doe"]),
    ("Photos by Ann Lee", "en", []),
    ("ByJane Doe May 3, 2024", "en", ["Jane Doe"]),
    ("Jane Doe, MD", "en", ["Jane Doe"]),
    ("jane.doe@example.com", "en", []),
    ("Par Alice Tidey avec AFP", "fr", ["Alice Tidey", "AFP"]),
    ("Par Anne Roux et Luc Petit, à Bruxelles", "fr", ["Anne Roux", "Luc Petit"]),
    ("Von Anna Berg und Max Roth | 3. Mai 2024", "de", ["Anna Berg", "Max Roth"]),
    ("Ein Gastbeitrag von Anna Berg", "de", ["Anna Berg"]),
    ("Text: Anna Berg / Fotos: Max Roth", "de", ["Anna Berg"]),
    ("Richard Precht im Gespräch mit Karin Fischer", "de", ["Richard Precht", "Karin Fischer"]),
    ("Por María José Pérez y Juan López", "es", ["María José Pérez", "Juan López"]),
    ("di Maria Rossi e Luca Bianchi", "it", ["Maria Rossi", "Luca Bianchi"]),
    ("Por João Silva e Ana Souza", "pt", ["João Silva", "Ana Souza"]),
    ("Door Maria van der Berg en Jan Smit", "nl", ["Maria van der Berg", "Jan Smit"]),
    ("Autor: Jan Kowalski i Anna Nowak", "pl", ["Jan Kowalski", "Anna Nowak"]),
    ("Автор: Иван Петров и Анна Смирнова", "ru", ["Иван Петров", "Анна Смирнова"]),
    ("Автор: Іван Петренко та Олена Коваль", "uk", ["Іван Петренко", "Олена Коваль"]),
    ("Γράφει ο Γιώργος Παπαδόπουλος", "el", ["Γιώργος Παπαδόπουλος"]),
    ("Yazan: Ayşe Yılmaz ve Ali Demir", "tr", ["Ayşe Yılmaz", "Ali Demir"]),
    ("بقلم أحمد علي", "ar", ["أحمد علي"]),
    ("作者：张三", "zh", ["张三"]),
    ("文：山田太郎、鈴木花子", "ja", ["山田太郎", "鈴木花子"]),
    ("Av Kari Nordmann og Ola Hansen", "no", ["Kari Nordmann", "Ola Hansen"]),
    ("Text: Anna Svensson och Erik Ek", "sv", ["Anna Svensson", "Erik Ek"]),
    ("Af Mette Jensen", "da", ["Mette Jensen"]),
    ("Írta: Kovács Anna", "hu", ["Kovács Anna"]),
    ("Oleh Budi Santoso", "id", ["Budi Santoso"]),
    ("By POST TRIBUNE STAFF", "en", ["POST TRIBUNE STAFF"]),
    ("By Ann Lee, CNN Editor-at-large", "en", ["Ann Lee"]),
    ("Redaktion", "de", []),
    ("admin", "en", []),
]


DECLARED = [
    ("Von Anna Berg und Max Roth, Genf", "de", ["Anna Berg", "Max Roth"]),
    ("Ann Lee, Jo Roth", "en", ["Ann Lee", "Jo Roth"]),
    ("Anna Berg und Max Roth, dpa", "de", ["Anna Berg", "Max Roth", "dpa"]),
    ("Ann Lee, CEPF®", "en", ["Ann Lee"]),
    ("AL, Ann Lee", "en", ["Ann Lee"]),
]


@pytest.mark.parametrize(("text", "language", "expected"), DECLARED)
def test_a_declared_list_holds_no_places_titles_or_initials(
    text: str, language: str, expected: list[str]
) -> None:
    """A place after a list that has ended, the letters of a title, initials of a name beside it."""
    assert [person.name for person in people(text, language)] == expected


@pytest.mark.parametrize(("text", "language", "expected"), BYLINES)
def test_a_byline_names_its_authors_only(text: str, language: str, expected: list[str]) -> None:
    """Labels, roles, dates, photographers and contacts are not names; agencies are."""
    assert [person.name for person in people(text, language)] == expected


def test_a_role_goes_to_the_name_before_it() -> None:
    """What stands behind a name and is a role is kept as that person's role."""
    found = people("Von Anna Berg, Wirtschaftsredakteurin, und Max Roth", "de")

    assert [(p.name, p.role) for p in found] == [
        ("Anna Berg", "Wirtschaftsredakteurin"),
        ("Max Roth", None),
    ]


def test_the_site_is_no_person() -> None:
    """The name of the site, alone or with a word such as team, is left out."""
    keys = frozenset({"example post", "example post com"})

    assert people("Example Post", "en", keys) == []
    assert people("Example Post Staff", "en", keys) == []


@given(st.text(max_size=500), st.sampled_from(["", "en", "ja", "cs"]), st.booleans())
def test_no_text_makes_it_raise(text: str, language: str, declared: bool) -> None:
    """Whatever is printed, every name found is a short one with a letter in it."""
    found = people(text, language, declared=declared)

    assert all(len(p.name) <= 60 and any(map(str.isalpha, p.name)) for p in found)


def test_a_word_for_and_may_be_a_name_elsewhere() -> None:
    """``Dan`` joins names in Indonesian and is one in English."""
    assert [p.name for p in people("Dan Lee", "en")] == ["Dan Lee"]
    assert [p.name for p in people("Ayu Sari dan Budi Raya", "id")] == ["Ayu Sari", "Budi Raya"]
