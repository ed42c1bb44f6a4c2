"""What stands above a text by name: the header of an e-mail, or front matter."""

from __future__ import annotations

import re
from typing import NamedTuple

LINES_MAX = 60
VALUE_CHARS_MAX = 1000

_FIELD = re.compile(r"([^\W\d_][\w -]{1,30}?)\s?[:：]\s?(.*)$")
_FENCES = frozenset({"---", "+++"})
_NAMES = {
    "subject": "headline", "title": "headline", "headline": "headline", "betreff": "headline",
    "titel": "headline", "überschrift": "headline", "objet": "headline", "sujet": "headline",
    "titre": "headline", "asunto": "headline", "título": "headline", "titulo": "headline",
    "oggetto": "headline", "titolo": "headline", "assunto": "headline", "onderwerp": "headline",
    "temat": "headline", "tytuł": "headline", "тема": "headline", "заголовок": "headline",
    "ämne": "headline", "emne": "headline", "aihe": "headline", "předmět": "headline",
    "konu": "headline", "başlık": "headline", "θέμα": "headline", "τίτλος": "headline",
    "الموضوع": "headline", "العنوان": "headline", "主题": "headline", "标题": "headline",
    "件名": "headline", "タイトル": "headline", "제목": "headline",
    "from": "author", "author": "author", "authors": "author", "byline": "author", "von": "author",
    "de": "author", "auteur": "author", "autor": "author", "autore": "author", "da": "author",
    "van": "author", "od": "author", "от": "author", "автор": "author", "från": "author",
    "fra": "author", "lähettäjä": "author", "kimden": "author", "yazar": "author", "από": "author",
    "من": "author", "发件人": "author", "作者": "author", "差出人": "author", "보낸 사람": "author",
    "date": "published", "sent": "published", "published": "published", "datum": "published",
    "gesendet": "published", "envoyé": "published", "fecha": "published", "enviado": "published",
    "data": "published", "verzonden": "published", "дата": "published", "отправлено": "published",
    "dato": "published", "päiväys": "published", "tarih": "published", "ημερομηνία": "published",
    "التاريخ": "published", "日期": "published", "日付": "published", "送信日時": "published",
    "날짜": "published", "pubdate": "published",
    "modified": "modified", "updated": "modified", "lastmod": "modified",
    "description": "description", "summary": "standfirst", "subtitle": "standfirst",
    "standfirst": "standfirst", "dek": "standfirst", "excerpt": "description",
    "tags": "keywords", "keywords": "keywords", "category": "section", "section": "section",
    "url": "url", "link": "url", "source": "source", "language": "language", "lang": "language",
    "to": "", "an": "", "à": "", "para": "", "a": "", "aan": "", "do": "", "кому": "", "cc": "",
    "bcc": "", "reply-to": "", "message-id": "", "mime-version": "", "content-type": "",
    "content-transfer-encoding": "", "x-mailer": "", "list-unsubscribe": "", "received": "",
    "return-path": "", "delivered-to": "", "dkim-signature": "", "layout": "", "draft": "",
    "slug": "", "permalink": "", "收件人": "", "宛先": "", "받는 사람": "", "إلى": "",
}  # fmt: skip


class Front(NamedTuple):
    """Values by field of an article, and the text below them."""

    values: dict[str, list[str]]
    text: str


def read_front(text: str) -> Front:
    """The named values above a text: of an e-mail (``Subject: …``) or front matter (``---``).

    Nothing is taken unless two names are known, so a first sentence with a colon stays.
    """
    lines = text.lstrip("\ufeff \t\r\n").replace("\r\n", "\n").split("\n", LINES_MAX)
    head = [line.rstrip() for line in lines[:LINES_MAX]]
    fence = head[0] if head and head[0] in _FENCES else ""
    if fence and fence not in head[1:]:
        return Front({}, text)
    end = head.index(fence, 1) if fence else _end_of_fields(head)
    values = _values(head[1 if fence else 0 : end])
    if len(values) < 2:
        return Front({}, text)
    values.pop("", None)
    return Front(values, "\n".join(lines[end + 1 if fence else end :]))


def _end_of_fields(head: list[str]) -> int:
    """The first line that is no field, nor goes on with one."""
    for at, line in enumerate(head):
        if at and line[:1] in {" ", "\t"} and line.strip():
            continue
        if not line.strip() or _name(line) is None:
            return at
    return len(head)


def _values(lines: list[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    name: str | None = None
    for line in lines:
        if line[:1] in {" ", "\t", "-"} and name is not None:
            _add(values, name, line.strip().removeprefix("-"))
        elif (found := _FIELD.match(line)) or (found := re.match(r"(\w+)\s=\s(.*)$", line)):
            name = _NAMES.get(found[1].strip().lower())
            if name is not None:
                _add(values, name, found[2])
    return {name: found for name, found in values.items() if found or not name}


def _name(line: str) -> str | None:
    found = _FIELD.match(line)
    return _NAMES.get(found[1].strip().lower()) if found else None


def _add(values: dict[str, list[str]], name: str, value: str) -> None:
    kept = values.setdefault(name, [])
    value = value.strip()[:VALUE_CHARS_MAX]
    inner = value[1:-1].split(",") if value[:1] == "[" and value[-1:] == "]" else [value]
    kept.extend(each for part in inner if (each := part.strip().strip("\"'")))
