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
    ("By Northlake Turbines, Inc.", "en", ["Northlake Turbines Inc"]),
    ("Par Anne Roux qui vit à Lyon", "fr", ["Anne Roux"]),
    ("Di Maria Rossi che vive a Trapani", "it", ["Maria Rossi"]),
    ("By Ann Lee, CNN Editor-at-large", "en", ["Ann Lee"]),
    ("Door Piet van den Berg en Jan Smit", "nl", ["Piet van den Berg", "Jan Smit"]),
    ("Por João da Silva e Ana Luísa da Costa", "pt", ["João da Silva", "Ana Luísa da Costa"]),
    ("Por Ana de las Heras y EFE", "es", ["Ana de las Heras", "EFE"]),
    ("Por José Ruiz y Gasset", "es", ["José Ruiz y Gasset"]),
    ("Omar el Khoury", "fr", ["Omar el Khoury"]),
    ("di Anna dal Pozzo", "it", ["Anna dal Pozzo"]),
    ("By Ann Parker, AP", "en", ["Ann Parker", "AP"]),
    ("علی رضایی و مریم احمدی", "fa", ["علی رضایی", "مریم احمدی"]),
    ("بقلم: أحمد علي ومحمد حسن", "ar", ["أحمد علي", "محمد حسن"]),
    ("أحمد علي وليد حسن", "ar", ["أحمد علي وليد حسن"]),
    ("राम शर्मा और सीता वर्मा", "hi", ["राम शर्मा", "सीता वर्मा"]),
    ("สมชาย ใจดี และ สมหญิง รักไทย", "th", ["สมชาย ใจดี", "สมหญิง รักไทย"]),
    ("记者 李明 王红", "zh", ["李明", "王红"]),
    ("作者：李明和王红", "zh", ["李明", "王红"]),
    ("作者：张和平", "zh", ["张和平"]),
    ("Redaktion", "de", []),
    ("admin", "en", []),
]


DECLARED = [
    ("Von Anna Berg und Max Roth, Genf", "de", ["Anna Berg", "Max Roth"]),
    ("Ann Lee, Jo Roth", "en", ["Ann Lee", "Jo Roth"]),
    ("Anna Berg und Max Roth, dpa", "de", ["Anna Berg", "Max Roth", "dpa"]),
    ("Ann Lee, CEPF®", "en", ["Ann Lee"]),
    ("AL, Ann Lee", "en", ["Ann Lee"]),
    ("Max Roth, PhD", "en", ["Max Roth"]),
    ("Max Roth, Jr.", "en", ["Max Roth"]),
    ("Per Lindqvist", "sv", ["Per Lindqvist"]),
    ("Av Per Olov Ek och Kari Dahl", "sv", ["Per Olov Ek", "Kari Dahl"]),
    ("Theo Müller, Van Jones", "en", ["Theo Müller", "Van Jones"]),
    ("Per Joan Puig", "ca", ["Joan Puig"]),
    ("Von Reuters", "de", ["Reuters"]),
]


@pytest.mark.parametrize(("text", "language", "expected"), DECLARED)
def test_a_declared_list_holds_no_places_titles_or_initials(
    text: str, language: str, expected: list[str]
) -> None:
    """A place after a list that has ended, the letters of a title, initials of a name beside it."""
    assert [person.name for person in people(text, language)] == expected


IDEOGRAPHIC = [
    ("责任编辑：张申", []),
    ("作者：未知 责任编辑：李四", []),
    ("作者：张三 责任编辑：李四", [("张三", None)]),
    ("本报记者 李明 通讯员 王红", [("李明", None), ("王红", None)]),
    ("新华社记者才扬", [("才扬", None)]),
    ("作者 | 李明 编辑 | 王红", [("李明", None)]),
    ("記者王大明／台北報導", [("王大明", None)]),
    ("港口新闻 关注", [("港口新闻", None)]),
    ("王文 港口大学海洋研究院院长", [("王文", "港口大学海洋研究院院长")]),
    ("経済部 山田太郎記者", [("山田太郎", "記者")]),
    ("文・山田太郎 写真・佐藤花子", [("山田太郎", None)]),
    ("山田 太郎", [("山田 太郎", None)]),
    ("홍길동 선임기자", [("홍길동", "선임기자")]),
    ("संवाददाता राम शर्मा", [("राम शर्मा", "संवाददाता")]),
]


@pytest.mark.parametrize(("text", "expected"), IDEOGRAPHIC)
def test_labels_and_names_set_beside_each_other_are_parted(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    """Editors, photographers and buttons are no authors; a post behind a name is its role."""
    found = people(text, "zh", declared=False)

    assert [(person.name, person.role) for person in found] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("حسام أبو العلا - القاهرة", "ar", ["حسام أبو العلا"]),
        ("Ann Lee - Reuters", "en", ["Ann Lee", "Reuters"]),
        ("Departement für Wirtschaft, Bildung und Forschung", "de",
         ["Departement für Wirtschaft, Bildung und Forschung"]),
        ("vonFred Rau", "de", ["Fred Rau"]),
        ("Nicolas Rau C.", "fr", ["Nicolas Rau C."]),
        ("Lê Thị Út", "vi", ["Lê Thị Út"]),
        ("Max Roth Mo", "de", ["Max Roth"]),
        ("By Ask the Doctors", "en", ["Ask the Doctors"]),
        ("Deutsche Welle (www.dw.com)", "en", ["Deutsche Welle"]),
        ("Em São Paulo (SP)", "pt", []),
        ("Do Jornal", "pt", ["Do Jornal"]),
    ],
)  # fmt: skip
def test_a_name_is_whole_and_alone(text: str, language: str, expected: list[str]) -> None:
    """Without the city behind a dash, not cut at a comma, a last initial or a Czech weekday."""
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


def test_a_clause_in_japanese_is_no_name() -> None:
    """A headline with a comma looks like two names; real ones with kana are short."""
    assert people("海の見える無人駅、最後の切符は小学生が売った", "ja") == []
    assert [p.name for p in people("長谷川まゆみ、浜崎あゆみ", "ja")] == [
        "長谷川まゆみ",
        "浜崎あゆみ",
    ]
