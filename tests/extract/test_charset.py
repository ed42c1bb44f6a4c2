"""Bytes become the text that their author wrote, whatever anybody declares."""

from __future__ import annotations

import pytest

from service.extract.charset import clean, codec_of, decode

_TEXTS = {
    "fr": "La mairie a annoncé mardi que le théâtre, fermé depuis l'été, rouvrira à l'automne "
    "après des travaux très coûteux. « Où étiez-vous ? » a demandé la ministre à l'élu.",
    "ru": "Театр в Заречье принял первых зрителей после реставрации, которая продолжалась шесть "
    "лет. Об этом сообщила пресс-служба областного правительства.",
    "el": "Η βιβλιοθήκη της παλιάς πόλης άνοιξε χθες ξανά τις πόρτες της μετά από πέντε χρόνια "
    "εργασιών που κόστισαν τρία εκατομμύρια ευρώ, ανακοίνωσε ο δήμος.",
    "pl": "Mieszkańcy zagłosowali za odbudową muru, który chronił port przed powodzią. Źródło "
    "podaje, że prace rozpoczną się we wrześniu i będą trwać trzy lata, później żegluga wróci.",
    "tr": "Belediye başkanı, eski kütüphanenin beş yıl süren çalışmaların ardından yeniden "
    "açıldığını söyledi. Çocuklar için yeni bir salon eklendi, ışıklar değiştirildi.",
    "he": "ספריית העיר העתיקה נפתחה מחדש אתמול לאחר חמש שנים של עבודות שיפוץ שעלו שלושה מיליון.",
    "ar": "افتتحت بلدية المدينة القديمة أمس مكتبتها العامة بعد أعمال ترميم استمرت خمس سنوات.",
    "th": "ห้องสมุดเมืองเก่าเปิดให้บริการอีกครั้งเมื่อวานนี้หลังจากการปรับปรุงที่ใช้เวลาห้าปี",
    "zh": "历时三年的青河市老码头改造工程日前完工，将于本周末正式向市民开放。",
    "zh-TW": "歷時三年的青河市老碼頭改造工程日前完工，將於本週末正式向市民開放。",
    "ja": "青浜町は二十日、修復工事のため閉鎖していた青浜灯台を、来月三日から公開すると発表した。",
    "ko": "청하시의 옛 부두가 삼 년간의 공사를 마치고 이번 주말 시민들에게 개방된다고 밝혔다.",
}
_LEGACY = [
    ("fr", "cp1252"), ("fr", "iso8859-15"), ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "cp866"),
    ("el", "cp1253"), ("el", "iso8859-7"), ("pl", "cp1250"), ("pl", "iso8859-2"), ("tr", "cp1254"),
    ("he", "cp1255"), ("ar", "cp1256"), ("th", "cp874"), ("zh", "gbk"), ("zh-TW", "big5"),
    ("ja", "shift_jis"), ("ja", "euc_jp"), ("ja", "iso2022_jp"), ("ko", "euc_kr"),
]  # fmt: skip


def page(language: str, meta: str = "") -> str:
    text = _TEXTS[language]
    return f'<html><head>{meta}<title>t</title></head><body><a href="/a">b</a><p>{text}</p></body>'


@pytest.mark.parametrize(("language", "codec"), _LEGACY)
@pytest.mark.parametrize("declared", [None, "utf-8", "true"])
def test_legacy_pages_are_read(language: str, codec: str, declared: str | None) -> None:
    """A page in a legacy encoding is read with a true label, with none, and with a wrong one."""
    content = page(language).encode(codec, "replace")

    text = decode(content, codec if declared == "true" else declared).text

    assert text == content.decode(codec)


