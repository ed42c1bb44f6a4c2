from __future__ import annotations

import json

import pytest

from service.article import Heading, Paragraph
from service.extract import Page, extract
from service.extract.document import parse, without
from service.extract.stories import own_story
from service.render import text_of

BRIDGE = [
    "The council voted on Tuesday evening to close the old bridge for two years from March.",
    "Residents on the eastern bank, who cross the river every day, were not told before.",
    "The city will run a ferry every ten minutes from six in the morning until midnight.",
]
HARBOUR = [
    "The harbour festival, held in June for forty years, will move to September this year.",
    "Organisers expect fewer visitors at first, but hope for better weather than last summer.",
    "Stalls will line the western mole, and the parade of ships remains on the second day.",
]
INTRO = "All that the council said and did on a long evening, told as it happened by our reporters."
URL = "https://news.example.org/city/bridge"


def story(title: str, sentences: list[str], attrs: str = "", *, level: int = 1) -> str:
    prose = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return f"<article {attrs}><h{level}>{title}</h{level}>{prose}</article>"


def page(*stories: str, title: str = "News", head: str = "", url: str = URL) -> Page:
    html = f"<title>{title}</title>{head}<body><main>{''.join(stories)}</main>"
    return Page(content=html, url=url)


TWO = (story("Old bridge to close", BRIDGE), story("Festival moves", HARBOUR))


@pytest.mark.parametrize(
    ("attrs", "head"),
    [
        ('data-url="/city/bridge"', ""),
        (f'itemscope itemtype="https://schema.org/Article" itemid="{URL}"', ""),
        ('data-href="/city/other"', '<link rel="canonical" href="/city/other">'),
        ('data-href="/city/other"', '<meta property="og:url" content="/city/other">'),
    ],
)
def test_the_story_that_the_address_names_is_read(attrs: str, head: str) -> None:
    """An element that calls the page's address, or the one it declares, its own is the story."""
    other = story("Festival moves", HARBOUR, 'data-url="/city/festival"')

    article = extract(page(other, story("Old bridge to close", BRIDGE, attrs), head=head))

    assert article.headline == "Old bridge to close"
    assert [b.text for b in article.body if isinstance(b, Paragraph)] == BRIDGE


@pytest.mark.parametrize(("title", "kept"), [("Old bridge to close", BRIDGE),
                                             ("Festival moves", HARBOUR)])  # fmt: skip
def test_the_story_that_the_title_names_is_read(title: str, kept: list[str]) -> None:
    """Where no address tells, the story is the one whose heading is the page's title."""
    article = extract(page(*TWO, title=f"{title} | Example News"))

    assert article.headline == title
    assert [b.text for b in article.body if isinstance(b, Paragraph)] == kept


def test_an_anchor_before_a_story_names_it() -> None:
    """Old blogs put an empty named anchor before each post."""
    first, second = TWO
    named = f'<a name="p1"></a>{first}<a name="p2"></a>{second}'

    article = extract(page(named, url="https://blog.example.org/log#p2"))

    assert article.headline == "Festival moves"
    assert [b.text for b in article.body if isinstance(b, Paragraph)] == HARBOUR


def test_what_head_and_linked_data_say_of_another_story_is_not_taken() -> None:
    """A page that has scrolled on keeps the head of its first story."""
    data = {"@type": "NewsArticle", "headline": "Old bridge to close", "author": "Jane Doe"}
    head = (
        '<meta name="author" content="Jane Doe"><meta name="description" content="A bridge.">'
        '<meta property="article:published_time" content="2026-01-06T10:00:00Z">'
        f'<script type="application/ld+json">{json.dumps(data)}</script>'
    )
    second = story("Festival moves", HARBOUR, 'data-url="/city/festival"')

    article = extract(
        page(
            TWO[0], second, title="Old bridge to close", head=head,
            url="https://news.example.org/city/festival",
        )
    )  # fmt: skip

    assert article.headline == "Festival moves"
    assert (article.authors, article.description, article.published_at) == ([], None, None)


WHOLE = {
    "nothing names one": page(*TWO),
    "a headline over all": page(
        "<h1>A week in the city</h1>", *TWO, title="A week in the city", url=URL + "#x"
    ),
    "a live blog by its linked data": page(
        story("Vote is in", BRIDGE, 'id="e1"', level=2),
        story("Debate begins", HARBOUR, 'id="e2"', level=2),
        head='<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>',
        url=URL + "#e2",
    ),
    "a live blog by its classes": page(
        story("Vote is in", BRIDGE, 'id="e1" class="live-entry"', level=2),
        story("Debate begins", HARBOUR, 'id="e2" class="live-entry"', level=2),
        url=URL + "#e2",
    ),
    "a story in two parts, the second asked for": page(
        TWO[0], story("What comes next", HARBOUR, 'id="next"', level=2),
        title="Old bridge to close", url=URL + "#next",
    ),
    "comments": page(
        TWO[0], story("Festival moves", HARBOUR, 'class="comment"'), title="Old bridge to close"
    ),
    "teasers": page(
        TWO[0], story("Festival moves", HARBOUR[:1]), title="Old bridge to close"
    ),
}  # fmt: skip


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE.keys())
def test_a_page_of_one_piece_stays_whole(whole: Page) -> None:
    """Entries of a live blog, parts of a story, comments and teasers are no stories beside it."""
    document = parse(whole)

    assert own_story(document) is document


def test_a_live_blog_asked_for_by_a_fragment_keeps_its_entries() -> None:
    """The entries of a live blog belong to one article, whichever of them is linked."""
    entries = [story("Vote is in", BRIDGE, 'id="e1"', level=2),
               story("Debate begins", HARBOUR, 'id="e2"', level=2)]  # fmt: skip
    name = "Tuesday in the council"
    live = page(f"<h1>{name}</h1><p>{INTRO}</p>", *entries, title=name, url=URL + "#e2")

    article = extract(live)
    headings = [block.text for block in article.body if isinstance(block, Heading)]

    assert article.headline == name
    assert headings == ["Vote is in", "Debate begins"]
    assert all(sentence in text_of(article) for sentence in BRIDGE + HARBOUR)


def test_elements_are_left_out_whatever_stands_before_them() -> None:
    """Scripts and what pictures hold are no nodes, so they do not shift what is left out."""
    html = "<p>One<script>a</script><svg><g><path/></g></svg></p><div>Two<b>2</b></div><p>Three</p>"
    document = parse(Page(content=html))

    rest = without(document, document.by_tag["div"])

    assert rest.text(rest.body) == "One Three"
    assert [script.text for script in rest.scripts] == ["a"]


def test_elements_of_a_page_beyond_the_limits_are_left_out() -> None:
    """The nodes of a page that is too deep are those of its second reading."""
    html = "<div>" * 400 + "deep" + "</div>" * 400 + "<p>Two</p><p>Three</p>"
    document = parse(Page(content=html))

    rest = without(document, document.by_tag["p"][:1])

    assert rest.text(rest.body) == "deep Three"
