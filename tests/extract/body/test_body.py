from __future__ import annotations

import json

import pytest

from service.article import (
    AnyBlock,
    Aside,
    Code,
    Figure,
    Heading,
    List,
    LiveEntry,
    Paragraph,
    Quote,
    Separator,
    Table,
    own_text,
    walk,
)
from service.extract import Page, extract, parse
from service.extract.body.lines import gather

SENTENCES = [
    "The council voted on Tuesday evening to close the old bridge for two years.",
    "Residents on the eastern bank, who cross the river every day, were not told before.",
    "The city will run a ferry every ten minutes from six in the morning until midnight.",
    "Work is due to begin in March and will cost about forty million euros in all.",
]
PROSE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def body(inner: str, head: str = "") -> list[AnyBlock]:
    html = f"<title>Old bridge</title>{head}<article><h1>Old bridge</h1>{PROSE}{inner}{PROSE2}"
    return extract(Page(content=html, url="https://example.org/a")).body


PROSE2 = """<p>Opposition members called the plan hasty and asked for the report of last spring.</p>
<p>The ring road, which was widened only last year, will carry most of the traffic for now.</p>
</article>"""


def only(kind: type[AnyBlock], blocks: list[AnyBlock]) -> AnyBlock:
    found = [block for block in blocks if isinstance(block, kind)]
    assert len(found) == 1
    return found[0]


def test_paragraphs_come_in_reading_order() -> None:
    """The story's paragraphs are there once each, without the headline."""
    texts = [block.text for block in body("") if isinstance(block, Paragraph)]

    assert texts[:4] == SENTENCES
    assert len(texts) == 6


def test_heading_levels_begin_at_two() -> None:
    """Whatever tags a page uses, its highest section heading has level 2."""
    blocks = body(f"<h4>First part of it</h4>{PROSE.upper()}<h5>Second part of it</h5>")

    levels = [block.level for block in blocks if isinstance(block, Heading)]

    assert levels == [2, 3]


def test_lists_nest() -> None:
    """A list inside an item is a block of that item."""
    html = "<ul><li>One thing is done<ul><li>and one under it</li></ul></li><li>Two more</li></ul>"

    found = only(List, body(html))

    assert isinstance(found, List)
    assert [len(item) for item in found.items] == [2, 1]
    assert isinstance(found.items[0][1], List)


def test_ordered_lists_keep_their_start() -> None:
    """Numbers go on where the page says that they do."""
    html = "<ol start=4><li>The deck is laid anew.</li><li>The lamps are put back.</li></ol>"

    found = only(List, body(html))

    assert isinstance(found, List)
    assert (found.ordered, found.start) == (True, 4)


def test_tables_keep_header_and_spans() -> None:
    """Header rows are apart, and cells say how far they reach."""
    html = (
        "<table><tr><th>Part</th><th>City</th><th>State</th></tr>"
        "<tr><td>Pillars of stone</td><td>18 million</td><td>9 million</td></tr>"
        "<tr><td>Deck of steel</td><td colspan=2>13 million together</td></tr></table>"
    )

    found = only(Table, body(html))

    assert isinstance(found, Table)
    assert [cell.text for cell in found.header[0]] == ["Part", "City", "State"]
    assert found.rows[1][1].colspan == 2


def test_code_keeps_its_white_space() -> None:
    """Preformatted text is not reflowed, and its language is told."""
    found = only(Code, body('<pre class="language-python">if x:\n    print(x)\n</pre>'))

    assert isinstance(found, Code)
    assert found.text == "if x:\n    print(x)"
    assert found.language == "python"


@pytest.mark.parametrize(
    "lines",
    [
        "<span>if ready:</span>\n<span>    go()</span>\n\n<span>end()</span>",
        "<div>if ready:</div><div><b>    </b><i>go()</i></div><div>\n</div><div>end()</div>",
        "if ready:<br>    go()<br><br>end()",
        "<b>if</b> ready:\n    <i>go</i>()\n\n<span hidden>Copy</span>end()",
    ],
)
def test_code_keeps_its_lines_however_they_are_marked(lines: str) -> None:
    """Highlighters put words, lines and the blanks between them into elements of their own."""
    code = only(Code, body(f"<pre><code>{lines}</code></pre>"))

    assert code.text == "if ready:\n    go()\n\nend()"


