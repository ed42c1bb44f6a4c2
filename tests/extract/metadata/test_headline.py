"""The headline, and what shares its place."""

from __future__ import annotations

import pytest

from service.extract.metadata.titles import key, names_site, without_site
from tests.extract.metadata.pages import PROSE, linked, meta, read, story

TITLES = [
    ("Le sommet | Le Journal", {"le journal"}, "Le sommet"),
    ("Le sommet - Le Journal - Monde", {"le journal"}, "Le sommet"),
    ("Example Post: Summit fails", {"example post"}, "Summit fails"),
    ("Gipfel gescheitert – was nun", {"example"}, "Gipfel gescheitert – was nun"),
    ("峰会在日内瓦宣告失败各方互相指责-新华网", {"news"}, "峰会在日内瓦宣告失败各方互相指责"),
    ("新北河日报--老街的最后一家修笔铺", {"news"}, "老街的最后一家修笔铺"),
    ("对接任务新闻发布会_中国航天官方网站", {"news"}, "对接任务新闻发布会"),
    ("国债余额限额的决议__2007年第23号国务院公报", {"news"}, "国债余额限额的决议"),
    ("Summit fails", {"example"}, "Summit fails"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "site", "expected"), TITLES)
def test_a_title_loses_its_site_and_nothing_else(title: str, site: set[str], expected: str) -> None:
    """Only the parts that name the site are cut from a title."""
    assert without_site(title, frozenset(site)) == expected


def test_the_visible_heading_that_the_title_confirms_wins() -> None:
    """An h1 that the title contains is the headline, and other h1 are not."""
    page = read(
        "<title>Gipfel in Genf gescheitert - Example Post</title>",
        "<h1>Example Post</h1><h1>Wetter</h1>" + story(),
    )

    assert page.headline == "Gipfel in Genf gescheitert"
    assert page.provenance["headline"] == "dom"
    assert "headline" in page.consumed.values()


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("Errors and how to recover - The Language Book", "<h1>The Language Book</h1>"),
        ("Notes of a Builder: Errors and how to recover",
         '<h1><a href="https://news.example/">Notes of a Builder</a></h1>'),
    ],
)  # fmt: skip
def test_the_name_of_a_book_or_blog_above_is_no_headline(title: str, first: str) -> None:
    """A first heading that ends the title, or leads to the top, gives way to the other part."""
    page = read(f"<title>{title}</title>", f"{first}<h2>Errors and how to recover</h2>{PROSE}")

    assert page.headline == "Errors and how to recover"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Siege on the river: The town holds out", "<h2>Siege on the river</h2><h1>The town holds"
         " out</h1>"),
        ("The town holds out - Politics", "<h1>The town holds out</h1><h2>Politics</h2>"),
    ],
)  # fmt: skip
def test_a_kicker_or_a_section_does_not_take_the_place_of_a_headline(title: str, body: str) -> None:
    """What stands above the headline, or ends the title, is not what a story is called."""
    page = read(f"<title>{title}</title>", body + PROSE)

    assert page.headline == "The town holds out"


def test_without_a_heading_json_ld_comes_before_the_title() -> None:
    """What JSON-LD calls the headline is preferred to a title with the site's name in it."""
    head = "<title>Gipfel | Example Post</title>" + linked(headline="Gipfel in Genf &amp; Bern")

    page = read(head, f"<article>{PROSE}</article>")

    assert page.headline == "Gipfel in Genf & Bern"
    assert page.provenance["headline"] == "json-ld"


def test_a_kicker_inside_the_heading_is_apart() -> None:
    """A heading that holds kicker and headline gives each its own field."""
    heading = '<span class="article-kicker">Klimaschutz</span><span>Bohren, bis es heiß wird</span>'

    page = read(linked(headline="Bohren, bis es heiß wird"), story(headline=heading))

    assert page.headline == "Bohren, bis es heiß wird"
    assert page.kicker == "Klimaschutz"


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Bohren: warum die Stadt es wagt", "Bohren, bis es heiß wird"),
        ("Klimaschutz: Bohren, bis es heiß wird", "Klimaschutz: Bohren, bis es heiß wird"),
    ],
)
def test_a_kicker_stays_where_the_head_has_it_in_the_title(title: str, headline: str) -> None:
    """Parts of a heading that only styles keep apart are parted in its text too."""
    heading = '<span class="kicker">Klimaschutz</span><span>Bohren, bis es heiß wird</span>'

    page = read(f"<title>{title}</title>", story(headline=heading))

    assert (page.kicker, page.headline) == ("Klimaschutz", headline)


