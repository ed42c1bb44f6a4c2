"""Dates as people and machines write them, in many languages."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extract.metadata.dates import order_of, read_date, read_dates

WRITTEN = [
    ("April 30, 2024", "en", "2024-04-30T00:00:00+00:00", "day"),
    ("30th of April, 2024", "en-GB", "2024-04-30T00:00:00+00:00", "day"),
    ("Apr 30, 2024 4:05 p.m.", "en", "2024-04-30T16:05:00+00:00", "minute"),
    ("Nov. 19, 2019 8:03 am ET", "en", "2019-11-19T08:03:00-05:00", "minute"),
    ("1er mai 2024 à 18h30", "fr", "2024-05-01T18:30:00+00:00", "minute"),
    ("30 août 2020 08:15", "fr", "2020-08-30T08:15:00+00:00", "minute"),
    ("30. März 2024, 12.30 Uhr", "de", "2024-03-30T12:30:00+00:00", "minute"),
    ("30.04.24", "de", "2024-04-30T00:00:00+00:00", "day"),
    ("5 de mayo de 2024", "es", "2024-05-05T00:00:00+00:00", "day"),
    ("3 settembre 2023", "it", "2023-09-03T00:00:00+00:00", "day"),
    ("12 de março de 2024", "pt-BR", "2024-03-12T00:00:00+00:00", "day"),
    ("12 mrt 2024", "nl", "2024-03-12T00:00:00+00:00", "day"),
    ("30 kwietnia 2024 r.", "pl", "2024-04-30T00:00:00+00:00", "day"),
    ("30 апреля 2024, 16:00", "ru", "2024-04-30T16:00:00+00:00", "minute"),
    ("5 листопада 2023", "uk", "2023-11-05T00:00:00+00:00", "day"),
    ("Δευτέρα, 30 Απριλίου 2024", "el", "2024-04-30T00:00:00+00:00", "day"),
    ("15 Ağustos 2023", "tr", "2023-08-15T00:00:00+00:00", "day"),
    ("٣٠ أبريل ٢٠٢٤", "ar", "2024-04-30T00:00:00+00:00", "day"),
    ("24 نيسان / أبريل 2020", "ar", "2020-04-24T00:00:00+00:00", "day"),
    ("30 באפריל 2024", "he", "2024-04-30T00:00:00+00:00", "day"),
    ("۱۱ اردیبهشت ۱۴۰۳ - ۱۲:۳۰", "fa", "2024-04-30T12:30:00+00:00", "minute"),
    ("۱۴۰۳/۰۲/۱۱", "fa", "2024-04-30T00:00:00+00:00", "day"),
    ("26/02/1403", "fa", "2024-05-15T00:00:00+00:00", "day"),
    ("15 พ.ค. 67", "th", "2024-05-15T00:00:00+00:00", "day"),
    ("১৫ মে ২০২৪", "bn", "2024-05-15T00:00:00+00:00", "day"),
    ("113年5月15日", "zh-TW", "2024-05-15T00:00:00+00:00", "day"),
    ("الأربعاء 7 ذو القعدة 1445 - 15 مايو 2024", "ar", "2024-05-15T00:00:00+00:00", "day"),
    ("30 अप्रैल 2024", "hi", "2024-04-30T00:00:00+00:00", "day"),
    ("2024年04月30日 下午3:20", "zh", "2024-04-30T15:20:00+00:00", "minute"),
    ("令和6年5月1日", "ja", "2024-05-01T00:00:00+00:00", "day"),
    ("2024年5月1日 15時30分", "ja", "2024-05-01T15:30:00+00:00", "minute"),
    ("2024.04.30. 오후 3:20", "ko", "2024-04-30T15:20:00+00:00", "minute"),
    ("Thứ ba, 12/3/2024, 08:00 (GMT+7)", "vi", "2024-03-12T08:00:00+07:00", "minute"),
    ("12 tháng 3, 2024", "vi", "2024-03-12T00:00:00+00:00", "day"),
    ("17 Agustus 2023", "id", "2023-08-17T00:00:00+00:00", "day"),
    ("3 maj 2024 kl. 12:30", "sv", "2024-05-03T12:30:00+00:00", "minute"),
    ("3. desember 2023", "no", "2023-12-03T00:00:00+00:00", "day"),
    ("3. marts 2024", "da", "2024-03-03T00:00:00+00:00", "day"),
    ("3. toukokuuta 2024", "fi", "2024-05-03T00:00:00+00:00", "day"),
    ("3. července 2024", "cs", "2024-07-03T00:00:00+00:00", "day"),
    ("2024. április 30. 12:33", "hu", "2024-04-30T12:33:00+00:00", "minute"),
    ("3 noiembrie 2023", "ro", "2023-11-03T00:00:00+00:00", "day"),
    ("30 ม.ค. 2567", "th", "2024-01-30T00:00:00+00:00", "day"),
    ("2024 m. balandžio 30 d.", "lt", "2024-04-30T00:00:00+00:00", "day"),
    ("17 มี.ค. 2567", "th", "2024-03-17T00:00:00+00:00", "day"),
    ("17 เม.ย. 67", "th", "2024-04-17T00:00:00+00:00", "day"),
    ("3/5/67", "th", "2024-05-03T00:00:00+00:00", "day"),
    ("2024. gada 3. maijā", "lv", "2024-05-03T00:00:00+00:00", "day"),
    ("3 تشرين الأول 2024", "ar", "2024-10-03T00:00:00+00:00", "day"),
    ("3 كانون الثاني 2024", "ar", "2024-01-03T00:00:00+00:00", "day"),
    ("3 مايو 2024 2:05 مساءً", "ar", "2024-05-03T14:05:00+00:00", "minute"),
    ("٣ مايو ٢٠٢٤ ٢:٠٥ ص", "ar", "2024-05-03T02:05:00+00:00", "minute"),
    ("3 Μαΐου 2024, 2:05 μ.μ.", "el", "2024-05-03T14:05:00+00:00", "minute"),
    ("03/05/2024 02:05 CH", "vi", "2024-05-03T14:05:00+00:00", "minute"),
    ("2024년 5월 3일 오후 2시 5분", "ko", "2024-05-03T14:05:00+00:00", "minute"),
    ("2024年5月3日 晚上8点", "zh", "2024-05-03T20:00:00+00:00", "minute"),
    ("3. Mai 2024, 14:05 Uhr MESZ", "de", "2024-05-03T14:05:00+02:00", "minute"),
    ("3. Mai 2024 um 14 Uhr", "de", "2024-05-03T14:00:00+00:00", "minute"),
    ("Fri Feb 18 10:27:24 2022", "de", "2022-02-18T10:27:24+00:00", "second"),
    ("Fri Feb  4 10:27:24 CET 2022", "", "2022-02-04T10:27:24+01:00", "second"),
    ("5/3/2024, 24:15:00", "en", "2024-05-03T00:15:00+00:00", "second"),
    ("2024-05-03 25:10", "en", "2024-05-03T00:00:00+00:00", "day"),
    ("March 9, 2026 10:05 a.m. ET", "en", "2026-03-09T10:05:00-04:00", "minute"),
    ("Nov 2, 2025 10:05 a.m. ET", "en", "2025-11-02T10:05:00-05:00", "minute"),
    ("Nov 1, 2025 10:05 a.m. ET", "en", "2025-11-01T10:05:00-04:00", "minute"),
    ("May 2019", "en", "2019-05-01T00:00:00+00:00", "month"),
    ("2024-04-30 16:00:34 +02:00", "", "2024-04-30T16:00:34+02:00", "second"),
    ("2024-04-30T16:00:34.120Z", "", "2024-04-30T16:00:34+00:00", "second"),
    ("Tue, 30 Apr 2024 16:00:34 GMT", "en", "2024-04-30T16:00:34+00:00", "second"),
    ("20240430T160034Z", "", "2024-04-30T16:00:34+00:00", "second"),
    ("Publié le 30/04/2024 - 16:00", "fr", "2024-04-30T16:00:00+00:00", "minute"),
]


@pytest.mark.parametrize(("text", "language", "expected", "precision"), WRITTEN)
def test_a_written_date_keeps_its_day_time_and_zone(
    text: str, language: str, expected: str, precision: str
) -> None:
    """A date is read in its own language, as precisely as it is written and no more."""
    moment = read_date(text, language, order_of(language))

    assert moment is not None
    assert moment.at == datetime.fromisoformat(expected)
    assert moment.at.utcoffset() == datetime.fromisoformat(expected).utcoffset()
    assert moment.precision == precision


@pytest.mark.parametrize(
    "text", ["", "Copyright 2024", "30 février 2024", "Feb. 30, 2024", "Version 8.4.13",
             "vor 2 Tagen", "12:30", "Telefon 030 1234567", "Artikel 20240", "99/99/2024"],
)  # fmt: skip
def test_what_is_no_full_date_is_none(text: str) -> None:
    """A year alone, a version, a clock or an impossible day is not a date."""
    assert read_date(text, "de") is None


def test_the_order_of_digits_follows_the_language() -> None:
    """05/04 is the fourth of May in the United States and the fifth of April in Britain."""
    american = read_date("05/04/2024", "en-US", order_of("en-US"))
    british = read_date("05/04/2024", "en-GB", order_of("en-GB"))

    assert american is not None
    assert british is not None
    assert (american.at.month, american.at.day) == (5, 4)
    assert (british.at.month, british.at.day) == (4, 5)


def test_a_day_after_the_twelfth_overrules_the_order() -> None:
    """30/04 can only be the thirtieth of April, whatever the language."""
    moment = read_date("30/04/2024", "en-US", "mdy")

    assert moment is not None
    assert (moment.at.month, moment.at.day) == (4, 30)


def test_several_dates_are_read_in_order() -> None:
    """Two dates of one line are two, each with its own time."""
    found = list(read_dates("Erstellt: 3. Mai 2024, 10:00 | Update: 4. Mai 2024, 11:30", "de"))

    assert [(m.at.day, m.at.hour, m.at.minute) for m in found] == [(3, 10, 0), (4, 11, 30)]


def test_the_time_of_another_date_is_none_of_this_one() -> None:
    """A day without a time takes none from beside the date before or behind it."""
    later = read_dates("Published 2 May 2024 Updated 3 May 2024 10:00 am", "en")
    earlier = read_dates("2 May 2024 10:00 Updated 3 May 2024", "en")

    same = read_dates("Date: January 27, 2022 2022-01-27T12:00:00", "en")

    assert [(m.at.hour, m.precision) for m in same] == [(12, "second"), (12, "second")]
    assert [(m.at.day, m.at.hour, m.precision) for m in later] == [(2, 0, "day"), (3, 10, "minute")]
    assert [(m.at.day, m.at.hour, m.precision) for m in earlier] == [
        (2, 10, "minute"), (3, 0, "day"),
    ]  # fmt: skip


@given(st.text(max_size=600), st.sampled_from(["", "en", "fa", "th", "ja", "zz"]))
def test_no_text_makes_it_raise(text: str, language: str) -> None:
    """Whatever is written, reading dates ends and gives dates of our years or none."""
    assert all(1900 <= moment.at.year <= 2100 for moment in read_dates(text, language))


PARTS = ["1", "12", "2024", "may", ".", "/", " ", ":", "年", "月", "۱۴۰۲", "tháng", "²", "①"]


@given(st.lists(st.sampled_from(PARTS), max_size=80))
def test_no_heap_of_date_parts_makes_it_raise(parts: list[str]) -> None:
    """Fragments of dates in any order never raise."""
    assert all(moment.precision != "none" for moment in read_dates("".join(parts), "vi"))
