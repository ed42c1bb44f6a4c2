"""Pages as callers send them, in JSON, raw, or by the thousand -> ``ingest.Submission``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from service.api.request import ApiRequest
from service.api.rules import media_type
from service.api.v1.schema import BATCH_MAX, PageIn
from service.api.v1.targets import GIVE
from service.api.validation import decode_json, refuse, split_json
from service.errors import FieldError, InvalidRequest, UrlForbidden
from service.fetch.url import parse
from service.ingest import METADATA_BYTES_MAX, Submission
from service.pace import paced
from service.urls import safe_web_url

JSON = "application/json"
NDJSON = "application/x-ndjson"
RAW_KINDS: dict[str, Literal["html", "text"]] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
}
PAGE_TYPES = (JSON, *RAW_KINDS)
BATCH_TYPES = (JSON, NDJSON)
PAGE_BODY = {JSON: PageIn, **dict.fromkeys(RAW_KINDS, str)}
BATCH_BODY: dict[str, object] = {JSON: lambda: Batch, NDJSON: PageIn}
"""A function stands for a type with bounds, which the framework cannot copy."""
Batch = Annotated[list[PageIn], msgspec.Meta(min_length=1, max_length=BATCH_MAX)]
PAGE_EXAMPLES: dict[str, object] = {
    JSON: {
        "html": "<!doctype html><title>Harbour reopens</title><article><h1>Harbour reopens</h1>"
        "<p>The old harbour of Brest reopened on Monday after two years of works.</p></article>",
        "url": "https://news.example/harbour-reopens",
        "client_ref": "cms-4711",
    },
    "text/plain": "Harbour reopens\n\nThe old harbour of Brest reopened on Monday.",
}
BATCH_EXAMPLES: dict[str, object] = {
    JSON: [
        {"url": "https://news.example/harbour-reopens"},
        {"text": "Harbour reopens\n\nThe old harbour of Brest reopened on Monday."},
    ],
}
AUTHORITY = re.compile(
    r"https?://(?P<user>[^/?#]*@)?(?P<host>[^/?#]*?)(?::(?P<port>\d+))?(?:[/?#]|$)", re.IGNORECASE
)
PORT_MAX = 65_535
PLAIN_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_-]{1,63}\.)+[a-z-]{2,63}\Z", re.IGNORECASE)
"""Names of the common shape, which fit DNS; the URL parser judges the others."""
CHARSET = re.compile(r";\s*charset=(?:\"([^\"]*)\"|([^\s;\"]+))", re.IGNORECASE)
PRIORITIES = {"high": 0, "normal": 1, "low": 2}


async def read_page(request: ApiRequest, url: str | None) -> Submission:
    """The page that ``request`` carries; ``url`` is the parameter, for raw bodies only."""
    media_type, charset = _content_type(request)
    body = await request.body()
    if media_type == JSON:
        refuse([FieldError("url", "misplaced", "with JSON, url is in the body")] * bool(url))
        return _submission(request, body)
    refuse([*_url_fault("url", url), *_empty_fault(body)])
    kind = RAW_KINDS[media_type]
    content = body
    if kind == "text":
        content, charset = _as_utf8(body, charset), "utf-8"
    return Submission(
        kind=kind,
        url=url,
        content=content,
        packed=request.exchange.packed if content == body else None,
        charset=charset,
        traceparent=request.trace.traceparent,
    )


async def read_batch(request: ApiRequest) -> list[Submission | InvalidRequest]:
    """For each item of the array or of the lines, its page or what is wrong with it."""
    body = await request.body()
    media_type, _ = _content_type(request)
    items = _lines(body) if media_type == NDJSON else split_json(body)
    if not 0 < len(items) <= BATCH_MAX:
        raise InvalidRequest(
            f"a batch holds 1 to {BATCH_MAX:,} items; this one has {len(items):,}",
            errors=(FieldError("", "length"),),
        )
    return [_item(request, bytes(item)) async for item in paced(items)]


def _item(request: ApiRequest, raw: bytes) -> Submission | InvalidRequest:
    try:
        return _submission(request, raw)
    except InvalidRequest as error:
        return error


def _submission(request: ApiRequest, raw: bytes) -> Submission:
    page = decode_json(raw, PageIn)
    if page.robots == "ignore" and "admin" not in request.caller.scopes:
        why = "needs a key with the scope admin"
        raise InvalidRequest("robots.txt is obeyed", errors=(FieldError("/robots", "scope", why),))
    submission = to_submission(page, request.trace.traceparent)
    refuse(list(_callback_fault(request, page.callback_url)))
    return submission


def _callback_fault(request: ApiRequest, url: str | None) -> Iterator[FieldError]:
    """What would be refused at each call is said at once, as far as no name need be looked up."""
    if url is None:
        return
    try:
        request.runtime.fetcher.guard.check_unseen(url)
    except UrlForbidden:
        yield FieldError("/callback_url", "url_forbidden", GIVE)


def _lines(body: bytes) -> list[bytes]:
    return [line for line in body.split(b"\n") if line.strip()]


def to_submission(page: PageIn, traceparent: str) -> Submission:
    """The page as the story takes it; raises ``InvalidRequest`` with all that is wrong."""
    refuse(list(_page_faults(page)))
    content = page.html if page.html is not None else page.text
    return Submission(
        kind="html" if page.html is not None else "text" if page.text is not None else "url",
        url=page.url,
        content=None if content is None else content.encode(),
        charset=None if content is None else "utf-8",
        client_ref=page.client_ref,
        metadata=page.metadata,
        callback_url=page.callback_url,
        options={"ignores_robots": True} if page.robots == "ignore" else None,
        priority=PRIORITIES[page.priority],
        traceparent=traceparent,
    )


def _page_faults(page: PageIn) -> Iterator[FieldError]:
    if page.html is not None and page.text is not None:
        yield FieldError("/text", "conflict", "give html or text, not both")
    if page.url is None and page.html is None and page.text is None:
        yield FieldError("", "missing", "give url, or html or text with or without its url")
    yield from _url_fault("/url", page.url)
    yield from _url_fault("/callback_url", page.callback_url)
    yield from metadata_faults(page.metadata)


def metadata_faults(metadata: object) -> Iterator[FieldError]:
    """What is wrong with a caller's ``metadata``: its size is limited."""
    size = len(msgspec.json.encode(metadata))
    if size > METADATA_BYTES_MAX:
        why = f"at most {METADATA_BYTES_MAX:,} bytes of JSON; this is {size:,}"
        yield FieldError("/metadata", "length", why)


