"""Authors whose label stands inside a line, and authors whom no label names."""

from __future__ import annotations

import pytest

from tests.extract.metadata.pages import linked, read, story


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Updated: December 31, 2024 Written by: Elise Nash", ["Elise Nash"]),
        ("Filed in Weather by skywatcher on 3 August 2019", ["skywatcher"]),
        ("Datum: 03.11.2021 Autor: Peter Mahn Lesezeit: 5 min", ["Peter Mahn"]),
        ("Datum: 19.11.2021 Autor: Fritz Imdorf Quelle: Landbote", ["Fritz Imdorf"]),
        ("Contributors: Jane Lowry", ["Jane Lowry"]),
        ("By Claire Wills, Co-Founder & COO", ["Claire Wills"]),
        ("by Nicole Forbes, Master Horticulturalist & Garden Educator", ["Nicole Forbes"]),
        ("Written by Meg Nevin Content Marketing Coordinator", ["Meg Nevin"]),
    ],
)
def test_a_label_inside_a_line_names_the_author(line: str, names: list[str]) -> None:
    """What comes before a label and after the name does not hide it."""
    page = read(body=story(f"<p>{line}</p>"), lang="en")

    assert [author.name for author in page.authors] == names


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Dec 26, 2025 • Mahua Dasgupta in Project Plans", "Mahua Dasgupta"),
        ("Bence Kovary 02-12-2025", "Bence Kovary"),
        ("Jens Neusen 2026-01-14 12 min read", "Jens Neusen"),
        ("Horea Mateiu Created on Jul 11, 2025", "Horea Mateiu"),
    ],
)
def test_a_name_beside_the_date_is_the_author(line: str, name: str) -> None:
    """A name under the headline that the page prints nowhere else signs the story."""
    page = read(body=story(f"<div>{line}</div>"), lang="en")

    assert [author.name for author in page.authors] == [name]
    assert page.provenance["authors"] == "dom"


@pytest.mark.parametrize(
    "line",
    [
        "Product Updates • Dec 26, 2025",
        "New York, 3 May 2024",
        '<a href="/topics/deep-sea">Deep Sea</a> 3 May 2024',
        "Published October 17, 2025 Admin Only:",
        "Share: Twitter Facebook 3 May 2024",
        "The coach was sacked by Northern United in December 2018.",
    ],
)
def test_no_category_city_or_button_beside_the_date_is_an_author(line: str) -> None:
    """What the page prints again, links elsewhere or begins like a place is no person."""
    end = "<p>More updates about this product, and updates of every other product, below.</p>"

    assert read(body=story(f"<div>{line}</div>", end=end), lang="en").authors == []


@pytest.mark.parametrize("line", ["by Examplepost Staff 3 May 2024", "By The Examplepost Team"])
def test_the_staff_of_a_site_signs_by_its_name(line: str) -> None:
    """A label with the site's name and a word such as *staff* is a signature."""
    name = linked(author=[], publisher={"@type": "Organization", "name": "Examplepost"})

    page = read(name, story(f"<p>{line}</p>"), lang="en")

    assert [a.name for a in page.authors] == [line[3:].removesuffix(" 3 May 2024")]


def test_a_title_before_a_name_does_not_hide_the_other_authors() -> None:
    """The printed line names the declared author with a title, and two more."""
    line = "<p>Written by Dr Marna Merwe, Dr Dieter Velden, Erik Vulpen</p>"

    page = read(linked(author={"@type": "Person", "name": "Marna Merwe"}), story(line), lang="en")

    assert [a.name for a in page.authors] == ["Dr Marna Merwe", "Dr Dieter Velden", "Erik Vulpen"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<p>Autoren Ann Lee und Max Roth</p>", ["Ann Lee", "Max Roth"]),
        ("<footer><p>Written by Ann Lee</p></footer>", ["Ann Lee"]),
        ("<ul><li>Autor: Ann Lee</li><li>Verlag: Acme</li></ul>", []),
        ("<div class=comments><p>Posted by Ann Lee</p></div>", []),
    ],
)
def test_a_story_may_be_signed_at_its_end(line: str, names: list[str]) -> None:
    """By a label that says who wrote it; a list is about a book, a comment is another's."""
    assert [author.name for author in read("", story(end=line)).authors] == names


