"""The byline of a printed line, without what else the line prints."""

from __future__ import annotations

import pytest

from service.extract.metadata.people import byline_text
from tests.extract.metadata.pages import linked, read, story

LINES = [
    ("Par Alice Roux Publié le 12/03/2026 - 7:45 UTC+1", "Alice Roux", "Par Alice Roux"),
    ("Von Max Roth 28.04.2023, 19:09 3 Min.", "Max Roth", "Von Max Roth"),
    ("Dienstag, 01. Februar 2022 12:10 , Jil Moser", "Jil Moser", "Jil Moser"),
    ("By Ann Lee | Wire News Facebook Twitter Print Email", "Ann Lee", "By Ann Lee | Wire News"),
    ("Posted on May 8, 2025 Posted by Ann Lee 59 Comments", "Ann Lee", "Posted by Ann Lee"),
    ("Ann Lee Published Jun 05, 2026 • 3 minute read", "Ann Lee", "Ann Lee"),
    ("Por Ana Ruiz Actualizado: 15 oct 2024 - 17:38CEST", "Ana Ruiz", "Por Ana Ruiz"),
    ("By Jane Print", "Jane Print", "By Jane Print"),
    ("By: Jo Miller Topics: Cracks, damage", "Jo Miller", "By: Jo Miller"),
    ("Autor: Peter Mahn Lesezeit: 5 min", "Peter Mahn", "Autor: Peter Mahn"),
    ("Ann Lee vor 2 Stunden", "Ann Lee", "Ann Lee"),
    ("Ann Lee |Published 15 hours ago", "Ann Lee", "Ann Lee"),
    ("Ann Lee 3時間前", "Ann Lee", "Ann Lee"),
    ("By Ann Lee ann@example.org (509) 555-0134", "Ann Lee", "By Ann Lee"),
    ("Ann Lee Political Editor @annlee", "Ann Lee", "Ann Lee Political Editor"),
    ("Marc Guzman View More Articles", "Marc Guzman", "Marc Guzman"),
    ("Learn May 28 Written By Ann Lee", "Ann Lee", "Written By Ann Lee"),
    ("Warum der Hafen bleibt Von Max Roth", "Max Roth", "Von Max Roth"),
    ("Ein Gespräch von Max Roth", "Max Roth", "Ein Gespräch von Max Roth"),
    ("Autor: annalee | Abgelegt unter: Kunst, Foto | Tags: Himmel", "annalee", "Autor: annalee"),
    ("By Ann Lee on March 18", "Ann Lee", "By Ann Lee"),
    ("Kolumnistin: Ann Lee", "Ann Lee", "Kolumnistin: Ann Lee"),
    ("By Ann Lee Ann Lee Opinion writer", "Ann Lee", "By Ann Lee Opinion writer"),
    ("By Ann Lee A poet. View all posts by Ann Lee", "Ann Lee", "By Ann Lee A poet."),
    ("Ann Lee Publiziert heute um 10:19", "Ann Lee", "Ann Lee"),
    ("Ann Lee | Publicado", "Ann Lee", "Ann Lee"),
    ("By Ann Lee, CNN Updated 2010 GMT (0410 HKT)", "Ann Lee", "By Ann Lee, CNN"),
    ("読了時間 3 分 作者： Ann Lee", "Ann Lee", "作者： Ann Lee"),
    ("Max Roth +49 (0)30 123456 max@roth.example", "Max Roth", "Max Roth"),
    ("Jo Graham, USA TODAY", "USA TODAY", "USA TODAY"),
    ("von Max Roth Hinterlasse einen Kommentar", "Max Roth", "von Max Roth"),
]


@pytest.mark.parametrize(("line", "name", "expected"), LINES)
def test_a_byline_has_no_dates_counts_or_buttons(line: str, name: str, expected: str) -> None:
    """Dates with their labels, reading times, counts and buttons are not the byline's."""
    byline = byline_text(line, [name], "")

    assert byline == expected


def test_parts_of_a_line_do_not_run_together() -> None:
    """A name, a role and a date in elements of their own are words of their own."""
    link = '<a href="/author/a">Ann Lee</a>'
    line = f'<div class="byline">By {link}<b class="d">Updated: May 8, 2026</b></div>'

    page = read("", story(line))

    assert page.byline == "By Ann Lee"


def test_sections_and_tags_that_a_byline_links_are_none_of_it() -> None:
    """What its links file the story under goes, with the word before it."""
    links = '<a href="/category/sky">Sky</a>, <a href="/t/1" rel="tag">Stars</a>'

    for line in (f"By {{}} in {links}", f"By {{}} Filed: {links}"):
        line = line.format('<a href="/author/ann-lee">Ann Lee</a>')
        page = read("", story(f'<div class="byline">{line}</div>'), lang="en")
        assert page.byline == "By Ann Lee"


def test_the_byline_prints_who_wrote_it_and_not_who_took_the_picture() -> None:
    """A line that only its class calls an author's and that names others is none."""
    credit = '<p class="author">Gus Vale / Europa Press</p>'
    byline = '<p class="author"><a href="/author/luna">Luna Gil</a></p>'

    page = read(linked(author={"name": "Luna Gil"}), story(credit, byline))

    assert page.byline == "Luna Gil"


def test_the_raw_date_is_the_date_alone() -> None:
    """The raw text of a printed date has its label, time and zone, and no name."""
    page = read("", story("<p>Par Alice Roux Publié le 12/03/2026 - 7:45 UTC+1</p>"), lang="fr")

    assert page.published.raw == "Publié le 12/03/2026 - 7:45 UTC+1"
    assert page.published.precision == "minute"
    assert page.byline == "Par Alice Roux"


def test_a_full_minute_that_is_printed_so_is_no_second() -> None:
    """A declared time of :00 seconds has precision minute where the page prints that minute."""
    head = linked(datePublished="2024-04-30T16:00:00+02:00")

    page = read(head, story("<p>Publié le 30/04/2024 - 16:00</p>"), lang="fr")

    assert page.published.precision == "minute"
    assert page.published.source == "json-ld"
