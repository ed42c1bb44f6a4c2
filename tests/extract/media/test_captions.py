"""Captions, credits and rights told apart."""

from __future__ import annotations

import time

import pytest

from service.article import Credit
from service.extract.media.captions import split_caption
from service.extract.media.makers import read_credit

CASES = [
    # what is printed, caption, credit text, photographer, agency, notice
    ("Ruins. Foto: dpa/Max Müller", "Ruins.", "dpa/Max Müller", "Max Müller", "dpa", None),
    ("Crédit photo : Jean Dupont / AFP", None, "Jean Dupont / AFP", "Jean Dupont", "AFP", None),
    ("A man walks (AP Photo/Virginia Mayo)", "A man walks", "AP Photo/Virginia Mayo",
     "Virginia Mayo", "AP", None),
    ("© Getty Images", None, "Getty Images", None, "Getty Images", "© Getty Images"),
    ("A cat. © 2024 Getty Images", "A cat.", "Getty Images", None, "Getty Images",
     "© 2024 Getty Images"),
    ("Le secrétaire. Tous droits réservés  AP Photo/Virginia Mayo", "Le secrétaire.",
     "AP Photo/Virginia Mayo", "Virginia Mayo", "AP", "Tous droits réservés"),
    ("首相が会見した。写真：共同通信社", "首相が会見した。", "共同通信社", None, "共同通信社",
     None),
    ("容疑者＝13日、東京で（山田太郎撮影）", "容疑者＝13日、東京で", "山田太郎", None, None, None),
    ("이재명 대통령 [사진=연합뉴스]", "이재명 대통령", "연합뉴스", None, "연합뉴스", None),
    ("На встрече. Фото: Сергей Иванов / РИА Новости", "На встрече.",
     "Сергей Иванов / РИА Новости", "Сергей Иванов", "РИА Новости", None),
    ("A dog. Photograph: Jane Roe/The Guardian", "A dog.", "Jane Roe/The Guardian", "Jane Roe",
     "The Guardian", None),
    ("En Albania, en 2024. Alketa Misja (dpa/picture alliance via Getty)",
     "En Albania, en 2024.", "Alketa Misja (dpa/picture alliance via Getty)", "Alketa Misja",
     "dpa/picture alliance via Getty", None),
    ("The mayor. (Photo by Justin Sullivan/Getty Images)", "The mayor.",
     "Justin Sullivan/Getty Images", "Justin Sullivan", "Getty Images", None),
    ("Links: der Kanzler (Foto: dpa), rechts: der Minister.",
     "Links: der Kanzler, rechts: der Minister.", "dpa", None, "dpa", None),
    ("תמונה של הים. צילום: רויטרס", "תמונה של הים.", "רויטרס", None, "רויטרס", None),
    ("Trump speaks. Evan Vucci/AP", "Trump speaks.", "Evan Vucci/AP", "Evan Vucci", "AP", None),
    ("Putin | AFP", "Putin", "AFP", None, "AFP", None),
    ("Y bác sĩ. Ảnh: Bệnh viện cung cấp", "Y bác sĩ.", "Bệnh viện cung cấp", None, None, None),
    ("Foto: Florion Goga (REUTERS) | Vídeo: EPV", None, "Florion Goga (REUTERS) | EPV",
     "Florion Goga", "REUTERS", None),
    ("Un centro. Foto: Florion Goga (REUTERS) | Vídeo: EPV", "Un centro.",
     "Florion Goga (REUTERS) | EPV", "Florion Goga", "REUTERS", None),
    ("Foto: © dpa/Max", None, "dpa/Max", None, "dpa", "© dpa/Max"),
    ("Pro Kopf 11 Liter. © APA/APA (dpa)/Jens Büttner", "Pro Kopf 11 Liter.",
     "APA/APA (dpa)/Jens Büttner", "Jens Büttner", "APA/APA/dpa", "© APA/APA (dpa)/Jens Büttner"),
    ("El detenido. FOTO Ángel Flecha.", "El detenido.", "Ángel Flecha", "Ángel Flecha", None, None),
    ("Das Hermelin. (mlharing iStock.com)", "Das Hermelin.", "mlharing iStock.com", None,
     "mlharing iStock.com", None),
    ("A chart. Source: Eurostat", "A chart.", "Eurostat", None, None, None),
    ("Las grúas paradas en el muelle / D. ARROYO", "Las grúas paradas en el muelle", "D. ARROYO",
     "D. ARROYO", None, None),
    ("Die Razzia am Montag in La Soledat / Laura Mar", "Die Razzia am Montag in La Soledat",
     "Laura Mar", "Laura Mar", None, None),
    ("The quay was empty in Nov. 8, 2023. (KTLA)", "The quay was empty in Nov. 8, 2023.", "KTLA",
     None, None, None),
    ("Illustrations: Ann Lee", None, "Ann Lee", "Ann Lee", None, None),
    ("Foto: Max Roth | Wellen hinter dem Markt", "Wellen hinter dem Markt", "Max Roth", "Max Roth",
     None, None),
    ("Wellen am Markt.Foto: Max Roth", "Wellen am Markt.", "Max Roth", "Max Roth", None, None),
    ("BESØK: Manageren kom. Foto: Anna Winger og Vilde Holta (Avisen)", "BESØK: Manageren kom.",
     "Anna Winger og Vilde Holta (Avisen)", "Anna Winger, Vilde Holta", "Avisen", None),
    ("A talk. Photo: Keystone/The White House via AP/Ann Lee", "A talk.",
     "Keystone/The White House via AP/Ann Lee", "Ann Lee", "Keystone/AP", None),
    ("Le ministre. Photo: Lionel Bon. AFP", "Le ministre.", "Lionel Bon. AFP", "Lionel Bon", "AFP",
     None),
    ("Potrawy. Fot. Emilia Sitar - Radio Kielce", "Potrawy.", "Emilia Sitar - Radio Kielce",
     "Emilia Sitar", "Radio Kielce", None),
    ("A garden. Credit: by Emily Baron", "A garden.", "Emily Baron", "Emily Baron", None, None),
    ("A knife. Photo: Metropolitan Police", "A knife.", "Metropolitan Police", None, None, None),
    ("Ein Stein. © NDR Foto: Max Roth", "Ein Stein.", "NDR Foto: Max Roth", "Max Roth", "NDR",
     "© NDR Foto: Max Roth"),
    ("FILE PHOTO: People walk past a bank. REUTERS/Ann Lee/File Photo",
     "FILE PHOTO: People walk past a bank.", "REUTERS/Ann Lee/File Photo", "Ann Lee", "REUTERS",
     None),
    ("A boat, May 3, 2024. REUTERS/Ann Lee Purchase Licensing Rights, opens new tab",
     "A boat, May 3, 2024.", "REUTERS/Ann Lee", "Ann Lee", "REUTERS", None),
    ("항구의 배 [연합뉴스 자료사진]", "항구의 배", "연합뉴스 자료사진", None, "연합뉴스", None),
    ("Autor de la foto: Ana García", None, "Ana García", "Ana García", None, None),
    ("Cover photo: Ann Lee", None, "Ann Lee", "Ann Lee", None, None),
    ("Photo by Ann Lee on Unsplash", None, "Ann Lee on Unsplash", "Ann Lee", "Unsplash", None),
    ("Ann Lee via Flickr (CC BY 2.0)", None, "Ann Lee via Flickr (CC BY 2.0)", "Ann Lee", "Flickr",
     None),
    ("By Ann Lee - Own work, CC BY-SA 4.0", None, "Ann Lee - Own work, CC BY-SA 4.0", "Ann Lee",
     None, None),
    ("A boat at sea [Ann Lee/Al Jazeera]", "A boat at sea", "Ann Lee/Al Jazeera", "Ann Lee",
     "Al Jazeera", None),
    ("She talks. (Ann Lee/The White House)", "She talks.", "Ann Lee/The White House", "Ann Lee",
     "The White House", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "caption", "made_by", "photographer", "agency", "notice"), CASES)
