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
