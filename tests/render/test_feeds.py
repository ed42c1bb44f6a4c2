"""Lists of articles as JSON Feed and Atom."""

from __future__ import annotations

import json
import re
from uuid import UUID

import feedparser
import pytest
from lxml import etree

from service.article import Article, Author, Paragraph, Site, Span
from service.feeds import read_feed
from service.render import FeedHead, to_atom, to_json_feed
from tests.render.examples import AT, river

HEAD = FeedHead(
    title="Floods & dams",
    home_page_url="https://api.example/v1/articles",
    feed_url="https://api.example/v1/articles?format=json-feed",
    updated_at=AT,
    next_url="https://api.example/v1/articles?cursor=abc&limit=2",
)
ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def stored() -> Article:
    article = river()
    article.id = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    return article


def test_json_feed_holds_what_the_specification_asks() -> None:
    """Every field has the type and name of JSON Feed 1.1, and the required ones are there."""
    feed = json.loads(b"".join(to_json_feed([stored(), Article()], HEAD)))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {"title", "home_page_url", "feed_url", "next_url", "items"} == feed.keys() - {"version"}
    first, second = feed["items"]
    assert first["id"] == "01890a5d-ac96-774b-bcce-b302099a8057"
    assert first["title"] == "The river rises <before> dawn"
    assert first["authors"] == [{"name": "Alma Reyes", "url": "https://plain.example/alma"}]
    assert first["date_published"] == "2026-01-06T14:16:00Z"
    assert first["image"] == "https://img.example/levee-1200.jpg"
    assert "<p>We wait.</p>" in first["content_html"]
    assert isinstance(second["id"], str)
    assert second["content_html"]


def test_last_page_has_no_next() -> None:
    """A feed without older items does not say next_url, and an empty one keeps its items."""
    head = FeedHead(
        title="x", home_page_url="https://a.example/", feed_url="https://a.example/f", updated_at=AT
    )

    feed = json.loads(b"".join(to_json_feed([], head)))

    assert feed["items"] == []
    assert "next_url" not in feed
    assert b'rel="next"' not in b"".join(to_atom([], head))


def test_atom_holds_what_the_specification_asks() -> None:
    """Feed and entries have id, title, updated and author, each once, and dates of RFC 3339."""
    feed = etree.fromstring(
        b"".join(to_atom([stored(), Article(site=Site(domain="a.example"))], HEAD))
    )

    for part in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(ATOM + name)) == 1, name
        assert RFC_3339.fullmatch(part.findtext(f"{ATOM}updated"))
    assert all(entry.findtext(f"{ATOM}author/{ATOM}name") for entry in feed.findall(f"{ATOM}entry"))
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": HEAD.feed_url, "alternate": HEAD.home_page_url, "next": HEAD.next_url}


@pytest.mark.parametrize("form", [to_json_feed, to_atom])
def test_what_is_written_is_read_again(form: object) -> None:
    """The service's own reader of feeds finds the same title, address and content."""
    body = b"".join(form([stored()], HEAD))  # type: ignore[operator]

    [item] = read_feed(body, HEAD.feed_url).items

    assert item.title == "The river rises <before> dawn"
    assert item.url == "https://plain.example/river"
    assert "We wait." in (item.content_html or "")


def test_atom_is_well_formed_to_a_strict_reader() -> None:
    """feedparser finds no fault, and reads authors, tags and language."""
    parsed = feedparser.parse(b"".join(to_atom([stored()], HEAD)))

    assert not parsed.bozo
    assert parsed.entries[0].author == "Alma Reyes"
    assert parsed.entries[0].tags[0].term == "flood"
    assert parsed.entries[0].content[0].language == "en"


def test_what_xml_forbids_is_left_out() -> None:
    """Controls and lone surrogates in any field leave a feed well-formed."""
    bad = "a\x00\x0b\ud800\uffff]]>&<b>"
    article = Article(
        headline=bad,
        standfirst=bad,
        authors=[Author(name=bad, url=f"javascript:{bad}")],
        keywords=[bad],
        body=[Paragraph(text=bad, spans=[Span(bad, ("code",), f"https://a.example/{bad}")])],
    )

    feed = etree.fromstring(b"".join(to_atom([article], HEAD)))

    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "a]]>&<b>"
    assert feed.find(f"{ATOM}entry/{ATOM}author/{ATOM}uri") is None
    assert json.loads(b"".join(to_json_feed([article], HEAD)))["items"][0]["title"] == "a]]>&<b>"
