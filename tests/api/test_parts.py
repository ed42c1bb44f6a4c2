"""The small parts of the HTTP layer, each by itself."""

from __future__ import annotations

import doctest
import re

import httpx
import pytest

from service.api import compression, negotiation, prefer
from service.api.compression import choose
from service.api.conditional import matched, wanted_tags
from service.api.cursor import Cursors
from service.api.trace import continue_trace
from service.errors import InvalidRequest, NotAcceptable
from service.ingest import edit


@pytest.mark.parametrize("module", [compression, negotiation, prefer, edit])
def test_examples_in_docstrings_hold(module) -> None:
    """What the documentation shows is what happens."""
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.9", "gzip"),
        ("br;q=0", None),
        ("zbra", None),
        ("identity", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("*", "zstd"),
        ("*;q=0", None),
        ("gzip;q=abc", None),
        ("GZIP", "gzip"),
    ],
)
def test_the_callers_weights_decide(accept_encoding: str, coding: str | None) -> None:
    """q-values as RFC 9110 has them; ours is the order among equals."""
    assert choose(accept_encoding) == coding


@pytest.mark.parametrize(
    ("if_none_match", "accept_encoding", "tag"),
    [
        ('"a"', "", '"a"'),
        ('"a-gzip"', "gzip", '"a-gzip"'),
        ('"a-gzip"', "", None),
        ('W/"a"', "", '"a"'),
        ('"b", "a"', "", '"a"'),
        ("*", "", '"a"'),
        ("a", "", None),
        ("", "", None),
    ],
)
def test_a_304_names_the_copy_that_is_current(
    if_none_match: str, accept_encoding: str, tag: str | None
) -> None:
    """Only one that the caller could read."""
    assert matched(if_none_match, '"a"', accept_encoding) == tag


def test_if_match_wants_strong_tags() -> None:
    """Of any representation; a weak one never matches; without a tag it is refused."""
    assert wanted_tags('"a-gzip", W/"b", "c-html1-br"') == {"a", "c"}
    assert wanted_tags(None) is wanted_tags(" * ") is None
    with pytest.raises(InvalidRequest):
        wanted_tags("a")


def test_nothing_acceptable_is_said() -> None:
    """The refusal lists what there is."""
    with pytest.raises(NotAcceptable, match="application/json"):
        negotiation.choose("text/csv", {"json": "application/json"})


def test_no_bit_of_a_cursor_can_be_changed() -> None:
    """Any other character anywhere makes it a cursor that we did not give out."""
    cursors = Cursors("secret")
    token = cursors.write("list", (1, "x"))

    for at in range(len(token)):
        other = "A" if token[at] != "A" else "B"
        with pytest.raises(InvalidRequest):
            cursors.read(token[:at] + other + token[at + 1 :], "list", tuple[int, str])
    with pytest.raises(InvalidRequest):
        Cursors("another secret").read(token, "list", tuple[int, str])
    with pytest.raises(InvalidRequest, match="older version"):
        cursors.read(token, "list", tuple[int, int])
    assert cursors.read(token, "list", tuple[int, str]) == (1, "x")


def test_a_trace_goes_on_or_begins() -> None:
    """Its id stays, the span is ours; without one both are new."""
    given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"

    going, new = continue_trace(given, ""), continue_trace("", "")

    assert going.traceparent.startswith(given[:36]) and going.traceparent.endswith("-00")
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", new.traceparent)


async def test_unknown_addresses_and_methods_are_counted(call: httpx.AsyncClient) -> None:
    """Under the one name ``unmatched``: whoever guesses addresses makes no new series."""
    for path in ("/nothing/1", "/nothing/2"):
        await call.get(path)
    await call.put("/livez")

    text = (await call.get("/metrics")).text

    series = 'broadsheet_http_requests_total{method="%s",path_template="unmatched",status="%s"}'
    assert series % ("GET", 404) in text
    assert series % ("PUT", 405) in text
    assert "nothing" not in text
    assert 'broadsheet_queue_age_seconds{lane="ingestion"}' in text
    assert "broadsheet_database_up 1.0" in text


async def test_the_docs_are_served_from_here(call: httpx.AsyncClient) -> None:
    """Page, scripts and styles, under a policy that loads from nowhere else."""
    bare = await call.get("/")
    page = await call.get("/docs")
    script = await call.get("/docs/swagger-ui-bundle.js")
    parts = re.findall(r'(?:src|href)="(/docs/[^"]+)"', page.text)
    statuses = {(await call.get(part)).status_code for part in parts}
    missing = await call.get("/docs/passwd")

    assert "http" not in re.sub(r'lang|href="data:,"', "", page.text)
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert len(script.content) > 1_000_000
    assert (len(parts), statuses, missing.status_code) == (4, {200}, 404)
    assert (bare.status_code, bare.headers["location"]) == (307, "/docs")