def test_parts_of_a_caption_are_told_apart(
    text: str,
    caption: str | None,
    made_by: str,
    photographer: str | None,
    agency: str | None,
    notice: str | None,
) -> None:
    """Caption, credit with photographer and agency, and rights are found in many languages."""
    split = split_caption(text)

    assert split.caption == caption
    assert split.copyright_notice == notice
    assert split.credit is not None
    assert split.credit.text == made_by
    if photographer or agency:
        assert (split.credit.photographer, split.credit.agency) == (photographer, agency)


@pytest.mark.parametrize(
    "text",
    [
        "He said: nothing is lost, and the dogs keep running through the park all night",
        "File photo: A worker cleans the street in Delhi on Monday",
        "Photo: A dog runs through the park on a sunny day with its owner behind",
        "Soldiers where they have nothing to do (Kunduz, 6.12.2010)",
        "The president signs the bill into law. The opposition walked out in protest",
        "Hannah Arendt",
        "Old/New",
        "The same map after the change, which says what its copyright licenses allow",
        "For Contacts/Glasses Wearers",
        "In the photo: Mayor Ann Lee",
        "Auf dem Foto: Anna Berg",
        "En la foto: Ana García",
        "Sur la photo : Anne Roux",
        "Na foto: João Silva",
        "На фото: Анна Иванова",
        "Image: a boat at dawn",
        "Dos opciones: Pedro Sanz / Alberto Ruiz",
        "The harbour late at night / Dawn over the quay",
        "File photo: A boat at dawn",
    ],
)
def test_caption_without_a_credit_stays_whole(text: str) -> None:
    """Sentences, dates in brackets and labels of captions are not taken for credits."""
    assert split_caption(text) == (text, None, None)


