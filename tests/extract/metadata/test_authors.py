"""The authors, as declared and as printed."""

from __future__ import annotations

import pytest

from service.extract.metadata import Metadata
from tests.extract.metadata.pages import linked, meta, read, story


def names(page: Metadata) -> list[str]:
    return [author.name for author in page.authors]


def test_json_ld_names_people_with_links_and_roles() -> None:
    """Authors keep the address and the job that the page declares."""
    person = {
        "@type": "Person",
        "name": "Anna Berg",
        "url": "/autor/berg",
        "jobTitle": "Reporterin",
    }

    page = read(linked(author=[person, "Max Roth"]), story())

    assert names(page) == ["Anna Berg", "Max Roth"]
    assert page.authors[0].url == "https://www.example-post.com/autor/berg"
    assert page.authors[0].role == "Reporterin"
    assert page.provenance["authors"] == "json-ld"


def test_references_inside_a_graph_are_followed() -> None:
    """An author given by @id is looked up among the nodes of the page."""
    graph = """<script type="application/ld+json">{"@graph": [
      {"@type": "WebSite", "name": "Example Post"},
      {"@type": "Article", "headline": "Gipfel in Genf gescheitert", "author": {"@id": "#a"}},
      {"@type": "Person", "@id": "#a", "name": "Anna Berg"}]}</script>"""

    assert names(read(graph, story())) == ["Anna Berg"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>Von Anna Berg und Max Roth</p>", ["Anna Berg", "Max Roth"]),
        ('<div class="byline"><a href="/autor/berg">Anna Berg</a>, Genf</div>', ["Anna Berg"]),
        ('<span itemprop="author">Anna Berg</span>', ["Anna Berg"]),
        ('<a rel="author" href="/x">Anna Berg</a>', ["Anna Berg"]),
        ('<p class="author"><b>Anna Berg</b><i class="role">Reporterin</i></p>', ["Anna Berg"]),
        ("<p>Von Anna Berg (dpa)</p>", ["Anna Berg"]),
        ("<p>Von AFP</p>", ["AFP"]),
        ("<p>Fotos: Max Roth</p>", []),
        ('<nav><a href="/autor/">Autoren</a></nav>', []),
    ],
)  # fmt: skip
def test_the_printed_byline_names_them(line: str, expected: list[str]) -> None:
    """Labels, classes, links and microdata near the headline name the authors."""
    assert names(read("", story(line))) == expected


def test_a_printed_byline_overrules_the_account_that_posted_it() -> None:
    """Where the head names somebody else than the printed byline, the readers' word counts."""
    page = read(
        linked(author={"@type": "Person", "name": "Web Desk Ops"}), story("<p>Von Anna Berg</p>")
    )

    assert names(page) == ["Anna Berg"]
    assert page.byline == "Von Anna Berg"


@pytest.mark.parametrize(
    "content",
    ["admin", "Redaktion", "jdoe", "info@example-post.com", "Example Post, Berlin", "Muster GmbH"],
)
def test_no_author_is_made_up(content: str) -> None:
    """Accounts, departments, contacts, companies and the site itself are no authors."""
    assert names(read(meta(author=content), story())) == []


def test_a_site_is_an_author_only_by_its_own_express_word() -> None:
    """A publisher is no author; a site that JSON-LD alone names as author is."""
    publisher = {"@type": "NewsMediaOrganization", "name": "Example Post"}

    assert names(read(linked(publisher=publisher), story())) == []
    assert names(read(linked(author=publisher), story())) == ["Example Post"]


def test_the_byline_is_kept_as_printed_and_left_out_of_the_body() -> None:
    """The byline is verbatim, whatever was read from it."""
    page = read("", story("<p>Par Alice Tidey avec AFP</p>"), lang="fr")

    assert page.byline == "Par Alice Tidey avec AFP"
    assert names(page) == ["Alice Tidey", "AFP"]
    assert "byline" in page.consumed.values()


LEE = '<a href="/author/1">Ann Lee</a>'
FRY = '<a href="/author/2">Bo Fry</a>'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"<p>By {LEE} | Fact-checked by {FRY}</p>", ["Ann Lee"]),
        (f'<p class="info">{LEE} reviewed by {FRY}</p>', ["Ann Lee"]),
        (f"<p>By {LEE}<i>, </i><span>Genf</span> 17.04.2024, 12:24</p>", ["Ann Lee"]),
        ("<p>By <b>ANN LEE and CY\n      GREEN</b> May 3, 2024</p>", ["ANN LEE", "CY GREEN"]),
        ("<p>By: Ann Lee | May 3, 2024 | Categories: Uncategorized</p>", ["Ann Lee"]),
        ('<p class="byline">Personal finance, May 3, 2024</p>', []),
        ('<p>Learn about our <a class="author-tip" href="/x">editorial policies</a></p>', []),
        ('<blockquote class="twitter-tweet">Posted by Ann Lee on Monday</blockquote>', []),
        ('<div class="breadcrumbs">By Course or Type</div>', []),
        ('<div class="errorreporterrbox">Found A Mistake</div>', []),
    ],
)  # fmt: skip
def test_only_those_who_wrote_it_are_named(line: str, expected: list[str]) -> None:
    """Checkers, cities, topics, embedded posts and site furniture are no authors."""
    assert names(read("", story(line))) == expected


