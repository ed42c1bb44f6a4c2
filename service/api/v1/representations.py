"""The representations of one article, each with its validators, made from the stored document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from service.api import negotiation
from service.api.answer import Answer
from service.api.compression import accepts, choose
from service.api.conditional import http_date
from service.api.request import ApiRequest
from service.article import Article
from service.db.articles import Doc
from service.db.document_cache import CachedDocument
from service.document import decompress, unpack
from service.render import PAGE_CSP, to_markdown, to_page, to_text

Form = Literal["json", "html", "markdown", "text"]

MEDIA_TYPES: dict[str, str] = {
    "json": "application/json",
    "html": "text/html",
    "markdown": "text/markdown",
    "text": "text/plain",
}
RENDERERS: dict[str, Callable[[Article], str]] = {
    "html": to_page,
    "markdown": to_markdown,
    "text": to_text,
}
FORMS = {MEDIA_TYPES["json"]: Article, **dict.fromkeys(map(MEDIA_TYPES.get, RENDERERS), str)}
"""What the forms are, for the description of the API."""
RENDERING = "1"
"""Part of the tag of what is rendered: raise it when a renderer's output changes."""

MUTABLE = b"private, no-cache"
IMMUTABLE = b"private, max-age=31536000, immutable"


def _common(form: str) -> dict[bytes, bytes]:
    """The headers of every answer in this form."""
    media_type = MEDIA_TYPES[form]
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    policy = {} if form == "json" else {b"content-security-policy": PAGE_CSP.encode()}
    return policy | {
        b"content-type": (media_type + charset).encode(),
        b"vary": b"Accept, Accept-Encoding",
    }


_COMMON = {form: _common(form) for form in MEDIA_TYPES}


def choose_form(
    request: ApiRequest, form: Form | None, offered: Mapping[str, str] = MEDIA_TYPES
) -> str:
    """``?format=``, or the best of ``offered`` by ``Accept``; raises ``NotAcceptable``."""
    if form is not None:
        return form
    return negotiation.choose(request.exchange.header(b"accept"), offered)


def document(request: ApiRequest, doc: Doc | CachedDocument, form: str) -> Answer:
    """The stored document as ``form``.

    JSON is sent as it is stored to clients that accept gzip, so nothing is decoded or encoded. Both
    forms of the JSON are made once for a document in the cache.
    """
    if form != "json":
        return _rendered(doc.body, doc.etag, form, MUTABLE, doc.updated_at)
    accepted = request.exchange.header(b"accept-encoding")
    is_zipped = accepts(accepted, "gzip")
    is_plain = is_zipped or choose(accepted) is None
    forms = doc.forms if is_plain and isinstance(doc, CachedDocument) else {}
    found: Answer | None = forms.get(is_zipped)
    if found is None:
        found = forms[is_zipped] = _json(doc.body, doc.etag, is_zipped, MUTABLE, doc.updated_at)
    return found


def made(body: bytes, form: str) -> Answer:
    """What was made for this request, as ``form``; tagged by its bytes."""
    return Answer(body, _COMMON[form] | {b"cache-control": MUTABLE})


def revision(request: ApiRequest, body: bytes, tag: str, form: str) -> Answer:
    """The document ``body`` of one revision, which never changes, as ``form``."""
    if form != "json":
        return _rendered(body, tag, form, IMMUTABLE)
    is_zipped = accepts(request.exchange.header(b"accept-encoding"), "gzip")
    return _json(body, tag, is_zipped, IMMUTABLE)


def _json(
    body: bytes, tag: str, is_zipped: bool, keep: bytes, at: datetime | None = None
) -> Answer:
    headers = _headers("json", tag, keep, at)
    if is_zipped:
        return Answer(body, headers | {b"content-encoding": b"gzip"})
    return Answer(decompress(body), headers)


def _rendered(body: bytes, tag: str, form: str, keep: bytes, at: datetime | None = None) -> Answer:
    text = RENDERERS[form](unpack(body))
    return Answer(text.encode(), _headers(form, f"{tag}-{form}{RENDERING}", keep, at))


def _headers(form: str, tag: str, keep: bytes, at: datetime | None) -> dict[bytes, bytes]:
    headers = _COMMON[form] | {b"cache-control": keep, b"etag": b'"%s"' % tag.encode()}
    if at is not None:
        headers[b"last-modified"] = http_date(at).encode()
    return headers
