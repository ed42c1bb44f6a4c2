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
