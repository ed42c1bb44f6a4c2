"""Bylines and dates as publishing systems and their themes print them, in many languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.extract.metadata import Metadata
from tests.extract.metadata.pages import PROSE, read, story

STORIES = json.loads((Path(__file__).parents[1] / "languages" / "stories.json").read_text("utf-8"))

SUBMITTED = [
    ("de", "Gespeichert von <span>Jana Vogt</span> am <span>Mi., 06.03.2024 - 10:15</span>"),
    ("fr", "Soumis par <span>Luc Marchand</span> le <span>mer 06/03/2024 - 10:15</span>"),
    ("es", "Enviado por <span>Inés Robledo</span> el <span>Mié, 06/03/2024 - 10:15</span>"),
    ("it", "Inviato da <span>Carla Neri</span> il <span>Mer, 06/03/2024 - 10:15</span>"),
    ("nl", "Ingediend door <span>Sanne Kuipers</span> op <span>wo 06/03/2024 - 10:15</span>"),
    ("pl", "Wysłane przez <span>Ewa Zielińska</span> w <span>6 marca, 2024 - 10:15</span>"),
    ("pt", "Enviado por <span>Rui Falcão</span> em <span>qua, 06/03/2024 - 10:15</span>"),
    ("sv", "Inskickat av <span>Elin Sandberg</span> den <span>ons, 2024-03-06 - 10:15</span>"),
    ("hu", "Beküldte <span>Kovács Réka</span> - <span>2024. 03. 06. 10:15</span>"),
    ("ru", "Опубликовано <span>Ирина Белова</span> - <span>ср, 06/03/2024 - 10:15</span>"),
    ("cs", "Odeslal <span>Petr Vaněk</span> dne <span>St, 06/03/2024 - 10:15</span>"),
    ("fi", "Lähettänyt <span>Aino Rautio</span> <span>ke, 06.03.2024 - 10:15</span>"),
    ("el", "Υποβλήθηκε από <span>Ελένη Δούκα</span> στις <span>Τετ, 06/03/2024 - 10:15</span>"),
    ("tr", "<span>Selin Aksoy</span> tarafından <span>Çar, 06/03/2024 - 10:15</span> tarihinde"),
]
POSTED = [
    ("de", "Eingestellt von", "Jana Vogt"),
    ("pt", "Postada por", "Rui Falcão"),
    ("el", "Αναρτήθηκε από", "Ελένη Δούκα"),
    ("vi", "Người đăng:", "Lê Thu Hà"),
    ("zh", "張貼者：", "陳文海"),
    ("sv", "Upplagd av", "Elin Sandberg"),
    ("da", "Indsendt af", "Mette Holm"),
    ("no", "Lagt inn av", "Kari Moe"),
    ("ar", "مرسلة بواسطة", "سلمى حداد"),
]


def names(page: Metadata) -> list[str]:
    return [author.name for author in page.authors]


def told(language: str, line: str, end: str = "") -> Metadata:
    """A story of a language with a line under its headline."""
    prose = "".join(f"<p>{text}</p>" for text in STORIES[language]["paragraphs"])
    headline = STORIES[language]["headline"]
    body = f"<main><article><h1>{headline}</h1>{line}{prose}{end}</article></main>"
    return read(body=body, lang=language)


@pytest.mark.parametrize(("language", "line"), SUBMITTED)
def test_who_submitted_a_page_wrote_it(language: str, line: str) -> None:
    """The label of a system in any language, and the small words before a date, are no name."""
    page = told(language, f'<div class="node__submitted">{line}</div>')

    assert names(page) == [line.split("<span>")[1].partition("</span>")[0]]
    assert page.published.at is not None
    assert page.published.at.date().isoformat() == "2024-03-06"


@pytest.mark.parametrize(("language", "label", "name"), POSTED)
def test_who_posted_below_the_story_wrote_it(language: str, label: str, name: str) -> None:
    """The footer of a blog's post names its author under the label of its language."""
    footer = f'<div><span class="post-author vcard">{label} <span class="fn">{name}</span></span>'

    assert names(told(language, "", end=f"{footer}</div>")) == [name]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            '<div><div class="author"><a class="name">Nora Feld</a><small>Docs at Kai</small></div>'
            '<div class="author"><a class="name">Peter Hall</a><small>Tides at Kai</small></div>'
            "</div>",
            ["Nora Feld", "Peter Hall"],
        ),
        (
            '<div class="bylines"><address><a rel="author" href="/by/kari">'
            '<span class="firstname">Kari</span> <span class="lastname">Moe</span>'
            "<span>Journalist</span></a></address></div>",
            ["Kari Moe"],
        ),
        (
            '<div class="author"><address class="name"><a rel="author" href="https://nf.example">'
            "Nora Feld</a></address><p>I write about storage and servers, and I like to tell what "
            "I learn about both.</p></div>",
            ["Nora Feld"],
        ),
        (
            '<div class="byline"><span>Reviewed by</span> <a class="item-name">Ann Marsh</a></div>',
            [],
        ),
        (
            '<p class="byline">by <a href="/author/nf">Nora Feld</a>, <span class="org">Kai Tribune'
            "</span></p>",
            ["Nora Feld"],
        ),
        (
            '<p class="authors">Mako Ikeda<sup>2</sup>, Lena Orr<sup>1,3</sup></p>',
            ["Mako Ikeda", "Lena Orr"],
        ),
        (
            '<div><a href="https://f.example/nf"><img alt="Nora Feld" src="/n.png">Nora Feld</a>'
            " on June 5, 2023</div>",
            ["Nora Feld"],
        ),
        (
            "<div><p>March 24, 2026</p><p>Nora Feld, Research Scientist, and Peter Hall, Senior "
            "Engineer, Kai Research</p></div>",
            ["Nora Feld", "Peter Hall"],
        ),
        ("<p>By Nora Feld, Director, Storage Division, Armada Corp</p>", ["Nora Feld"]),
        ('<p class="byline">NORA FELD Kai Tribune</p>', ["NORA FELD"]),
        (
            "<div>Posted by Kai Articles, 6 March 2024 <span>Business, Small Business</span></div>",
            [],
        ),
        ("<div>Posted by admin | Small Business</div>", []),
        ('<p class="byline">ANN LEE Senior Reporter</p>', ["ANN LEE"]),
    ],
)  # fmt: skip
def test_names_are_told_from_what_stands_beside_them(line: str, expected: list[str]) -> None:
    """Portraits, classes of names, numbers of notes, places of work and reviewers."""
    page = read(body=story(line, headline="Cranes stand idle"), lang="en")

    assert names(page) == expected


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("ko", "<ul><li>한지우 기자</li><li>입력 2024.03.06 10:15</li></ul>", ["한지우"]),
        ("fa", "<p>کد خبر: ۴۵۶ تاریخ: ۱۶ اسفند ۱۴۰۲ نویسنده: سارا رضایی</p>", ["سارا رضایی"]),
        ("pt", "<p>Texto e fotos de Rui Falcão</p>", ["Rui Falcão"]),
        ("es", "<p>Texto y fotos: Inés Robledo</p>", ["Inés Robledo"]),
        ("uk", "<p><span>Текст</span> <span>відео</span></p>", []),
        ("id", "<p>Diposting pada 6 Maret 2024 oleh Dewi Lestari</p>", ["Dewi Lestari"]),
        ("vi", "<p>Đăng vào ngày 6 tháng 3, 2024 bởi Lê Thu Hà</p>", ["Lê Thu Hà"]),
        ("ru", "<p>Опубликовано 6 марта 2024 автором Ирина Белова</p>", ["Ирина Белова"]),
        ("he", "<p>פורסם ב-6 במרץ 2024 על ידי נועה ברק</p>", ["נועה ברק"]),
        ("tr", "<p>6 Mart 2024 tarihinde Selin Aksoy tarafından yayınlandı</p>", ["Selin Aksoy"]),
        ("hi", "<p>6 मार्च 2024 को अनीता शर्मा द्वारा प्रकाशित</p>", ["अनीता शर्मा"]),
    ],
)  # fmt: skip
def test_lines_of_other_languages_name_their_authors(
    language: str, line: str, expected: list[str]
) -> None:
    """A post behind a name, a label behind other facts, pictures by the author, and no button."""
    assert names(told(language, line)) == expected


