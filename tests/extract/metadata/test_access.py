"""Access and rights."""

from __future__ import annotations

import pytest

from tests.extract.metadata.pages import linked, meta, read, story


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("True", True), ("http://schema.org/True", True), (False, False),
     ("False", False), ("https://schema.org/False", False), ("no", False), ("maybe", None)],
)  # fmt: skip
def test_is_accessible_for_free_in_all_its_spellings(value: object, expected: bool | None) -> None:
    """Booleans and their texts mean the same; anything else means nothing."""
    assert read(linked(isAccessibleForFree=value), story()).is_free is expected


def test_the_paid_part_is_named_by_its_selector() -> None:
    """hasPart says which part of a page is behind the wall."""
    part = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paywall"}

    page = read(linked(hasPart=part), story())

    assert page.is_free is False
    assert page.paywall == "hard"
    assert page.paywall_selectors == [".paywall"]


def test_the_content_tier_knows_a_meter() -> None:
    """article:content_tier tells metered from locked."""
    page = read(meta(article__content_tier="metered"), story())

    assert (page.is_free, page.paywall) == (False, "metered")


def test_a_licence_in_words_is_no_address() -> None:
    """What is written where an address is usual is told as it is written."""
    words = read(linked(license="All rights reserved"), story())
    address = read(linked(license="/licence"), story())

    assert words.rights.license == "All rights reserved"
    assert address.rights.license == "https://www.example-post.com/licence"


def test_a_silent_page_is_neither_free_nor_paid() -> None:
    """Nothing declared is null and unknown."""
    page = read("", story())

    assert (page.is_free, page.paywall) == (None, "unknown")


def test_rights_are_read_from_links_and_from_the_foot() -> None:
    """The licence is an address; the notice is what the foot of the page prints."""
    head = '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
    foot = "<footer>Kontakt Impressum | © 2024 Example Post Verlag</footer>"

    page = read(head, story() + foot)

    assert page.rights.license == "https://creativecommons.org/licenses/by/4.0/"
    assert page.rights.copyright_notice == "© 2024 Example Post Verlag"


@pytest.mark.parametrize(
    ("foot", "notice"),
    [
        ("© 2026 Kap Presse. Alle Rechte vorbehalten.<a>Impressum</a> <a>Datenschutz</a>",
         "© 2026 Kap Presse. Alle Rechte vorbehalten."),
        ("<a>Copyright policy</a> <a>Terms</a> <p>Copyright ©2026 Kap Press Inc.</p><a>Jobs</a>",
         "Copyright ©2026 Kap Press Inc."),
        ("© 2003-2026 <a>Kap Press</a> <a>Privacy</a>", "© 2003-2026 Kap Press"),
        ("© 2026 Kap Press • Powered by <a>Engine</a>", "© 2026 Kap Press"),
        ("© 2026 Kap Press - a company of the <a>Kap Group</a>", "© 2026 Kap Press"),
        ("© by <a>Ana Kap</a> <a>Top</a>", "© by Ana Kap"),
        ("Copyright Ana Kap 2019-2026. <a>Contact</a>", "Copyright Ana Kap 2019-2026."),
        ("<a>Copyright</a> <a>Contact</a>", None),
        ("© 2026 <a>Privacy Policy</a> <a>Jobs</a>", None),
        ("The Kap Fund is a 501(c)(3) organisation.", None),
        ("© 2026 Kap Press, Inc. All rights reserved. Kap is a trademark of Kap Press.",
         "© 2026 Kap Press, Inc. All rights reserved."),
        ("© 2019-2026 © 2019-2026 Kap Press", "© 2019-2026 Kap Press"),
        ("Copyright © 2026, Kap Post Copyright © 2026, Kap Post", "Copyright © 2026, Kap Post"),
        ("© Kap Press Ltd. Registered in England, no. 1234", "© Kap Press Ltd."),
        ("© 2026 J. Kap and Sons GmbH & Co. KG", "© 2026 J. Kap and Sons GmbH & Co. KG"),
        ("Copyright 2026 Kap Post Powered by WordPress Theme:", "Copyright 2026 Kap Post"),
    ],
)  # fmt: skip
def test_a_printed_notice_ends_where_the_links_of_the_foot_begin(
    foot: str, notice: str | None
) -> None:
    """Names of other pages beside a notice are not part of it; a linked holder is."""
    assert read("", story() + f"<footer>{foot}</footer>").rights.copyright_notice == notice
