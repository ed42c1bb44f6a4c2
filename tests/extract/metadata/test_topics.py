"""Kicker, section, breadcrumbs and keywords."""

from __future__ import annotations

import json

import pytest

from tests.extract.metadata.pages import linked, meta, read, story


def test_breadcrumbs_leave_the_article_itself_out() -> None:
    """The path ends where the article begins."""
    crumbs = """<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": [
      {"@type": "ListItem", "position": 1, "name": "Start"},
      {"@type": "ListItem", "position": 2, "item": {"@id": "/politik", "name": "Politik"}},
      {"@type": "ListItem", "position": 3, "name": "Gipfel in Genf gescheitert"}]}</script>"""

    page = read(crumbs, story())

    assert page.breadcrumbs == ["Start", "Politik"]
    assert page.section == "Politik"


def test_printed_breadcrumbs_are_read_and_consumed() -> None:
    """A list of links that its class calls breadcrumbs is the path."""
    items = '<li><a href="/">Start</a></li><li><a href="/p">Politik</a></li>'
    nav = f'<ol class="breadcrumb">{items}</ol>'

    page = read("", nav + story())

    assert page.breadcrumbs == ["Start", "Politik"]
    assert "breadcrumbs" in page.consumed.values()


def test_the_section_is_declared_before_it_is_printed() -> None:
    """JSON-LD's section wins over the label near the headline."""
    label = '<a class="article-category" href="/p">Ausland</a>'

    assert read(linked(articleSection="Politik"), story(label)).section == "Politik"
    assert read("", story(label)).section == "Ausland"


def test_a_kicker_stands_above_the_headline() -> None:
    """The line over the headline is the kicker, not the section."""
    page = read("", '<p class="overline">Nach drei Tagen</p>' + story())

    assert page.kicker == "Nach drei Tagen"


def test_keywords_are_split_and_counted_once() -> None:
    """Keywords come from one source, each once, in order."""
    page = read(linked(keywords="Genf, Gipfel, genf,  #Frieden"), story())

    assert page.keywords == ["Genf", "Gipfel", "Frieden"]
    assert read(meta(article__tag="Genf"), story()).keywords == ["Genf"]


def test_the_sites_name_is_no_keyword() -> None:
    """Sites write their own name among the keywords of every page."""
    head = '<meta property="og:site_name" content="Example Post">'
    head += '<meta name="keywords" content="Genf, Example Post, Gipfel">'

    assert read(head, story()).keywords == ["Genf", "Gipfel"]


@pytest.mark.parametrize(
    ("printed", "kicker"),
    [
        ("Wohnen 04. Februar 2022, 15:29 Uhr", "Wohnen"),
        ("Politics / January 11, 2024", "Politics"),
        ("Nach 3 Tagen: F1", "Nach 3 Tagen: F1"),
        ("26.01.2022", None),
    ],
)
def test_a_date_beside_a_kicker_is_not_of_it(printed: str, kicker: str | None) -> None:
    """Templates print section, kicker and day on one line."""
    page = read("", f'<main><p class="kicker">{printed}</p>{story()}</main>')

    assert page.kicker == kicker


def test_sections_are_those_of_a_label_and_not_of_a_menu() -> None:
    """A label may name several sections; a row of links that is no label of categories is a menu,
    and what a publishing system calls the section of everything is none."""
    links = "<a href=/a>Kultur</a> <a href=/b>Reise</a>"

    assert read("", story(f'<p class="cat-links">{links}</p>')).section == "Kultur, Reise"
    assert read("", story(f'<p class="section-menu">{links}</p>')).section is None
    assert read(linked(articleSection="Uncategorized"), story()).section is None


def test_breadcrumbs_are_one_path_without_dates() -> None:
    """Of two paths beside each other the last one is told; years and what is below them are of an
    archive; a row of many links is a menu."""

    def crumbs(*names: str) -> list[str]:
        links = "".join(f"<a href=/{n}>{name}</a>" for n, name in enumerate(names))
        return read("", f'<div class="breadcrumbs">{links}</div>' + story()).breadcrumbs

    assert crumbs("Home", "Space", "Home", "Sky", "Stars") == ["Home", "Sky", "Stars"]
    assert crumbs("Home", "2026", "March", "12") == ["Home"]
    assert crumbs("Home", *"ABCDEFGHI") == []


