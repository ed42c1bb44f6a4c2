"""When a page says that it was published and modified."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.extract.metadata.pages import linked, meta, read, story

LABELLED = [
    ("fr", "Publié le 30/04/2024 - 16:00 • Mis à jour le 01/05/2024"),
    ("de", "Veröffentlicht am 30.04.2024, zuletzt aktualisiert am 01.05.2024"),
    ("es", "Publicado el 30 de abril de 2024. Actualizado el 1 de mayo de 2024"),
    ("it", "Pubblicato il 30 aprile 2024 – Aggiornato il 1 maggio 2024"),
    ("pt", "Publicado em 30/04/2024 | Atualizado em 01/05/2024"),
    ("nl", "Gepubliceerd op 30 april 2024 · Bijgewerkt op 1 mei 2024"),
    ("pl", "Opublikowano: 30.04.2024, aktualizacja: 01.05.2024"),
    ("ru", "Опубликовано: 30 апреля 2024. Обновлено: 1 мая 2024"),
    ("tr", "Yayınlanma: 30.04.2024 - Güncelleme: 01.05.2024"),
    ("el", "Δημοσιεύτηκε: 30 Απριλίου 2024 Ενημερώθηκε: 1 Μαΐου 2024"),
    ("ar", "تاريخ النشر: 30 أبريل 2024 آخر تحديث: 1 مايو 2024"),
    ("ko", "입력 2024.04.30. 수정 2024.05.01."),
    ("ja", "公開日：2024年4月30日 更新日：2024年5月1日"),
    ("zh", "发布时间：2024-04-30 更新时间：2024-05-01"),
    ("sv", "Publicerad 30 april 2024 Uppdaterad 1 maj 2024"),
    ("cs", "Publikováno 30. dubna 2024, aktualizováno 1. května 2024"),
    ("hu", "Megjelent: 2024. április 30. Frissítve: 2024. május 1."),
]


@pytest.mark.parametrize(("lang", "line"), LABELLED)
def test_labels_tell_published_from_modified(lang: str, line: str) -> None:
    """The printed labels of a language say which of two dates is which."""
    page = read("", story(f"<p>{line}</p>"), lang=lang)

    assert page.published.at is not None
    assert page.modified.at is not None
    assert page.published.at.date().isoformat() == "2024-04-30"
    assert page.modified.at.date().isoformat() == "2024-05-01"
    assert page.published.source == "dom"


def test_declared_dates_come_first() -> None:
    """JSON-LD is believed before what is printed, zone and seconds included."""
    head = linked(datePublished="2024-04-30T16:00:34+02:00", dateModified="2024-05-01T08:00:00Z")

    page = read(head, story("<time>3. Mai 2024</time>"))

    assert page.published.at == datetime.fromisoformat("2024-04-30T16:00:34+02:00")
    assert page.published.precision == "second"
    assert page.published.source == "json-ld"
    assert page.modified.at == datetime(2024, 5, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw", ["0000000000", "0000000000000", "1970-01-01T00:00:00Z", "1900-01-01", "2024050314"]
)
def test_an_unset_field_is_no_date(raw: str) -> None:
    """What a system prints for no date is none, nor are ten digits that are no seconds yet."""
    page = read(linked(datePublished=raw) + meta(pubdate=raw), story())

    assert page.published.at is None


def test_a_day_without_a_time_keeps_its_precision() -> None:
    """A bare day is midnight UTC of precision day."""
    page = read("", story('<p class="date">30. April 2024</p>'))

    assert page.published.at == datetime(2024, 4, 30, tzinfo=UTC)
    assert page.published.precision == "day"
    assert page.published.raw == "30. April 2024"


def test_a_label_without_a_date_gives_null_with_its_raw_text() -> None:
    """A page that prints only the label states no date."""
    page = read("", story("<p>Publié le</p>"), lang="fr")

    assert page.published.at is None
    assert page.published.raw == "Publié le"
    assert page.published.precision == "none"


def test_a_modified_date_never_stands_in_for_a_published_one() -> None:
    """A page that says only when it was updated has no published date."""
    page = read("", story("<p>Zuletzt aktualisiert am 01.05.2024</p>"))

    assert page.published.at is None
    assert page.modified.at is not None


@pytest.mark.parametrize(
    "line",
    [
        "<footer>© 2024 Example Post, 01.02.2024</footer>",
        '<aside class="related"><a href="/x">Früher</a> <time>01.02.2024</time></aside>',
        "<p>Mitglied seit 01.02.2024</p>",
        '<figure><img src="a.jpg"><figcaption>Foto: Roth, 01.02.2024</figcaption></figure>',
        '<div class="comments"><p>Max schrieb am 01.02.2024</p></div>',
    ],
)
def test_dates_of_other_things_are_left_alone(line: str) -> None:
    """Copyright lines, related articles, members, captions and comments date nothing."""
    assert read("", story(line)).published.at is None


def test_digits_in_doubt_follow_the_declared_date() -> None:
    """05/04 is read as the day that another source of the page names."""
    url = "https://www.example-post.com/2024/04/05/summit"

    page = read("", story('<p class="date">05/04/2024 10:30</p>'), lang="en", url=url)

    assert page.published.at is not None
    assert page.published.at.date().isoformat() == "2024-04-05"


def test_the_day_is_that_of_the_page_and_not_of_greenwich() -> None:
    """22:04 UTC that the page prints as 00:04 of the next day is given in that zone."""
    page = read(
        linked(datePublished="2019-10-18T22:04:00Z"),
        story('<p class="date">19. Oktober 2019, 00:04 Uhr</p>'),
    )

    assert page.published.at is not None
    assert page.published.at.isoformat() == "2019-10-19T00:04:00+02:00"


def test_the_address_may_state_the_day() -> None:
    """A day in the path counts where nothing else is stated."""
    page = read("", story(), url="https://www.example-post.com/2024/04/30/summit.html")

    assert page.published.at == datetime(2024, 4, 30, tzinfo=UTC)
    assert page.published.source == "url"


def test_the_printed_date_is_consumed() -> None:
    """The body does not print the date line again."""
    page = read(meta(article__published_time="2024-04-30"), story("<p>30. April 2024</p>"))

    assert "date" in page.consumed.values()


@pytest.mark.parametrize(
    "opening",
    [
        "(21. November 2022) Die Gemeinden der Region",
        "Pressemitteilung vom 21. November 2022 | Berlin – Die Gemeinden der Region",
        "Berlin, 21.11.2022 – Die Gemeinden der Region",
        "21.11.2022 - Die Gemeinden der Region",
        "MOSCOW, Nov. 21, 2022 – Die Gemeinden der Region",
    ],
)
def test_a_dateline_opens_the_story(opening: str) -> None:
    """Where nothing else is dated, the date that opens a paragraph and is set apart counts."""
    page = read("", story(f"<p>{opening} haben am Montag beschlossen, was lange strittig war.</p>"))

    assert page.published.at == datetime(2022, 11, 21, tzinfo=UTC)


def test_a_date_told_by_the_story_is_not_its_own() -> None:
    """A paragraph may begin with a date that it tells about."""
    told = "Am 21. November 2022 haben die Gemeinden der Region über die Brücke beraten, " * 2

    page = read("", story(f"<p>{told}</p>"))

    assert page.published.at is None


def test_the_dates_of_a_list_are_not_the_articles_own() -> None:
    """Elements of one make that each print another day belong to other articles."""
    days = "".join(
        f'<li><a href="/{n}">Another story of the week</a> <span class="post-date">'
        f"December {n}, 2025</span></li>"
        for n in (15, 12, 9)
    )

    assert read("", story("") + f'<ul class="posts">{days}</ul>').published.at is None


def test_the_first_publication_is_printed_where_the_head_gives_a_change() -> None:
    """A marked earlier day under the headline is believed before a head that calls the day of
    a change both published and modified."""
    head = linked(datePublished="2025-11-20T16:02:46Z", dateModified="2025-11-20T16:02:46Z")

    page = read(head, story('<div class="post-date">May 14, 2025</div>'))

    assert page.published.at == datetime(2025, 5, 14, tzinfo=UTC)


def test_a_label_is_believed_before_the_attribute_of_its_element() -> None:
    """A ``<time>`` that says when it was published may carry the instant of a change."""
    page = read("", story('<time datetime="2019-07-03T10:18:46Z">Publié le 29 juin 2019</time>'))

    assert page.published.at == datetime(2019, 6, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("الأربعاء، 28 آب/اغسطس 2013، آخر تحديث 10:00", "ar"),
        ("28 August 2013, last updated 10:00", "en"),
        ("28.08.2013, aktualisiert 10:00 Uhr", "de"),
    ],
)
def test_a_date_whose_time_is_the_last_update_is_no_publication(line: str, lang: str) -> None:
    """The label stands between the date and the time."""
    page = read("", story(f'<div class="date">{line}</div>'), lang=lang)

    assert page.published.at is None
    assert page.modified.at is not None
    assert page.modified.at.day == 28


@pytest.mark.parametrize("declared", ["2026-03-12T00:00:00+08:00", "2026-03-12T00:00:00.000Z"])
def test_midnight_to_the_second_is_a_day(declared: str) -> None:
    """Systems that know only the day write midnight, in their own zone."""
    head = linked(datePublished=declared, dateModified=declared)

    page = read(head, story())

    for found in (page.published, page.modified):
        assert found.at == datetime(2026, 3, 12, tzinfo=UTC)
        assert found.precision == "day"


def test_a_printed_midnight_is_a_time() -> None:
    """A page that prints the hour means it."""
    head = linked(datePublished="2026-03-12T00:00:00Z")

    page = read(head, story("<p class=date>12.03.2026, 00:00 Uhr</p>"))

    assert page.published.precision == "minute"


def test_the_first_second_of_1970_is_no_date() -> None:
    """A field without a date counts no seconds."""
    page = read(
        linked(datePublished="1970-01-01T01:00:00+01:00", dateModified="1970-01-01"), story()
    )

    assert page.published.at is None
    assert page.modified.at is None


def test_both_times_are_told_alike() -> None:
    """A change on the full minute is told in minutes where the publication is."""
    head = linked(datePublished="2026-03-12T08:30:00Z", dateModified="2026-03-12T09:15:00Z")

    page = read(head, story("<p class=date>12.03.2026, 08:30 Uhr</p>"))

    assert page.published.precision == "minute"
    assert page.modified.precision == "minute"


def test_the_printed_date_is_the_one_of_its_own_day() -> None:
    """The page prints the day of the change before that of the publication."""
    line = (
        '<ul><li>Mis à jour <time datetime="2013-04-06T10:37:32+02:00">le 06/04/2013 à 10:37</time>'
        '</li><li>Publié <time datetime="2013-04-05T17:08:23+02:00">le 05/04/2013 à 17:08</time>'
        "</li></ul>"
    )

    page = read("", story(line), lang="fr")

    assert page.published.raw == "Publié le 05/04/2013 à 17:08"


@pytest.mark.parametrize("printed", ["today", "Heute", "Heute, 12:00 Uhr"])
def test_today_is_the_day_that_its_element_declares(printed: str) -> None:
    """A word for the day itself is no label of another date."""
    page = read("", story(f'<time datetime="2024-05-03T12:00:00+02:00">{printed}</time>'))

    assert page.published.at == datetime.fromisoformat("2024-05-03T12:00:00+02:00")


@pytest.mark.parametrize(
    "printed",
    [
        '<time datetime="2024-05-03T12:34:00+02:00">3 May</time>',
        "<p class=date>3 May 2024, 12:34</p>",
    ],
)
def test_the_day_of_an_address_has_the_time_that_is_printed(printed: str) -> None:
    """Nothing but the address declares the day; the page prints it with an hour."""
    url = "https://www.example-post.com/2024/05/03/gipfel-in-genf"

    page = read("", story(printed), lang="en", url=url)

    assert page.published.at is not None
    assert f"{page.published.at:%Y-%m-%d %H:%M}" == "2024-05-03 12:34"


def test_the_day_of_an_address_has_no_time_of_another_day() -> None:
    """A time that is printed with another day says nothing of it."""
    url = "https://www.example-post.com/2024/05/03/gipfel-in-genf"

    page = read("", story("<p>4 May 2024, 12:34</p>"), lang="en", url=url)

    assert page.published.precision == "day"