def test_a_page_that_repeats_its_title_as_site_name_keeps_its_headline() -> None:
    """og:site_name may hold the article's title; that does not make the title a site's name."""
    head = "<title>Gipfel in Genf gescheitert</title>" + meta(
        og__site_name="Gipfel in Genf gescheitert", og__title="Gipfel in Genf gescheitert"
    )

    assert read(head, story()).headline == "Gipfel in Genf gescheitert"


def test_an_empty_page_has_no_headline() -> None:
    """Nothing printed and nothing declared gives null."""
    assert read().headline is None


def test_names_of_sites_are_known_in_other_spellings() -> None:
    """Blanks and endings do not hide a site's name; a headline is not one."""
    site = frozenset({"example post", "example post com"})

    assert names_site("ExamplePost.com", site)
    assert not names_site("Example of a post-war summit that failed in Geneva", site)
    assert key("  Ça – VA! ") == "ça va"


@pytest.mark.parametrize(
    ("title", "printed", "expected"),
    [
        ("Wellen im Hafen - Forum der Segler", "Wellen im Hafen", "Wellen im Hafen"),
        ("Wellenbrecher | Ingenieure Nord", "Wellenbrecher", "Wellenbrecher"),
        ("港の波を描ける「ナミ」:開発日誌", "港の波を描ける「ナミ」", "港の波を描ける「ナミ」"),
        ("Harbour Project: Better Walls", "Harbour Project", "Harbour Project: Better Walls"),
        ("ABC-2018-0135 - Liste", "ABC-2018-0135", "ABC-2018-0135 - Liste"),
    ],
)  # fmt: skip
def test_a_printed_heading_ends_a_title_before_the_name_of_its_site(
    title: str, printed: str, expected: str
) -> None:
    """A site that nothing names is told by the heading that prints the rest of the title; a second
    part after a colon stays, and an identifier is no headline."""
    body = f"<h2>{printed}</h2><p>Am Morgen war das Wasser wieder ruhig.</p>"

    assert read(f"<title>{title}</title>", body).headline == expected


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("Lock gates fail at Easter - The Towpath: News of canals - Example Post",
         "The Towpath: All that canals have to tell"),
        ("Lock gates fail at Easter by Ann Example", "ann's"),
        ("Towpath » Blog Archive » Lock gates fail at Easter", "Blog Archive » Older"),
    ],
)  # fmt: skip
def test_a_heading_that_one_end_of_the_title_names_is_the_headline(title: str, first: str) -> None:
    """The first heading may be that of a blog or a section, whatever level the story's has."""
    page = read(
        f"<title>{title}</title>",
        f"<h1>{first}</h1><h3>Lock gates fail at Easter</h3>{PROSE}",
        url="https://post.example/2026/lock-gates-fail-at-easter",
    )

    assert page.headline == "Lock gates fail at Easter"


def test_a_section_in_the_heading_that_the_head_does_not_declare_is_cut() -> None:
    """Up to a mark where a declared title ends."""
    page = read(
        '<meta property="og:title" content="Lock gates fail at Easter">',
        f"<h1>Lock gates fail at Easter | Canals and rivers</h1>{PROSE}",
    )

    assert page.headline == "Lock gates fail at Easter"


def test_a_heading_of_a_part_that_the_title_begins_with_is_no_headline() -> None:
    """The address speaks for the first heading, though the title is another and a part has it."""
    page = read(
        "<title>What is a lock gate? - A guide | Example Post</title>",
        "<h1>An introduction to lock gates: all you need in 2026</h1>"
        f"{PROSE}<h2>What is a lock gate?</h2>{PROSE}",
        url="https://post.example/blog/introduction-to-lock-gates/",
    )

    assert page.headline == "An introduction to lock gates: all you need in 2026"


@pytest.mark.parametrize("drawing", ["", "<svg><title>Menu</title></svg>"])
def test_a_title_that_a_broken_head_leaves_in_the_body_is_the_pages(drawing: str) -> None:
    """An element that no head may hold ends it; the title of a drawing is not the page's."""
    page = read(
        f'<a name="x"></a>{drawing}<title>Lock gates fail at Easter | Towpath</title>',
        f"<h2>Monday, 2 March</h2><h3>Lock gates fail at Easter</h3>{PROSE}",
    )

    assert page.headline == "Lock gates fail at Easter"


def test_the_date_inside_a_heading_is_no_part_of_the_headline() -> None:
    """Some themes print the day into the heading; the title has the rest alone."""
    head = "<title>Gipfel in Genf gescheitert</title>"
    heading = "<time datetime=2026-03-12>Mar 12 2026</time> Gipfel in Genf gescheitert"

    assert read(head, story(headline=heading), lang="en").headline == "Gipfel in Genf gescheitert"


