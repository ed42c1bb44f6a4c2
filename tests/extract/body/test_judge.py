"""Lines that are dropped or kept whatever the model says of them."""

from __future__ import annotations

import pytest

from service.extract import Page, extract, parse
from service.extract.body import read_context
from service.extract.body.doubled import drop_repeated
from service.extract.body.judge import judge
from service.extract.body.lines import gather
from service.extract.media import read_media
from service.extract.metadata import read_metadata
from service.render import text_of

PROSE = (
    "The council of the small harbour town decided on Tuesday to rebuild the sea wall at last.",
    "Fishermen had asked for the work for years, since waves reach the houses behind the market.",
    "The first stones are to be laid in spring, said the mayor, and the road will stay closed.",
)
STEP = "Drink a large glass of cold water within thirty minutes after the work is done."


def lines_of(*between: str) -> list[str]:
    """The lines of a story with ``between`` after its first paragraph."""
    first, second, third = (f"<p>{text} It was cold, and nobody spoke.</p>" for text in PROSE)
    html = f"<article><h1>Sea wall</h1>{first}{''.join(between)}{second}{third}</article>"
    text = text_of(extract(Page(content=f"<body>{html}</body>")))
    return [line for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    "line",
    [
        '<p><a href="#top">Back to top</a></p>',
        '<p><a href="/s?u=x">Share on Facebook</a></p>',
        "<p>Photo: Jane Orwell</p>",
        "<p>______________________________</p>",
        '<p>[button link="https://example.com/a" size="big"]Send yours[/button]</p>',
        "<p>[CTA_MODULE]</p>",
        "<p>$$ARTICLEAD$$</p>",
        "<p>{{ article.subtitle }}</p>",
        "<p>{* resendLink *}</p>",
        '<ul><li><a href="#">745</a><li><a href="/t">Tweet</a><li><a href="/s">Share</a></ul>',
        '<p class="photo-caption mt-2">The wall at low tide, seen from the old pier.</p>',
        '<div class="wp-caption"><p>The wall at low tide, seen from the old pier.</p></div>',
        "<div><title>Sea wall | The Harbour Post</title></div>",
        '<p>Read more: <a href="/pier">The old pier is for sale again</a></p>',
        '<div class="forgotPassword"><p>Enter the address of your account, please.</p></div>',
    ],
)
def test_labels_and_marks_are_no_story(line: str) -> None:
    """Labels that are links, credits, captions without a picture, titles, signs, shortcodes and
    boxes of accounts are left out."""
    assert len(lines_of(line)) == len(PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "<p>[the link leads nowhere]</p>",
        "<p>“No,” she said, “not yet.”</p>",
        "<p><code>{{ form.errors }}</code></p>",
    ],
)
def test_short_lines_of_the_story_stay(line: str) -> None:
    """Brackets, short answers, and code that a story shows are words of it."""
    assert len(lines_of(line)) == len(PROSE) + 1


def test_a_plan_may_repeat_itself_and_a_double_may_not() -> None:
    """Lines of which a plan prints many, many times, stay; a paragraph's double does not."""
    days = "".join(f"<h3>Day {day}</h3><p>{STEP}</p>" for day in range(1, 6))

    assert lines_of(days).count(STEP) == 5
    assert lines_of(f"<p>{STEP}</p>", f"<p>{STEP}</p>").count(STEP) == 1


@pytest.mark.parametrize(("cards", "gone"), [(2, 0), (3, 3), (5, 5)])
def test_links_that_come_three_times_are_buttons(cards: int, gone: int) -> None:
    """Cards in a story end with the same link each."""
    button = '<p>{0}</p><p><a href="/{0}">Order it here</a></p>'
    html = "".join(button.format(at) for at in range(cards))
    document = parse(Page(content=f"<article><h1>Sea wall</h1>{html}</article>"))
    lines = gather(document, {}, frozenset())
    reasons = [""] * len(lines)

    drop_repeated(lines, reasons)

    assert [line.text for line, why in zip(lines, reasons, strict=True) if why] == (
        ["Order it here"] * gone
    )


def test_a_story_told_by_its_captions_keeps_them() -> None:
    """Where captions are much of the text the pictures tell the story."""
    captions = [f'<p class="photo-caption">Step {n}: {text}</p>' for n, text in enumerate(PROSE)]

    assert sum(line.startswith("Step") for line in lines_of(*captions)) == len(PROSE)


def test_a_place_to_hyphenate_does_not_hide_the_headline() -> None:
    """The headline is told above the story once more, with soft hyphens in it: it is left out."""
    told = "<h2>Harbour Sea\xad wall of the old town to be rebuilt at last</h2>"
    prose = "".join(f"<p>{text} It was cold, and nobody spoke.</p>" for text in PROSE)
    page = f"<h1>Sea wall of the old town to be rebuilt at last</h1>{told}{prose}"

    text = text_of(extract(Page(content=f"<body><article>{page}</article></body>")))

    assert "rebuilt at last" not in text


@pytest.mark.parametrize(
    "line",
    [
        "This entry was posted on Sunday, October 10th, 2026 and is filed under Coast.",
        "Ce contenu a été publié dans Côte par la rédaction.",
        "Next Story: The old pier is for sale again",
    ],
)
def test_what_a_theme_prints_below_a_story_is_none_of_it(line: str) -> None:
    """Where it was filed, what comes next."""
    story = "".join(f"<p>{text} It was cold, and nobody spoke.</p>" for text in PROSE)
    html = f"<body><article><h1>Sea wall</h1>{story}<p>{line}</p></article></body>"

    assert line not in text_of(extract(Page(content=html)))


CHINESE = (
    "港口小城的议会周二决定重建海堤。渔民们多年来一直要求动工，因为海浪已经冲到市场后面的房屋。",
    "市长说，第一批石块将在春天铺设，道路将在整个夏天封闭，直到工程全部完成为止。",
    "议会还将在下个月讨论如何筹集资金，居民可以在市政厅查看计划并提出自己的意见。",
)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("（原标题：小城终于要重建海堤）", ""),
        ("", "（责任编辑：李明）"),
        ("", "声明：本文信息力求真实、准确，文章提及内容仅供参考，不构成投资建议。"),
        ("", "本文来自《海港报》，未经许可不得转载"),
    ],
)
def test_labels_at_the_ends_are_no_story(first: str, last: str) -> None:
    """What it was called elsewhere, who edited it, what nobody warrants."""
    story = "".join(f"<p>{text}</p>" for text in (first, *CHINESE, last) if text)
    html = f"<body><article><h1>海堤将重建</h1>{story}</article></body>"
    article = extract(Page(content=html))

    assert [line for line in text_of(article).split("\n") if line.strip()] == [*CHINESE]


@pytest.mark.parametrize(
    ("line", "told"),
    [("Tuesday, May 5, 2026", False), ("What the sea took on May 5, 2026", True)],
)
def test_a_date_above_the_story_is_no_line_of_it(line: str, told: bool) -> None:
    """Blogs head the stories of a day by it; a date with words of its own is a heading."""
    story = "".join(f"<p>{text} It was cold, and nobody spoke.</p>" for text in PROSE)
    html = f"<title>Sea wall</title><div><h2>{line}</h2><h3>Sea wall</h3>{story}</div>"
    document = parse(Page(content=html))
    metadata = read_metadata(document)
    metadata.consumed.clear()
    context = read_context(document, metadata, read_media(document, metadata))

    reasons = judge(context)

    assert reasons == ["" if told else "date", "headline", "", "", ""]