@pytest.mark.parametrize(
    "lines",
    [
        "<i> 9</i>if ready:\n<i>10</i>    go()\n<i>11</i>\n<i>12</i>end()",
        "<div>Python</div>if ready:\n    go()\n\nend()<button>Copy</button>",
    ],
)
def test_code_is_told_from_what_is_set_around_it(lines: str) -> None:
    """Numbers of lines, the name of the language and buttons are no part of it."""
    code = only(Code, body(f'<pre><code class="language-python">{lines}</code></pre>'))

    assert code.text == "if ready:\n    go()\n\nend()"


@pytest.mark.parametrize("lines", ["<i>7</i>\n<i>8</i>", "<i>4</i> eggs\n<i>6</i> figs"])
def test_numbers_of_the_code_itself_stay(lines: str) -> None:
    """Numbers that are all of the code, or do not count its lines."""
    code = only(Code, body(f"<pre><code>{lines}</code></pre>"))

    assert code.text == lines.replace("<i>", "").replace("</i>", "")


def test_headings_are_read_without_what_edits_them() -> None:
    """A wiki sets a link to press into each heading."""
    html = '<h2>The lock<span class="mw-editsection">[<a href="/e">edit</a>]</span></h2>'

    assert only(Heading, body(html)).text == "The lock"


def test_quotes_name_who_said_it() -> None:
    """The last line of a quotation that only names its source is its attribution."""
    html = (
        "<blockquote><p>All the pillars show cracks that must be mended at once, it says.</p>"
        "<footer>— Inspection report</footer></blockquote>"
    )

    found = only(Quote, body(html))

    assert isinstance(found, Quote)
    assert found.attribution == "Inspection report"


def test_boxes_are_asides() -> None:
    """A box beside the story keeps its headline and its role."""
    html = (
        '<div class="infobox"><h3>The bridge in figures</h3>'
        "<p>It was opened in 1931, is 212 metres long and carries nineteen thousand cars.</p></div>"
    )

    found = only(Aside, body(html))

    assert isinstance(found, Aside)
    assert (found.role, found.headline) == ("infobox", "The bridge in figures")


def test_rules_at_the_ends_of_a_box_part_nothing() -> None:
    """Notes below a story often begin with a rule."""
    notes = only(Aside, body("<div class=footnotes><hr><ol><li>Counted twice, by hand.</ol></div>"))

    assert [block.__class__ for block in notes.blocks] == [List]


def test_live_entries_tell_their_time() -> None:
    """An entry of a live blog is one block with its instant."""
    entry = (
        '<div class="live-entry"><time datetime="2026-01-06T12:30:00+01:00">12:30</time>'
        f"<h3>Ferry runs</h3><p>{SENTENCES[2]} That is what we were told just now.</p></div>"
    )

    found = only(LiveEntry, body(entry))

    assert isinstance(found, LiveEntry)
    assert found.at is not None
    assert found.at.isoformat() == "2026-01-06T12:30:00+01:00"


def test_a_rule_between_paragraphs_parts_them() -> None:
    """A change of scene is a separator; rules at the edges are none."""
    assert isinstance(only(Separator, body("<hr>")), Separator)