def test_credit_printed_apart_is_not_repeated() -> None:
    """A credit given apart is taken from the caption's end, with its brackets and label."""
    split = split_caption("A dog. (Foto: Jane Roe / AP)", "Jane Roe / AP")

    assert split == (
        "A dog.",
        Credit(text="Jane Roe / AP", photographer="Jane Roe", agency="AP"),
        None,
    )


def test_rights_and_credit_printed_apart_are_told_apart() -> None:
    """A rights phrase and a credit in one line of small print become a notice and a credit."""
    split = split_caption("Mark Rutte à Bruxelles.", "Tous droits réservés AP Photo/Virginia Mayo")

    assert split.caption == "Mark Rutte à Bruxelles."
    assert split.copyright_notice == "Tous droits réservés"
    assert split.credit == Credit(
        text="AP Photo/Virginia Mayo", photographer="Virginia Mayo", agency="AP"
    )


@pytest.mark.parametrize(
    ("text", "caption", "made_by"),
    [
        ("Waves. Photo Jane Orwell", "Waves.", "Jane Orwell"),
        ("Fale | Fot. Joanna Orska", "Fale", "Joanna Orska"),
        ("Fale (fot. Joanna Orska)", "Fale", "Joanna Orska"),
        ("Fot. Joanna Orska / PAP", None, "Joanna Orska / PAP"),
        ("The winner. Photo finish in Rome", "The winner. Photo finish in Rome", None),
    ],
)
def test_a_name_may_follow_its_label_without_a_mark(
    text: str, caption: str | None, made_by: str | None
) -> None:
    """``Fot. Anna Nowak`` is a credit; a label before other words is none."""
    split = split_caption(text)

    assert split.caption == caption
    assert (split.credit.text if split.credit else None) == made_by


def test_what_a_caption_is_called_is_none_of_it() -> None:
    """A hidden name before a caption is for those who hear the page."""
    assert split_caption("Image caption The mayor on the wall").caption == "The mayor on the wall"


@pytest.mark.parametrize("text", ["", " ", "|", "(", "©", ":", "Foto:", "((((((", "© © ©"])
def test_scraps_are_no_caption(text: str) -> None:
    """Marks without words give nothing, and break nothing."""
    split = split_caption(text)

    assert split.credit is None
    assert split.caption is None or len(split.caption) <= len(text)


