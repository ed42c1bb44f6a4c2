"""Published dates that stand elsewhere than near the headline, or need evidence to read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.extract.metadata.pages import linked, meta, read, story


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


@pytest.mark.parametrize("stamp", [1676551869, "1676551869", 1676551869000])
def test_seconds_since_1970_in_json_ld(stamp: object) -> None:
    """A number for a date counts seconds or thousandths of them."""
    page = read(linked(datePublished=stamp), story(""))

    assert page.published.at == datetime(2023, 2, 16, 12, 51, 9, tzinfo=UTC)


def test_the_json_of_a_counter_of_readers() -> None:
    """A meta that holds JSON with a pub_date is a declaration."""
    told = (
        '<meta name="parsely-page" content=\'{"title": "A", "pub_date": "2014-11-23T16:00:00Z"}\'>'
    )

    page = read(told, story(""))

    assert page.published.at == datetime(2014, 11, 23, 16, tzinfo=UTC)
    assert page.published.source == "meta"


def test_a_day_first_date_in_the_address() -> None:
    """An address may end with day, month and year."""
    page = read("", story(""), url="https://www.example-post.com/meldungen/29-10-2021")

    assert page.published.at == datetime(2021, 10, 29, tzinfo=UTC)


def test_a_labelled_date_beside_a_copyright_notice() -> None:
    """The notice's own year is no date, what a label marks beside it is."""
    end = "<p>Erschienen am: 01.11.2023<br>© 2019 bei der Autorin</p>"

    page = read("", story("", end=end))

    assert page.published.at == datetime(2023, 11, 1, tzinfo=UTC)


def test_a_lunar_year_is_not_read_as_a_solar_one() -> None:
    """1445/11/07 is of the lunar calendar: no day is guessed."""
    assert read("", story("<time>1445/11/07 هـ</time>"), lang="ar").published.at is None


def test_days_of_other_stories_below_are_not_its_own() -> None:
    """Three alike elements with two days are a list, though two of them share their day."""
    days = ("December 15, 2025", "December 12, 2025", "December 12, 2025")
    end = "".join(f'<div class="published-date">{day}</div>' for day in days)

    assert read("", story("", end=end), lang="en").published.at is None


def test_the_day_of_a_picture_is_not_that_of_the_story() -> None:
    """A caption that names an earlier day does not outdo a head whose own day is printed too."""
    caption = "Der Saal, in dem die Gespräche geführt wurden, am 24. März 2014 in der Altstadt"
    head = linked(datePublished="2023-11-02T19:53:52Z", dateModified="2023-11-02T19:53:52Z")
    stamp = '<time datetime="2023-11-02T19:53:52Z">2. November 2023</time>'

    page = read(head, story(f'<div class="text-time-black"><b>{caption}</b></div>', stamp))

    assert page.published.at == datetime(2023, 11, 2, 19, 53, 52, tzinfo=UTC)


def test_the_day_of_another_story_is_not_that_of_this_one() -> None:
    """A teaser under the date says nothing where head and date agree."""
    head = linked(datePublished="2019-11-20T13:42:06Z", dateModified="2019-11-20T13:42:06Z")
    teaser = '<div class="row post-meta">Max Maier <span>16. November 2016</span></div>'

    page = read(head, story('<div class="info">20. November 2019, 13:42</div>', teaser))

    assert page.published.at == datetime(2019, 11, 20, 13, 42, 6, tzinfo=UTC)


def test_a_label_far_from_a_date_is_not_its_label() -> None:
    """Words such as ``posted`` in a sentence label no date that comes later in it."""
    stamp = '<div class="info">Thu, 14 May 2020 17:55 UTC</div>'
    caption = "<div>Pictures by his wife, posted while in Las Vegas on January 20, 2017</div>"

    page = read("", story(stamp, caption), lang="en")

    assert page.published.at == datetime(2020, 5, 14, 17, 55, tzinfo=UTC)


def test_a_label_that_opens_the_line_labels_its_date() -> None:
    """``Posted by … in … on …`` is one label however many words stand between."""
    other = '<div class="info">May 14, 2020</div>'
    own = "<p>Posted by Ann Lee in City News on January 20, 2017</p>"

    page = read("", story(other, own), lang="en")

    assert page.published.at == datetime(2017, 1, 20, tzinfo=UTC)


