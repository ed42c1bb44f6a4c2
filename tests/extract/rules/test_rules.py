"""Site rules in the ftr-site-config format: read, and applied to a page."""

from __future__ import annotations

import pytest

from service.article import walk
from service.extract import Page, extract
from service.extract.rules import RuleFault, RuleTest, read_rule
from service.extract.rules.apply import links_of

TEXT = """\ufeff# A site of ours
title: //h1[@class='head']
title: //h1
body: //div[@id='nothing']
body: //div[contains(@class, 'story')]
author: //p[@class='by']
date: string(//p[@class='when'])

strip: //div[@class='share']
strip_id_or_class: promo
strip_image_src: /ads/
single_page_link: //a[@class='all']
next_page_link: //a[@rel='next']/@href
http_header(user-agent): Mozilla/5.0
find_string: <b>
replace_string: <i>
replace_string(</b>): </i>
tidy: no
prune: no
autodetect_on_failure: no
test_url: https://news.example/1
"""
PROSE = (
    "The council voted on Tuesday evening to keep the old bridge open through the winter, after "
    "three hours of debate and a petition that more than two thousand people had signed."
)
MORE = (
    "Engineers had warned in spring that the pillars need repair before the ice comes, and that "
    "a closure of the road would cost the shops on the northern bank half of their customers."
)
LAST = (
    "Work is to begin in April, once the floods are over, said the mayor, who had spoken against "
    "the plan last year and now calls it the cheapest of all bad solutions for the town."
)
PAGE = f"""<!doctype html><html lang=en><head><title>Other title - News</title></head><body>
<h1>The printed headline</h1><p class=by>By Jane Doe and Max Roth</p>
<p class=when>Published 3 May 2024, 14:30</p>
<div class="wide story"><p>{PROSE}</p>
<div class=share>Share this story with all of your many friends, now.</div>
<p>{MORE} And <b>more</b>.</p>
<p class="promo-x">Subscribe to our newsletter today, it is free of charge.</p>
<img src="https://x.example/ads/1.png" alt=ad></div>
<div class=story><p>{LAST} The last part.</p></div>
<div class=teasers><p>A story about something else. {PROSE[::-1]}</p></div>
<a class=all href="/1?all=1">One page</a> <a rel=next href="?page=2">Next</a></body></html>"""


def page(rule: str = TEXT, content: str = PAGE) -> Page:
    return Page(content=content, url="https://news.example/1", rule=rule, rule_name="news.example")


def test_a_rule_is_read_with_all_its_directives() -> None:
    """Values of one name keep their order; what changes nothing here is named."""
    rule = read_rule(TEXT)

    assert rule.title == ("//h1[@class='head']", "//h1")
    assert rule.replace == (("<b>", "<i>"), ("</b>", "</i>"))
    assert rule.headers == (("user-agent", "Mozilla/5.0"),)
    assert rule.test_url == ("https://news.example/1",)
    assert rule.ignored == ("tidy", "prune", "autodetect_on_failure")


def test_what_a_test_page_has_stands_below_its_address() -> None:
    """Each ``test_contains`` belongs to the ``test_url`` above it; one without is of no page."""
    rule = read_rule(
        "test_contains: of no page\n"
        "test_url: https://a.example/1\ntest_contains: one\ntest_contains: two\n"
        "test_url: https://a.example/2"
    )

    assert rule.tests == (
        RuleTest("https://a.example/1", ("one", "two")),
        RuleTest("https://a.example/2"),
    )
    assert rule.ignored == ("test_contains",)


def test_every_article_that_the_body_finds_is_the_story() -> None:
    """Parts joined to one page have an article each: the engine reads them as one story."""
    parts = "".join(f"<article><p>{text}</p></article>" for text in (PROSE, MORE, LAST))

    article = extract(page("body: //article", f"<html><body><h1>Head</h1>{parts}</body></html>"))

    assert [block.text for block in article.body] == [PROSE, MORE, LAST]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("title: //h1\nbody: //div[", "line 2: not an XPath"),
        ("just words", "line 1: not a directive"),
        ("find_string: x", "without its replace_string"),
        ("replace_string: x", "line 1: a replace_string without"),
        ("http_header(bad name): x", "line 1: not a header"),
        ("title: //h1\n" * 501, "line 501: more than 500"),
        ("#" * 70_000, "at most"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, why: str) -> None:
    """A rule with a mistake never applies in part."""
    with pytest.raises(RuleFault, match=why):
        read_rule(text)


def test_the_story_is_what_the_rule_says() -> None:
    """All parts of the first fruitful expression, stripped of what is to be stripped."""
    article = extract(page())

    text = "\n".join(getattr(block, "text", "") or "" for block in walk(article.body))
    for kept in (PROSE, MORE, LAST):
        assert kept in text
    for gone in ("Share this", "Subscribe", "something else", "Jane Doe"):
        assert gone not in text


def test_headline_authors_and_date_are_the_rules() -> None:
    """With ``rule`` as their provenance."""
    article = extract(page())

    assert article.headline == "The printed headline"
    assert [author.name for author in article.authors] == ["Jane Doe", "Max Roth"]
    assert article.published.at is not None
    assert article.published.at.isoformat()[:16] == "2024-05-03T14:30"
    assert {article.provenance[name] for name in ("headline", "authors", "published")} == {"rule"}


def test_a_rule_that_finds_nothing_changes_nothing() -> None:
    """A redesign of the site does not empty its articles."""
    with_rule = extract(page("title: //h9\nbody: //div[@id='x']\ndate: //time\nauthor: //x"))

    assert with_rule == extract(page(""))


def test_the_source_is_changed_before_it_is_parsed() -> None:
    """``find_string`` and ``replace_string`` work on the text of the page."""
    content = f"<body><!--open--><article><p>{PROSE}</p><p>{MORE}</p></article>"
    rule = "find_string: <!--open-->\nreplace_string: <h1>Opened</h1>\ntitle: //h1"

    assert extract(page(rule, content)).headline == "Opened"


def test_an_expression_that_calls_a_function_wrongly_finds_nothing() -> None:
    """It shows only on a page with the element, and costs no page its article."""
    article = extract(page("body: //div[nosuch(.)]\nbody: //div[@class='teasers']\ntitle: //h1"))

    texts = [getattr(block, "text", "") for block in article.body]
    assert any("something else" in text for text in texts)
    assert article.provenance["headline"] == "rule"


def test_links_to_the_other_parts_are_absolute() -> None:
    """The page with all of it, and the next one; elements give their address."""
    single, following = links_of(read_rule(TEXT), page())

    assert single == ["https://news.example/1?all=1"]
    assert following == ["https://news.example/1?page=2"]


def test_pages_set_one_after_another_are_one_story() -> None:
    """The parts of a story are joined as texts: the rule finds the body of each."""
    second = PAGE.replace("The last part.", "The very end.")

    article = extract(page(TEXT, PAGE + second))

    text = "\n".join(getattr(block, "text", "") or "" for block in walk(article.body))
    assert "The last part." in text and "The very end." in text
    assert article.headline == "The printed headline"