def test_figures_keep_captions_out_of_the_text() -> None:
    """A caption is the figure's and no paragraph."""
    html = "<figure><img src=/b.jpg width=900><figcaption>The pier.</figcaption></figure>"

    blocks = body(html)

    found = only(Figure, blocks)
    assert isinstance(found, Figure)
    assert found.caption == "The pier."
    assert all("pier" not in block.text for block in blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize(
    "noise",
    [
        '<div class="related"><h3>Read also</h3><ul><li><a href=/1>Ferry starts earlier than'
        " planned</a></li><li><a href=/2>Ring road to be widened</a></li></ul></div>",
        '<div class="share-buttons"><a href=#>Facebook</a> <a href=#>Twitter</a></div>',
        '<div class="newsletter"><p>Sign up for our newsletter.</p></div>',
        '<div role="dialog" class="modal"><p>Log in to read on, or register for free today.</p>'
        "</div>",
        "<p><a href=/1>Read more: Ferry starts earlier than planned</a></p>",
    ],
)
def test_noise_inside_the_story_is_dropped(noise: str) -> None:
    """What a page puts between paragraphs for its own ends is not the story."""
    assert [getattr(block, "text", "") for block in body(noise)] == [
        getattr(block, "text", "") for block in body("")
    ]


def test_a_page_of_scripts_is_read_from_its_json_ld() -> None:
    """Where nothing is shown, the declared body is the story."""
    data = json.dumps({"@type": "NewsArticle", "articleBody": "\n\n".join(SENTENCES * 2)})
    html = f'<script type="application/ld+json">{data}</script><div id=root></div>'

    blocks = extract(Page(content=html)).body

    assert [block.text for block in blocks if isinstance(block, Paragraph)] == SENTENCES * 2


@pytest.mark.parametrize(
    "shape",
    [
        "<div>" * 50_000,
        "<blockquote>" * 20_000,
        "<ul><li>" * 20_000,
        "<table><tr><td>" * 20_000,
        "<aside>" * 20_000,
        "<b><i>" * 20_000,
        "<p>a<br>" * 20_000,
        '<script>"' + '\\"' * 200_000 + "</script>",
    ],
)
def test_hostile_shapes_end_with_the_story(shape: str) -> None:
    """Whatever is around it, the story is kept and the end is reached."""
    blocks = extract(Page(content=f"<article>{PROSE}{PROSE2}{shape}")).body

    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert texts[:4] == SENTENCES


def test_a_standfirst_that_is_all_is_the_body() -> None:
    """Where a page says no more than its standfirst, that is the story, told once."""
    html = f'<h1>Old bridge</h1><p class="standfirst">{SENTENCES[0]} {SENTENCES[1]}</p>'

    article = extract(Page(content=f"<title>Old bridge</title><article>{html}</article>"))

    assert [block.text for block in article.body if isinstance(block, Paragraph)] == [
        f"{SENTENCES[0]} {SENTENCES[1]}"
    ]
    assert article.standfirst is None


def test_a_story_in_a_template_script_is_read() -> None:
    """Blogs that print their text by script hold it in a template."""
    html = f'<div class=post><script type="text/template">{PROSE}{PROSE2}</script></div>'

    blocks = extract(Page(content=html)).body

    assert [block.text for block in blocks if isinstance(block, Paragraph)][:4] == SENTENCES


def test_a_noscript_that_ends_too_late_is_read() -> None:
    """A page that bad nesting puts inside ``noscript`` is shown by browsers, and read."""
    story = "".join(
        f"<p>{sentence} Part {part}.</p>" for part in range(8) for sentence in SENTENCES
    )
    html = f"<body><noscript><div></noscript><article><h1>Bridge</h1>{story}</article></body>"

    blocks = extract(Page(content=html)).body

    assert len([block for block in blocks if isinstance(block, Paragraph)]) == 32


def test_a_monotonous_line_is_dropped() -> None:
    """A hundred thousand characters of the same words are no part of the story beside them."""
    blocks = body(PROSE + "<p>" + "4 May 2024 " * 10_000 + "</p>")

    told = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert told[: len(SENTENCES)] == SENTENCES
    assert not any("4 May 2024" in text for text in told)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("<p><strong>A ferry instead</strong></p>", True),
        ("<p><span><b>A ferry instead</b></span></p>", True),
        ("<p><strong>Will there be a ferry?</strong></p>", False),
        ("<p><strong>There will be a ferry.</strong></p>", False),
        ("<p><strong>A ferry</strong> instead of it</p>", False),
        ("<h3>A part</h3><p>It has words.</p><p><strong>A ferry instead</strong></p>", False),
    ],
)
def test_bold_lines_are_headings_where_a_story_has_no_others(line: str, told: bool) -> None:
    """A short bold paragraph that ends as titles do heads a part, unless real headings do."""
    blocks = body(f"{line}<p>{SENTENCES[2].replace('ferry', 'boat')}</p>")

    found = [block.text for block in blocks if isinstance(block, Heading)]
    assert ("A ferry instead" in found) is told