def test_a_person_may_be_declared_in_small_letters() -> None:
    """What JSON-LD calls a person is one, however its name is written; an account is none."""
    for name, expected in (("ann lee", ["ann lee"]), ("annlee", [])):
        head = linked(author={"@type": "Person", "name": name})

        assert names(read(head, story())) == expected


def test_who_made_the_site_is_no_author() -> None:
    """A head may name its developer where others name the author."""
    head = meta(author="Developed By Ann Lee")

    assert read(head, story()).authors == []
    assert read(meta(author="Ann Lee"), story()).authors[0].name == "Ann Lee"


def test_the_address_of_an_author_is_one_address() -> None:
    """Templates escape it twice, and put that of another site behind their own."""

    def address(url: str) -> str | None:
        return read(linked(author={"name": "Ann Lee", "url": url}), story()).authors[0].url

    assert address("https://a.example/?t=p&#038;p=7") == "https://a.example/?t=p&p=7"
    assert address("https://a.example/https://b.example/lee") == "https://b.example/lee"


def test_capitals_are_read_as_the_byline_writes_them() -> None:
    """A name that the head declares in capitals is told as it is printed."""
    page = read(linked(author="ANN LEE"), story("<p class=byline>By Ann Lee</p>"), lang="en")

    assert [author.name for author in page.authors] == ["Ann Lee"]


def test_initials_in_a_circle_are_no_author() -> None:
    """Where a portrait is missing, its place shows initials that link to the same person."""
    links = '<a href="/author/ann-lee"><i>AL</i></a> <a href="/author/ann-lee">Ann Lee</a>'

    page = read("", story(f"<div class=byline>{links}</div>"), lang="en")

    assert [author.name for author in page.authors] == ["Ann Lee"]


def test_who_licensed_a_picture_did_not_write_the_story() -> None:
    """Classes that say *author of a picture* mark no byline."""
    name = '<span class="author-name"><a class="license-author" href="https://c.example/x">Max Roth'

    assert read("", story(f"<div>{name}</a></span></div>")).authors == []


def test_an_office_with_and_in_its_name_is_no_list() -> None:
    """The second half of a ministry's name signs nothing."""
    name = "Ministerium für Verkehr und Wege"

    assert [author.name for author in read(meta(author=name), story()).authors] == []


def test_a_trade_after_an_agency_is_a_role() -> None:
    """``AP Sports Writer`` says what the author before it is."""
    page = read(meta(author="By TOM HILL, AP Sports Writer"), story(), lang="en")

    assert [(author.name, author.role) for author in page.authors] == [
        ("TOM HILL", "AP Sports Writer")
    ]


@pytest.mark.parametrize(
    "line",
    [
        '<p>HARBOUR TOWN -- <a href="/players/profile?id=7">Max Roth</a> missed practice on'
        " Thursday because of an injury to his leg and will not play.</p>",
        '<div class="art"><img src="/p.jpg"><span class="credit vcard contributor">Max Roth / AP'
        "</span></div>",
    ],
)  # fmt: skip
def test_who_is_told_of_or_took_the_picture_is_no_author(line: str) -> None:
    """A sentence with a link to somebody, and the credit in the box of a picture."""
    assert names(read("", story(line))) == []
    assert names(read("", story(line, "<p>By Ann Lee</p>"), lang="en")) == ["Ann Lee"]


def test_an_address_gives_way_to_a_printed_author() -> None:
    """A syndicated story declares the site that it comes from."""
    page = read(linked(author="Netz.com"), story("<p>By Kate Sully, CNN</p>"), lang="en")

    assert [author.name for author in page.authors] == ["Kate Sully", "CNN"]


def test_a_customer_is_no_author() -> None:
    """Praise beside the story is signed with a class that says author."""
    praise = '<div class="et_pb_testimonial_author">Bruce Henning</div>'

    assert read("", story(praise)).authors == []


@pytest.mark.parametrize(
    ("printed", "names"), [("TaxLisa", ["Lisa Green"]), ("Fabian", ["Fabian"])]
)
def test_a_users_name_does_not_hide_a_declared_person(printed: str, names: list[str]) -> None:
    """Blogs print the account and declare who it is; a first name is a name."""
    page = read(linked(author="Lisa Green"), story(f"<p>Written by {printed}</p>"), lang="en")

    assert [author.name for author in page.authors] == names


def test_all_authors_of_a_paper_are_read() -> None:
    """Journals declare the first as creator and all of them for citations."""
    head = "".join(
        f'<meta name="{name}" content="{author}">'
        for name, author in (
            ("DC.Creator", "Jen Hub"), ("citation_authors", "Jen Hub"),
            ("citation_authors", "Joe Green"),
        )
    )  # fmt: skip

    assert [author.name for author in read(head, story()).authors] == ["Jen Hub", "Joe Green"]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("Lee, Ann", ["Ann Lee"]), ("Reuters, AFP", ["Reuters", "AFP"])],
)
def test_a_family_name_may_come_first(declared: str, expected: list[str]) -> None:
    """Two words that a comma parts are one name turned round, unless one is an agency."""
    linked_page = read(linked(author=declared), story(), lang="en")
    meta_page = read(meta(author=declared), story(), lang="en")

    assert [author.name for author in linked_page.authors] == expected
    assert [author.name for author in meta_page.authors] == expected