def test_keywords_for_machines_are_no_keywords() -> None:
    """Templates tell their own systems of kind, place and time; one colon is a title's."""
    tags = ["Page Type: Article", "Locale: US", "Day: Friday", "Wine"]

    assert read(linked(keywords=tags), story()).keywords == ["Wine"]
    assert read(linked(keywords=["Rogue One: A Story", "Film"]), story()).keywords == [
        "Rogue One: A Story", "Film",
    ]  # fmt: skip


def crumbs_of(*items: dict[str, str]) -> str:
    """A JSON-LD script that holds a path."""
    steps = [{"@type": "ListItem", "position": n, **item} for n, item in enumerate(items, 1)]
    data = {"@type": "BreadcrumbList", "itemListElement": steps}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    "last",
    [
        {"name": "Genf", "item": "/politik/gipfel-in-genf-123.html"},
        {"name": "Gipfel scheitert in Genf nach Wochen"},
        {"name": "Was in Genf geschah"},
        {"name": "Aktueller Artikel"},
        {"name": "Suche", "item": "/suche"},
    ],
)
def test_the_path_ends_before_what_is_the_page_itself(last: dict[str, str]) -> None:
    """A step that leads to the page, one of its titles, most words of its headline, a label and
    the search are no sections."""
    head = crumbs_of({"name": "Start", "item": "/"}, {"name": "Welt", "item": "/welt"}, last)
    titles = "<title>Was in Genf geschah | Post</title>"

    page = read(titles + head, story(headline="Gipfel in Genf nach Wochen gescheitert"))

    assert page.breadcrumbs == ["Start", "Welt"]
    assert page.section == "Welt"


def test_a_section_is_not_the_headline_and_not_dated() -> None:
    """A template may name the page itself, or glue a date to the label of a section."""
    label = '<p class="category"><a href=/a>Reise 3. Mai 2024</a></p>'

    assert read(linked(articleSection="Gipfel in Genf gescheitert"), story()).section is None
    assert read("", story(label)).section is None
    assert read("", story(label.replace(" 3. Mai 2024", ""))).section == "Reise"


def test_identifiers_and_the_headline_are_no_keywords() -> None:
    """What only a system reads goes; marks around a keyword go too."""
    tags = [
        "8f507083-bac4-423a-9015-2eb31e1bce50", "104746419", "/article", "Section: Sport:Tennis",
        "stats-reach-team-all-articles", "@river", "type_news",
        "Gipfel in Genf gescheitert", '"Genf"', "› UNO", "B-52",
    ]  # fmt: skip

    assert read(linked(keywords=tags), story()).keywords == ["Genf", "UNO", "B-52"]


@pytest.mark.parametrize(
    ("declared", "section"),
    [
        ("Aktuell,FinTech", "Aktuell"),
        ("Region, News, Wirtschaft, Newsletter", "Region"),
        ("Arts, Books and Media", "Arts, Books and Media"),
        ("Projectors under $3,000", "Projectors under $3,000"),
        ("Business Aviation,", "Business Aviation"),
    ],
)
def test_a_list_of_sections_gives_its_first(declared: str, section: str) -> None:
    """Publishing systems join all categories of a story; a name with commas stays whole."""
    assert read(linked(articleSection=declared), story()).section == section


def test_an_offer_is_no_section() -> None:
    """What a label beside the headline sells is not where the story stands."""
    label = '<a class="eyebrow" href="/x">Save up to 40% today!</a>'

    assert read("", story(label)).section is None


@pytest.mark.parametrize("declared", ["/world/middle_east", "$ 379 .00", "27", "Search Results"])
def test_paths_and_kinds_of_pages_are_no_sections(declared: str) -> None:
    """What a template declares is not always a name."""
    assert read(linked(articleSection=declared), story()).section is None


def test_tags_of_machines_are_no_keywords() -> None:
    """Names of fields with their values are left out; a title with a colon is none."""
    page = read(linked(keywords="Genf, source:tagname:Post Source, Covid: Folgen"), story())

    assert page.keywords == ["Genf", "Covid: Folgen"]


