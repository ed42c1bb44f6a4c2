"""Bytes to text: what the bytes themselves show goes before what anybody says of them.

The order is BOM, valid UTF-8, HTTP, ``<meta>`` (the prescan of the WHATWG HTML standard, 13.2.3.2),
then a detector. Labels have the meaning that the WHATWG Encoding standard gives them. A text that
was read as Latin-1 although it was not, and written as UTF-8, is read again.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

import chardet

PRESCAN_BYTES = 4096
"""Four times what the standard asks for: generators put long comments first."""
SAMPLE_BYTES = 16_384
"""The detector takes 2 ms for it; more text did not change its answers."""
BROKEN_SHARE_MAX = 0.02
"""Of a text in UTF-8 that was cut or glued together, so much of the high bytes may be invalid."""
DENSE = 0.2
"""With more high bytes than this among letters, a Western single-byte label is doubted."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
         (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_WHATWG = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "l1": "cp1252",
    "ascii": "cp1252", "us-ascii": "cp1252", "iso8859-1": "cp1252", "x-cp1252": "cp1252",
    "ansi": "cp1252", "x-user-defined": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb-2312": "gb18030",
    "chinese": "gb18030", "gb_2312-80": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932",
    "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932",
    "euc-kr": "cp949", "euckr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
    "korean": "cp949", "windows-949": "cp949", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs", "cn-big5": "big5hkscs", "x-euc-jp": "euc_jp", "tis-620": "cp874",
    "iso-8859-11": "cp874", "windows-874": "cp874", "dos-874": "cp874", "logical": "iso-8859-8",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "visual": "iso-8859-8",
    "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "unicode": "utf-16-le", "ucs-2": "utf-16-le", "utf-16": "utf-16-le", "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8", "x-cp1250": "cp1250", "x-cp1251": "cp1251", "win-1251": "cp1251",
    "win1251": "cp1251", "koi": "koi8-r", "koi8": "koi8-r", "koi8-ru": "koi8-u",
}  # fmt: skip
_REFUSED = ("utf-7", "utf7", "hz", "iso-2022-kr", "iso2022_kr", "utf-32", "unicode-escape",
            "raw-unicode-escape", "idna", "punycode", "undefined", "mbcs", "oem")  # fmt: skip
"""Encodings in which markup can hide, or that are no encodings of pages."""