@pytest.mark.parametrize("unit", ["(", "[Foto: ", ":", " . ", "© ", "a/", "|", "Photo by ", "。"])
def test_hostile_captions_end_in_time(unit: str) -> None:
    """A megabyte of marks is read in a moment: only the first characters count."""
    started = time.process_time()

    split_caption(unit * (1_000_000 // len(unit)), unit * 100_000)

    assert time.process_time() - started < 0.5


def test_a_credit_loses_the_bracket_that_was_not_opened() -> None:
    """``Image: Getty Images/Ann Lee)`` was cut out of a caption in brackets."""
    credit = read_credit("Getty Images/Ann Lee)")

    assert credit is not None
    assert credit.text == "Getty Images/Ann Lee"
    assert credit.agency == "Getty Images"


@pytest.mark.parametrize(
    ("text", "photographer", "agency"),
    [
        ("Courtesy Ann Lee/Hill Parks Board", "Ann Lee", "Hill Parks Board"),
        ("Courtesy Acme", None, None),
        ("Max Roth/Getty Images for Acme Shoes", "Max Roth", "Getty Images"),
        ("Inria / Photo C. Morel", "C. Morel", "Inria"),
        ("新华社记者 才扬 摄", "才扬", "新华社"),
        ("고영권 기자", "고영권", None),
        ("J. Petraitis / LRT nuotr.", "J. Petraitis", "LRT"),
    ],
)
def test_makers_are_told_without_words_around_them(
    text: str, photographer: str | None, agency: str | None
) -> None:
    """Trades, thanks and clients are no part of a name."""
    credit = read_credit(text)

    assert credit is not None
    assert (credit.photographer, credit.agency) == (photographer, agency)


@pytest.mark.parametrize(
    ("text", "caption", "made_by"),
    [
        ("堤防を越える水＝ロイター", "堤防を越える水", "ロイター"),
        ("Набережна о шостій ранку / Фото РБК", "Набережна о шостій ранку", "РБК"),
        ("Foto und Styling: Ann Lee", None, "Ann Lee"),
        ("Screenshot by Ann Lee/Example Post", None, "Ann Lee/Example Post"),
        ("The river / E. Roth/AP", "The river", "E. Roth/AP"),
        ("Ann Lee/Acme", None, "Ann Lee/Acme"),
        ("(The Example Post)", None, "The Example Post"),
        ("pixie / stock-example.de", None, "pixie / stock-example.de"),
        ("Courtesy Acme", None, "Courtesy Acme"),
        ("A house in the hills [File: Reuters]", "A house in the hills", "Reuters"),
        ("The river © Provided by Acme Inc", "The river", "Provided by Acme Inc"),
        ("Media playback is unsupported on your device Media captionThe river", "The river", None),
    ],
)
def test_credits_behind_a_mark_are_found(
    text: str, caption: str | None, made_by: str | None
) -> None:
    """A slash or an equals sign parts them from the caption; initials end no sentence."""
    split = split_caption(text)

    assert split.caption == caption
    assert (split.credit.text if split.credit else None) == made_by


def test_days_are_no_makers() -> None:
    """A line of dates under a portrait is about the article."""
    assert read_credit("August 16, 2019 - Updated July 9, 2025") is None


def test_what_is_no_caption_is_left_out() -> None:
    """The notice at the foot of a page below a logo, and the name of a picture's file."""
    notice = "© Quay GmbH, 2026 all rights reserved. Terms and Conditions, Privacy Policy."
    named = "Das Boot | 2022/01/Boot_am_Kai_169266287-scaled.jpeg"

    assert split_caption(notice) == (None, None, None)
    assert split_caption(named).caption == "Das Boot"


def test_a_credit_line_may_tell_what_is_seen() -> None:
    """Its class is that of a credit; a sentence stands before the label."""
    told = split_caption("", "The owner of the boat. Image: Getty")
    made = split_caption("", "Max Müller. Prop styling by Ann Lee at Quay and Co.")

    assert told.caption == "The owner of the boat."
    assert told.credit == Credit(text="Getty", agency="Getty")
    assert made.caption is None


def test_a_sentence_is_no_credit() -> None:
    """Some editors give what is seen the class of a credit."""
    told = "Always check the prices as there is an opinion that it costs more to rent at airports"

    split = split_caption("", told)

    assert split.caption == told
    assert split.credit is None


def test_a_label_whose_credit_is_told_apart_is_no_caption() -> None:
    """What is left of *Credit...* once the credit has been read."""
    split = split_caption("A boat at dawn. Credit...", "Ann Lee for The Harbour Tribune")

    assert split.caption == "A boat at dawn."