def test_terms_and_their_texts_are_a_list() -> None:
    """A definition list becomes a list whose items hold a term and what is said of it."""
    pairs = "".join(
        f"<dt>{term}</dt><dd>{sentence}</dd>"
        for term, sentence in zip(("Pier", "Deck"), SENTENCES, strict=False)
    )

    block = only(List, body(f"<dl>{pairs}</dl>"))

    assert isinstance(block, List)
    texts = [[part.text for part in item if isinstance(part, Paragraph)] for item in block.items]
    assert texts == [["Pier", SENTENCES[0]], ["Deck", SENTENCES[1]]]


@pytest.mark.parametrize(
    "line",
    [
        '<p><a href="/x">COUNCIL ASKS FOR A SECOND REPORT ON THE BRIDGE</a></p>',
        "<figure>Image copyright Example Agency</figure>",
        "<figure><figcaption>The old bridge, seen from the eastern bank.</figcaption></figure>",
        "<p>\u200d</p>",
        "<p>___</p>",
        "<h2>Traffic Old bridge over the river to close for two years</h2>",
    ],
)
def test_some_lines_are_never_the_story(line: str) -> None:
    """Linked capitals, captions without a picture, bare signs, and the headline once more."""
    headline = "Old bridge over the river to close for two years"
    html = f"<title>{headline}</title><article><h1>{headline}</h1>{line}{PROSE}{line}{PROSE2}"

    blocks = extract(Page(content=html, url="https://example.org/a")).body

    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert texts[:4] == SENTENCES
    assert len(texts) == 6


def test_lines_that_are_indented_are_paragraphs() -> None:
    """Chinese and Japanese pages part paragraphs by a break and an indent, not by a break alone."""
    text = "\u3000\u3000议会周二决定<br><b>\u3000\u3000东岸居民</b><br>此前没有得到通知。"

    lines = gather(parse(Page(content=f"<div>{text}</div>")), {}, frozenset())

    assert [line.text for line in lines] == ["议会周二决定", "东岸居民 此前没有得到通知。"]


@pytest.mark.parametrize(
    ("links", "told"),
    [('<a href="#a">First part</a>', False), ('<a href="/a">First part</a>', True)],
)
def test_the_heading_of_contents_goes_with_them(links: str, told: bool) -> None:
    """What heads dropped links to parts of the page heads nothing that is left."""
    contents = f"<h2>Parts of it</h2><ul><li>{links}<li>{links}</ul>"

    headings = [b.text for b in body(contents) if isinstance(b, Heading)]

    assert ("Parts of it" in headings) is told


def test_labels_of_tabs_are_not_told() -> None:
    """Of tabs only the open one is shown; the labels to press are no list."""
    tabs = '<ul role="tablist"><li role="tab">Buses this winter</li><li role="tab">Ferry</li></ul>'

    assert not any(isinstance(block, List) for block in body(tabs))


def test_data_of_a_framework_is_no_story() -> None:
    """Rows of components hold sentences and tags, and are data all the same."""
    row = json.dumps(["$", "p", None, {"title": SENTENCES, "bodyHtml": "<p>Go.</p>", "a": [1, 2]}])
    page = f"<title>Old bridge</title><script>push([1,{json.dumps('e:' + row * 9)}])</script>"

    assert extract(Page(content=page, url="https://example.org/a")).body == []


