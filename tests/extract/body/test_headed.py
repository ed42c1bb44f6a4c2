"""Boxes that only their own first line, or their make-up, tells from the story: no names at all."""

from __future__ import annotations

import pytest

from service.extract import Page, extract
from service.render import text_of

STORY = [
    "The town council closed the old bridge for two years after cracks were found in three piers.",
    "Commuters from the east bank say that nobody had told them before the barriers went up.",
    "A ferry will cross every ten minutes between six in the morning and midnight until spring.",
    "Half of the shops on the market square open later now, since their bread comes by ferry too.",
    "An engineer who built the piers in his youth says that the ice of last winter broke them.",
    "The work is to begin in March and will cost forty million, a third of it from the state.",
]
READER = (
    "I have crossed that river every day for thirty years, and nobody asked us what we think of"
)


def page(*, inside: str = "", below: str = "", before: str = "") -> str:
    """A page without a class or an element of HTML 5, and a box of ours somewhere."""
    first, *rest = (f"<p>{text}</p>" for text in STORY)
    story = f"<h1>Old bridge is closed</h1>{first}{inside}{''.join(rest)}"
    return (
        f"<html lang=en><title>Old bridge is closed</title><body>{before}<div>{story}</div>{below}"
    )


def body(html: str) -> list[str]:
    return text_of(extract(Page(content=html, url="https://news.example/bridge"))).split("\n")


@pytest.mark.parametrize("label", ["30 comments", "Kommentare (30)", "Commentaires", "Комментарии"])
def test_comments_longer_than_the_story_are_known_by_their_heading(label: str) -> None:
    """A heading over a box names it as a class would, whatever its language."""
    said = "".join(
        f"<div><div>Ann Reader {at}</div><div><p>{READER} bridge number {at}.</p></div></div>"
        for at in range(30)
    )

    found = body(page(below=f"<div><h3>{label}</h3>{said}</div>"))

    assert found == STORY


def test_text_of_teasers_is_no_story_however_many_there_are() -> None:
    """A dozen stories in a list beside a short one do not make the list the story."""
    list_of_others = "".join(
        f"<div><h3><a href='/news/{at}'>Another matter of the day {at}</a></h3>"
        f"<p>What happened on day {at} of the month, told in one sentence for who has no time.</p>"
        "</div>"
        for at in range(12)
    )

    found = body(page(before=f"<div>{list_of_others}</div>"))

    assert found == STORY


def test_a_label_over_the_story_itself_says_nothing() -> None:
    """A button above the story is not the name of the box that both are in."""
    html = page().replace("<div><h1>", "<div><div>Subscribe</div><div><h1>", 1)

    assert body(html) == STORY


def test_the_discussion_of_a_paper_is_a_part_of_it() -> None:
    """A label that means comments elsewhere heads paragraphs of one element here."""
    said = [
        "The cracks agree with what was measured at the bridge further down the river in spring.",
        "Ice alone does not explain them: the second pier stands where no ice has ever been seen.",
        "We propose that the salt of the winter road came through the joints of the upper deck.",
    ]
    part = "".join(f"<p>{text}</p>" for text in said)

    found = body(page(below=f"<div><h2>Discussion</h2>{part}</div>"))

    assert [text for text in found if text in said] == said


def test_a_wrapped_title_of_another_story_is_no_text() -> None:
    """How the source breaks its lines does not matter: a label and a link are no paragraph."""
    link = (
        "<a href='/news/2'>Harbour is dug\n\t\t\tout again after\n\t\t\ta long and wet winter</a>"
    )

    assert body(page(inside=f"<p>Read more: {link}</p>")) == STORY
