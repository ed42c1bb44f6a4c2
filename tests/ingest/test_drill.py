"""The re-fetch drill: whatever a known page becomes, its article stays, byte for byte."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from service.db import ingestions
from service.ingest import Submission
from service.runtime import Runtime
from tests.web import Reply, Request, Web
from tests.working import a_client, ended, page, submitted, working

pytestmark = pytest.mark.slow

HTML = {"Content-Type": "text/html"}
GOOD = page("The article that stays").encode()


def shell(title: str, text: str) -> bytes:
    """A page with a form and next to no text, as consent and login walls are."""
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body><h1>{title}</h1>"
        f"<form method=post action=/go><p>{text}</p><button>OK</button></form></body></html>"
    ).encode()


async def cut(_: Request, writer: asyncio.StreamWriter) -> None:
    """Half of the page, then the end of the connection."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(GOOD)}\r\n\r\n"
    writer.write(head.encode() + GOOD[: len(GOOD) // 2])
    await writer.drain()


CONSENT = shell("We value your privacy", "We and our partners use cookies. Accept all or reject.")
CAPTCHA = shell("Just a moment...", "Verify you are human by completing the captcha below.")
LOGIN = shell("Log in", "Enter your e-mail address and password to continue.")
ROBOT = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
BECOMES = {
    "consent": (Reply(200, CONSENT, HTML), "page_rejected"),
    "captcha": (Reply(200, CAPTCHA, HTML), "page_rejected"),
    "login": (Reply(200, LOGIN, HTML), "page_rejected"),
    "missing": (Reply(404, GOOD, HTML), "http_4xx"),
    "gone": (Reply(410), "http_4xx"),
    "forbidden": (Reply(403, CAPTCHA, HTML), "http_4xx"),
    "broken": (Reply(500, GOOD, HTML), "http_5xx"),
    "cut": (cut, "body_truncated"),
    "cut gzip": (Reply(200, gzip.compress(GOOD)[:-40], ROBOT), "body_truncated"),
    "empty": (Reply(200, b"", HTML), "page_rejected"),
    "a blank page": (Reply(200, b"<html><body></body></html>", HTML), "page_rejected"),
    "a picture": (Reply(200, b"\x89PNG\r\n", {"Content-Type": "image/png"}), "type_unsupported"),
    "elsewhere": (Reply(302, b"", {"Location": "http://10.0.0.1/"}), "url_forbidden"),
    "a loop": (Reply(302, b"", {"Location": "/story"}), "too_many_redirects"),
    "unchanged": (Reply(304), None),
}


@pytest.mark.parametrize("name", BECOMES)
async def test_the_article_stays_as_it_was(runtime: Runtime, origin: Web, name: str) -> None:
    """The failure has its code, and the stored document is the same bytes."""
    reply, code = BECOMES[name]
    own = page("The article that stays", note=f"It is about {name}.").encode()  # no duplicate
    good = Reply(200, own, HTML | {"ETag": '"1"'})
    url = origin.reply("/story", good, reply)
    client_id = await a_client(runtime)

    async with working(runtime):
        (first,) = await ended(
            runtime, *await submitted(runtime, client_id, Submission(kind="url", url=url))
        )
        assert first.article_id, (first.error_code, first.error_detail)
        before = await runtime.reader.doc(first.article_id)
        (again,) = await submitted(runtime, client_id, Submission(kind="url", url=url))
        async with asyncio.timeout(60):
            while not (tried := await ingestions.attempts(runtime.db, again.id)):
                await ingestions.find(runtime.db, client_id, again.id)

    assert tried[0].error_code == code
    assert before is not None
    assert await runtime.reader.doc(first.article_id) == before