def _url_fault(pointer: str, url: str | None) -> Iterator[FieldError]:
    if url is None:
        return
    authority = AUTHORITY.match(url.strip())
    if authority is None or safe_web_url(url) is None:
        yield FieldError(pointer, "url", "must be an absolute http or https address")
    elif authority["user"]:
        why = "must be without user name and credentials, which every reader would see"
        yield FieldError(pointer, "url", why)
    elif int(authority["port"] or 0) > PORT_MAX:
        yield FieldError(pointer, "url", f"must have a port up to {PORT_MAX}")
    elif not (PLAIN_HOST.match(authority["host"]) or _is_host(authority["host"])):
        why = "must have a host that DNS can hold: labels of up to 63 characters, 253 in all"
        yield FieldError(pointer, "url", why)


def _is_host(host: str) -> bool:
    try:
        return bool(parse(f"http://{host}/").host)
    except UrlForbidden:
        return False


def _empty_fault(body: bytes) -> Iterator[FieldError]:
    if not body or body.isspace():
        yield FieldError("", "missing", "the body is empty: send the page")


def _content_type(request: ApiRequest) -> tuple[str, str | None]:
    return _parsed_type(request.exchange.header(b"content-type"))


@lru_cache(maxsize=256)
def _parsed_type(header: str) -> tuple[str, str | None]:
    """Media type and charset of a Content-Type."""
    charset = CHARSET.search(header)
    return media_type(header), charset and (charset[1] or charset[2])


def _as_utf8(body: bytes, charset: str | None) -> bytes:
    try:
        return body.decode(charset or "utf-8").encode()
    except (LookupError, ValueError) as error:
        why = f"the body is not text in {charset or 'utf-8'}: name its charset in Content-Type"
        raise InvalidRequest(why, errors=(FieldError("", "charset", why),)) from error
