"""Discussions: which pages are one, and what is told of each post."""

from __future__ import annotations

import gc
import time
from datetime import UTC, datetime

import pytest

from service.article import LiveEntry, Paragraph, Quote
from service.extract import Page, extract
from service.render import text_of, to_markdown

POSTS = [
    ("Anna", "Does anybody know why the ferry bell rings at half past four each morning?"),
    ("Bert", "It tells the baker on the other bank that the first boat is about to leave."),
    ("Cleo", "Thanks to both of you, I shall listen to it with other ears from now on."),
]
STORY = (
    "The harbour bell has rung every morning for a hundred years, and since last week nobody "
    "who lives on the quay has slept past half past four, says the council. "
)


def post(name: str, text: str, number: int, words: str = "post", head: str = "") -> str:
    return (
        f'<div class="{words} {words}-{number}">{head}<a class="username" href="/user/{number}">'
        f'{name}</a> <span class="joined">Joined: {9 - number} May 2010</span>'
        f' <span class="date">{number} March 2026, 10:0{number}</span>'
        f'<div class="{words}-text">{text}</div></div>'
    )


def posts(words: str = "post", heads: tuple[str, ...] = ("", "", "")) -> str:
    parts = zip(POSTS, heads, strict=True)
    return "".join(post(*one, at, words, head) for at, (one, head) in enumerate(parts, 1))


def page(body: str, url: str = "https://quay.example.org/forum/bell-12", head: str = "") -> Page:
    return Page(content=f"<title>The bell</title>{head}<body><h1>The bell</h1>{body}", url=url)


def test_each_post_is_told_apart() -> None:
    """The first post is the story, the others are entries with author and time."""
    article = extract(page(posts()))

    first, *entries = article.body
    assert article.page_kind == "discussion"
    assert isinstance(first, Paragraph)
    assert first.text == POSTS[0][1]
    assert [(e.author, e.at) for e in entries if isinstance(e, LiveEntry)] == [
        ("Bert", datetime(2026, 3, 2, 10, 2, tzinfo=UTC)),
        ("Cleo", datetime(2026, 3, 3, 10, 3, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(
    ("address", "goes_on"),
    [
        ("/forum/bell-12/page-2", True),
        ("/forum/bell-12?page=14", True),
        ("/viewtopic.php?t=12&start=15", True),
        ("/discussion/12/bell/p2", True),
        ("/forum/bell-12/page-1", False),
        ("/viewtopic.php?t=12&start=0", False),
        ("/viewtopic.php?p=2000#p2000", False),
    ],
)
def test_the_first_post_of_a_further_page_opens_nothing(address: str, goes_on: bool) -> None:
    """It is an entry as the others are, and whoever wrote it has not begun the discussion."""
    article = extract(page(posts(), url=f"https://quay.example.org{address}"))

    assert [isinstance(block, LiveEntry) for block in article.body] == [goes_on, True, True]
    assert [author.name for author in article.authors] == ([] if goes_on else ["Anna"])


def test_the_first_post_signs_the_discussion() -> None:
    """Not the day when its author joined, which stands before."""
    article = extract(page(posts()))

    assert [author.name for author in article.authors] == ["Anna"]
    assert article.published_at == datetime(2026, 3, 1, 10, 1, tzinfo=UTC)


APART = {
    "comments below a story": page(f"<article><p>{STORY * 3}</p></article>{posts('comment')}"),
    "posts of a blog": page(
        posts(heads=tuple(f"<h2>Story number {n} of the quay</h2>" for n in "123")),
        url="https://quay.example.org/",
    ),
    "posts of one author": page(
        "".join(post("Anna", text, at) for at, (_, text) in enumerate(POSTS, 1)),
        url="https://quay.example.org/notes",
    ),
    "reviews of a product": page(posts("review"), url="https://quay.example.org/shop/bell"),
}


@pytest.mark.parametrize("name", APART)
def test_what_is_no_discussion(name: str) -> None:
    """Nothing becomes an entry where elements alike are comments, stories or reviews."""
    article = extract(APART[name])

    assert article.page_kind != "discussion"
    assert not any(isinstance(block, LiveEntry) for block in article.body)


@pytest.mark.parametrize("url", ["https://quay.example.org/bell", "https://quay.example.org/t/12"])
def test_a_discussion_is_told_by_its_structure_or_its_address(url: str) -> None:
    """Several people who write posts are enough where the address says nothing."""
    assert extract(page(posts(), url=url)).page_kind == "discussion"


def test_what_the_page_says_of_its_type_lets_comments_in() -> None:
    """Answers that are called comments belong to a question."""
    head = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
    url = "https://quay.example.org/bell"

    article = extract(page(f"<div><p>{STORY * 3}</p></div>{posts('comment')}", url, head))

    names = [block.author for block in article.body if isinstance(block, LiveEntry)]
    assert names == ["Anna", "Bert", "Cleo"]
    assert (article.authors, article.published_at) == ([], None)


def test_a_quotation_of_a_post_above_is_pulled() -> None:
    """It names who said it; plain text for counting does not say it twice."""
    quote = f"<blockquote><cite>Anna wrote:</cite>{POSTS[0][1]}</blockquote>A baker told me."
    body = post(*POSTS[0], 1) + post("Bert", quote, 2) + post(*POSTS[2], 3)

    article = extract(page(body))

    entry = article.body[1]
    assert isinstance(entry, LiveEntry)
    quoted = entry.blocks[0]
    assert isinstance(quoted, Quote)
    assert (quoted.variant, quoted.attribution) == ("pull", "Anna wrote")
    assert text_of(article).count(POSTS[0][1]) == 1
    assert "### Bert · 2026-03-02 10:02" in to_markdown(article)


def test_four_times_the_posts_cost_at_most_six_times() -> None:
    """However many quote something else, each post is looked at once."""
    measured = ((cost(thread(2_000)), cost(thread(8_000))) for _ in range(3))

    assert any(large < 6 * small for small, large in measured)


def cost(page: Page) -> float:
    """The CPU of one extraction, in seconds."""
    gc.collect()
    began = time.process_time()
    extract(page)
    return time.process_time() - began


def thread(posts: int) -> Page:
    """A discussion in which each post quotes words of its own."""
    told = "".join(
        f'<div class=post><a href="/user/{i}">User{i}</a><time datetime=2026-03-12>12 March</time>'
        f"<div class=message><blockquote>What {i * 7919} said of the weather</blockquote>"
        f"<p>{i}. {STORY}</p></div></div>"
        for i in range(posts)
    )
    return Page(content=f"<h1>Weather</h1>{told}", url="https://forum.example/viewtopic?t=1")
