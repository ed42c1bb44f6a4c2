"""Lines of a text are put together again, whatever tool broke them."""

from __future__ import annotations

import textwrap

from service.article import Figure, Paragraph
from service.extract import Page, extract
from service.extract.text.wrapping import without_numbers

STORY = (
    "The council of the small harbour town decided on Tuesday to rebuild the sea wall, after the"
    " storms of the winter had opened it in three places.",
    "Fishermen had asked for the work for years, since waves reach the houses behind the market"
    " whenever the wind blows from the north for more than a day.",
    "The first stones are to be laid in spring, said the mayor, and the road along the water will"
    " stay closed until the work is done.",
)
MENU = [f"[{at}]{name}" for at, name in enumerate(("Home", "World", "Sport", "Arts", "Jobs"), 1)]
FOOT = [f"[{at}]{name}" for at, name in enumerate(("About us", "Contact", "Privacy"), 6)]
ADDRESS = "https://example.com/a-very-long-address-" + "of-a-page-that-nothing-breaks-" * 6


def paragraphs(text: str) -> list[str]:
    body = extract(Page(content=text, kind="text")).body
    return [block.text for block in body if isinstance(block, Paragraph)]


def test_a_terminal_dump_is_joined_though_menus_and_addresses_stand_around_it() -> None:
    """Short lines and one long address do not hide at which width the paragraphs were broken."""
    wrapped = [textwrap.indent(textwrap.fill(text, 75), "   ") for text in STORY]
    menus = ["\n".join(f"   * {item}" for item in items) for items in (MENU, FOOT)]
    text = "\n\n".join([menus[0], "   Sea wall to be rebuilt", *wrapped, menus[1], ADDRESS])

    assert [line for line in paragraphs(text) if len(line) > 60][:3] == list(STORY)


def test_sentences_in_pieces_are_joined() -> None:
    """Where every link and emphasis stands on a line of its own, sentences are whole again."""
    pieces = ["Home", "World", "Share", "Sea wall to be rebuilt"]
    for text in STORY:
        first, second, rest = text.partition(",")
        words = first.split()
        pieces += [" ".join(words[:6]), " ".join(words[6:]), f"{second} {rest.strip()}"]
    text = "\n".join([*pieces, *("Contact", "Privacy", "Jobs", "Follow us") * 5])

    assert paragraphs(text)[:3] == list(STORY)


def test_lines_that_are_no_pieces_stay_apart() -> None:
    """A byline in small letters below a headline is no part of it."""
    lines = ["Home", "World", "Share", "Sea wall to be rebuilt by the town itself", "by Ann Lee"]
    text = "\n".join([*lines, *STORY, *("Contact", "Privacy", "Jobs", "Follow us") * 6])

    article = extract(Page(content=text, kind="text"))

    assert article.headline == "Sea wall to be rebuilt by the town itself"
    assert [author.name for author in article.authors] == ["Ann Lee"]


def test_numbers_of_links_go_and_those_of_notes_stay() -> None:
    """Numbers that count up before words are a browser's; a note's number stands after a word."""
    links = " ".join(f"[{number}]word" for number in range(1, 12))

    assert without_numbers(links) == " ".join(["word"] * 11)
    assert without_numbers("So it is told.[1] And again.[2]") == "So it is told.[1] And again.[2]"


def test_a_picture_without_a_name_above_a_name_is_read() -> None:
    """Markdown may show a picture that says nothing right above the line of the author."""
    picture = "![](https://example.com/a.jpg)"
    text = "\n\n".join(["# Sea wall to be rebuilt", picture, "Ann Lee", "3 May 2024", *STORY])

    article = extract(Page(content=text, kind="text"))

    assert article.headline == "Sea wall to be rebuilt"
    assert [author.name for author in article.authors] == ["Ann Lee"]


def test_a_headline_with_a_date_does_not_date_the_page() -> None:
    """The day in a headline is what the story tells of, not when it appeared."""
    head = ["Home", "World", "Share", "Sea wall rebuilt from 3 May 2024", "Follow us", "Newsletter"]
    text = "\n\n".join([*head, *STORY, *("Contact", "Privacy", "Jobs", "Share") * 4])

    article = extract(Page(content=text, kind="text"))

    assert article.headline == "Sea wall rebuilt from 3 May 2024"
    assert article.published.at is None


def test_a_caption_inside_the_story_is_a_figure() -> None:
    """A line that ends with who made the picture is told by the figure, not by the text."""
    caption = "The wall at low tide, seen from the old pier. Photo: Ann Lee/Reuters"
    head = ["Home", "World", "Share", "Sea wall to be rebuilt", "Follow us", "Newsletter"]
    foot = ("Contact", "Privacy", "Jobs", "Share") * 4
    text = "\n\n".join([*head, STORY[0], caption, *STORY[1:], *foot])

    body = extract(Page(content=text, kind="text")).body

    figures = [block for block in body if isinstance(block, Figure)]
    assert [figure.caption for figure in figures] == [
        "The wall at low tide, seen from the old pier."
    ]
    assert paragraphs(text) == list(STORY)