@pytest.mark.parametrize(
    "items",
    [
        '<li><a href="/">Home</a></li>',
        '<li><a href="https://www.example-post.com">Example Post</a></li>',
        '<li><a href="/start">Startseite</a></li>',
    ],
)
def test_a_path_that_ends_at_the_top_of_the_site_says_nothing(items: str) -> None:
    """Its word, the site's name or its address tell that a step is the top."""
    assert read("", f'<ol class="breadcrumb">{items}</ol>' + story()).breadcrumbs == []


def test_the_way_back_is_no_step_of_the_path() -> None:
    """Some pages end their path with a link back to what it names already."""
    items = '<li><a href="/w">Wissen</a></li><li><a href="/w">Zurück zu Wissen</a></li>'

    assert read("", f'<ol class="breadcrumb">{items}</ol>' + story()).breadcrumbs == ["Wissen"]


def test_a_section_is_written_as_the_path_prints_it() -> None:
    """Machines declare it in small letters."""
    items = '<li><a href="/">Start</a></li><li><a href="/p">Politik</a></li>'
    path = f'<ol class="breadcrumb">{items}</ol>'

    assert read(meta(article__section="politik"), path + story()).section == "Politik"


def test_a_label_of_one_section_is_its_link() -> None:
    """What stands beside the link in its line is about something else."""
    line = '<p class="section"><a href="/p">Politik</a> 22 h</p>'

    assert read("", story(line)).section == "Politik"


@pytest.mark.parametrize(
    ("printed", "kicker"),
    [("Akkutechnik:", "Akkutechnik"), ("Flughafen 12:03 Uhr UPDATE", "Flughafen"),
     ("von Fred Rau", None), ("3 min read Robots", "Robots"), ("11:12am EDT", None),
     ("Ann Lee (Photo: Max Roth)", None)],
)  # fmt: skip
def test_a_kicker_has_no_mark_hour_or_author(printed: str, kicker: str | None) -> None:
    """A colon parts it from the headline; the hour is that of the news."""
    assert read("", f'<p class="kicker">{printed}</p>' + story()).kicker == kicker


@pytest.mark.parametrize("declared", ["articles", "Suggested articles", "- Destacado 1", "nil"])
def test_a_kind_of_page_is_no_section(declared: str) -> None:
    """Publishing systems declare what a page is or where it is shown."""
    assert read(meta(article__section=declared), story()).section is None


def test_a_list_of_facts_is_no_path() -> None:
    """Author, day and the number of comments in an element called so."""
    items = '<li><a href="/a">Ann Lee</a></li><li><a href="/c">0</a></li>'

    assert read("", f'<ol class="breadcrumb">{items}</ol>' + story()).breadcrumbs == []


def test_a_section_has_no_label() -> None:
    """Some templates write what the name is the name of."""
    assert read(meta(article__section="Category: Features"), story()).section == "Features"


def test_a_declared_path_goes_by_its_positions() -> None:
    """Steps of JSON-LD may come in any order; a list that was put into a text has no brackets."""
    steps = [
        {"@type": "ListItem", "position": at, "name": name}
        for at, name in ((2, "Boote"), ("1", "Meer"), (3, "Häfen"))
    ]
    path = {"@type": "BreadcrumbList", "itemListElement": steps}
    page = read(linked(hasPath=path, keywords='["Meer", "Licht"]'), story())

    assert page.breadcrumbs == ["Meer", "Boote", "Häfen"]
    assert page.keywords == ["Meer", "Licht"]


def test_a_label_may_stand_before_the_link_of_a_section() -> None:
    """Systems print what the link is: ``Kategorie: Regional``, in every language."""
    for label in (
        "Kategorie:",
        "Category:",
        "Catégorie :",
        "Категория:",
        "Κατηγορία:",
        "Kategori:",
    ):
        line = f'<dd class="category-name">{label} <a href="/r">Regional</a></dd>'
        assert read("", story(f"<dl>{line}</dl>")).section == "Regional", label


def test_a_menu_above_the_story_is_no_section() -> None:
    """Entries of menus have classes such as *section* too."""
    menu = '<div><a class="section-gaming" href="/g">Spiele</a></div>'

    assert read("", f"{menu}<p>Mehr</p>{story()}").section is None


def test_a_glued_byline_is_no_kicker() -> None:
    """Templates set the author above the headline, without a blank: ``vonFred Hüning``."""
    line = '<p class="overline">vonFred Hüning</p>'

    assert read("", f"<article>{line}<h1>Pferde</h1>{story()}</article>").kicker is None
