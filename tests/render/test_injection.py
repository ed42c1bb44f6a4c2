"""Nothing that a page contains runs in any form that we give out."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree
from markdown_it import MarkdownIt

from service.article import Article
from service.difference import difference
from service.extract import Page, extract
from service.render import (
    FeedHead,
    text_of,
    to_atom,
    to_difference,
    to_html,
    to_json_feed,
    to_markdown,
    to_page,
    to_text,
)  # fmt: skip
from service.urls import safe_url
from tests.render.examples import AT
from tests.render.judge import faults
from tests.render.vectors import MARKUP, PAYLOADS, VECTORS, article, page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
HEAD = FeedHead(
    title="x", home_page_url="https://a.example/", feed_url="https://a.example/f", updated_at=AT
)
ADDRESS_FIELDS = frozenset({
    "url", "src", "href", "poster", "cite", "icon", "image", "canonical_url", "home_page_url",
    "feed_url", "next_url", "external_url",
})  # fmt: skip


@cache
def extracted(payload: str, *, raw: bool) -> Article:
    content = page(payload, str if raw else escape)
    return extract(Page(content=content, url="https://plain.example/river"))


def articles(payload: str) -> list[Article]:
    return [extracted(payload, raw=True), extracted(payload, raw=False), article(payload)]


def test_there_are_enough_vectors() -> None:
    """More than two thousand injections stand in places of their own."""
    assert len(set(PAYLOADS)) == len(PAYLOADS)
    assert VECTORS > 2000


@pytest.mark.parametrize("payload", PAYLOADS)
def test_html_holds_only_our_own_markup(payload: str) -> None:
    """Fragments and pages hold known elements, known attributes and safe addresses."""
    for each in articles(payload):
        assert faults(to_html(each)) == []
        assert faults(to_page(each)) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_comparison_of_revisions_holds_only_our_own_markup(payload: str) -> None:
    """In fields and blocks that came, went and changed."""
    for each in articles(payload):
        for old, new in ((Article(), each), (each, Article())):
            assert faults(to_difference(new, difference(old, new), 1, 2)) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_is_harmless_to_a_reader_that_allows_html(payload: str) -> None:
    """Markdown read with HTML allowed gives known elements and safe addresses only."""
    for each in articles(payload):
        assert faults(READER.render(to_markdown(each))) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_feeds_hold_only_our_own_markup(payload: str) -> None:
    """The HTML inside JSON Feed and Atom is clean, and so is every address of theirs."""
    for each in articles(payload):
        feed = json.loads(b"".join(to_json_feed([each], HEAD)))
        atom = etree.fromstring(b"".join(to_atom([each], HEAD)))

        assert faults(feed["items"][0]["content_html"]) == []
        assert unsafe_addresses(feed) == []
        assert faults(atom.findtext(".//{*}content")) == []
        links = [*(x.get("href") for x in atom.iter("{*}link")), *atom.itertext("{*}uri")]
        assert all(safe_url(link) == link for link in links)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_extracted_addresses_are_safe(payload: str) -> None:
    """Every address of an extracted article is http, https, mailto or tel."""
    for raw in (True, False):
        stored = msgspec.to_builtins(extracted(payload, raw=raw))

        assert unsafe_addresses(stored) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_holds_no_controls(payload: str) -> None:
    """Plain text has no character that a terminal or an XML reader would act on."""
    for each in articles(payload):
        for text in (to_text(each), text_of(each)):
            assert all(char >= " " or char in "\n\t" for char in text)


def unsafe_addresses(value: Any, name: str = "") -> list[str]:
    """The values of address fields, anywhere inside ``value``, that are not safe addresses."""
    if isinstance(value, dict):
        named = ((key, inner) for key, inner in value.items() if key != "provenance")
        return [bad for key, inner in named for bad in unsafe_addresses(inner, key)]
    if isinstance(value, list):
        return [bad for inner in value for bad in unsafe_addresses(inner, name)]
    if name in ADDRESS_FIELDS and isinstance(value, str):
        scheme = value.split(":", 1)[0].lower()
        return [] if scheme in {"http", "https", "mailto", "tel"} and safe_url(value) else [value]
    return []


# ---- the same in a browser ----

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: static judge only")


def outputs() -> Iterator[str]:
    """Every HTML that a reader could be shown, without the policy that would stop scripts."""
    for payload in PAYLOADS:
        for each in articles(payload):
            yield to_html(each)
            yield READER.render(to_markdown(each))
            yield to_page(each).replace("Content-Security-Policy", "x")


@pytest.fixture(scope="module")
def origin() -> Iterator[tuple[str, dict[str, bytes]]]:
    pages: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    thread.join()
    server.server_close()


def title_after(url: str, profile: Path) -> str:
    """The title of the page at ``url`` once its frames have loaded and their scripts have run."""
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
        "--virtual-time-budget=15000", f"--user-data-dir={profile}", "--disable-extensions",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", url,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=380, check=True)
    return done.stdout.split("<title>", 1)[1].split("</title>", 1)[0]


def framed(origin: str, pages: dict[str, bytes], documents: list[str], name: str) -> str:
    frames = []
    for number, document in enumerate(documents):
        pages[f"/{name}/{number}"] = document.encode("utf-8", "replace")
        frames.append(f'<iframe src="/{name}/{number}"></iframe>')
    pages[f"/{name}"] = f"<title>quiet</title>{''.join(frames)}".encode()
    return f"{origin}/{name}"


@needs_chromium
def test_browser_runs_raw_payloads(origin: tuple[str, dict[str, bytes]], tmp_path: Path) -> None:
    """The probe works: the payloads by themselves do run in the browser."""
    url = framed(*origin, [*MARKUP], "raw")

    assert title_after(url, tmp_path) == "1"


@needs_chromium
def test_browser_runs_nothing_of_ours(origin: tuple[str, dict[str, bytes]], tmp_path: Path) -> None:
    """No output runs anything in Chromium, even without its Content-Security-Policy."""
    found = list(outputs())
    joined = ["<hr>".join(found[at : at + 40]) for at in range(0, len(found), 40)]
    url = framed(*origin, joined, "ours")

    assert title_after(url, tmp_path) == "quiet"