def test_what_a_theme_writes_before_a_title_is_cut() -> None:
    """``Blog Archive »`` stands in titles of old themes only."""
    head = "<title>Example Post » Blog Archiv » Gipfel in Genf gescheitert</title>"
    body = f"<h1>Example Post</h1><h2>Gipfel in Genf gescheitert</h2>{PROSE * 3}"

    assert read(head, body).headline == "Gipfel in Genf gescheitert"


def test_the_address_confirms_a_heading_where_the_title_names_the_site() -> None:
    """A site without titles of its own still prints them."""
    url = "https://www.example-post.com/neue-wege-fuer-die-bruecke/"
    body = f"<h1><img alt=logo></h1><h2>Anzeigen</h2><h3>Neue Wege für die Brücke</h3>{PROSE * 3}"

    assert (
        read("<title>example-post.com</title>", body, url=url).headline
        == "Neue Wege für die Brücke"
    )


@pytest.mark.parametrize(
    "heading",
    [
        "<a href=/x><b class=label>Notes</b><i>&nbsp;</i>Gipfel in Genf geht zu Ende</a>",
        "<span><a href=/x>Gipfel in Genf geht zu Ende</a> <span>(netz.example) 87</span></span>",
    ],
)
def test_a_headline_inside_nested_elements_is_found(heading: str) -> None:
    """Labels, sources and counts share the heading with the words of the title."""
    page = read("<title>Gipfel in Genf geht zu Ende</title>", story(headline=heading))

    assert page.headline == "Gipfel in Genf geht zu Ende"


def test_a_kicker_that_the_headline_repeats_is_cut_once() -> None:
    """``Wurmkiste`` above ``Wurmkiste selber bauen``."""
    head = linked(headline="Wurmkiste selber bauen")
    heading = '<span class="roofline">Wurmkiste</span> Wurmkiste selber bauen'

    assert read(head, story(headline=heading)).headline == "Wurmkiste selber bauen"


def test_a_headline_of_two_elements_has_the_marks_of_the_title() -> None:
    """Styles part the topic from the rest; the head writes a dash."""
    title = "Krankheiten von Tieren – Wie neue Seuchen entstehen"
    heading = "<span>Krankheiten von Tieren</span><span>Wie neue Seuchen entstehen</span>"

    assert read(f"<title>{title}</title>", story(headline=heading)).headline == title


def test_the_last_step_of_the_trail_is_not_the_headline() -> None:
    """Some sites make it a first heading, worded for search engines."""
    head = "<title>Geld: So zahlt man bald</title>" + meta(og__title="So wird man bald zahlen")
    trail = '<h1 class="breadcrumb__headline">Geld: So zahlt man bald</h1>'
    heading = '<h2><span class="title__headline">So wird man bald zahlen</span></h2>'

    page = read(head, f"<main>{trail}<article>{heading}{PROSE * 3}</article></main>")

    assert page.headline == "So wird man bald zahlen"


def test_a_first_heading_that_leads_to_the_front_page_gives_way() -> None:
    """The blog's name is in every title, too."""
    head = "<title>Waschanlage A31Das gute Buch der Firmen | Das gute Buch der Firmen</title>"
    name = '<h1><a href="https://www.example-post.com/">Das gute Buch der Firmen</a></h1>'

    assert read(head, name + story(headline="Waschanlage A31")).headline == "Waschanlage A31"


def test_a_page_of_a_book_is_not_headed_by_the_book() -> None:
    """Also where the page's own heading says more than the title does."""
    page = read(
        "<title>tide fetch - The Tide Book</title>",
        "<h1>The Tide Book</h1><main><h1>tide-fetch(1)</h1>" + story() + "</main>",
    )

    assert page.headline == "tide-fetch(1)"


def test_a_button_in_the_heading_is_no_part_of_the_headline() -> None:
    """To copy, to save or to share; a heading that is a button as a whole stays."""
    button = "<button>Copy the path of this item</button>"
    assert read("", f"<h1>Building a sea wall&nbsp;{button}</h1>{PROSE}").headline == (
        "Building a sea wall"
    )
    whole = "<h1><button>Building a sea wall</button></h1>"
    assert read("", whole + PROSE).headline == "Building a sea wall"


def test_the_title_of_a_page_comes_before_the_name_of_its_wiki() -> None:
    """A first heading that leads to the front page and ends the title is the site's; the element
    that its id calls the title of the page is the headline."""
    body = (
        '<h1><a href="/">Rope Knots - Harbour</a></h1><div id="page-title">Bowline Figures</div>'
        "<p>Text.</p>"
    )

    page = read("<title>Bowline Figures - Rope Knots - Harbour</title>", body, lang="en")

    assert page.headline == "Bowline Figures"
