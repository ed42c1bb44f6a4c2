"""Labels and stock phrases of pages in many languages."""

from __future__ import annotations

import time

import pytest

from service.extract.vocabulary import KINDS, kind_of, normal, phrases


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Share", "share"),
        ("12 Comments", "comments"),
        ("PUBLICITÉ", "advertisement"),
        ("PUBLICITE", "advertisement"),
        ("Lire aussi : Le sommet de Washington", "read_more"),
        ("Related: what we know so far", "related"),
        ("Das könnte Sie auch interessieren:", "read_more"),
        ("© 2024 The Paper. All rights reserved.", "rights"),
        ("5 min read", "reading_time"),
        ("Page 2 of 7", "navigation"),
        ("Tous droits réservés AP Photo/Jane Doe", "rights"),
        ("Publié le", "published"),
        ("»  Newsletter  «", "newsletter"),
        ("Correction: an earlier text gave a wrong year.", "correction"),
    ],
)
def test_label_is_known(line: str, kind: str) -> None:
    """A label is known by its words, whatever its case, accents, punctuation and numbers."""
    found = kind_of(line)

    assert found == kind


@pytest.mark.parametrize(
    "line",
    [
        "",
        "—",
        "1984",
        "Related work shows that the effect is small.",
        "The committee met on Tuesday to talk about shares.",
        "By noon the rain had stopped, and the market opened again.",
        "Von Berlin aus fuhr der Zug weiter nach Warschau.",
        "Par ailleurs, le ministre a annoncé une réforme.",
        "Share prices fell by three per cent on Monday after the announcement.",
        "Subscribe to our newsletter " * 20,
    ],
)
def test_prose_is_no_label(line: str) -> None:
    """A sentence that begins with the word of a label is prose."""
    found = kind_of(line)

    assert found is None


def test_stock_phrases_are_found_in_normal_text() -> None:
    """The stock phrase of an error page is a part of its text's plain words."""
    text = normal("Oops! 404 – Page not found. Go back to the homepage.")

    found = [phrase for phrase in phrases("error_page") if phrase in text]

    assert " page not found " in found


def test_every_kind_has_labels() -> None:
    """No kind of label is empty, and those that name a byline are plain words."""
    empty = [kind for kind in KINDS if not phrases(kind)]

    assert empty == []
    assert {"by", "von", "par", "por", "di"} <= set(phrases("byline"))


def test_a_line_takes_microseconds() -> None:
    """A thousand lines, hostile ones among them, are judged in a small part of a second."""
    lines = ["The chair of the committee said that the budget would be cut again."] * 990
    lines += ["Share " * 49, ":" * 299, "a" * 300, "Tags " * 59, "é" * 300, "\u0301" * 300] * 2
    start = time.process_time()

    for line in lines:
        kind_of(line)

    assert time.process_time() - start < 0.2
