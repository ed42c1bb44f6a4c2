"""Links to other stories: which of the links beside a story lead to one."""

from __future__ import annotations

import pytest

from service.extract import Page, extract
from tests.extract.metadata.pages import story


def related(links: str) -> list[tuple[str, str]]:
    """Titles and addresses that are told of a page with ``links`` in its box of related ones."""
    html = story(end=f'<div class="related">{links}</div>')
    page = Page(content=html, url="https://kap.example/news/2026/summit-fails")
    return [(link.title, link.url) for link in extract(page).related]


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Ferry to the islands starts earlier than planned", "/news/ferry-starts-earlier"),
        ("Die Fähre legt früher ab", "/artikel/310144/"),
        ("フェリーの始発が早まる見通し", "/articles/367061"),
        ("تفاصيل جلسة مجلس الوزراء اليوم في بيروت", "/news/lebanon/898611/%D8%AA%D9%81%D8%A7"),
        ("The best strimmers for a tidy garden, reviewed", "/recommended/best-strimmer/"),
    ],
)
def test_a_story_is_told_by_its_title_and_its_address(title: str, path: str) -> None:
    """In any script, with words or with a number in the address."""
    assert related(f"<p><a href={path}>{title}</a></p>") == [(title, f"https://kap.example{path}")]


@pytest.mark.parametrize(
    "link",
    [
        "<a href=/legal/terms>Terms and conditions</a>",
        "<a href=/category/sports/vancouver-canucks>Vancouver Canucks and friends</a>",
        "<a href=/author/alice-barraclough-2>By Alice Barraclough in our paper</a>",
        "<a href=/academy/pricing-plans>Pricing &amp; plans</a>",
        "<a href=#comments-of-this-story>Skip to the comments of this story</a>",
        "<a href=https://mail.example/buWLN9>Click here to subscribe to our newsletter</a>",
    ],
)
def test_a_section_a_person_or_a_service_is_no_story(link: str) -> None:
    """Boxes of related links hold other links too."""
    assert related(f"<p>{link}</p>") == []


def test_the_title_of_a_card_is_its_heading() -> None:
    """A card that is one link prints a label, a date and a teaser as well."""
    card = (
        "<a href=/news/2026/ferry-starts-earlier><span>Traffic</span>"
        "<h3>Ferry starts earlier than planned</h3><p>From June on.</p></a>"
    )

    assert [title for title, _ in related(card)] == ["Ferry starts earlier than planned"]


def test_parts_of_a_title_that_only_styles_part_are_parted() -> None:
    """A kicker and a title in one link, without a space between them."""
    link = (
        "<a href=/news/2026/ferry-starts-earlier><span>Traffic</span><b>Ferry starts early</b></a>"
    )

    assert [title for title, _ in related(f"<p>{link}</p>")] == ["Traffic Ferry starts early"]


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Next: Ferry starts earlier than planned", "Ferry starts earlier than planned"),
        ("Lea más: La barca sale antes de la hora", "La barca sale antes de la hora"),
        ("Analyse: Die Fähre legt früher ab", "Analyse: Die Fähre legt früher ab"),
        ("Don't Miss Ferry: Seven places to see", "Don't Miss Ferry: Seven places to see"),
    ],
)  # fmt: skip
def test_labels_before_a_related_story_are_none_of_its_title(printed: str, title: str) -> None:
    """What only says that a link leads on goes; a sort of text and a name stay."""
    link = f"<p><a href=/news/ferry-starts-earlier>{printed}</a></p>"

    assert [found for found, _ in related(link)] == [title]


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("<a>Prev Previous Ferry starts earlier than planned", "Ferry starts earlier than planned"),
        ("<a rel=next>Next Ferry starts earlier today Next", "Ferry starts earlier today"),
        ("<a>Next ferry starts earlier than planned", "Next ferry starts earlier than planned"),
        ("<a>Read more on how ferries start earlier", "Read more on how ferries start earlier"),
        ("<a>Ferry starts earlier than planned 4 hours ago", "Ferry starts earlier than planned"),
        ("<a>Ferry starts earlier than planned8 min read", "Ferry starts earlier than planned"),
        ("<a>03:12 min Ferry starts earlier than planned", "Ferry starts earlier than planned"),
    ],
)
def test_pointers_ages_and_lengths_are_none_of_a_title(link: str, title: str) -> None:
    """What a template adds to the title of the story that a link leads to."""
    opened = link.replace("<a", "<a href=/news/2026/ferry-starts-earlier", 1)

    assert [found for found, _ in related(f"<p>{opened}</a></p>")] == [title]


@pytest.mark.parametrize(
    "link",
    [
        '<a title="Ferry starts earlier than planned">Sea Ferry starts earlier than planned By A',
        '<a aria-label="Ferry starts earlier than planned">Ferry starts earlier than planned 3 May',
        "<a><span>Traffic</span><b class=card-title>Ferry starts earlier than planned</b>By Ann",
        "<a><h3><i class=overtitle>Next summer</i>Ferry starts earlier than planned</h3>From June",
    ],
)
def test_the_title_of_a_card_is_what_its_markup_calls_so(link: str) -> None:
    """By the title or label of the link, or by the classes of its parts."""
    opened = link.replace("<a", "<a href=/news/2026/ferry-starts-earlier", 1)

    found = related(f"<p>{opened}</a></p>")

    assert [title for title, _ in found] == ["Ferry starts earlier than planned"]


def test_buttons_are_no_stories() -> None:
    """The same words lead to several pages, or are called out in capitals."""
    links = (
        "<p><a href=/go/2026/acme-shop-offers>See the offer at the Acme shop</a></p>"
        "<p><a href=/go/2026/acme-shop-more>See the offer at the Acme shop</a></p>"
        "<p><a href=/apps/get-our-news-app>CLICK HERE TO GET OUR NEWS APP</a></p>"
    )

    assert related(links) == []
