"""Published dates that stand elsewhere than near the headline, or need evidence to read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.extract.metadata.pages import meta, read, story


def test_a_story_may_be_dated_at_its_end() -> None:
    """A labelled date after the story is found where nothing near the headline has one."""
    page = read("", story(end="<p>Erstellt am: 01.11.2023</p>"), lang="de")

    assert page.published.at == datetime(2023, 11, 1, tzinfo=UTC)
    assert page.published.raw == "Erstellt am: 01.11.2023"


def test_a_date_in_prose_is_not_the_date_of_the_story() -> None:
    """What a story tells of a day leaves the published date null."""
    told = "<p>On 3 May 2021 the council met for the first time since the flood came.</p>"

    page = read("", story(end=told), lang="en")

    assert page.published.at is None


def test_links_around_a_date_do_not_hide_it() -> None:
    """A line of author, section and date counts for its date though most of it is links."""
    links = '<a href="/s">Politics of science and of higher education in the whole country</a>'

    page = read("", story(f'<div class="meta">{links} <time>20 January 2020</time></div>'))

    assert page.published.at == datetime(2020, 1, 20, tzinfo=UTC)


def test_a_meta_that_contradicts_itself_is_hardly_believed() -> None:
    """Several values of several days are those of cards; one express value outweighs them."""
    values = ("2026-03-14", "2026-03-02", "2026-02-10")
    cards = "".join(f'<meta name="datepublished" content="{day}">' for day in values)
    own = '<meta property="article:published_time" content="2025-12-02T01:07:00+00:00">'

    page = read(cards + own, story(""))

    assert page.published.at == datetime(2025, 12, 2, 1, 7, tzinfo=UTC)


def test_a_meta_of_any_name_that_says_date_is_read() -> None:
    """An unknown meta named for a date speaks, one named for an update does not."""
    head = meta(x_article_pubdate="2025-05-27", x_updated_date="2025-06-01")

    page = read(head, story(""))

    assert page.published.at == datetime(2025, 5, 27, tzinfo=UTC)


@pytest.mark.parametrize(("host", "month"), [("paper.co.uk", 3), ("paper.com", 12)])
def test_english_digits_go_by_the_country(host: str, month: int) -> None:
    """English without a region writes the day first on the domain of a country that does."""
    page = read("", story("<p>12/03/2026</p>"), lang="en", url=f"https://{host}/a")

    assert page.published.at is not None
    assert page.published.at.month == month


def test_a_script_is_the_last_resort() -> None:
    """Where nothing else has a date, the one day that scripts name is a guess."""
    state = '<script>window.state={"publishDate":"2024-04-30T16:00:34Z"}</script>'

    page = read("", story("") + state)

    assert page.published.at == datetime(2024, 4, 30, 16, 0, 34, tzinfo=UTC)
    assert page.published.source == "guess"


def test_scripts_of_many_articles_are_no_guess() -> None:
    """Scripts that name several days speak of several articles: the date is null."""
    state = '<script>var s=[{"pubDate":"2024-04-30"},{"pubDate":"2024-05-02"}]</script>'

    page = read("", story("") + state)

    assert page.published.at is None
