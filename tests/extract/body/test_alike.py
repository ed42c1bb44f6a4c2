"""What the judge of lines dropped is taken back where its like, or what it heads, was kept."""

from __future__ import annotations

import pytest

from service.extract.body import Context, read_context
from service.extract.body.alike import UNLIKELY, take_back
from service.extract.document import parse
from service.extract.media import read_media
from service.extract.metadata import read_metadata
from service.extract.page import Page

PROSE = "".join(
    f"<p>{text} It was cold on the pier, and nobody spoke for a long while.</p>"
    for text in (
        "The council of the small harbour town decided on Tuesday to rebuild the sea wall.",
        "Fishermen had asked for the work for years, since waves reach the houses.",
        "The first stones are to be laid in spring, and the road will stay closed.",
    )
)


def context_of(html: str) -> Context:
    document = parse(Page(content=f"<body><article>{PROSE}{html}{PROSE}</article></body>"))
    metadata = read_metadata(document)
    return read_context(document, metadata, read_media(document, metadata))


def taken_back(html: str, *dropped: str) -> set[str]:
    """Which of the lines that are ``dropped`` come back, where all others were kept."""
    context = context_of(html)
    reasons = [UNLIKELY if line.text in dropped else "" for line in context.lines]
    assert reasons.count(UNLIKELY) == len(dropped)

    take_back(context, reasons)

    lines = zip(context.lines, reasons, strict=True)
    return {line.text for line, why in lines if not why and line.text in dropped}


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ("<h3>Against</h3><p>The case is bulky.</p>", "Against"),
        ('<h2 id=a><a href="#a">Against</a></h2><p>The case is bulky.</p>', "Against"),
        ("<p>The wave is this:</p><div><code>v = 2gh</code></div>", "v = 2gh"),
        ("<h2>Verdict</h2><h3>For</h3><p>It is light.</p>", "Verdict"),
        ('<h2>History</h2>[<a href="/edit">change</a>]<p>It was built in 1281.</p>', "History"),
        ('<h4 class="toggle-title">Why?</h4><div class="toggle-content"><p>It leaks.</p></div>',
         "Why?"),
        ('<div class="product-box"><h3>Against</h3><p>The case is bulky.</p></div>', "Against"),
        ("<figure><blockquote>The sea asks nobody.</blockquote><figcaption>Ann Moor</figcaption>"
         "</figure>", "Ann Moor"),
        ("<div class=footnotes><ol><li id=n1>Counted twice.</ol></div>", "Counted twice."),
        ("<pre>make all</pre>", "make all"),
        ("<p>Run it:</p><pre>make all</pre>", "Run it:"),
        ("<table><tr><th>Part<th>Metres<tr><td>Nave<td>58</table>", "Part Metres Nave 58"),
        ("<ul class=a><li>Light<li>Quiet</ul><ul class=a><li>Bulky</ul>", "Bulky"),
        ("<p>The second mayor was not there.</p>", "The second mayor was not there."),
        (
            "<ol><li><div><p>Peel the potatoes and cut them into cubes of an inch.</p></div>"
            "<li><div><p>Boil them in the broth for half an hour, until they are soft.</p></div>"
            "</ol>",
            "Boil them in the broth for half an hour, until they are soft.",
        ),
    ],
)  # fmt: skip
def test_lines_come_back_with_what_they_belong_to(html: str, line: str) -> None:
    """Headings, code, tables, lists and steps of a story are not dropped one by one."""
    assert taken_back(html, line) == {line}


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ('<h3><a href="/x">Ten more stories of the sea</a></h3><p>They are short.</p>',
         "Ten more stories of the sea"),
        ('<div class="newsletter-box"><h3>Letters</h3><p>Every Friday.</p></div>', "Letters"),
        ("<h3>Related</h3><p>The case is bulky.</p>", "Related"),
        ("<p class=note>The second mayor of the town was not there, as everybody saw.</p>",
         "The second mayor of the town was not there, as everybody saw."),
        ('<p>The second mayor, as <a href="/m">everybody saw</a>, was not there.</p>',
         "The second mayor, as everybody saw, was not there."),
        ("<ul class=a><li>Light</ul><ul class=b><li>Bulky</ul>", "Bulky"),
        ("<p>Run it:</p><p>Then wait.</p>", "Run it:"),
        ('<div class="references"><ol><li>Counted twice.</li></ol></div>', "Counted twice."),
    ],
)  # fmt: skip
def test_other_lines_stay_dropped(html: str, line: str) -> None:
    """Links, labels, what stands in foreign elements, and paragraphs of another kind."""
    assert taken_back(html, line) == set()


def test_a_heading_over_dropped_lines_stays_dropped() -> None:
    """Where nothing under a heading was kept there is nothing for it to head."""
    html = "<h3>Offers</h3><p>Order now and save.</p>"

    assert taken_back(html, "Offers", "Order now and save.") == set()


def test_of_many_paragraphs_that_were_dropped_none_comes_back() -> None:
    """Where a third of a story's paragraphs were dropped the next one is not like the kept."""
    more = [
        f"The {name} mayor of the town was not there at all." for name in ("old", "new", "next")
    ]
    html = "".join(f"<p>{text}</p>" for text in more)

    assert taken_back(html, *more) == set()