def test_a_story_in_the_state_of_a_framework_keeps_its_blocks() -> None:
    """HTML in a script is read as a page is: headings, lists and figures are told apart."""
    figure = '<figure><img src="/b.jpg"><figcaption>The pier. Photo: Ann Moor</figcaption></figure>'
    html = (
        f"{PROSE}<h2>A ferry instead</h2><ul><li>From six</li><li>Till midnight</li></ul>{figure}"
    )
    state = json.dumps({"article": {"html": html}})
    page = f"<title>Old bridge</title><div id=app></div><script>window.state = {state}</script>"

    blocks = extract(Page(content=page, url="https://example.org/a")).body

    kinds = [block.__class__ for block in blocks]
    assert kinds == [*[Paragraph] * len(SENTENCES), Heading, List, Figure]
    shown = only(Figure, blocks)
    assert shown.caption == "The pier."
    assert shown.credit is not None
    assert shown.credit.photographer == "Ann Moor"


def test_hidden_parts_of_lists_and_tables_are_left_out() -> None:
    """Paragraphs of an item, rows and cells of a table, texts of a glossary."""
    blocks = body(
        "<ul><li><p>Take the ferry</p><p hidden>not this</p></li><li>Walk home</li></ul>"
        "<table><tr><th>Day<th>Ferries<tr><td>Monday<td>12<tr style='display:none'><td>not<td>this"
        "<tr><td>Sunday<td hidden>not this<td>4</table>"
        "<dl><div><dt>Toll</dt><dd>What drivers pay</dd></div>"
        "<div><dt>Ferry</dt><dd>A boat</dd><dd hidden>not this</dd></div></dl>"
    )

    texts = [own_text(block) for block in walk(blocks)]

    assert "Day Ferries\nMonday 12\nSunday 4" in texts
    assert not any("this" in text for text in texts if text not in SENTENCES)


def test_a_list_right_inside_a_list_belongs_to_the_item_above() -> None:
    """Old editors nest lists so, against the rules of HTML."""
    inner = "<ul><li>in March</li><li>in April</li></ul>"

    found = only(List, body(f"<ul><li>Close the bridge</li>{inner}<li>Open it again</li></ul>"))

    assert [[block.__class__ for block in item] for item in found.items] == [
        [Paragraph, List],
        [Paragraph],
    ]


def test_a_list_that_only_holds_a_list_is_that_list() -> None:
    """Editors indent a list so."""
    found = only(List, body("<ul><ul><li>Close the bridge</li><li>Open it again</li></ul></ul>"))

    assert [[block.__class__ for block in item] for item in found.items] == [[Paragraph]] * 2


def test_half_a_character_in_a_script_costs_no_story() -> None:
    """A story in a script is read without it, and without an escaped NUL."""
    story = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 2)
    script = json.dumps({"story": story}).replace("bridge", "br\\ud83didge\\u0000")
    page = f"<title>Old bridge</title><div id=app></div><script>window.state = {script}</script>"

    found = extract(Page(content=page, url="https://example.org/a")).body

    assert own_text(found[0]) == SENTENCES[0]


def test_an_entry_of_a_live_blog_holds_the_boxes_in_it() -> None:
    """What stands below the box is of the same entry."""
    said = [f"<p>On Friday {sentence}</p>" for sentence in SENTENCES]
    entry = f"<h3>The vote</h3>{said[0]}<aside class=infobox>{said[1]}</aside>{said[2]}"

    found = only(LiveEntry, body(f"<div class=live-entry>{entry}</div>"))

    assert found.headline == "The vote"
    assert [block.__class__ for block in found.blocks] == [Paragraph, Aside, Paragraph]


def test_a_list_of_long_items_begins_with_its_number() -> None:
    """Items that hold blocks of their own are read line by line."""
    items = "".join(f"<li><div>{text.upper()}</div></li>" for text in SENTENCES[:2])

    assert only(List, body(f"<ol start=4>{items}</ol>")).start == 4