def test_both_dates_of_a_page_are_told_in_one_zone() -> None:
    """An instant of UTC and a time without a zone take the zone of the other date."""
    zoned = "2026-03-12T07:45:10+01:00"

    instant = read(linked(datePublished=zoned, dateModified="2026-03-12T09:00:05Z"), story())
    bare = read(linked(datePublished=zoned, dateModified="2026-03-12 10:00:05"), story())

    assert instant.modified.at is not None
    assert instant.modified.at.isoformat() == "2026-03-12T10:00:05+01:00"
    assert bare.modified.at is not None
    assert bare.modified.at.isoformat() == "2026-03-12T10:00:05+01:00"


def test_no_zone_is_read_from_a_day_that_the_address_contradicts() -> None:
    """Printed is the next day, but the address has that of UTC."""
    url = "https://www.example-post.com/2026/03/12/gipfel"

    page = read(linked(datePublished="2026-03-12T13:01:18Z"), story("<p>13.03.2026</p>"), url=url)

    assert page.published.at is not None
    assert page.published.at.isoformat() == "2026-03-12T13:01:18+00:00"


def test_an_element_that_prints_an_update_declares_one() -> None:
    """Its attribute has the day, its text says of what."""
    line = '<p><time datetime="2026-03-11T09:35"><span>Updated March 11, 2026</span></time></p>'

    page = read("", story(line), lang="en")

    assert page.published.at is None
    assert page.modified.at is not None
    assert page.modified.at.isoformat() == "2026-03-11T09:35:00+00:00"


def test_the_day_of_an_update_is_read_as_the_others_are() -> None:
    """A day after the twelfth on the page says in which order the digits stand."""
    lines = "<p>Date: 25/02/2025</p><p>Updated on 09/10/2025</p>"

    page = read("", story(lines), lang="en")

    assert page.modified.at is not None
    assert page.modified.at.date().isoformat() == "2025-10-09"


def test_the_day_of_a_quoted_post_is_not_that_of_the_story() -> None:
    """A post of a network is embedded as a quotation with its own time."""
    post = '<blockquote>Ann <time datetime="2018-03-27T07:08:52Z">27 March</time></blockquote>'

    assert read("", story(end=post)).published.at is None


def test_a_blog_declares_its_day_in_an_abbreviation() -> None:
    """The hour is printed, the whole date is the title of its element."""
    line = '<p>Posted at <abbr class="published" title="2011-07-28T12:11:00+08:00">12:11</abbr></p>'

    page = read("", story(end=line), lang="en")

    assert page.published.at is not None
    assert page.published.at.isoformat() == "2011-07-28T12:11:00+08:00"


def test_an_archive_of_months_is_no_date() -> None:
    """Numbers of posts stand between the years and the months."""
    archive = "<ul><li>▼ 2017 (9) ► August (3) ► July (24) ► May (38)</li></ul>"

    assert read("", story(end=archive), lang="en").published.at is None


@pytest.mark.parametrize("line", [
    "<p>May 3, 1940 – June 1, 2024</p>",
    '<div class="thumbcaption">Dylan in Toronto April 18, 1980</div>',
    '<table class="infobox"><tr><td>April 18, 1980</td></tr></table>',
])  # fmt: skip
def test_dates_of_lives_and_pictures_are_no_publication(line: str) -> None:
    """What a page tells of somebody's life is not about the page."""
    assert read("", story(end=line), lang="en").published.at is None


def test_the_last_line_says_when_the_page_was_changed() -> None:
    """A sentence at the end of a page without other dates."""
    line = "<p>This page was last modified on August 20, 2025 by the contributors of our guide.</p>"

    page = read("", story(end=line), lang="en")

    assert page.published.at is None
    assert page.modified.at is not None
    assert page.modified.at.date().isoformat() == "2025-08-20"


def test_an_instant_is_told_in_a_zone_where_people_live() -> None:
    """The page prints the day before: no zone between the Azores and Newfoundland is meant."""
    head = meta(article__published_time="2021-10-22T00:44:09Z")

    page = read(head, story("<p>By Ann Lee on October 21, 2021</p>"), lang="en")

    assert page.published.at is not None
    assert page.published.at.isoformat() == "2021-10-21T20:44:09-04:00"


def test_a_date_of_the_second_of_a_change_is_that_of_the_change() -> None:
    """An unsure name that gives the very instant of *dateModified* does not outweigh others."""
    head = linked(datePublished="2019-10-19T03:00:00Z", dateModified="2019-10-18T20:00:25Z") + meta(
        date="2019-10-18T20:00:25Z", publishdate="2019-10-18"
    )

    page = read(head, story("<p>19.10.2019, 05:00 Uhr</p>"))

    assert page.published.raw == "2019-10-19T03:00:00Z"
