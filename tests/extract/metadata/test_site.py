"""The site that a page belongs to."""

from __future__ import annotations

import pytest

from service.extract import Page, extract
from tests.extract.metadata.pages import meta, read, story


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("Example Post - News since 1904", "Example Post"),
        ("All of Hill County | Example Post", "Example Post"),
        ("Example-Post.com: the paper", "Example-Post.com"),
        ("Office of Trade - Hill University", "Office of Trade - Hill University"),
        ("@example_post", "example_post"),
        ("Thoughts about trade | Example Post Blog", "Example Post Blog"),
        ("Example Post -", "Example Post"),
    ],
)
def test_a_site_is_called_by_what_its_domain_repeats(declared: str, name: str) -> None:
    """What a site says of itself beside its name is no part of it."""
    assert read(meta(og__site_name=declared), story()).site.name == name


def test_a_name_comes_before_an_address() -> None:
    """Of two names the one that spells the domain as words is taken; others do not replace it."""
    address = meta(og__site_name="www.example-post.com")

    spelled = read(address + meta(publisher="The Example Post"), story())
    other = read(address + meta(publisher="Acme Holding"), story())

    assert spelled.site.name == "The Example Post"
    assert other.site.name == "example-post.com"


def test_the_title_of_the_page_is_not_its_sites_name() -> None:
    """Some pages repeat their title where the name belongs."""
    title = "Gipfel in Genf gescheitert | Example Post"
    head = f"<title>{title}</title>" + meta(og__site_name=title, publisher="Example Post")

    assert read(head, story()).site.name == "Example Post"


@pytest.mark.parametrize(
    ("title", "url", "name"),
    [
        ("Gipfel in Genf | Example Post", "https://example-post.com/a", "Example Post"),
        ("Learn to sail – Sailmast", "https://www.sailmastusa.com/learn", "Sailmast"),
        ("Rigging | Harbour Forums", "https://forums.harbour.example/t/1", "Harbour Forums"),
        ("How the harbour grew | A guide", "https://www.example-post.com/a", None),
        ("How the harbour grew", "https://www.example-post.com/a", None),
    ],
)  # fmt: skip
def test_a_site_without_a_name_is_named_by_the_end_of_a_title(
    title: str, url: str, name: str | None
) -> None:
    """The part that the domain spells, or that begins or ends as it does."""
    assert read(f"<title>{title}</title>", story(), url=url).site.name == name


def test_a_domain_outside_ascii_is_one_site() -> None:
    """A page asked for by its printed host declares its address by the encoded one."""
    page = read('<link rel="canonical" href="/b">', story(), url="https://bücher.example/a")

    assert page.canonical_url == "https://xn--bcher-kva.example/b"


@pytest.mark.parametrize("url", ["http://[", "https://example.com:99999/", "x", "about:blank"])
def test_an_address_that_is_none_costs_no_page(url: str) -> None:
    """A caller's address that cannot be taken apart leaves the page without one."""
    article = extract(Page(content=f"<title>Boats</title>{story()}", url=url))

    assert article.headline == "Gipfel in Genf gescheitert"