def test_an_address_behind_a_declared_name_does_not_hide_it() -> None:
    """Sites declare who wrote a page together with where they live."""
    head = '<meta name="author" content="Nora Feld - https://nf.example/">'

    assert names(read(head, story(), lang="en")) == ["Nora Feld"]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("", '<div class="event-details"><dl><dt>Date:</dt><dd>March 6, 2024</dd></dl></div>'),
        ("", "<p>When: 6 March 2024, 19:00</p>"),
        (
            '<script type="application/ld+json">{"@context": "https://schema.org", "@type": '
            '"MusicEvent", "name": "Song", "startDate": "2024-03-06T19:00:00+01:00"}</script>',
            "<p>6 March 2024, 19:00</p>",
        ),
    ],
)
def test_the_day_of_an_event_is_not_when_it_was_announced(head: str, line: str) -> None:
    """What classes, a label or JSON-LD tell to be when something takes place."""
    page = read(head, story(line, headline="Songs of the sea"), lang="en")

    assert page.published.at is None


def test_the_page_of_an_event_has_a_date_of_its_own() -> None:
    """A labelled date beside that of an event counts."""
    line = "<p>When: 6 March 2024</p><p>Published: 1 February 2024</p>"

    page = read("", story(line, headline="Songs of the sea") + PROSE, lang="en")

    assert page.published.raw == "Published: 1 February 2024"