def test_an_author_has_no_mail_address_and_no_part_of_the_page() -> None:
    """Links of a byline may lead to a form or a box below."""
    mail = '<p class="byline">Von <a rel=author href="mailto:ann@acme.example">Ann Lee</a></p>'
    box = '<p class="byline">Von <a rel=author href="#about">Ann Lee</a></p>'

    for line in (mail, box):
        assert [(a.name, a.url) for a in read("", story(line)).authors] == [("Ann Lee", None)]


@pytest.mark.parametrize(
    ("opening", "names"),
    [
        ("新华社巴黎12月9日电（记者唐霁）", ["唐霁"]),
        ("长江网10月4日讯（记者陈智 李明 整合）", ["陈智", "李明"]),
        ("〔記者巫其倫／台北報導〕", ["巫其倫"]),
        ("国庆中秋长假过半（资料图片）", []),
    ],
)
def test_a_dateline_names_the_reporter(opening: str, names: list[str]) -> None:
    """Where no byline does; the story keeps it."""
    text = "法国各地再次举行罢工，反对政府进行退休制度改革，首都的交通几乎完全停止。" * 3
    page = read("", f"<main><h1>法国再次罢工</h1><p>{opening}{text}</p></main>", lang="zh")

    assert [author.name for author in page.authors] == names
    assert "byline" not in page.consumed.values()


@pytest.mark.parametrize("line", ["<p><b><i>Stefan Wasner</i></b></p>",
                                  '<p style="text-align: right">Stefan Wasner</p>'])  # fmt: skip
def test_a_name_that_ends_the_story_comes_before_the_site(line: str) -> None:
    """The last line is a name in bold or at the right; the head names the site as author."""
    page = read(linked(author={"@type": "Organization", "name": "Example Post"}), story(end=line))

    assert [author.name for author in page.authors] == ["Stefan Wasner"]
    assert page.byline == "Stefan Wasner"


@pytest.mark.parametrize(
    "line",
    [
        "<p><b>Best Practices</b></p><p>Check it.</p>" * 2,
        "<p>Stefan Wasner</p>",
        "<p><b>Gespräche Nacht</b></p>",
    ],
)
def test_other_last_lines_are_no_names(line: str) -> None:
    """A heading that text follows, a plain line, and words of the story."""
    assert read("", story(end=line)).authors == []


def test_cards_of_other_stories_name_no_author() -> None:
    """Alike lines below the story each print another day beside a name."""
    cards = "".join(
        f'<div class="byline-wrap"><a href="/author/{name}">{name} Roth</a> {day}. Mai 2024</div>'
        for name, day in (("Anna", 3), ("Bert", 4))
    )

    assert read("", story(end=cards)).authors == []


@pytest.mark.parametrize(
    ("line", "names", "byline"),
    [
        ("Ein Interview von Eugen Zander mit Sonja Silber.", ["Eugen Zander"], None),
        ("Autor Mark Newman: Übersetzung Sara Jung, 12.12.22", ["Mark Newman"], None),
        ("By Nick Stadt, is a producer. He wrote for Naval, Protocol, and The Edge.",
         ["Nick Stadt"], "By Nick Stadt"),
        ("By Ellen Hughes +", ["Ellen Hughes"], "By Ellen Hughes"),
    ],
)  # fmt: skip
def test_a_byline_names_those_who_wrote(line: str, names: list[str], byline: str | None) -> None:
    """Not whom they talked with, who translated, or what else is told of them."""
    page = read(body=story(f'<p class="byline">{line}</p>'))

    assert [author.name for author in page.authors] == names
    assert byline is None or page.byline == byline