@pytest.mark.parametrize("codec", ["cp1251", "gbk", "shift_jis", "euc_kr", "cp1253", "big5"])
def test_a_western_default_of_a_server_is_not_believed(codec: str) -> None:
    """Servers say ISO-8859-1 by default; text that is mostly high bytes contradicts them."""
    language = {"cp1251": "ru", "gbk": "zh", "shift_jis": "ja", "euc_kr": "ko", "cp1253": "el",
                "big5": "zh-TW"}[codec]  # fmt: skip
    content = page(language).encode(codec, "replace")

    text = decode(content, "ISO-8859-1").text

    assert text == content.decode(codec)


@pytest.mark.parametrize("lie", ["iso-8859-1", "windows-1251", "gbk", "shift_jis", "utf-16", "x"])
def test_valid_utf8_is_utf8_whatever_is_declared(lie: str) -> None:
    """A wrong label in HTTP and in the page does not spoil UTF-8."""
    source = page("fr", f'<meta charset="{lie}">')

    text = decode(source.encode(), lie).text

    assert text == source


@pytest.mark.parametrize(
    "meta",
    [
        '<meta charset="windows-1251">',
        "<META http-equiv=Content-Type content='text/html; charset=windows-1251'>",
        '<!-- <meta charset="utf-16"> --><meta charset = windows-1251>',
    ],
)
def test_the_page_declares_its_charset(meta: str) -> None:
    """The prescan reads every form of declaration and not those in comments."""
    source = page("ru", meta)

    decoded = decode(source.encode("cp1251"))

    assert (decoded.text, decoded.encoding) == (source, "cp1251")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_and_width_show_in_the_bytes(codec: str) -> None:
    """A BOM, or the zeros of UTF-16 without one, go before any label."""
    text = decode(page("fr").encode(codec), "iso-8859-1").text

    assert text == page("fr")


def test_a_cut_or_mixed_utf8_page_stays_utf8() -> None:
    """A page cut inside a letter loses that letter and nothing else."""
    content = page("ru").encode() * 3

    text = decode(content + b"\xd0").text

    assert text.endswith("\ufffd")
    assert text.count("\ufffd") == 1


def test_utf7_is_never_decoded() -> None:
    """UTF-7 hides markup in plain letters, so its label is not followed."""
    text = decode(b"+ADw-script+AD4-alert(1)", "utf-7").text

    assert text == "+ADw-script+AD4-alert(1)"
    assert codec_of("utf-7") is None
    assert codec_of("unicode_escape") is None
    assert codec_of("rot13") is None


def test_nothing_that_storage_refuses_is_left() -> None:
    """NULs, controls and lone surrogates go; pairs of surrogates become their letter."""
    text = clean("a\x00b\ud83d\ude00c\ud800d\x07e\tf\n")

    assert text == "ab😀cde\tf\n"
    assert decode(b"a\x00b\xc2\x9fc\x1f", "utf-8").text == "abc"


@pytest.mark.parametrize("language", _TEXTS)
@pytest.mark.parametrize("as_bytes", [True, False])
def test_utf8_that_was_read_as_latin_1_is_read_again(language: str, as_bytes: bool) -> None:
    """A client that takes HTTP's old default charset spoils a page; nothing of it is lost."""
    spoiled = page(language).encode().decode("latin-1")

    decoded = decode(spoiled.encode() if as_bytes else spoiled)

    assert decoded.text == page(language)


def test_windows_1252_that_was_read_as_latin_1_is_read_again() -> None:
    """Quotation marks and dashes of Windows-1252 are controls in Latin-1."""
    text = "<p>“Là‑bas” – l’été".replace("‑", "-")

    assert decode(text.encode("cp1252").decode("latin-1").encode()).text == text


@pytest.mark.parametrize("text", ["<p>À São João, 5 €", "<p>Â Ã â", "<p>Ångström é", "<p>Žižek Ã©"])
def test_what_was_read_rightly_stays(text: str) -> None:
    """Letters that are no UTF-8 as bytes, or that Latin-1 lacks, were read rightly."""
    assert decode(text.encode()).text == text
    assert decode(text).text == text
