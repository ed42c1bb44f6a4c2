"""Addresses, images, feeds, languages and the site."""

from __future__ import annotations

import pytest

from tests.extract.metadata.pages import URL, linked, meta, read, story


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/politik/gipfel.html#top", "https://www.example-post.com/politik/gipfel.html"),
        ("https://amp.example-post.com/a", "https://amp.example-post.com/a"),
        ("https://elsewhere.org/a", None),
        ("https://www.example-post.com/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_canonical_address_is_checked(href: str, expected: str | None) -> None:
    """Only an address of the same site that is no front page can be the article's."""
    assert read(f'<link rel="canonical" href="{href}">', story()).canonical_url == expected


def test_images_are_absolute_and_logos_come_last() -> None:
    """Candidates for the lead image keep their order, logos behind the others."""
    head = meta(og__image="/logo.png") + linked(image={"url": "/bild.jpg"})

    page = read(head, story())

    assert [url for url, _ in page.images] == [
        "https://www.example-post.com/bild.jpg",
        "https://www.example-post.com/logo.png",
    ]


def test_feeds_and_hubs_are_found() -> None:
    """Alternate links of feed types are feeds; hub links are hubs."""
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" hreflang="en" href="/en"><link rel="hub" href="https://hub.example/">'
    )

    page = read(head, story())

    assert page.feeds == ["https://www.example-post.com/rss"]
    assert page.hubs == ["https://hub.example/"]


def test_language_claims_keep_their_sources() -> None:
    """Every declared language is a claim, the html element's first."""
    page = read(meta(og__locale="de_AT") + linked(inLanguage="de"), story(), lang="de-DE")

    assert [(c.tag, c.source) for c in page.languages] == [
        ("de-DE", "dom"), ("de", "json-ld"), ("de-AT", "meta"),
    ]  # fmt: skip


def test_direction_follows_the_language_unless_it_is_declared() -> None:
    """Arabic runs from the right even where nobody says so."""
    assert read("", story(), lang="ar").direction == "rtl"
    assert read("", story(), lang="de").direction == "ltr"


def test_the_site_has_a_domain_a_name_and_an_icon() -> None:
    """The domain is the registrable one; the largest icon is taken."""
    head = meta(og__site_name="Example Post") + (
        '<link rel="icon" sizes="32x32" href="/32.png">'
        '<link rel="icon" sizes="96x96" href="/96.png">'
    )

    site = read(head, story(), url=URL.replace("www.example-post.com", "news.example.co.uk")).site

    assert site.domain == "example.co.uk"
    assert site.name == "Example Post"
    assert site.icon == "https://news.example.co.uk/96.png"