_META = re.compile(rb"<!--.{0,4096}?-->|<meta\b([^>]{0,1000})", re.DOTALL | re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:+-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\s{0,64}<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
_HIGH = re.compile(rb"[\x80-\xff]+")
_LETTERS = re.compile(rb"[A-Za-z]")
_MARKUP = re.compile(
    rb"<(script|style)\b[^<]*+(?:<(?!/\1)[^<]*+)*+|<[^>]{0,5000}>|&[#\w]{1,10};", re.IGNORECASE
)
_CONTROLS = bytes((*range(9), 11, *range(14, 32), 127))
_C1 = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
_C1_LETTERS = re.compile("[\x80-\x84\x86-\x9f]")
_PAIRS = re.compile("[\ud800-\udbff][\udc00-\udfff]")
chardet.detect("Déjà vu, à côté du théâtre.".encode("cp1252"))  # its models load now, not later


class Decoded(NamedTuple):
    """A text without NULs, controls and surrogates, and the codec that gave it."""

    text: str
    encoding: str


def decode(content: bytes | str, declared: str | None = None) -> Decoded:
    """The text of ``content``; ``declared`` is the charset of HTTP. Never raises.

    What cannot be decoded becomes U+FFFD. A label that the bytes contradict is not followed:
    valid UTF-8 is UTF-8 whatever is declared.
    """
    if isinstance(content, str):
        return Decoded(clean(reread(content)), "utf-8")
    if found := _by_signature(content):
        return Decoded(clean(content.decode(found, "replace").removeprefix("\ufeff")), found)
    text, encoding = _decode(content, declared)
    if encoding == "utf-8":
        if (again := reread(text)) is text and not _has_controls(content):
            return Decoded(text, encoding)
        text = again
    return Decoded(clean(text), encoding)


def reread(text: str) -> str:
    """``text`` as its author wrote it, where it was read as Latin-1 by mistake: "Ã©" is "é".

    Clients that take HTTP's old default charset write such pages (34 of 1,988 of the corpus of
    autumn 2026). All letters must be of Latin-1 and, as bytes, be valid UTF-8; or else be of
    Windows-1252, which has letters where Latin-1 has controls (one alone tells nothing).
    """
    if text.isascii():
        return text
    try:
        content = text.encode("latin-1")
    except UnicodeEncodeError:
        return text
    try:
        return content.decode()
    except UnicodeDecodeError:
        is_windows = len(_C1_LETTERS.findall(text)) > 1
        return content.decode("cp1252", "ignore") if is_windows else text


def clean(text: str) -> str:
    """``text`` without NULs, controls and lone surrogates; whole surrogate pairs are joined.

    Works on bytes, which are searched and rid of them ten times as fast as letters.
    """
    try:
        content = text.encode()
    except UnicodeEncodeError:
        return clean(_PAIRS.sub(_joined, text).encode("utf-8", "ignore").decode())
    bare = content.translate(None, _CONTROLS)
    if b"\xc2" in bare:
        bare = _C1.sub(b"", bare)
    return text if len(bare) == len(content) else bare.decode()


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _has_controls(content: bytes) -> bool:
    """Whether UTF-8 holds anything that ``clean`` removes; much faster than to look at letters."""
    if len(content.translate(None, _CONTROLS)) != len(content):
        return True
    return b"\xc2" in content and _C1.search(content) is not None


def _by_signature(content: bytes) -> str | None:
    """The encoding of a byte order mark, or of UTF-16 that lacks one."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return encoding
    head = content[:1024]
    if len(head) > 3 and b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) * 3 > len(head) and min(even, odd) * 4 < max(even, odd):
            return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _decode(content: bytes, declared: str | None) -> tuple[str, str]:
    if content.isascii():
        is_jis = b"\x1b$B" in content or b"\x1b$@" in content
        encoding = "iso2022_jp" if is_jis else "utf-8"
        return content.decode(encoding, "replace"), encoding
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError:
        pass
    if _is_broken_utf8(content):
        return content.decode("utf-8", "replace"), "utf-8"
    claims = [c for c in (codec_of(declared), *_prescan(content[:PRESCAN_BYTES])) if c]
    for claim in claims:
        if (
            claim != "utf-8"
            and not _is_doubtful(content, claim)
            and (text := _strict(content, claim))
        ):
            return text, claim
    encoding = _detected(content, [claim for claim in claims if claim != "utf-8"])
    return content.decode(encoding, "replace"), encoding


def codec_of(label: str | None) -> str | None:
    """The Python codec of a label as the WHATWG means it; None for one that is not followed."""
    name = (label or "").strip().strip("\"'").lower()
    if not name:
        return None
    try:
        codec = codecs.lookup(_WHATWG.get(name, name)).name
        b"-".decode(codec)  # refuses codecs of other things than text, such as rot13
    except (LookupError, ValueError):
        return None
    return None if codec in _REFUSED else _WHATWG.get(codec, codec)


def _prescan(head: bytes) -> list[str | None]:
    """The encodings that ``<?xml`` and ``<meta>`` name; UTF-16 means UTF-8 there."""
    labels = [found[1] for found in [_XML.match(head)] if found]
    for found in _META.finditer(head):
        if found[1] and (charset := _CHARSET.search(found[1])):
            labels.append(charset[1])
    codecs_ = [codec_of(label.decode("ascii", "replace")) for label in labels]
    return ["utf-8" if codec and codec.startswith("utf-16") else codec for codec in codecs_]


def _is_broken_utf8(content: bytes) -> bool:
    """Whether nearly all high bytes form UTF-8: a cut page, or one with foreign parts."""
    sample = content[:1_000_000]
    high = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    broken = sample.decode("utf-8", "replace").count("\ufffd") - sample.count(b"\xef\xbf\xbd")
    return broken <= max(1, high * BROKEN_SHARE_MAX) and high > 8


def _is_doubtful(content: bytes, codec: str) -> bool:
    """Whether a Western label stands on text that is mostly high bytes."""
    if codec not in {"cp1252", "cp1254", "iso8859-15", "cp1250", "iso8859-2"}:
        return False
    sample = _visible(content)
    high = sum(map(len, _HIGH.findall(sample)))
    return high > DENSE * (high + len(_LETTERS.findall(sample)))


def _strict(content: bytes, codec: str) -> str | None:
    """The text if at most a few bytes are undefined in ``codec``."""
    text = content.decode(codec, "replace")
    return text if text.count("\ufffd") <= max(2, len(content) // 5000) else None


def _visible(content: bytes) -> bytes:
    """A sample without markup: tags are ASCII in any encoding and tell nothing."""
    return _MARKUP.sub(b" ", content[:200_000])[:SAMPLE_BYTES]


def _detected(content: bytes, claims: list[str]) -> str:
    """What the detector says of the visible text, if that can be; else what is claimed."""
    found = codec_of(chardet.detect(_visible(content))["encoding"])
    if found and found != "utf-8" and _strict(content, found):
        return found
    return claims[0] if claims else "cp1252"
