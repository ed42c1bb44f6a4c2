"""The language is checked against the text, and times and directions follow from it."""

from __future__ import annotations

import pytest

from service.extract.language import (
    count_words,
    detect,
    direction_of,
    normal_tag,
    read_language,
    reading_time_s,
)
from service.extract.metadata.model import LanguageClaim

_TEXTS = {
    "fr": "Les habitants ont voté à une large majorité pour la reconstruction de la digue du port.",
    "de": "Die Bewohner stimmten mit großer Mehrheit für den Wiederaufbau der Mauer am Hafen.",
    "el": "Οι κάτοικοι ψήφισαν με μεγάλη πλειοψηφία υπέρ της ανοικοδόμησης του τείχους στο λιμάνι.",
    "pl": "Mieszkańcy zagłosowali zdecydowaną większością za odbudową muru chroniącego port.",
    "ru": "Жители подавляющим большинством голосов поддержали восстановление стены у гавани.",
    "zh": "青河市居民以多数票赞成重建港口的防波堤，工程将于九月开始，预计三年完成。",
    "ja": "港町の住民は大差で防潮堤の再建に賛成し、工事は九月に始まる見通しだ。",
    "ar": "صوت السكان بأغلبية كبيرة لصالح إعادة بناء الجدار الذي يحمي الميناء منذ أكثر من قرن.",
    "he": "התושבים הצביעו ברוב גדול בעד בנייה מחדש של החומה שמגינה על הנמל כבר יותר ממאה שנים.",
}


@pytest.mark.parametrize("code", _TEXTS)
def test_texts_are_recognised(code: str) -> None:
    """A sentence is enough to know its language."""
    guess = detect(_TEXTS[code])

    assert guess.code == code


def test_a_declared_tag_that_agrees_is_kept() -> None:
    """A declared region survives where the text is in that language."""
    language = read_language(_TEXTS["fr"], [LanguageClaim("fr_ca", "dom")])

    assert language is not None
    assert (language.code, language.source) == ("fr-CA", "dom")


def test_a_declared_tag_that_lies_is_not_believed() -> None:
    """A template's language does not name the text's."""
    language = read_language(_TEXTS["pl"], [LanguageClaim("en-US", "dom")])

    assert language is not None
    assert (language.code, language.source) == ("pl", "text")


def test_a_short_text_leaves_the_word_to_the_page() -> None:
    """A few words cannot overrule what the page declares; without either nothing is said."""
    language = read_language("Taxi Hotel", [LanguageClaim("fi", "meta")])

    assert language is not None
    assert (language.code, language.confidence) == ("fi", 0.5)
    assert read_language("", []) is None


@pytest.mark.parametrize(
    ("tag", "normal"),
    [("PT_br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("iw", "he"), ("EN", "en"), ("", None)],
)
def test_tags_are_written_alike(tag: str, normal: str | None) -> None:
    """Tags are written as BCP 47 writes them, old codes as their successors."""
    assert normal_tag(tag) == normal


def test_direction_follows_the_letters() -> None:
    """Most letters decide the direction; without letters the language does."""
    assert direction_of(_TEXTS["ar"] + " NATO") == "rtl"
    assert direction_of(_TEXTS["fr"], "ar") == "ltr"
    assert direction_of("– 2024 –", "he") == "rtl"


def test_words_are_characters_where_no_blanks_part_them() -> None:
    """Chinese is counted by characters, and foreign words in it as words."""
    assert count_words("港口的防波堤 NATO 2024") == (8, 6)
    assert count_words("One two – three") == (3, 0)
    assert reading_time_s(228, 0, "en") == 60
    assert reading_time_s(255, 255, "zh-TW") == 60
    assert reading_time_s(0, 0, None) == 0


_ZULU = (
    "Izakhamuzi zedolobha zivotele ngobuningi ukuba kwakhiwe kabusha udonga oluvikela itheku, "
    "kanti umsebenzi uzoqala ngoMandulo bese uthatha iminyaka emithathu. Imeya ithe imali "
    "isitholakele, nokho abadobi bathi sekwephuze kakhulu ngoba izikebhe zabo zonakele. "
) * 3


def test_a_long_text_in_no_language_that_is_known_has_none() -> None:
    """What a template declares is not believed of a text that the model finds nothing of it in."""
    assert read_language(_ZULU, [LanguageClaim("en-US", "dom")]) is None
    assert read_language(_ZULU[:200], [LanguageClaim("en-US", "dom")]) is not None


def test_a_text_that_quotes_japanese_is_not_written_in_it() -> None:
    """Lessons and travel tips print single words of another script."""
    part = "Say 駅はどこですか when you look for the station, and the staff will show you the way. "

    language = read_language(part * 12, [LanguageClaim("en-US", "dom")])

    assert language is not None
    assert language.code == "en-US"


def test_the_small_print_of_a_site_in_other_languages_does_not_decide() -> None:
    """A notice at the end in all the languages of a site; the story is as declared."""
    story = "The lock gates failed at Easter, and the boats had to wait until the end of May. " * 14
    notice = (
        "Можете да оттеглите съгласието си по всяко време в долния колонтитул на писмата. " * 14
    )

    language = read_language(story + notice, [LanguageClaim("en", "dom")])

    assert language is not None
    assert language.code == "en"
