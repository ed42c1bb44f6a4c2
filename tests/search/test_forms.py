"""Words are looked for in every way they are written."""

from __future__ import annotations

import pytest

from service.api.v1.fragments import fragment, run_spans
from service.compounds import parts_of_compounds
from service.terms import UNSTEMMED, indexed, query_of
from service.word_forms import forms, simplified, stumped, usual


@pytest.mark.parametrize(
    ("text", "indexed_as"),
    [
        ("rolnicy rolników rolnikami", "rolnik rolnik rolnik"),
        ("szkoła szkoły szkole", "szkoł szkoł szkol"),
        ("dach dachy", "dach dach"),
        ("корки корках", "корк корк"),
        ("ulica a to 2024", "ulik a to 2024"),
    ],
)
def test_words_without_a_stemmer_lose_their_endings(text: str, indexed_as: str) -> None:
    """Forms of a word are indexed alike, in the index and in the query."""
    assert stumped(text) == indexed_as
    assert indexed(text, UNSTEMMED) == indexed_as
    assert indexed(text, "bs_polish") == text


def test_both_numbers_are_asked_for() -> None:
    """Also among other words, but not in quotes and not of what is excluded."""
    assert set(forms("Mice")) == {"Mice", "mouse"}
    assert set(forms("coração")) == {"coração", "corações"}
    assert query_of("woman rowing") == "woman rowing or women rowing"
    assert query_of('"old women" -mice') == '"old women" -mice'


@pytest.mark.parametrize(
    ("text", "indexed_as"),
    [
        ("“Non”, dit l’Europe — enfin…", "Non dit l'Europe enfin"),
        ("„Wir schaffen das“", "Wir schaffen das"),
        ("AC/DC, COVID-19 and G-7", "AC DC COVID 19 and G7 ACDC COVID19"),
        ("The U.S. and J.K. Rowling", "The US. and JK. Rowling"),
        ("1,000 or 2 500 000 or 3.5 of 12,34", "1000 or 2500000 or 3.5 of 12,34"),
        ("Liam O’Brien’s", "Liam O'Brien's OBrien"),
        ("a@b.example https://b.example/c", "a b example https b example c"),
        ("۱۲ and ١٢", "12 and 12"),
    ],
)
def test_words_are_parted_alike_in_every_locale(text: str, indexed_as: str) -> None:
    """A database of the locale C takes every sign outside ASCII for a letter."""
    words = indexed(text, "bs_english").replace(",", "").split()

    assert words == indexed_as.replace(",", "").split()


def test_a_query_is_read_as_search_engines_do() -> None:
    """Typographic quotes, words for signs, dashes that exclude nothing."""
    assert query_of("“care homes” –lido") == '"care homes" -lido'
    assert query_of("lido | hamlet") == query_of("lido OR hamlet") == "lido or hamlet"
    assert query_of("lido AND council NOT flats") == "lido council -flats"
    assert query_of("Chelsea - Arsenal") == "Chelsea Arsenal"
    assert query_of("well-being -check-in") == "wellbeing -checkin"
    assert query_of("放送-NHK") == "放送 NHK"
    assert query_of('"well-being" "well-being at work"') == 'wellbeing "well being at work"'
    assert query_of('-COVID-19 "G-20"') == '-COVID19 -"COVID 19" G20'
    assert query_of("COVID-19") == 'COVID19 or "COVID 19"'
    assert query_of("covid19 -AC/DC") == 'covid19 -ACDC or "covid 19" -ACDC'


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Straßenbahnen", ["straßen", "bahnen"]), ("Schichtarbeiter", ["schicht", "arbeiter"]),
        ("Wirtschaftskrise", ["wirtschafts", "krise"]), ("Verhandlung", []), ("Abstand", []),
        ("Hauptversammlung", []), ("Gesellschaft", []), ("wirtschaftlich", []),
    ],
)  # fmt: skip
def test_german_nouns_are_cut_into_their_parts(word: str, parts: list[str]) -> None:
    """No particle is cut off, and no word that is not a noun is cut."""
    assert parts_of_compounds(f"Die {word}, heißt es.") == parts
    assert indexed(word, "bs_german").split() == [word, *parts]
    assert indexed(word, "bs_english") == word


def test_scripts_are_read_alike() -> None:
    """Traditional as simplified characters, narrow and wide letters as usual ones."""
    assert simplified("高鐵臺灣") == "高铁台湾"
    assert usual("ﾄﾞﾛｰﾝ ＮＨＫ 2") == "ドローン NHK 2"


def test_soft_hyphens_part_no_words() -> None:
    """Where a line may end is not seen, neither in the index nor in a query."""
    assert indexed("Helikopter\xadlandeplatz am Rathaus", "bs_german").split() == [
        "Helikopterlandeplatz", "am", "Rathaus",
    ]  # fmt: skip
    assert indexed("rol\xadnicy", UNSTEMMED).split() == ["rolnik"]
    assert query_of("Helikopter\xadlandeplatz") == "Helikopterlandeplatz"
    assert query_of("高鐵") == query_of("高铁") == "高铁"


def test_korean_particles_do_not_hide_a_word() -> None:
    """A word is found with what is written to it, and one syllable too."""
    assert "버스" in indexed("버스를", UNSTEMMED).split()
    assert "책" in indexed("책을", UNSTEMMED).split()
    assert query_of("학교는") == query_of("학교") == "학교"


def test_traditional_text_is_marked_where_its_simplified_word_stands() -> None:
    """What is shown is the text as it was written."""
    text = "台灣高鐵誤點"

    parts = fragment(text, run_spans(text, ["高铁"]))

    assert [(part.text, part.is_match) for part in parts] == [
        ("台灣", False), ("高鐵", True), ("誤點", False)
    ]  # fmt: skip
